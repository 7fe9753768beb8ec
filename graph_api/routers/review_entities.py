"""Curators and entities: look-alikes, merging, and parting again."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.errors import BadInputError
from graph_api.identities import IdentityLog
from graph_api.portal.details import load_details
from graph_api.portal.lookalikes import Pair, load_pairs
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.routers.curating import (
    folder_of,
    job_status,
    own_form,
    private,
    session_or_none,
    to_login,
)
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_PER_PAGE = 20
_DEEDS = ("merge", "part", "distinct")


@router.get("/{lang}/review/entities", include_in_schema=False)
async def entities_page(
    request: Request,
    lang: str,
    job: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Entities that may be one, what was merged, and a form to merge two by their addresses.

    ``job`` is what was just asked for: its outcome is told.
    """
    session = await session_or_none(request)
    if session is None:
        return to_login(request, lang)
    services = services_of(request)
    outcome = _outcome(await job_status(request, job))  # first: the rest is then as it left it
    log = IdentityLog(folder_of(request).decisions)
    fates = await run_in_threadpool(log.fates)
    apart = await run_in_threadpool(log.distinct)
    pairs = [
        pair
        for pair in await _pairs(request)
        if (pair.first, pair.second) not in apart and not {pair.first, pair.second} & set(fates)
    ]
    part = pairs[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    merged = sorted((f for f in fates.values() if f.event == "merged"), key=lambda f: f.at)[::-1]
    wanted = {iri for pair in part for iri in (pair.first, pair.second)}
    details = await load_details(services.queries, wanted | {Iri(fate.to) for fate in merged})
    sizes = await _sizes(request, wanted)
    answer = render(
        request, "review_entities.html", indexed=False, session=session, total=len(pairs),
        pairs=[(pair, _order(pair, sizes)) for pair in part], sizes=sizes, merged=merged,
        label=lambda iri: details.label(Iri(iri), lang), outcome=outcome,
        page=page, pages=-(-len(pairs) // _PER_PAGE), short=lambda iri: iri.partition("/id/")[2],
        page_href=lambda number: links_for(request, lang).page("review/entities", page=number),
        note_length=services.settings.note_length,
    )  # fmt: skip
    return private(answer)


@router.post("/{lang}/review/entities", include_in_schema=False)
async def decide_entities(request: Request, lang: str) -> Response:
    """Merge two entities, part them again, or note that they differ; then tell the outcome.

    Raises:
        NotAllowedError, ForbiddenError, BadInputError, TooLargeError, EngineDownError
    """
    session, pairs = await own_form(request)
    given = {name: value.strip() for name, value in pairs}
    action, why = given.get("action", ""), given.get("why", "")
    name, into = given.get("name", ""), given.get("into", "")
    longest = services_of(request).settings.note_length
    if action == "turned":  # the same pair, the other way round
        action, name, into = "merge", into, name
    if action not in _DEEDS or not name or (action != "part" and not into):
        raise BadInputError("name the two entities that are merged, parted or told apart")
    if max(map(len, (why, name, into))) > longest:
        raise BadInputError(f"a note and an address have at most {longest} characters")
    arguments = {"who": session.token.name, "why": why, "name": name, "into": into}
    builder = services_of(request).builder
    job = await builder.submit({"kind": action, "arguments": arguments})
    where = links_for(request, lang).page("review/entities", job=job)
    return private(RedirectResponse(where, 303))


def _outcome(status: Mapping[str, Any]) -> tuple[str, str]:
    """Return the event of a job and what was wrong with it; both empty for none."""
    report = status.get("report") or {}
    event = report.get("fate", {}).get("event", "")
    if status and status["state"] not in ("done", "failed"):
        event = "under-way"
    return event, report.get("failure", {}).get("detail", "")


async def _pairs(request: Request) -> list[Pair]:
    services = services_of(request)

    async def load() -> list[Pair]:
        return await load_pairs(services.queries, services.iris)

    return await cache_of(request).get(services.queries.generation, "look-alikes", load)


async def _sizes(request: Request, entities: set[Iri]) -> dict[Iri, int]:
    """Count the statements that name each entity: the better known one keeps its address."""
    if not entities:
        return {}
    listed = " ".join(f"<{iri}>" for iri in sorted(entities))
    rows = await services_of(request).queries.select(
        f"SELECT ?e (COUNT(*) AS ?n) WHERE {{ VALUES ?e {{ {listed} }} "
        "{ ?e ?p ?o } UNION { ?s ?q ?e } } GROUP BY ?e"
    )
    return {Iri(str(row["e"])): int(getattr(row["n"], "value", "0")) for row in rows}


def _order(pair: Pair, sizes: dict[Iri, int]) -> tuple[Iri, Iri]:
    """Return what is merged and what it is merged into, as proposed."""
    first, second = pair.first, pair.second
    return (first, second) if sizes.get(first, 0) < sizes.get(second, 0) else (second, first)
