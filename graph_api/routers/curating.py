"""What the routes of curators share: who is logged in, and forms that only they may send."""

import asyncio
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.errors import MissingError, NotAllowedError
from graph_api.folder import DataFolder
from graph_api.forms import read_form
from graph_api.portal.rendering import links_for, services_of
from graph_api.sessions import COOKIE, Session, Sessions

__all__ = [
    "FORM_BYTES",
    "SCOPE",
    "folder_of",
    "job_status",
    "let_change",
    "own_form",
    "private",
    "session_of",
    "session_or_none",
    "sessions_of",
    "to_login",
]

SCOPE = "review"
"""What a token must allow."""

FORM_BYTES = 200_000
_POLLS, _POLL_SECONDS = 50, 0.1


async def own_form(request: Request) -> tuple[Session, list[tuple[str, str]]]:
    """Read a form that changes something: only of somebody logged in, only if it was ours, and so often.

    Raises:
        NotAllowedError, ForbiddenError, TooManyError, TooLargeError, BadInputError
    """
    session = await session_of(request)
    pairs = await read_form(request, most=FORM_BYTES)
    let_change(request, session, dict(pairs).get("csrf", ""))
    return session, pairs


def let_change(request: Request, session: Session, csrf: str) -> None:
    """Make sure that a change was asked for by a form of the session, and that its token has not
    asked for many.

    Raises:
        ForbiddenError, TooManyError
    """
    session.check_form(
        csrf
    )  # first: what others make a browser send shall not use up its owner's share
    request.app.state.change_budget.spend(session.token.id)


async def session_of(request: Request) -> Session:
    """Return the session of this browser.

    Raises:
        NotAllowedError: nobody is logged in, or the token no longer holds.
    """
    cookie = request.cookies.get(COOKIE, "")
    return await run_in_threadpool(sessions_of(request).read, cookie, SCOPE)


async def session_or_none(request: Request) -> Session | None:
    """Return the session of this browser, None where nobody is logged in."""
    try:
        return await session_of(request)
    except NotAllowedError:
        return None


async def job_status(request: Request, job: str) -> dict[str, Any]:
    """Return a job's status once it is finished, waiting for it a little; empty for none."""
    status: dict[str, Any] = {}
    for _ in range(_POLLS if job else 0):
        try:
            status = dict(await services_of(request).builder.status(job))
        except MissingError:
            return {}
        if status["state"] in ("done", "failed"):
            break
        await asyncio.sleep(_POLL_SECONDS)
    return status


def to_login(request: Request, lang: str) -> Response:
    """Send the browser to the form that a token goes into."""
    return private(RedirectResponse(links_for(request, lang).page("review/login"), 303))


def private(answer: Response) -> Response:
    """Keep an answer out of every cache."""
    answer.headers["Cache-Control"] = "no-store, private"
    if "etag" in answer.headers:
        del answer.headers["etag"]
    return answer


def folder_of(request: Request) -> DataFolder:
    """The data folder that this application serves."""
    return DataFolder(services_of(request).settings.data)


def sessions_of(request: Request) -> Sessions:
    """The sessions of the application's data folder."""
    return Sessions(folder_of(request), services_of(request).settings.session_hours)
