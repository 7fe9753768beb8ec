"""What a trusted proxy says about a request: who asks, by which scheme, host and path.

``X-Forwarded-For``, ``-Proto``, ``-Host`` and ``-Prefix`` are believed from the addresses in the setting
``trusted_proxies`` alone; from anyone else they are removed, so that nothing later reads them.
"""

import ipaddress
import re
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from graph_api.settings import SettingsError

__all__ = ["Network", "ProxyHeaders", "own_path", "parse_networks"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_FORWARDED = (
    b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-prefix",
    b"forwarded", b"x-real-ip",
)  # fmt: skip
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?\Z")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*\Z")


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a comma-separated list of addresses and networks.

    Raises:
        SettingsError: one of them is neither.
    """
    try:
        parts = (part.strip() for part in text.split(","))
        return tuple(ipaddress.ip_network(part, strict=False) for part in parts if part)
    except ValueError as error:
        raise SettingsError(f"MAILLON_TRUSTED_PROXIES: {error}") from None


def own_path(scope: Scope) -> str:
    """Return the path of a request below the base path."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


class ProxyHeaders:
    """Puts what trusted proxies say into the scope, and the base path into ``root_path``.

    A proxy may strip the base path or leave it: both give the same scope.
    """

    def __init__(self, app: ASGIApp, *, trusted: Sequence[Network], base_path: str) -> None:
        self.app = app
        self.trusted = trusted
        self.base_path = base_path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a corrected scope."""
        if scope["type"] == "http":
            scope = dict(scope)
            told = {
                name: value.decode("latin-1")
                for name, value in scope["headers"]
                if name in _FORWARDED
            }
            if told:
                scope["headers"] = [h for h in scope["headers"] if h[0] not in _FORWARDED]
            prefix = self.base_path
            if told and self._is_trusted(_address(scope)):
                prefix = self._believe(scope, told)
            _set_prefix(scope, prefix)
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope, told: dict[bytes, str]) -> str:
        """Apply the headers; return the path prefix."""
        if client := self._find_client(told.get(b"x-forwarded-for", "")):
            scope["client"] = (client, 0)
        scheme = told.get(b"x-forwarded-proto", "").strip().lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
        host = told.get(b"x-forwarded-host", "").strip()
        if _HOST.match(host):
            others = [h for h in scope["headers"] if h[0] != b"host"]
            scope["headers"] = [*others, (b"host", host.encode("latin-1"))]
        prefix = told.get(b"x-forwarded-prefix", "").strip().rstrip("/")
        return prefix if prefix and _PREFIX.match(prefix) else self.base_path

    def _find_client(self, header: str) -> str | None:
        """Return the address nearest to us that is no proxy of ours: those before it may be made up."""
        client = None
        for part in reversed(header.split(",")):
            address = part.strip().removeprefix("[").partition("]")[0]
            try:
                ipaddress.ip_address(address)
            except ValueError:
                break
            client = address
            if not self._is_trusted(address):
                break
        return client

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _set_prefix(scope: Scope, prefix: str) -> None:
    if not prefix:
        return
    path: str = scope["path"]
    if path == prefix:
        path = f"{prefix}/"
    elif not path.startswith(f"{prefix}/"):
        path = prefix + path
    scope["root_path"], scope["path"] = prefix, path
