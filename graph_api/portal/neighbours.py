"""What stands beside a thing: related through the graph, and resembling it in words.

Two things are related when sources say the same of both: the same theme, operator, territory. What
few share counts more than what many do.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from graph_api.errors import EngineDownError
from graph_api.portal.details import load_details
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import reference, references
from graph_api.portal.rendering import services_of
from graph_api.portal.views import Reference
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri
from search.service import Hit

__all__ = [
    "MOST", "Neighbour", "Related", "rank_related", "related_query", "related_to", "resembling",
]  # fmt: skip

MOST = 6
"""Neighbours that a page lists."""

_SHARED = (
    mln.theme, mln.stage, mln.audience, mln.supportType, mln.offersSupportType, mln.need,
    mln.instrument, mln.operatedBy, mln.fundedBy, mln.supportedBy, mln.createdBy, mln.partOf,
    mln.memberOf, mln.partnerOf, mln.basedOn, mln.adoptedBy, mln.definitionOf, mln.describedIn,
    mln.appliesIn, mln.locatedIn, mln.publishedBy, mln.implementedBy, mln.organisedBy,
)  # fmt: skip
_ROWS = 4_000
_MOST_SHARED = 3


@dataclass(frozen=True, slots=True)
class Related:
    """A thing with what it shares, the rarest first."""

    iri: Iri
    shared: tuple[Iri, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A related thing and what it shares, as a page shows them."""

    thing: Reference
    shared: tuple[Reference, ...]


def related_query(entity: Iri, iris: Iris) -> str:
    """SELECT (other, shared): things of which sources say the same as of this one."""
    here, stated = reference(entity), f'STRSTARTS(STR(?%s), "{iris.graph("inferred")}")'
    return f"""SELECT DISTINCT ?other ?shared WHERE {{
  VALUES ?p {{ {references(_SHARED).replace(",", " ")} }}
  GRAPH ?g {{ {here} ?p ?shared }}
  GRAPH ?h {{ ?other ?p ?shared }}
  FILTER(?other != {here} && ISIRI(?shared) && !{stated % "g"} && !{stated % "h"})
}} LIMIT {_ROWS}"""


def rank_related(rows: Iterable[Row], iris: Iris, most: int) -> tuple[Related, ...]:
    """Return the ``most`` things that share the most, and the rarest, with this one."""
    holders: dict[Iri, set[Iri]] = defaultdict(set)
    for row in rows:
        other, shared = row["other"], row["shared"]
        if isinstance(other, Iri) and isinstance(shared, Iri) and iris.split(other) is not None:
            holders[shared].add(other)
    rarity = {each: 1 / math.log2(1 + len(others) + 1) for each, others in holders.items()}
    said: dict[Iri, list[Iri]] = defaultdict(list)
    for each in sorted(holders, key=lambda each: (-rarity[each], each)):
        for other in holders[each]:
            said[other].append(each)
    ranked = sorted(said, key=lambda other: (-sum(rarity[s] for s in said[other]), other))
    return tuple(Related(other, tuple(said[other][:_MOST_SHARED])) for other in ranked[:most])


async def related_to(request: Request, iri: Iri, lang: str) -> tuple[Neighbour, ...]:
    """Return the things of which sources say the same, with what they share, in words.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    services = services_of(request)

    async def ask() -> tuple[Neighbour, ...]:
        rows = await services.queries.select(related_query(iri, services.iris))
        related = rank_related(rows, services.iris, MOST)
        named = {each for one in related for each in (one.iri, *one.shared)}
        details = await load_details(services.queries, named)

        def told(each: Iri) -> Reference:
            return Reference(each, details.label(each, lang))

        return tuple(Neighbour(told(one.iri), tuple(map(told, one.shared))) for one in related)

    key = f"related/{iri}/{lang}"
    return await cache_of(request).get(services.queries.generation, key, ask)


async def resembling(request: Request, iri: Iri, lang: str) -> tuple[Hit, ...]:
    """Return what resembles a thing or document in words; nothing while there is no index."""
    services = services_of(request)
    try:
        service = services.index.current()
    except EngineDownError:
        return ()  # the page is worth showing without it

    async def search() -> tuple[Hit, ...]:
        return await run_in_threadpool(service.resembling, iri, lang, MOST)

    key = f"alike/{iri}/{lang}"
    return await cache_of(request).get(services.queries.generation, key, search)
