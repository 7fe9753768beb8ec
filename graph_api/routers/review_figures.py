"""Curators and figures: settling what sources contradict each other about, and taking it back."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.errors import BadInputError, MissingError
from graph_api.folder import DataFolder
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.routers.curating import (
    folder_of,
    job_status,
    own_form,
    private,
    session_or_none,
    to_login,
)
from graph_api.routers.figures import PAGE_SIZE, figure_reader, load_groups
from graph_api.settlements import VERDICTS, SettlementLog
from graph_api.workbench import Choice, Workbench
from ingest.conflicts import Comparison, Stand
from ontology import terms as mln
from ontology.iris import ONTOLOGY

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_CLAIMS = 50  # claims of one year of one thing that are looked at
_GRAVE = (Stand.CONFLICT, Stand.MALFORMED)


@router.get("/{lang}/review/figures", include_in_schema=False)
async def figures_page(
    request: Request,
    lang: str,
    job: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Figures that contradict each other or are misprinted, each with the ways to settle it.

    ``job`` is what was just asked for: its outcome is told.
    """
    session = await session_or_none(request)
    if session is None:
        return to_login(request, lang)
    status = await job_status(request, job)  # first: the rest is then as it left it
    reader = figure_reader(request)
    grave = tuple(each for each in await reader.comparisons() if each.stand in _GRAVE)
    part = grave[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    groups, details = await load_groups(request, reader, part, lang)
    log = SettlementLog(folder_of(request).decisions)
    records = {each.id: each for each in await run_in_threadpool(log.in_force)}
    answer = render(
        request, "review_figures.html", indexed=False, session=session, groups=groups,
        claims=await run_in_threadpool(_claims, folder_of(request), part), total=len(grave),
        records=records, publication=lambda iri: details.label(iri, lang),
        wrong=(status.get("report") or {}).get("failure", {}).get("detail", ""),
        state=status.get("state", ""), page=page, pages=-(-len(grave) // PAGE_SIZE),
        page_href=lambda number: links_for(request, lang).page("review/figures", page=number),
        note_length=services_of(request).settings.note_length,
    )  # fmt: skip
    return private(answer)


@router.post("/{lang}/review/figures", include_in_schema=False)
async def settle_figures(request: Request, lang: str) -> Response:
    """Settle a comparison, or take a settlement back; then tell the outcome.

    Raises:
        NotAllowedError, ForbiddenError, BadInputError, TooLargeError, EngineDownError
        MissingError: these values do not stand side by side (any more).
    """
    session, pairs = await own_form(request)
    given = {name: value.strip() for name, value in pairs}
    settings = services_of(request).settings
    why = given.get("why", "")
    if len(why) > settings.note_length:
        raise BadInputError(f"a note has at most {settings.note_length} characters")
    arguments: dict[str, object] = {"who": session.token.name, "why": why}
    if settlement := given.get("settlement", ""):
        kind, arguments = "unsettle", {**arguments, "settlement": settlement[:100]}
    else:
        kind, arguments = "settle", arguments | await _asked(request, given)
    job = await services_of(request).builder.submit({"kind": kind, "arguments": arguments})
    where = links_for(request, lang).page("review/figures", job=job)
    return private(RedirectResponse(where, 303))


def _claims(folder: DataFolder, part: Sequence[Comparison]) -> dict[str, str]:
    """The claim of each value that a document states, by the value's key: where it can be voided.

    A key is the address of a figure, or that of a thing with one of its years.
    """
    bench = Workbench(folder)
    found: dict[str, str] = {}
    for key in (value.key for comparison in part for value in comparison.values):
        entity, _, year = key.partition(" ")
        name, _, said = year.partition(" ")
        predicate = f"{ONTOLOGY}#{name}" if name else mln.figureOf
        about = Choice(state="", entity=entity, predicate=predicate, what="facts")
        for item in bench.chosen(about, _CLAIMS):
            if said in ("", item.object):
                found.setdefault(key, item.hash)
    return found


async def _asked(request: Request, given: dict[str, str]) -> dict[str, object]:
    """What the form settles, after a look whether the values still stand side by side."""
    verdict = given.get("verdict", "")
    value = "" if verdict == "both" else given.get("value", "")
    if verdict not in VERDICTS or (verdict == "both") == bool(value):
        raise BadInputError("say how it is settled, and which value is meant")
    first = given.get("first", "")
    for each in await figure_reader(request).comparisons():
        keys = [one.key for one in each.values]
        named = (str(each.subject), each.measure) == (given.get("subject"), given.get("measure"))
        if named and first in keys and (not value or value in keys):
            return {
                "verdict": verdict, "subject": each.subject, "measure": each.measure,
                "values": keys, "value": value,
            }  # fmt: skip
    raise MissingError("these values do not stand side by side any more")
