"""Practices side by side: a page on which they are chosen, and compared question by question."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from graph_api.errors import BadInputError, MissingError
from graph_api.portal.details import load_details
from graph_api.portal.labels import local_name
from graph_api.portal.practices import answers_query, described_query, read_practices
from graph_api.portal.rendering import PageRoute, render, services_of
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)


@router.get("/{lang}/practices/compare", include_in_schema=False)
async def compare(
    request: Request, lang: str, practice: Annotated[list[str] | None, Query()] = None
) -> Response:
    """Compare the practices named by ``practice`` (slugs, several); with less than two, ask which.

    Raises:
        MissingError: a practice that does not exist or that no questions describe.
        BadInputError: more than can be read side by side.
        EngineDownError, DeadlineError, BusyError
    """
    services = services_of(request)
    most = services.settings.compared_practices
    rows = await services.queries.select(described_query())
    known = {local_name(row["s"]): row["s"] for row in rows if isinstance(row["s"], Iri)}
    slugs = list(dict.fromkeys(filter(None, practice or [])))
    for slug in slugs:
        if slug not in known:
            raise MissingError(f"no practice called {slug[:80]!r} is described by questions")
    if len(slugs) > most:
        raise BadInputError(f"at most {most} practices are compared at once")
    chosen = [known[slug] for slug in slugs]
    table = None
    if len(chosen) > 1:
        rows = await services.queries.select(answers_query(chosen, services.iris))
        table = read_practices(rows)
    wanted = {*known.values(), *(table.mentioned if table else ())}
    details = await load_details(services.queries, wanted)
    labels = {slug: details.label(iri, lang) for slug, iri in known.items()}
    return render(
        request,
        "compare.html",
        chosen=chosen,
        slugs=slugs,
        choices=sorted(labels.items(), key=lambda each: each[1].text.casefold()),
        most=most,
        table=table,
        label=lambda iri: details.label(iri, lang),
    )
