"""One table from errors to answers: problem documents (RFC 9457) for machines, pages for browsers."""

import http
import json
import logging
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_api.errors import BadInputError, MaillonError, MissingError, MovedError
from graph_api.proxies import own_path
from graph_api.sparql.negotiation import choose

__all__ = ["ErrorBoundary", "ErrorPage", "answer", "install_handlers", "problem_response"]

ErrorPage = Callable[[Request, MaillonError], Response]
"""Makes the page that a browser gets for an error."""

_TYPES = "https://w3id.org/maillon/problems#"
_MACHINE_PATHS = (
    "/api/",
    "/sparql",
    "/data/",
    "/dumps/",
    "/graph/",
    "/health",
    "/ready",
    "/metrics",
)
_LOG = logging.getLogger("maillon.errors")


class _HttpError(MaillonError):
    """An error of the web framework, with the status it chose."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = http.HTTPStatus(status).phrase.lower().replace(" ", "-")


def problem_response(error: MaillonError, request_id: str = "") -> Response:
    """Return ``application/problem+json`` with the error's status and, if it says so, Retry-After."""
    body = {
        "type": _TYPES + error.problem,
        "title": http.HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
        **error.extra,
    }
    if request_id:
        body["request"] = request_id
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if (wait := error.extra.get("retry_after")) is not None:
        headers["Retry-After"] = str(wait)
    content = json.dumps(body, ensure_ascii=False, default=str).encode()
    return Response(content, error.status, headers, "application/problem+json")


def install_handlers(app: FastAPI, error_page: ErrorPage) -> None:
    """Let ``app`` answer every error of ours and of the framework by the table."""

    async def handle(request: Request, error: Exception) -> Response:
        return answer(request, _translate(error), error_page)

    for kind in (MaillonError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handle)


class ErrorBoundary:
    """Answers what nobody foresaw with a 500, and logs it with its trace.

    Once bytes went out, the connection is closed instead: a broken body says that it is incomplete.
    """

    def __init__(self, app: ASGIApp, error_page: ErrorPage) -> None:
        self.app = app
        self.error_page = error_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            _LOG.exception("unforeseen error")
            if not started:
                error = MaillonError("Something went wrong here; it has been logged.")
                response = answer(Request(scope), error, self.error_page)
                await response(scope, receive, send)


def _translate(error: Exception) -> MaillonError:
    if isinstance(error, MaillonError):
        return error
    if isinstance(error, RequestValidationError):
        found = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        return BadInputError("; ".join(found), parameters=found)
    if isinstance(error, HTTPException) and error.status_code != http.HTTPStatus.NOT_FOUND:
        return _HttpError(error.status_code, str(error.detail))
    return MissingError("There is nothing at this address.")


def answer(request: Request, error: MaillonError, error_page: ErrorPage) -> Response:
    """Return a page for browsers, a problem document for machines."""
    if isinstance(error, MovedError) and "location" in error.extra:
        return RedirectResponse(str(error.extra["location"]), error.status)
    request_id = getattr(request.state, "request_id", "")
    if _wants_page(request):
        try:
            return error_page(request, error)
        except Exception:
            _LOG.exception("the page of an error failed")
    return problem_response(error, request_id)


def _wants_page(request: Request) -> bool:
    if own_path(request.scope).startswith(_MACHINE_PATHS):
        return False
    accept = request.headers.get("accept", "")
    return choose(accept, ("application/problem+json", "application/json", "text/html")) == (
        "text/html"
    )
