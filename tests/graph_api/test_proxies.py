"""Whose word is believed about client, scheme, host and base path."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.proxies import ProxyHeaders, own_path, parse_networks
from graph_api.settings import SettingsError

TRUSTED = parse_networks("10.0.0.0/8, 127.0.0.1, ::1")


def seen(
    headers: dict[str, str], *, client: str = "127.0.0.1", path: str = "/x", base_path: str = ""
) -> dict[str, Any]:
    """Return the scope that the application is given."""
    found: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.update(scope)

    scope = {
        "type": "http",
        "client": (client, 5),
        "scheme": "http",
        "path": path,
        "root_path": "",
        "headers": [(b"host", b"inside"), *((k.encode(), v.encode()) for k, v in headers.items())],
    }
    proxy = ProxyHeaders(app, trusted=TRUSTED, base_path=base_path)
    asyncio.run(proxy(scope, None, None))  # type: ignore[arg-type]  # neither is used here
    return found


FORWARDED = {
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "site.example",
    "x-forwarded-prefix": "/graph",
}


def test_a_trusted_proxy_is_believed() -> None:
    scope = seen(FORWARDED)
    assert scope["client"][0] == "203.0.113.9"
    assert scope["scheme"] == "https"
    assert dict(scope["headers"]) == {b"host": b"site.example"}
    assert (scope["root_path"], scope["path"]) == ("/graph", "/graph/x")


def test_nobody_else_is() -> None:
    scope = seen(FORWARDED, client="203.0.113.1")
    assert scope["client"][0] == "203.0.113.1"
    assert scope["scheme"] == "http"
    assert dict(scope["headers"]) == {b"host": b"inside"}
    assert (scope["root_path"], scope["path"]) == ("", "/x")


@pytest.mark.parametrize(
    ("header", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9, 10.1.1.1", "203.0.113.9"),  # the first was made up by the client
        ("10.2.2.2, 10.1.1.1", "10.2.2.2"),
        ("2001:db8::1", "2001:db8::1"),
        ("nonsense", "127.0.0.1"),
        ("nonsense, 203.0.113.9", "203.0.113.9"),
        ("", "127.0.0.1"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_is_the_client(header: str, client: str) -> None:
    assert seen({"x-forwarded-for": header})["client"][0] == client


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-host", "a b"),
        ("x-forwarded-host", "evil.example/path"),
        ("x-forwarded-prefix", "//evil.example"),
        ("x-forwarded-prefix", "/a/../b?c"),
        ("x-forwarded-prefix", "relative"),
    ],
)
def test_nonsense_of_a_trusted_proxy_is_not_used(name: str, value: str) -> None:
    scope = seen({name: value})
    assert (scope["scheme"], scope["root_path"]) == ("http", "")
    assert dict(scope["headers"])[b"host"] == b"inside"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/maillon/fr/", "/maillon/fr/"),  # the proxy left the base path
        ("/fr/", "/maillon/fr/"),  # the proxy stripped it
        ("/maillon", "/maillon/"),
        ("/maillonette", "/maillon/maillonette"),
    ],
)
def test_base_path(path: str, expected: str) -> None:
    scope = seen({}, path=path, base_path="/maillon/")
    assert (scope["root_path"], scope["path"]) == ("/maillon", expected)
    assert own_path(scope) == expected.removeprefix("/maillon")


@pytest.mark.parametrize("text", ["10.0.0.0/99", "localhost", "1.2.3"])
def test_settings_that_are_no_networks(text: str) -> None:
    with pytest.raises(SettingsError, match="MAILLON_TRUSTED_PROXIES"):
        parse_networks(text)


def test_no_network_is_trusted_by_default() -> None:
    assert parse_networks("") == ()


@given(st.text(alphabet=st.characters(max_codepoint=126, min_codepoint=32), max_size=60))
def test_any_header_is_survived(text: str) -> None:
    assert seen(dict.fromkeys(FORWARDED, text))["path"].startswith("/")
