"""``/reconcile``, beyond names: data extension, suggestions of properties, previews and flyouts."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from graph_api.errors import MissingError
from graph_api.exchange.extending import (
    OUTSIDE,
    Extension,
    cells,
    entity_iri,
    property_iri,
    property_name,
    usage_query,
    values_of,
    values_query,
)
from graph_api.portal.details import load_details
from graph_api.portal.display import load_schema, type_names
from graph_api.portal.i18n import catalogue
from graph_api.portal.labels import Text
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import language_of, render, services_of
from ontology.folding import fold
from ontology.iris import KINDS
from ontology.model import Iri, Literal
from ontology.vocabularies import SKOS_ALT_LABEL

__all__ = ["CORS", "extend", "router"]

router = APIRouter()

CORS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache", "Vary": "Accept-Language"}
_FRAMED = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


@dataclass(frozen=True, slots=True)
class _Glance:
    """What a preview and a flyout show of a thing."""

    name: Text
    types: tuple[str, ...]
    summary: Text | None
    names: tuple[str, ...]


async def extend(request: Request, asked: Extension) -> dict[str, Any]:
    """Answer a data extension query. What is unknown has no values.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    services = services_of(request)
    lang, iris = language_of(request), services.iris
    subjects = {each: iri for each in asked.ids if (iri := entity_iri(iris, each))}
    properties = {each.iri for each in asked.properties}
    values = {}
    if subjects and properties:
        query = values_query(iris, subjects.values(), properties)
        values = values_of(await services.queries.select(query))
    mentioned = {term for terms in values.values() for term in terms if isinstance(term, Iri)}
    details = await load_details(services.queries, mentioned)
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {
        each: {
            wanted.id: cells(
                values.get((subjects[each], wanted.iri), ()) if each in subjects else (),
                wanted,
                details,
                iris,
                lang,
            )
            for wanted in asked.properties
        }
        for each in asked.ids
    }
    meta = [_meta(each.id, lang) for each in asked.properties]
    return {"meta": meta, "rows": rows}


@router.get("/reconcile/properties")
async def propose(
    request: Request,
    kind: Annotated[str, Query(alias="type", title="the kind of what is extended")] = "",
    limit: Annotated[int, Query(title="most properties", ge=1, le=500)] = 50,
) -> JSONResponse:
    """Properties that things of a kind have, those that most of them have first.

    Raises:
        MissingError: no such kind.
    """
    if kind and kind not in KINDS:
        raise MissingError(f"there is no kind {kind[:40]!r}")
    lang = language_of(request)
    used = await _used(request, kind) if kind else sorted(_all_properties())
    listed = [{"id": each, "name": property_name(each, lang)} for each in used[:limit]]
    return JSONResponse({"type": kind, "limit": limit, "properties": listed}, headers=CORS)


@router.get("/reconcile/suggest/property")
async def suggest_property(
    request: Request,
    prefix: Annotated[str, Query(title="beginning of a word of a property", max_length=200)],
    cursor: Annotated[int, Query(title="suggestions to leave out", ge=0, le=1_000)] = 0,
) -> JSONResponse:
    """Properties whose name in the client's language, or identifier, has a word that begins so."""
    lang, wanted = language_of(request), fold(prefix)
    found = []
    for each in sorted(_all_properties()):
        name = property_name(each, lang)
        if f" {wanted}" in f" {fold(name)}" or fold(each).startswith(wanted):
            found.append({"id": each, "name": name, "description": _definition(each, lang)})
    found.sort(key=lambda each: (fold(each["name"]), each["id"]))
    return JSONResponse({"result": found[cursor : cursor + 10]}, headers=CORS)


@router.get("/reconcile/flyout/entity")
async def fly_out_entity(
    request: Request, id_: Annotated[str, Query(alias="id", title="kind/slug", max_length=500)]
) -> JSONResponse:
    """A few words about an entity, as HTML in JSON.

    Raises:
        MissingError: there is none.
    """
    glance = await _glance(request, id_)
    return _flyout(request, id_, ", ".join(glance.types), glance.summary)


@router.get("/reconcile/flyout/property")
async def fly_out_property(
    request: Request, id_: Annotated[str, Query(alias="id", title="a property", max_length=200)]
) -> JSONResponse:
    """What a property means, as HTML in JSON.

    Raises:
        MissingError: there is none.
    """
    if property_iri(id_) is None:
        raise MissingError("there is no such property")
    lang = language_of(request)
    meant = _definition(id_, lang)
    return _flyout(request, id_, property_name(id_, lang), Text(meant) if meant else None)


@router.get("/reconcile/flyout/type")
async def fly_out_type(
    request: Request, id_: Annotated[str, Query(alias="id", title="a kind", max_length=40)]
) -> JSONResponse:
    """What a kind is, as HTML in JSON.

    Raises:
        MissingError: there is none.
    """
    lang, schema = language_of(request), load_schema()
    classes = [each for each in schema.classes.values() if each.kind == id_]
    if id_ not in KINDS or not classes:
        raise MissingError("there is no such kind")
    first = min(classes, key=lambda each: len(each.ancestors))
    meant = first.definitions.get(lang) or first.definitions["en"]
    return _flyout(request, id_, first.labels.get(lang) or id_, Text(meant))


@router.get("/reconcile/preview")
async def preview(
    request: Request, id_: Annotated[str, Query(alias="id", title="kind/slug", max_length=500)]
) -> Response:
    """A small page about an entity, which other sites may show in a frame.

    Raises:
        MissingError: there is none.
    """
    return _framed(render(request, "reconcile_preview.html", glance=await _glance(request, id_)))


@router.get("/reconcile/feature/{name}")
async def feature(request: Request, name: str) -> Response:
    """What a feature of a candidate measures.

    Raises:
        MissingError: there is none of that name.
    """
    _ = catalogue("portal", language_of(request)).gettext
    meant = {
        "name_equal": _(
            "Whether a name is equal but for accents, case, punctuation and small words."
        ),
        "name_words": _(
            "The words that both names have, those that are rare among our names counting more."
        ),
        "name_letters": _("How many sequences of three letters both names have."),
        "properties": _("The share of the given properties of which one of our values agrees."),
    }
    if name not in meant:
        raise MissingError("there is no such feature")
    glance = _Glance(Text(name), (), Text(meant[name]), ())
    return _framed(render(request, "reconcile_preview.html", glance=glance))


async def _glance(request: Request, identifier: str) -> _Glance:
    services, lang = services_of(request), language_of(request)
    iri = entity_iri(services.iris, identifier)
    details = await load_details(services.queries, [iri] if iri else [])
    if iri is None or iri not in details.labels:
        raise MissingError("there is nothing of that name")
    rows = await services.queries.select(values_query(services.iris, [iri], [SKOS_ALT_LABEL]))
    name = details.label(iri, lang)
    others = sorted({row["o"].value for row in rows if isinstance(row["o"], Literal)} - {name.text})
    kind = identifier.partition("/")[0]
    types = type_names(details.types.get(iri, ()), kind, lang)
    return _Glance(name, types, details.summary(iri, lang), tuple(others))


async def _used(request: Request, kind: str) -> list[str]:
    services = services_of(request)

    async def count() -> list[str]:
        rows = await services.queries.select(usage_query(services.iris, kind))
        used = {row["p"]: int(row["n"].value) for row in rows if isinstance(row["n"], Literal)}
        known = {each: iri for each in _all_properties() if (iri := property_iri(each)) in used}
        return sorted(known, key=lambda each: (-used[known[each]], each))

    cache = cache_of(request)
    return await cache.get(services.queries.generation, f"reconcile properties {kind}", count)


def _all_properties() -> list[str]:
    return [*OUTSIDE, *(each.name for each in load_schema().properties.values())]


def _meta(name: str, lang: str) -> dict[str, Any]:
    meta: dict[str, Any] = {"id": name, "name": property_name(name, lang)}
    term = load_schema().term(name)
    kinds = {load_schema().kind(each) for each in getattr(term, "range", ())} - {None}
    if len(kinds) == 1:
        (kind,) = kinds
        meta["type"] = {"id": kind, "name": kind}
    return meta


def _definition(name: str, lang: str) -> str:
    term = load_schema().term(name)
    return (term.definitions.get(lang) or term.definitions["en"]) if term else ""


def _flyout(request: Request, identifier: str, title: str, text: Text | None) -> JSONResponse:
    response = render(request, "reconcile_flyout.html", title=title, text=text)
    html = bytes(response.body).decode()
    return JSONResponse({"id": identifier, "html": html}, headers=CORS)


def _framed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
