"""Every route that changes something refuses: without token, with another scope, without CSRF, too often.

The table is the application itself: a route that is added is tested here, or named as one that is open.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from graph_api.access import TokenFile
from graph_api.app import ROUTERS
from graph_api.folder import DataFolder
from graph_api.sessions import COOKIE, Sessions
from tests.graph_api.local import BROWSER, Sample, make_app
from tests.graph_api.workbenches import lay_out

ASKING = {"/reconcile", "/oai"}  # they answer questions: nothing changes
OPEN = {"/{lang}/report": "report", "/{lang}/review/login": "login"}
"""Routes that need no token: anybody may report an error or try to log in, so many times."""

ROUTES = sorted(
    {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        if route.path not in ASKING
    }
)
CLOSED = [each for each in ROUTES if each[1] not in OPEN]
OF_SESSIONS = [each for each in CLOSED if "/review" in each[1]]
OF_MACHINES = [each for each in CLOSED if each not in OF_SESSIONS]
SCOPES = {"/api/partners/{partner}/import": "partner:ess-test"}


@dataclass(frozen=True)
class Door:
    """The application over a data folder with tokens. ``app`` makes one that takes so many changes."""

    folder: DataFolder
    app: Callable[..., FastAPI]

    def secret(self, *scopes: str) -> str:
        return TokenFile(self.folder).create("x", scopes)[0]

    def cookie(self, *scopes: str) -> str:
        return Sessions(self.folder, 1).begin(self.secret(*scopes), scopes[0])

    def csrf(self, cookie: str, scope: str) -> str:
        return Sessions(self.folder, 1).read(cookie, scope).csrf


@pytest.fixture(scope="module")
def door(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Door:
    bench = lay_out(portal, tmp_path_factory.mktemp("door"))
    services = bench.services

    def app(**settings: Any) -> FastAPI:
        return make_app(replace(services, settings=replace(services.settings, **settings)))

    return Door(DataFolder(services.settings.data), app)


@pytest.fixture(scope="module")
def usual(door: Door) -> FastAPI:
    return door.app()


def path_of(route: tuple[str, str]) -> str:
    return route[1].replace("{lang}", "fr").replace("{partner}", "ess-test")


def ask(app: FastAPI, route: tuple[str, str], *, times: int = 1, **more: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            for _ in range(times):
                answer = await client.request(route[0], path_of(route), **more)
            return answer

    return asyncio.run(send())


def form(route: tuple[str, str], csrf: str) -> dict[str, Any]:
    """A form as the route takes it: documents and tables come with files."""
    fields = {"csrf": csrf} if csrf else {"other": "x"}
    return (
        {"files": {k: (None, v) for k, v in fields.items()}}
        if "/add/" in route[1]
        else {"data": fields}
    )


def scope_of(route: tuple[str, str]) -> str:
    return "ingest" if "/add/" in route[1] else "review"


def test_the_table_has_the_routes_that_change_something() -> None:
    assert len(OF_SESSIONS) >= 7
    assert len(OF_MACHINES) >= 2
    assert set(OPEN) <= {path for _, path in ROUTES}


@pytest.mark.parametrize("route", CLOSED, ids=" ".join)
def test_without_a_token_nobody_passes(usual: FastAPI, route: tuple[str, str]) -> None:
    browser = {"accept": BROWSER} if route in OF_SESSIONS else {}
    assert ask(usual, route, headers=browser, **form(route, "")).status_code == 401
    wrong = {"authorization": "Bearer mln_wrong", "cookie": f"{COOKIE}=a.1.b.c"}
    assert ask(usual, route, headers=wrong, **form(route, "")).status_code == 401


@pytest.mark.parametrize("route", OF_MACHINES, ids=" ".join)
def test_a_token_for_something_else_is_refused(
    usual: FastAPI, door: Door, route: tuple[str, str]
) -> None:
    for scope in ("review", "partner:other"):
        headers = {"authorization": f"Bearer {door.secret(scope)}"}
        assert ask(usual, route, headers=headers).status_code == 403, scope


@pytest.mark.parametrize("route", OF_SESSIONS, ids=" ".join)
def test_a_session_for_something_else_is_refused(
    usual: FastAPI, door: Door, route: tuple[str, str]
) -> None:
    other = "review" if scope_of(route) == "ingest" else "ingest"
    cookie = door.cookie(other)
    sent = form(route, door.csrf(cookie, other))
    assert ask(usual, route, headers={"cookie": f"{COOKIE}={cookie}"}, **sent).status_code == 403


@pytest.mark.parametrize("route", OF_SESSIONS, ids=" ".join)
def test_a_form_of_another_site_is_refused(
    usual: FastAPI, door: Door, route: tuple[str, str]
) -> None:
    cookie = door.cookie("review", "ingest")
    headers = {"cookie": f"{COOKIE}={cookie}"}
    for csrf in ("", "0" * 64, door.csrf(door.cookie("review", "ingest"), "review")):
        assert ask(usual, route, headers=headers, **form(route, csrf)).status_code == 403


@pytest.fixture(scope="module")
def hasty(door: Door) -> FastAPI:
    """An application that takes one change a token, one report and one attempt to log in."""
    return door.app(
        change_burst=1, change_per_minute=0.1, report_burst=1, report_per_minute=0.1,
        login_burst=1, login_per_minute=0.1,
    )  # fmt: skip


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_who_asks_too_often_waits(hasty: FastAPI, door: Door, route: tuple[str, str]) -> None:
    if route in OF_MACHINES:
        secret = door.secret(SCOPES.get(route[1], "ingest"))
        sent: dict[str, Any] = {"headers": {"authorization": f"Bearer {secret}"}}
    else:
        cookie = door.cookie("review", "ingest")
        sent = {"headers": {"cookie": f"{COOKIE}={cookie}"}}
        sent |= form(route, door.csrf(cookie, "review"))
    first = ask(hasty, route, **sent)
    assert first.status_code != 429
    again = ask(hasty, route, **sent)
    assert again.status_code == 429
    assert int(again.headers["retry-after"]) > 1


def test_what_other_sites_send_uses_nothing_up(hasty: FastAPI, door: Door) -> None:
    route = ("POST", "/{lang}/review/logout")
    cookie = door.cookie("review")
    headers = {"cookie": f"{COOKIE}={cookie}"}
    assert ask(hasty, route, times=5, headers=headers, **form(route, "")).status_code == 403
    own = form(route, door.csrf(cookie, "review"))
    assert ask(hasty, route, headers=headers, **own).status_code == 303
