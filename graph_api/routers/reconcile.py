"""``/reconcile``: names in tables matched against ours (Reconciliation Service API 0.2)."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from graph_api.errors import BadInputError, TooLargeError
from graph_api.exchange.extending import (
    agrees,
    entity_iri,
    property_iri,
    read_extension,
    values_of,
    values_query,
)
from graph_api.exchange.names import make_table, names_query
from graph_api.exchange.reconciling import Candidate, NameTable
from graph_api.forms import read_form
from graph_api.portal.details import load_details
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import links_for, origin_of, services_of
from graph_api.routers.reconcile_values import CORS
from graph_api.routers.reconcile_values import extend as extend_values
from graph_api.settings import Settings
from ontology.iris import KINDS
from ontology.model import Iri

__all__ = ["name_table", "router"]

router = APIRouter()

_AGREED = 0.5
"""The share of given properties that must agree for a match."""


@router.get("/reconcile")
async def reconcile(
    request: Request,
    queries: Annotated[str, Query(title="a batch of queries, as JSON")] = "",
    extend: Annotated[str, Query(title="a data extension query, as JSON")] = "",
) -> JSONResponse:
    """The service's manifest; with ``queries`` the candidates of each, with ``extend`` values.

    Raises:
        BadInputError: no batch of queries, no data extension query.
        TooLargeError: too many queries or identifiers, or a name that is too long.
    """
    if extend:
        return _json(await _extension(request, extend))
    return _json(await _batch(request, queries) if queries else _manifest(request))


@router.post("/reconcile")
async def reconcile_form(request: Request) -> JSONResponse:
    """The same with ``queries`` or ``extend`` as a form.

    Raises:
        BadInputError, TooLargeError: as for GET.
    """
    most = services_of(request).settings.exchange_form_bytes
    form = dict(await read_form(request, most))
    if "extend" in form:
        return _json(await _extension(request, form["extend"]))
    if "queries" not in form:
        raise BadInputError("the form needs a field queries or extend")
    return _json(await _batch(request, form["queries"]))


@router.get("/reconcile/suggest/entity")
async def suggest_entity(
    request: Request,
    prefix: Annotated[str, Query(title="beginning of a word of a name", max_length=200)],
    cursor: Annotated[int, Query(title="suggestions to leave out", ge=0, le=1_000)] = 0,
) -> JSONResponse:
    """Entities one of whose names has a word that begins so."""
    table = await name_table(request)
    found = await asyncio.to_thread(table.starting, prefix, cursor + 10)
    entries = [
        {"id": entity.id, "name": name, "notable": [_kind(entity.kind)]}
        for entity, name in found[cursor:]
    ]
    return _json({"result": entries})


@router.get("/reconcile/suggest/type")
async def suggest_type(
    prefix: Annotated[str, Query(title="beginning of a kind", max_length=200)],
) -> JSONResponse:
    """The kinds that begin so."""
    return _json({"result": [_kind(k) for k in KINDS if k.startswith(prefix.casefold())]})


def _manifest(request: Request) -> dict[str, Any]:
    services = services_of(request)
    home = origin_of(request) + links_for(request, "en").to("/reconcile")
    space = f"{services.iris.base}/id/"
    place = origin_of(request) + links_for(request, "en").to("/id/")
    return {
        "versions": ["0.2"],
        "name": services.settings.publisher,
        "identifierSpace": space,
        "schemaSpace": space,
        "view": {"url": place + "{{id}}"},
        "defaultTypes": [_kind(kind) for kind in KINDS],
        "feature_view": {"url": home + "/feature/{{id}}"},
        "documentation": f"{origin_of(request)}{links_for(request, 'en').page('help')}",
        "suggest": {
            each: {
                "service_url": home,
                "service_path": f"/suggest/{each}",
                "flyout_service_url": home,
                "flyout_service_path": f"/flyout/{each}?id=${{id}}",
            }
            for each in ("entity", "property", "type")
        },
        "preview": {"url": home + "/preview?id={{id}}", "width": 420, "height": 260},
        "extend": {
            "propose_properties": {"service_url": home, "service_path": "/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "Most values of a row; 0 for all of them",
                },
                {
                    "name": "content",
                    "label": "Content",
                    "type": "select",
                    "default": "literal",
                    "help_text": "What stands for another entity: its name or its identifier",
                    "choices": [
                        {"value": "literal", "name": "Name"},
                        {"value": "id", "name": "Identifier"},
                    ],
                },
            ],
        },
    }


async def _extension(request: Request, text: str) -> dict[str, Any]:
    settings = services_of(request).settings
    asked = read_extension(text, settings.reconcile_extended, settings.reconcile_properties)
    return await extend_values(request, asked)


async def _batch(request: Request, text: str) -> dict[str, Any]:
    settings = services_of(request).settings
    most = settings.reconcile_queries
    try:
        batch = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInputError("queries is no JSON") from None
    if not isinstance(batch, dict):
        raise BadInputError("queries is an object: a key for each query")
    if len(batch) > most:
        raise TooLargeError(f"a batch has at most {most} queries")
    asked = {key: _read_query(key, value, settings) for key, value in batch.items()}
    table = await name_table(request)

    def look_up() -> dict[str, list[Candidate]]:
        return {
            key: table.candidates(each.name, each.kinds, each.limit) if each.name else []
            for key, each in asked.items()
        }

    found = await asyncio.to_thread(look_up)
    agreement = await _agreement(request, asked, found)
    return {key: {"result": _results(found[key], agreement.get(key))} for key in asked}


@dataclass(frozen=True, slots=True)
class _Query:
    """A query of a batch; ``conditions`` are properties (IRI) with the values that a list gives."""

    name: str
    kinds: frozenset[str]
    limit: int
    conditions: tuple[tuple[Iri, object], ...] = ()


def _read_query(key: str, value: object, settings: Settings) -> _Query:
    """Read one query. Raises BadInputError, TooLargeError."""
    if not isinstance(value, dict):
        raise BadInputError(f"query {key[:40]!r} is no object")
    conditions = _read_conditions(key, value.get("properties") or [], settings)
    name = value.get("query", "" if conditions else None)
    if not isinstance(name, str):
        raise BadInputError(f"query {key[:40]!r} has no text to look for")
    if len(name) > settings.reconcile_name_length:
        raise TooLargeError(f"a name has at most {settings.reconcile_name_length} characters")
    kinds = value.get("type") or []
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise BadInputError(f"query {key[:40]!r}: type is a text or a list of texts")
    limit = value.get("limit", 5)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise BadInputError(f"query {key[:40]!r}: limit is a number above 0")
    return _Query(name, frozenset(kinds), min(limit, settings.reconcile_candidates), conditions)


def _read_conditions(key: str, asked: object, settings: Settings) -> tuple[tuple[Iri, object], ...]:
    if not isinstance(asked, list) or not all(
        isinstance(each, dict) and isinstance(each.get("pid"), str) and "v" in each
        for each in asked
    ):
        raise BadInputError(f"query {key[:40]!r}: properties is a list of objects with pid and v")
    if len(asked) > settings.reconcile_properties:
        most = settings.reconcile_properties
        raise TooLargeError(f"a name has at most {most} properties")
    # A property of another service's vocabulary says nothing here: it neither helps nor hurts.
    known = ((property_iri(each["pid"]), each["v"]) for each in asked)
    return tuple((iri, value) for iri, value in known if iri is not None)


async def _agreement(
    request: Request, asked: Mapping[str, _Query], found: Mapping[str, list[Candidate]]
) -> dict[str, dict[str, float]]:
    """Return, by query and candidate, the share of conditions of which a value of ours agrees."""
    services = services_of(request)
    wanted = {key: each.conditions for key, each in asked.items() if each.conditions}
    subjects = {
        c.entity.id: iri
        for key in wanted
        for c in found[key]
        if (iri := entity_iri(services.iris, c.entity.id))
    }
    if not subjects:
        return {}
    properties = {iri for conditions in wanted.values() for iri, _ in conditions}
    query = values_query(services.iris, subjects.values(), properties)
    values = values_of(await services.queries.select(query))
    named = {term for terms in values.values() for term in terms if isinstance(term, Iri)}
    details = await load_details(services.queries, named)
    return {
        key: {
            c.entity.id: sum(
                agrees(value, values.get((subjects[c.entity.id], iri), ()), details, services.iris)
                for iri, value in conditions
            )
            / len(conditions)
            for c in found[key]
            if c.entity.id in subjects
        }
        for key, conditions in wanted.items()
    }


def _results(found: list[Candidate], agreement: Mapping[str, float] | None) -> list[dict[str, Any]]:
    if agreement is None:
        return [_candidate(each, {}) for each in found]
    shares = {each.entity.id: agreement.get(each.entity.id, 0.0) for each in found}
    results = [_candidate(each, {"properties": round(shares[each.entity.id], 3)}) for each in found]
    for result in results:
        share = shares[result["id"]]
        result["score"] = round(0.8 * result["score"] + 20 * share, 1)
        result["match"] = result["match"] and share >= _AGREED
    return sorted(results, key=lambda each: (-each["score"], each["id"]))


def _candidate(found: Candidate, more: Mapping[str, float]) -> dict[str, Any]:
    features: dict[str, bool | float] = {
        "name_equal": found.equal,
        "name_words": found.words,
        "name_letters": found.letters,
        **more,
    }
    return {
        "id": found.entity.id,
        "name": found.entity.names[0],
        "description": "" if found.name == found.entity.names[0] else found.name,
        "type": [_kind(found.entity.kind)],
        "score": found.score,
        "match": found.match,
        "features": [{"id": name, "value": value} for name, value in features.items()],
    }


async def name_table(request: Request) -> NameTable:
    """Return all names of ours, to look things up by name."""
    services = services_of(request)

    async def make() -> NameTable:
        rows = await services.queries.select(names_query(services.iris))
        return make_table(((row["s"], row["p"], row["name"]) for row in rows), services.iris)

    return await cache_of(request).get(services.queries.generation, "reconcile", make)


def _kind(kind: str) -> dict[str, str]:
    return {"id": kind, "name": kind}


def _json(content: object) -> JSONResponse:
    return JSONResponse(content, headers=CORS)
