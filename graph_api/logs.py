"""Structured logs on standard error, one line per request, each line with the request's id."""

import contextvars
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_api.proxies import own_path
from graph_api.settings import Settings

__all__ = ["AccessLog", "Finished", "configure_logging"]

Finished = Callable[[str, str, int, float], None]
"""Told of each answered request: method, route, status, seconds."""

_REQUEST_ID: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}\Z")
_PROBES = ("/health", "/ready", "/metrics")  # asked every few seconds by machines
_LOG = logging.getLogger("maillon.access")


class _RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if request_id := _REQUEST_ID.get():
            record.request_id = request_id
        return True


def configure_logging(settings: Settings) -> None:
    """Send all log records to standard error in the form the settings ask for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_RequestIdFilter())
    if settings.log_format == "json":
        names = {"levelname": "level", "name": "logger", "asctime": "time"}
        handler.setFormatter(
            JsonFormatter(
                "%(asctime)s %(levelname)s %(name)s %(message)s",
                rename_fields=names,
                datefmt="%Y-%m-%dT%H:%M:%S%z",
                reserved_attrs=[*RESERVED_ATTRS, "color_message"],  # uvicorn's, for terminals
            )
        )
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())


class AccessLog:
    """Gives each request an id and logs it when it is answered.

    The id comes from ``X-Request-Id`` where it has the usual form, so that lines of a proxy and ours
    can be joined; it stands in the answer under the same name. Query strings are not logged: they
    hold what people search for.
    """

    def __init__(self, app: ASGIApp, on_finished: Finished) -> None:
        self.app = app
        self.on_finished = on_finished

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given.decode() if _GIVEN_ID.match(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        token = _REQUEST_ID.set(request_id)
        started = time.perf_counter()
        status = sent = 0
        complete = False

        async def watch(message: Message) -> None:
            nonlocal status, sent, complete
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            else:
                sent += len(message.get("body", b""))
                complete = not message.get("more_body", False)
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - started
            self.on_finished(scope["method"], _route(scope), status, seconds)
            path = own_path(scope)
            _LOG.log(
                logging.DEBUG if path in _PROBES else logging.INFO,
                "%s %s %s",
                scope["method"],
                path,
                status,
                extra={
                    "method": scope["method"],
                    "path": path,
                    "status": status,
                    "bytes": sent,
                    "complete": complete,
                    "milliseconds": round(seconds * 1000, 1),
                    "client": scope["client"][0] if scope.get("client") else "",
                },
            )
            _REQUEST_ID.reset(token)


def _route(scope: Scope) -> str:
    """Return the route's pattern: few values, unlike paths."""
    if "endpoint" not in scope:
        return "none"
    return getattr(scope.get("route"), "path", None) or own_path(scope)
