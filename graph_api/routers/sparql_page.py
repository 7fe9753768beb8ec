"""The SPARQL page: a form, examples, and the result or the error in place."""

import re
import shlex
import time
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from graph_api.errors import MaillonError
from graph_api.portal.examples import GROUPS, examples_of
from graph_api.portal.rendering import PageRoute, links_for, origin_of, render, services_of
from graph_api.portal.result_table import ResultTable, read_result
from graph_api.releases.reading import ReleaseQueries, services_at, shelf_of
from graph_api.services import QueryRequest
from graph_api.sparql.text_search import prepare_query
from ontology.iris import ONTOLOGY
from ontology.vocabularies import PREFIXES

__all__ = ["router", "shorten"]

router = APIRouter(route_class=PageRoute)

ACCEPT = "text/tab-separated-values, text/turtle;q=0.9, application/sparql-results+json;q=0.8"
DOWNLOADS = ("csv", "tsv", "json", "xml")
_HASH = re.compile(r"([0-9a-f]{10})[0-9a-f]{20,}")
_WORD = re.compile(r"\w+|\S")
_AROUND = 60  # characters of a line shown on each side of a mistake


@router.get("/{lang}/sparql", include_in_schema=False)
async def sparql_page(
    request: Request,
    lang: str,
    query: Annotated[str, Query(title="SPARQL query")] = "",
    example: Annotated[str, Query(title="name of an example", max_length=80)] = "",
    release: Annotated[str, Query(title="release to ask instead", max_length=20)] = "",
) -> Response:
    """Run a query and show its result, or what is wrong with it and where.

    The status is the error's, for machines: 400 for a query that cannot be read, 504 at the
    deadline.
    """
    services = services_of(request)
    examples = examples_of(services.iris.base)
    chosen = next((each for each in examples if each.name == example), None)
    shown = query or (chosen or examples[0]).query
    result: ResultTable | None = None
    error: MaillonError | None = None
    started = time.monotonic()
    if query.strip():
        try:
            result = await _run(request, query)
        except MaillonError as caught:
            error = caught
    links = links_for(request, lang)
    return render(
        request,
        "sparql.html",
        status=error.status if error else 200,
        query=shown,
        asked=bool(query.strip()),
        result=result,
        error=error,
        milliseconds=round((time.monotonic() - started) * 1000),
        examples={group: [e for e in examples if e.group == group] for group in GROUPS},
        excerpt=_excerpt(query, error),
        curl=_command(
            f"{origin_of(request)}{links.to('/sparql')}",
            query,
            release,
            "text/csv" if result is None or result.variables else "text/turtle",
        ),
        chosen=chosen,
        release=release,
        live=shelf_of(request).live(),
        prefixes={"mln": f"{ONTOLOGY}#", **PREFIXES},
        settings=services.settings,
        endpoint=links.to("/sparql"),
        shorten=lambda iri: shorten(iri, services.iris.base),
        downloads=DOWNLOADS if result is None or result.variables else ("ttl",),
    )


def shorten(iri: str, base: str) -> str:
    """An IRI for people: our own below the base, others by prefix, hashes cut."""
    if iri.startswith(f"{base}/"):
        kept = iri.removeprefix(f"{base}/").removeprefix("id/")
        return _HASH.sub(r"\1…", kept)
    for prefix, namespace in (("mln", f"{ONTOLOGY}#"), *PREFIXES.items()):
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


async def _run(request: Request, query: str) -> ResultTable:
    services = services_at(request)
    client = request.client.host if request.client else ""
    asked = QueryRequest(query, accept=ACCEPT, client=client)
    if isinstance(services.queries, ReleaseQueries):
        asked = replace(asked, store=str(services.queries.store))
    asked, notes = await prepare_query(services, asked)
    answer = await services.queries.run(asked)
    return replace(await read_result(answer), notes=notes)


def _excerpt(query: str, error: MaillonError | None) -> tuple[str, str, str] | None:
    """The line of a mistake, cut in what stands before it, the word it begins at, and the rest."""
    line, column = (error.extra.get(each) for each in ("line", "column")) if error else (None, None)
    lines = query.splitlines()
    if not isinstance(line, int) or not isinstance(column, int) or not 0 < line <= len(lines):
        return None
    text = lines[line - 1]
    start = min(max(column - 1, 0), len(text))
    word = _WORD.match(text, start)
    end = word.end() if word else start
    return text[max(0, start - _AROUND) : start], text[start:end] or "␣", text[end : end + _AROUND]


def _command(endpoint: str, query: str, release: str, media_type: str) -> str:
    """The line that asks the same by curl, for a shell of POSIX."""
    parts = ["curl", "-H", f"Accept: {media_type}", "--data-urlencode", f"query={query}"]
    parts += ["--data-urlencode", f"release={release}"] if release else []
    return " ".join(shlex.quote(each) for each in (*parts, endpoint))
