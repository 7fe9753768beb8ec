"""What is known of a territory, its own and inherited, and two side by side: pages, JSON, a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from graph_api.errors import BadInputError, MissingError
from graph_api.guide.reader import Place, guide_of
from graph_api.portal.details import Details, load_details
from graph_api.portal.display import type_names
from graph_api.portal.labels import Text, local_name
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import PageRoute, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.portal.territories import (
    Placed,
    Scope,
    Territory,
    Thing,
    compare_territories,
    known_in,
    local_territories,
    placed_query,
    read_placed,
    see_territories,
)
from ontology.model import Iri

__all__ = ["Here", "known_here", "local_slugs", "placed_of", "router"]

router = APIRouter(route_class=PageRoute)

THINGS_SHOWN = 25
"""Things of one kind and scope on a page; the rest is in the table and the JSON."""

MOST_COMPARED = 2
MOST_MEANT = 30
"""Territories of one name that are offered to choose from."""

Places = Annotated[list[str] | None, Query(title="slugs or names of territories", max_length=10)]


@dataclass(frozen=True, slots=True)
class Where:
    """What a source says of a thing's place: the property, and the territory or what leads to it."""

    name: str
    relation: Text
    iri: Iri
    label: Text


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in words; ``closed`` as of today."""

    iri: Iri
    label: Text
    where: tuple[Where, ...]
    scope: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind: those shown, and how many there are."""

    kind: str
    lines: tuple[Line, ...]
    total: int


@dataclass(frozen=True)
class Here:
    """What a territory's page shows: groups by scope, and the query."""

    iri: Iri
    slug: str
    label: Text
    local: bool
    groups: Mapping[str, tuple[Group, ...]]
    query: str

    def count(self, scope: str) -> int:
        """How many things a scope has."""
        return sum(group.total for group in self.groups[scope])


@dataclass(frozen=True, slots=True)
class Field:
    """What was asked in a field, and the territories that it may mean: slug, name, types, past."""

    text: str
    meant: tuple[tuple[str, Text, tuple[str, ...], bool], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Things of one kind in two territories: of the first only, of both, of the second only."""

    kind: str
    first: Group
    both: Group
    second: Group


async def known_here(request: Request, place: Iri, lang: str) -> Here:
    """Return what is known of a territory, in words.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    return await _read(request, (await _territories(request, (place,)))[0], lang)


async def local_slugs(request: Request) -> frozenset[str]:
    """The slugs of the territories of which, or of a part of which, anything is known."""
    places = local_territories(await placed_of(request), await guide_of(request).knowledge())
    return frozenset(local_name(place) for place in places)


@router.get("/{lang}/territories/compare", include_in_schema=False)
async def compare(request: Request, lang: str, place: Places = None) -> Response:
    """Two territories side by side; with less than two, ask which; a name of several is chosen from.

    Raises:
        BadInputError: more than two.
        EngineDownError, DeadlineError, BusyError
    """
    asked = [text for text in place or () if text.strip()]
    if len(asked) > MOST_COMPARED:
        raise BadInputError("two territories are compared at once")
    meant = [await guide_of(request).meant(text) for text in asked]
    chosen = tuple(dict.fromkeys(several[0].iri for several in meant if len(several) == 1))
    both = await _territories(request, chosen) if len(chosen) == MOST_COMPARED else ()
    wanted = {each.iri for several in meant for each in several[:MOST_MEANT]}
    details = await load_details(services_of(request).queries, wanted)

    def field(text: str, several: tuple[Place, ...]) -> Field:
        return Field(
            details.label(several[0].iri, lang).text if len(several) == 1 else text,
            tuple(
                (
                    local_name(each.iri),
                    details.label(each.iri, lang),
                    type_names(details.types.get(each.iri, ()), "territory", lang),
                    each.past,
                )
                for each in several[:MOST_MEANT]
            ),
        )

    fields = [field(text, several) for text, several in zip(asked, meant, strict=True)]
    return render(
        request,
        "territories.html",
        asked=asked,
        fields=[*fields, *[Field("", ())] * (MOST_COMPARED - len(fields))],
        same=len(chosen) == 1 < len(asked) and all(len(several) == 1 for several in meant),
        both=[(each.iri, local_name(each.iri), details.label(each.iri, lang)) for each in both],
        rows=await _compare(request, both[0], both[1], lang) if both else (),
        query=see_territories(chosen, services_of(request).iris) if both else "",
    )


@router.get("/{lang}/territories.csv", include_in_schema=False)
async def table(request: Request, lang: str, place: Places = None) -> Response:
    """Return every statement of one or two territories, a line each."""
    territories = await _settled(request, place)
    said = [(t.iri, scope, each) for t in territories for scope in Scope for each in t.said[scope]]
    wanted = {iri for territory in territories for iri in territory.mentioned}
    details = await load_details(services_of(request).queries, wanted)
    head = (
        "territory", "scope", "kind", "thing", "label", "relation", "through", "of_territory",
        "of_territory_label",
    )  # fmt: skip
    split = services_of(request).iris.split
    rows = [
        (
            here, scope.value, (split(p.thing) or ("",))[0], p.thing,
            details.label(p.thing, lang).text, local_name(p.relation), p.through or "", p.territory,
            details.label(p.territory, lang).text,
        )
        for here, scope, p in said
    ]  # fmt: skip
    name = "-".join(local_name(territory.iri) for territory in territories)
    return spreadsheet(f"maillon-{name}", head, rows, lang)


@router.get("/api/territories")
async def data(request: Request, place: Places = None) -> Response:
    """Return what sources say to be in, or valid in, one or two territories, as JSON with the SPARQL.

    ``own``: said of the territory itself; ``wider``: of a larger one that holds it, so valid here
    too; ``inside``: of a part of it, so not valid in all of it. ``local`` is false where nothing is
    known of the territory or of a part of it, which is not the same as nothing there.

    Raises:
        MissingError: no territory, or several, have that name.
        BadInputError: none is named, or more than two.
        EngineDownError, DeadlineError, BusyError
    """
    territories = await _settled(request, place)
    found = [
        {
            "territory": territory.iri,
            "local": territory.local,
            **{
                scope.value: [_statement(each) for each in territory.said[scope]] for scope in Scope
            },
        }
        for territory in territories
    ]
    query = see_territories((t.iri for t in territories), services_of(request).iris)
    return JSONResponse(
        {"territories": found, "query": query}, headers={"Cache-Control": "no-cache"}
    )


def _statement(placed: Placed) -> dict[str, Any]:
    return {
        "thing": placed.thing,
        "relation": placed.relation,
        "through": placed.through,
        "territory": placed.territory,
    }


async def _settled(request: Request, places: list[str] | None) -> tuple[Territory, ...]:
    asked = [text for text in places or () if text.strip()]
    if not 1 <= len(asked) <= MOST_COMPARED:
        raise BadInputError("name one or two territories: place=…")
    found = []
    for text in asked:
        meant = await guide_of(request).meant(text)
        if len(meant) != 1:
            names = ", ".join(local_name(each.iri) for each in meant[:10])
            raise MissingError(
                f"several territories are called {text!r}: {names}"
                if meant
                else f"no territory is called {text!r}"
            )
        found.append(meant[0].iri)
    return await _territories(request, tuple(dict.fromkeys(found)))


async def _territories(request: Request, places: tuple[Iri, ...]) -> tuple[Territory, ...]:
    placed, knowledge = await placed_of(request), await guide_of(request).knowledge()
    return tuple(known_in(place, placed, knowledge) for place in places)


async def placed_of(request: Request) -> tuple[Placed, ...]:
    """Where things are, as sources say: read once per generation."""
    services = services_of(request)

    async def load() -> tuple[Placed, ...]:
        rows = await services.queries.select(placed_query(services.iris))
        return read_placed(rows, services.iris)

    return await cache_of(request).get(services.queries.generation, "territories", load)


async def _read(request: Request, territory: Territory, lang: str) -> Here:
    iris = services_of(request).iris
    things = {scope: territory.things(scope, iris) for scope in Scope}
    shown = {t for kinds in things.values() for several in kinds.values() for t in _first(several)}
    words = await _words(request, (territory.iri,), shown, lang)
    return Here(
        territory.iri,
        local_name(territory.iri),
        words.label(territory.iri),
        territory.local,
        {
            scope.value: tuple(words.group(kind, several) for kind, several in kinds.items())
            for scope, kinds in things.items()
        },
        see_territories((territory.iri,), iris),
    )


async def _compare(
    request: Request, first: Territory, second: Territory, lang: str
) -> tuple[Compared, ...]:
    iris = services_of(request).iris
    split = compare_territories(first, second, iris)
    shown = {t for cells in split.values() for several in cells for t in _first(several)}
    words = await _words(request, (first.iri, second.iri), shown, lang)
    return tuple(
        Compared(kind, *(words.group(kind, several) for several in cells))
        for kind, cells in split.items()
    )


@dataclass(frozen=True)
class _Words:
    """What is needed to write things in one language."""

    details: Details
    closed: frozenset[Iri]
    lang: str

    def label(self, iri: Iri) -> Text:
        return self.details.label(iri, self.lang)

    def group(self, kind: str, things: tuple[Thing, ...]) -> Group:
        return Group(kind, tuple(self._line(each) for each in _first(things)), len(things))

    def _line(self, thing: Thing) -> Line:
        where = dict.fromkeys(
            (each.relation, each.through or each.territory) for each in thing.said
        )
        return Line(
            thing.iri,
            self.label(thing.iri),
            tuple(
                Where(local_name(relation), self.label(relation), iri, self.label(iri))
                for relation, iri in where
            ),
            thing.scope.value,
            thing.iri in self.closed,
        )


async def _words(
    request: Request, places: tuple[Iri, ...], things: set[Thing], lang: str
) -> _Words:
    wanted = {*places, *(each.iri for each in things)}
    for placed in (each for thing in things for each in thing.said):
        wanted |= {placed.relation, placed.through or placed.territory}
    details = await load_details(services_of(request).queries, wanted)
    offers = await guide_of(request).offers(datetime.now(UTC).date())
    closed = frozenset(iri for iri, offer in offers.items() if offer.closed)
    return _Words(details, closed, lang)


def _first(things: tuple[Thing, ...]) -> tuple[Thing, ...]:
    return things[:THINGS_SHOWN]
