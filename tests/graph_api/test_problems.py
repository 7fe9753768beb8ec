"""Errors: problem documents for machines, pages for browsers, nothing of the stack for anybody."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from graph_api.errors import BusyError, MaillonError, MissingError, MovedError
from graph_api.problems import ErrorBoundary, install_handlers, problem_response

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def page(request: Request, error: MaillonError) -> Response:
    return HTMLResponse(f"<p>{error.status}</p>", error.status)


def broken_page(request: Request, error: MaillonError) -> Response:
    raise RuntimeError("the template is broken")


def make_app(error_page: Any = page) -> FastAPI:
    app = FastAPI()
    install_handlers(app, error_page)
    app.add_middleware(ErrorBoundary, error_page=error_page)

    @app.get("/busy")
    def busy() -> None:
        raise BusyError("Too much to do.", retry_after=3, limit=2)

    @app.get("/api/missing")
    def missing() -> None:
        raise MissingError("Not here.")

    @app.get("/moved")
    def moved() -> None:
        raise MovedError("Merged.", location="/busy")

    @app.get("/crash")
    def crash() -> None:
        raise RuntimeError("secret")

    @app.get("/number/{value}")
    def number(value: int) -> int:
        return value

    return app


def get(path: str, app: FastAPI | None = None, accept: str = "*/*") -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app or make_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            return await client.get(path, headers={"Accept": accept})

    return asyncio.run(send())


def test_a_problem_document() -> None:
    response = get("/busy")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["retry-after"] == "3"
    assert response.json() == {
        "type": "https://w3id.org/maillon/problems#busy",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "Too much to do.",
        "retry_after": 3,
        "limit": 2,
    }


def test_a_browser_gets_a_page_but_not_from_an_api() -> None:
    assert get("/busy", accept=BROWSER).text == "<p>503</p>"
    response = get("/api/missing", accept=BROWSER)
    assert response.headers["content-type"] == "application/problem+json"


def test_a_broken_page_leaves_the_problem_document(caplog: pytest.LogCaptureFixture) -> None:
    response = get("/busy", make_app(broken_page), accept=BROWSER)
    assert response.status_code == 503
    assert response.json()["detail"] == "Too much to do."
    assert "the page of an error failed" in caplog.text


def test_what_the_framework_refuses_has_the_same_shape() -> None:
    assert get("/nowhere").json()["type"].endswith("#missing")
    response = get("/number/x")
    assert response.status_code == 422
    assert response.json()["parameters"]


def test_moved() -> None:
    response = get("/moved")
    assert response.status_code == 308
    assert response.headers["location"] == "/busy"


def test_an_unforeseen_error_is_logged_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    response = get("/crash")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "secret" in caplog.text
    assert get("/crash", accept=BROWSER).text == "<p>500</p>"


def test_a_failure_after_the_start_leaves_the_body_without_an_end() -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(ErrorBoundary(app, page)({"type": "http"}, None, send))  # type: ignore[arg-type]
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_extra_members_of_any_type_are_written() -> None:
    response = problem_response(MaillonError("x", path=object()), "abc")
    assert b'"request": "abc"' in bytes(response.body)
