"""The SPARQL page: a form, examples, and the result or the error in place."""

import re
import time
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from graph_api.errors import MaillonError
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.portal.result_table import ResultTable, read_result
from graph_api.releases.reading import ReleaseQueries, services_at, shelf_of
from graph_api.services import QueryRequest, Services
from graph_api.sparql.text_search import prepare_query
from ontology.iris import ONTOLOGY
from ontology.vocabularies import PREFIXES

__all__ = ["Example", "load_examples", "router", "shorten"]

router = APIRouter(route_class=PageRoute)

ACCEPT = "text/tab-separated-values, text/turtle;q=0.9, application/sparql-results+json;q=0.8"
DOWNLOADS = ("csv", "tsv", "json", "xml")
_HASH = re.compile(r"([0-9a-f]{10})[0-9a-f]{20,}")
_TITLE = re.compile(r"#\s*(fr|en):\s*(.+)")


@dataclass(frozen=True, slots=True)
class Example:
    """A query that ships, with its purpose in each language."""

    name: str
    titles: dict[str, str]
    query: str


@cache
def load_examples() -> tuple[Example, ...]:
    """The files of ``sparql_examples`` in the order of their names; titles are their first lines."""
    folder = files("graph_api.portal") / "sparql_examples"
    found = []
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".rq"):
            text = path.read_text(encoding="utf-8")
            titles = {lang: title.strip() for lang, title in _TITLE.findall(text)}
            query = "\n".join(line for line in text.splitlines() if not _TITLE.match(line))
            found.append(Example(path.name.removesuffix(".rq"), titles, query.strip()))
    return tuple(found)


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
    examples = _examples_for(services)
    chosen = next((each for each in examples if each.name == example), None)
    shown = query or (chosen.query if chosen else examples[0].query if examples else "")
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
        examples=examples,
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


def _examples_for(services: Services) -> tuple[Example, ...]:
    """The examples speak of ``https://maillon.example``; here they speak of this site's base."""
    base = services.iris.base
    return tuple(
        Example(each.name, each.titles, each.query.replace("https://maillon.example", base))
        for each in load_examples()
    )
