"""Home, texts about the site, static files, and the page of an error."""

from dataclasses import dataclass
from pathlib import Path

from babel.numbers import format_decimal
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from graph_api.errors import MaillonError, MissingError
from graph_api.guide.reader import guide_of
from graph_api.portal.details import load_details
from graph_api.portal.entities import EntityReader
from graph_api.portal.evidence import read_passage_name
from graph_api.portal.i18n import catalogue
from graph_api.portal.labels import Text, local_name, text_of
from graph_api.portal.listings import LISTINGS
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import count_query, documents_query, figures_query
from graph_api.portal.rendering import PageRoute, language_of, links_for, render, services_of
from graph_api.portal.wording import Wording
from graph_api.releases.reading import services_at
from graph_api.services import Row, Services
from ontology.iris import KINDS
from ontology.model import Iri

__all__ = ["error_page", "reader_of", "router", "wording_of"]

router = APIRouter(route_class=PageRoute)

_STATIC = Path(__file__).parent.parent / "portal" / "static"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".js": "text/javascript",
}
LATEST = 4
FIGURES = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on the home page, with what it counts and where it was read."""

    iri: str
    number: str
    unit: str
    measure: Text
    href: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a list."""

    sha256: str
    title: Text
    year: str


def wording_of(lang: str) -> Wording:
    """The words of the interface in a language."""
    return Wording(catalogue("portal", lang).gettext)


@router.get("/", include_in_schema=False)
def choose_language(request: Request) -> Response:
    """Send the visitor to the home page in the language that the browser prefers."""
    lang = language_of(request)
    return RedirectResponse(
        links_for(request, lang).page(), status_code=302, headers={"Vary": "Accept-Language"}
    )


@router.get("/{lang}", include_in_schema=False)
def add_slash(request: Request, lang: str) -> Response:
    """The home page's address ends with a slash."""
    return RedirectResponse(links_for(request, lang).page(), status_code=308)


@router.get("/{lang}/", include_in_schema=False)
async def home(request: Request, lang: str) -> Response:
    """Search field, kinds with their counts, figures with their source, latest documents."""
    services = services_of(request)
    cache = cache_of(request)
    generation = services.queries.generation

    async def counts() -> dict[str, int]:
        rows = await services.queries.select(count_query(services.iris))
        return {text_of(row["kind"]): int(text_of(row["n"])) for row in rows}

    async def listed() -> list[Listed]:
        return await _latest(services, lang)

    async def figures() -> list[Row]:
        return await services.queries.select(figures_query())

    by_kind = await cache.get(generation, "counts", counts)
    documents = await cache.get(generation, f"documents/{lang}", listed)
    numbers = await cache.get(generation, "figures", figures)
    return render(
        request,
        "home.html",
        audiences=await guide_of(request).options("audiences", lang),
        kinds=[(kind, by_kind[kind]) for kind in KINDS if by_kind.get(kind)],
        documents=documents,
        figures=await _figures(request, services, numbers, lang),
    )


@router.get("/{lang}/about", include_in_schema=False)
def about(request: Request, lang: str) -> Response:
    """What this site is and how to read it."""
    return render(request, "about.html")


@router.get("/{lang}/help", include_in_schema=False)
def help_page(request: Request, lang: str) -> Response:
    """Where to begin, what the signs of a page mean, how to take data along."""
    return render(request, "help.html", listings=list(LISTINGS))


@router.get("/{lang}/legal", include_in_schema=False)
def legal(request: Request, lang: str) -> Response:
    """Licences, personal data, removal."""
    return render(request, "legal.html")


@router.get("/{lang}/accessibility", include_in_schema=False)
def accessibility(request: Request, lang: str) -> Response:
    """What was checked and what was not."""
    return render(request, "accessibility.html")


@router.get("/static/{version}/{name}", include_in_schema=False)
def static(version: str, name: str) -> Response:
    """A style sheet or picture of ours; its address changes with its content.

    Raises:
        MissingError: no such file.
    """
    path = _STATIC / name
    if path.suffix not in _MEDIA_TYPES or not path.is_file():
        raise MissingError(f"there is no file {name}")
    return FileResponse(
        path,
        media_type=_MEDIA_TYPES[path.suffix],
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


def error_page(request: Request, error: MaillonError) -> Response:
    """The page of an error, in the language of the address, with the error's status."""
    response = render(
        request,
        "error.html",
        status=error.status,
        error=error,
        request_id=getattr(request.state, "request_id", ""),
    )
    response.headers["Vary"] = "Accept, Accept-Language"
    wait = error.extra.get("retry_after")
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


async def _latest(services: Services, lang: str) -> list[Listed]:
    """The documents of the newest publications, under the publication's name where it is known."""
    rows = await services.queries.select(documents_query())
    first: dict[Iri, Row] = {}
    for row in rows:
        first.setdefault(Iri(text_of(row["s"])), row)
    shown = dict(list(first.items())[:LATEST])
    named = {iri: Iri(text_of(row.get("publication", iri))) for iri, row in shown.items()}
    details = await load_details(services.queries, named.values())
    return [
        Listed(
            local_name(iri),
            details.label(named[iri], lang),
            text_of(row["year"]) if "year" in row else "",
        )
        for iri, row in shown.items()
    ]


async def _figures(
    request: Request, services: Services, rows: list[Row], lang: str
) -> list[Figure]:
    chosen: dict[str, Row] = {}
    for row in rows:
        best = chosen.get(text_of(row["s"]))
        if best is None or ("passage" in row and "passage" not in best):
            chosen[text_of(row["s"])] = row
    about: dict[str, Row] = {}  # one figure of each thing, those with a sentence first
    for row in sorted(chosen.values(), key=lambda row: ("passage" not in row, text_of(row["s"]))):
        about.setdefault(text_of(row.get("of", row["s"])), row)
    first = list(about.values())[:FIGURES]
    if not first:
        return []
    subjects = {Iri(text_of(row["s"])) for row in first}
    details = await load_details(services.queries, subjects)
    links = links_for(request, lang)
    found = []
    for row in first:
        iri = Iri(text_of(row["s"]))
        passage = (
            read_passage_name(text_of(row["passage"]), services.iris) if "passage" in row else None
        )
        href = links.document(passage.document, passage.start, passage.end) if passage else ""
        found.append(
            Figure(
                iri=iri,
                number=_number(text_of(row["value"]), lang),
                unit=text_of(row["unit"]) if "unit" in row else "",
                measure=details.label(iri, lang),
                href=href,
            )
        )
    return found


def _number(text: str, lang: str) -> str:
    try:
        return str(format_decimal(text, locale=lang))
    except (ValueError, ArithmeticError):
        return text


def reader_of(request: Request, lang: str) -> EntityReader:
    """The read model over the services of this app."""
    services = services_at(request)
    return EntityReader(services.queries, services.iris, wording_of(lang))
