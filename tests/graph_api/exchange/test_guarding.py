"""Private networks are not asked, whatever the name says; the operator can allow a host."""

import socket
import urllib.request
from typing import Any

import pytest

from graph_api.errors import BadInputError
from graph_api.exchange.fetching import Fetcher
from graph_api.exchange.guarding import guarded_handlers, is_public
from graph_api.partners.rules import in_words
from tests.graph_api.exchange.test_mirror import origin

__all__ = ["origin"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False),  # noqa: S104
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:127.0.0.1", False), ("no address", False),
        ("100.64.0.1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_host_that_resolves_to_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (ip, 80)) for ip in ("93.184.215.14", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    for scheme in ("http", "https"):
        opener = urllib.request.build_opener(*guarded_handlers(()))
        with pytest.raises(BadInputError, match="private network") as refused:
            opener.open(f"{scheme}://partner.example/", timeout=5)
    assert in_words(refused.value.detail)["fr"].startswith("partner.example est dans un réseau")


def test_an_allowed_host_is_asked(origin: str) -> None:
    with pytest.raises(BadInputError, match="private network"):
        Fetcher(f"{origin}/feed", 60, 5.0, ()).get(f"{origin}/feed", "*/*")
    answer = Fetcher(f"{origin}/feed", 60, 5.0, ("127.0.0.1",)).get(f"{origin}/feed", "*/*")
    assert answer.status == 200
