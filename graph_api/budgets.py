"""How much one client may ask for in a while: a bucket that fills again, and the answer 429."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_api.errors import MaillonError, TooManyError
from graph_api.portal.i18n import LANGUAGES
from graph_api.proxies import own_path

__all__ = ["Budget", "FacetBudget", "client_of", "count_facets"]

_CLIENTS = 10_000  # the oldest are forgotten: memory does not grow with addresses
_NO_FACETS = frozenset(
    {"q", "page", "exact", "ui", "part", "mark", "query", "example", "release", "fact", "sent"}
)


class Budget:
    """``burst`` requests at once, then ``per_minute``; one bucket a client, in memory only."""

    def __init__(
        self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = float(max(1, burst))
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, client: str) -> None:
        """Take one request from a client's bucket.

        Raises:
            TooManyError: it is empty; ``retry_after`` says when it no longer is.
        """
        now = self._clock()
        left, then = self._left.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        enough = left >= 1
        self._left[client] = (left - 1 if enough else left, now)
        while len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        if not enough:
            wait = math.ceil((1 - left) / self._rate) if self._rate > 0 else 3600
            raise TooManyError(
                "more requests than one client may make in a while", retry_after=max(1, wait)
            )


class FacetBudget:
    """Addresses with several filters: not for indexes, and so many a minute for one client.

    Their number grows without end as filters combine; the sitemap and the dumps hold the same.
    """

    def __init__(
        self,
        app: ASGIApp,
        budget: Budget,
        refuse: Callable[[Request, MaillonError], ASGIApp],
    ) -> None:
        self.app = app
        self.budget = budget
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or count_facets(scope) < 2:
            await self.app(scope, receive, send)
            return

        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"x-robots-tag", b"noindex, nofollow")]
                message = {**message, "headers": headers}
            await send(message)

        request = Request(scope)
        try:
            self.budget.spend(client_of(request))
        except TooManyError as error:
            await self.refuse(request, error)(scope, receive, mark)
            return
        await self.app(scope, receive, mark)


def count_facets(scope: Scope) -> int:
    """Return how many filters the address of a page, or of the same as data, has."""
    if scope["method"] not in ("GET", "HEAD"):
        return 0
    first, _, rest = own_path(scope).lstrip("/").partition("/")
    if first not in (*LANGUAGES, "api") or rest.partition("/")[0] == "review":
        return 0  # the places of curators, who are known
    pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    return sum(bool(value) and name not in _NO_FACETS for name, value in pairs)


def client_of(request: Request) -> str:
    """Who asks: the address, or the network of one IPv6 subscriber. It is kept nowhere."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network(f"{host}/64", strict=False))
    return host
