"""Reading addresses of one origin over HTTP, with limits: what a follower of a stream needs."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from graph_api.errors import BadInputError, CannotRunError
from graph_api.exchange.guarding import guarded_handlers

__all__ = ["Fetched", "Fetcher"]

_FINE = (200, 304, 410)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: status 200, 304 or 410; ``immutable`` where its sender says that it stays."""

    address: str
    status: int
    media_type: str = ""
    body: bytes = b""
    tag: str = ""
    immutable: bool = False


class Fetcher:
    """Reads addresses of the origin of ``start`` and no other: a stream cannot send us elsewhere."""

    def __init__(
        self, start: str, most_bytes: int, seconds: float, allowed: Collection[str] | None = None
    ) -> None:
        """With ``allowed``, private networks are refused but for these hosts.

        Raises:
            BadInputError: it is no address of HTTP.
        """
        if urlsplit(start).scheme not in ("http", "https") or not urlsplit(start).hostname:
            raise BadInputError(f"{start[:200]!r} is no address of the web")
        self._start = start
        self._most = most_bytes
        self._seconds = seconds
        guards = guarded_handlers(allowed) if allowed is not None else []
        self._opener = urllib.request.build_opener(_SameOrigin(self), *guards)

    def same_origin(self, address: str) -> str:
        """Return the address, made absolute. Raises BadInputError where it has another origin."""
        whole = urljoin(self._start, address).partition("#")[0]
        here, there = urlsplit(self._start), urlsplit(whole)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise BadInputError(f"the stream leads to another site: {whole[:200]}")
        return whole

    def get(self, address: str, accept: str, tag: str = "") -> Fetched:
        """Read an address; with a tag, only if it changed.

        Raises:
            CannotRunError: it cannot be reached, or answers something else.
            BadInputError: another origin, a private network, or a longer answer than is read.
        """
        headers = {"Accept": accept, "User-Agent": "maillon"} | (
            {"If-None-Match": tag} if tag else {}
        )
        request = urllib.request.Request(self.same_origin(address), headers=headers)  # noqa: S310 -- checked
        try:
            with self._opener.open(request, timeout=self._seconds) as answer:
                return self._read(address, answer)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in _FINE:
                    return Fetched(address, error.code, tag=tag)
            raise CannotRunError(f"{address} answers {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise CannotRunError(f"{address} cannot be read: {error}") from error

    def _read(self, address: str, answer: http.client.HTTPResponse) -> Fetched:
        body = answer.read(self._most + 1)
        if len(body) > self._most:
            raise BadInputError(f"{address} has more than {self._most:,} bytes")
        expected = answer.headers.get("Content-Length")
        if expected is not None and expected.isdigit() and int(expected) != len(body):
            raise CannotRunError(f"{address} was cut short")
        control = answer.headers.get("Cache-Control", "")
        return Fetched(
            address,
            answer.status,
            answer.headers.get_content_type(),
            body,
            answer.headers.get("ETag", ""),
            "immutable" in control,
        )


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        self._fetcher.same_origin(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
