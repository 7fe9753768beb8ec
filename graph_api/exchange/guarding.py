"""Which machines may be asked for data: none of a private network, unless the operator says so.

The address that was looked at is the one that is connected to: a name that is resolved again meanwhile
(DNS rebinding) gains nothing. Proxies are not used, since only they would know whom they ask.
"""

import functools
import http.client
import ipaddress
import socket
import urllib.request
from collections.abc import Collection
from typing import Any

from graph_api.errors import BadInputError

__all__ = ["guarded_handlers", "is_public"]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network: not private, local, multicast or reserved."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return mapped.is_global and not mapped.is_multicast and not mapped.is_reserved


def guarded_handlers(allowed: Collection[str]) -> list[urllib.request.BaseHandler]:
    """Return what makes an opener refuse private networks; ``allowed`` are hosts that it does not refuse.

    Opening raises BadInputError then.
    """
    hosts = frozenset(host.lower() for host in allowed)
    return [urllib.request.ProxyHandler({}), _Http(hosts), _Https(hosts)]


def _connect(allowed: frozenset[str], address: tuple[str, int], *rest: Any) -> socket.socket:
    host, port = address
    found = {row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    ips = sorted(str(each) for each in found)
    if host.lower() not in allowed and not all(is_public(ip) for ip in ips):
        raise BadInputError(
            f"{host} is in a private network; MAILLON_FETCH_ALLOW names the hosts that may be asked"
        )
    problem: OSError | None = None
    for ip in ips:
        try:
            return socket.create_connection((ip, port), *rest)
        except OSError as error:
            problem = error
    raise problem or OSError(f"{host} has no address")


class _Http(urllib.request.HTTPHandler):
    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__()
        self._allowed = allowed

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(
            functools.partial(_guarded, http.client.HTTPConnection, self._allowed), req
        )


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__()
        self._allowed = allowed

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(
            functools.partial(_guarded, http.client.HTTPSConnection, self._allowed), req
        )


def _guarded(
    kind: type[http.client.HTTPConnection], allowed: frozenset[str], host: str, **options: Any
) -> http.client.HTTPConnection:
    made = kind(host, **options)
    made._create_connection = functools.partial(_connect, allowed)  # type: ignore[attr-defined]
    return made
