"""Curators add documents and tables in the browser: first a look at what would come of it, then to stay."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from corpus.table import KnownNames, TableReading
from corpus.table_form import form_names, load_form
from graph_api.documents import RIGHTS
from graph_api.errors import BadInputError, ForbiddenError, MissingError
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.routers.curating import (
    folder_of,
    job_status,
    let_change,
    private,
    session_of,
    session_or_none,
    to_login,
)
from graph_api.sessions import Session
from graph_api.tables import TableFolder, known_names, name_of
from graph_api.uploads import Form, staged_file, take_form
from ontology.iris import Iris

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_SCOPE = "ingest"
_PROBLEMS_SHOWN = 200
_NONE: dict[str, Any] = {"id": "", "kind": "", "state": "", "report": {}, "reports": []}


@dataclass(frozen=True, slots=True)
class _Look:
    """A table that was read and not kept: ``staged`` is where it waits."""

    form: str
    name: str
    title: str
    staged: str
    reading: TableReading
    replaces: bool


@router.get("/{lang}/review/add", include_in_schema=False)
async def add_page(
    request: Request, lang: str, job: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """Forms to add a document or a table, and the tables that are here.

    ``job`` is what was just asked for: what would come of documents, or what came of them.
    """
    session = await session_or_none(request)
    if session is None:
        return to_login(request, lang)
    return await _page(request, session, status=await job_status(request, job))


@router.get("/{lang}/review/add/{form}.csv", include_in_schema=False)
async def template(request: Request, lang: str, form: str) -> Response:
    """Return an empty table of a form, with headers in the language of the page.

    Raises:
        MissingError: there is no such form.
    """
    if form not in form_names():
        raise MissingError("there is no such form of a table")
    return spreadsheet(f"maillon-{form}", load_form(form).template(lang), (), lang)


@router.post("/{lang}/review/add/documents", include_in_schema=False)
async def add_documents(request: Request, lang: str) -> Response:
    """Look at documents before they are kept, or keep those that were looked at.

    Raises:
        NotAllowedError, ForbiddenError, BadInputError, TooLargeError, EngineDownError
    """
    session = await _adder(request)
    services = services_of(request)
    async with contextlib.AsyncExitStack() as undo:
        sent = await _take(request, undo, optional=True)
        let_change(request, session, sent.fields.get("csrf", ""))
        rights = sent.fields.get("rights", "")
        if rights and rights not in RIGHTS:
            raise BadInputError(f"rights are one of {', '.join(RIGHTS)}")
        files = sent.files or await _looked_at(request, sent.fields.get("job", ""))
        kind = "ingest" if sent.fields.get("action") == "keep" else "rehearse"
        arguments = {"files": files, "rights": rights or None, "who": session.token.name}
        job = await services.builder.submit({"kind": kind, "arguments": arguments})
        undo.pop_all()  # the uploads belong to the job now
    return private(RedirectResponse(links_for(request, lang).page("review/add", job=job), 303))


@router.post("/{lang}/review/add/table", include_in_schema=False)
async def add_table(request: Request, lang: str) -> Response:
    """Look at a table, import the one that was looked at, or forget one.

    Raises:
        NotAllowedError, ForbiddenError, BadInputError, TooLargeError, EngineDownError
    """
    session = await _adder(request)
    folder = folder_of(request)
    kept = TableFolder(folder, services_of(request).iris)
    async with contextlib.AsyncExitStack() as undo:
        sent = await _take(request, undo, optional=True)
        given = sent.fields
        let_change(request, session, given.get("csrf", ""))
        if remove := given.get("remove"):
            await run_in_threadpool(kept.remove, remove)
            return await _build(request, lang)
        spooled = sent.files[0]["spooled"] if sent.files else given.get("staged", "")
        if not spooled:
            raise BadInputError("choose the file of the table")
        title = given.get("title", "").strip() or (sent.files[0]["name"] if sent.files else "")
        name = given.get("name", "").strip() or name_of(Path(title))
        form, place = given.get("form", ""), staged_file(folder, spooled)
        data = await run_in_threadpool(place.read_bytes)
        known = await _known(request)
        reading = await run_in_threadpool(kept.check, data, form, name, title, known)
        if given.get("action") == "import":
            await run_in_threadpool(kept.save, data, form, name, title)
            await run_in_threadpool(shutil.rmtree, place.parent, ignore_errors=True)
            return await _build(request, lang)
        undo.pop_all()  # it waits to be imported
    names = {table.name for table in await run_in_threadpool(lambda: list(kept.all()))}
    look = _Look(form, name, title, spooled, reading, name in names)
    return await _page(request, session, look=look)


async def _page(
    request: Request,
    session: Session,
    *,
    look: _Look | None = None,
    status: dict[str, Any] | None = None,
) -> Response:
    settings = services_of(request).settings
    kept = TableFolder(folder_of(request), services_of(request).iris)
    page = render(
        request, "review_add.html", indexed=False, session=session, look=look, done=_NONE | (status or {}),
        may_add=_may_add(session), forms=form_names(), rights=RIGHTS, usual=settings.rights,
        tables=await run_in_threadpool(lambda: list(kept.all())), shown=_PROBLEMS_SHOWN,
        megabytes=settings.file_bytes // 1_000_000,
    )  # fmt: skip
    return private(page)


async def _adder(request: Request) -> Session:
    session = await session_of(request)
    if not _may_add(session):
        raise ForbiddenError(f"the token has not the scope {_SCOPE}")
    return session


def _may_add(session: Session) -> bool:
    return bool({_SCOPE, "admin"} & set(session.token.scopes))


async def _take(request: Request, undo: contextlib.AsyncExitStack, *, optional: bool) -> Form:
    return await take_form(
        request,
        folder_of(request),
        services_of(request).settings.file_bytes,
        undo,
        optional=optional,
    )


async def _looked_at(request: Request, job: str) -> list[dict[str, str]]:
    """Return the files of a look that somebody took before."""
    status = await services_of(request).builder.status(job) if job else {}
    report = cast(dict[str, Any], status.get("report") or {})
    files = report.get("files") or []
    if not files:
        raise BadInputError("choose at least one file")
    for file in files:
        staged_file(folder_of(request), str(file["spooled"]))
    return list(files)


async def _build(request: Request, lang: str) -> Response:
    job = await services_of(request).builder.submit({"kind": "build", "arguments": {}})
    return private(RedirectResponse(links_for(request, lang).page("review/add", job=job), 303))


async def _known(request: Request) -> KnownNames:
    services = services_of(request)
    folder, iris = folder_of(request), Iris(services.settings.base)

    async def load() -> KnownNames:
        return await run_in_threadpool(known_names, folder, iris)

    return await cache_of(request).get(services.queries.generation, "known-names", load)
