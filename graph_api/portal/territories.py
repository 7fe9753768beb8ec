"""What is known of a territory: said of it, of a larger one that holds it, or of a part of it.

A programme or a law valid in a region is valid in its towns; one valid in a town is not valid in the
region. So each statement keeps the territory that its source names, and its place seen from here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph_api.guide.offers import Knowledge
from graph_api.portal.labels import local_name
from graph_api.portal.queries import reference, things_filter
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri

__all__ = [
    "HERE",
    "Placed",
    "Scope",
    "Territory",
    "Thing",
    "compare_territories",
    "count_local",
    "known_in",
    "local_territories",
    "placed_query",
    "read_placed",
    "see_counts",
    "see_territories",
]

HERE = ("programme", "law", "actor", "practice", "figure", "event")
"""Kinds of things that a territory's page lists, in that order."""

DIRECT = (mln.appliesIn, mln.locatedIn, mln.governs, mln.figureOf)
"""Properties that lead from a thing to a territory."""

THROUGH: Mapping[Iri, tuple[Iri, ...]] = {
    mln.figureOf: (mln.governs,),
    mln.implementedBy: (mln.governs,),
}
"""Properties that lead to an authority, whose figures and practices are those of its territory. Nothing
follows from where an operator has its seat: what a body in Paris does is not for Paris."""


class Scope(StrEnum):
    """Where a statement stands, seen from a territory, the nearest first."""

    OWN = "own"
    WIDER = "wider"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True)
class Placed:
    """``thing`` has ``relation`` to ``territory``; ``through`` is what lies between, or None."""

    thing: Iri
    relation: Iri
    territory: Iri
    through: Iri | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing with all that is said of its place, of the nearest scope."""

    iri: Iri
    scope: Scope
    said: tuple[Placed, ...]


@dataclass(frozen=True)
class Territory:
    """A territory and the statements that hold there, by scope."""

    iri: Iri
    said: Mapping[Scope, tuple[Placed, ...]]

    def things(self, scope: Scope, iris: Iris) -> dict[str, tuple[Thing, ...]]:
        """Things by kind, each in its nearest scope only, those of narrow territories first."""
        order = list(Scope)
        nearer = {p.thing for s in order[: order.index(scope)] for p in self.said[s]}
        grouped: dict[Iri, list[Placed]] = defaultdict(list)
        for each in self.said[scope]:
            if each.thing not in nearer:
                grouped[each.thing].append(each)
        found: dict[str, list[Thing]] = {kind: [] for kind in HERE}
        for iri, said in grouped.items():
            found[_kind(iri, iris)].append(Thing(iri, scope, tuple(said)))
        return {kind: tuple(things) for kind, things in found.items() if things}

    @property
    def local(self) -> bool:
        """Whether anything is known of the territory itself or of a part of it."""
        return bool(self.said[Scope.OWN] or self.said[Scope.INSIDE])

    @property
    def mentioned(self) -> set[Iri]:
        """Everything that needs a label."""
        every = [each for said in self.said.values() for each in said]
        return {self.iri}.union(
            *({e.thing, e.relation, e.territory, *filter(None, (e.through,))} for e in every)
        )


def placed_query(iris: Iris) -> str:
    """SELECT (thing, relation, through, territory): where things are, as sources say."""
    return f"""SELECT DISTINCT ?thing ?relation ?through ?territory WHERE {{
{_placed(iris, f"<{ONTOLOGY}#%s>")}
}}"""


def see_territories(places: Iterable[Iri], iris: Iris) -> str:
    """The query that a visitor can take along: the statements of the page of one or two territories."""
    branches = "\n  UNION\n".join(
        f"""  {{ BIND({here} AS ?place) {where} BIND("{scope}" AS ?scope) }}"""
        for here in map(reference, places)
        for scope, where in (
            (Scope.OWN, f"BIND({here} AS ?territory)"),
            (Scope.WIDER, f"{here} mln:partOf+ ?territory . FILTER(?territory != {here})"),
            (Scope.INSIDE, f"?territory mln:partOf+ {here} . FILTER(?territory != {here})"),
        )
    )
    return f"""PREFIX mln: <{ONTOLOGY}#>

SELECT DISTINCT ?place ?scope ?thing ?relation ?through ?territory WHERE {{
{branches}
{_placed(iris, "mln:%s")}
}}
ORDER BY ?place ?scope ?thing ?territory"""


def read_placed(rows: Iterable[Row], iris: Iris) -> tuple[Placed, ...]:
    """Make statements of the rows of :func:`placed_query`: those about kinds that are listed."""
    found = set()
    for row in rows:
        thing, relation, territory = row["thing"], row["relation"], row["territory"]
        through = row.get("through")
        if not (
            isinstance(thing, Iri) and isinstance(relation, Iri) and isinstance(territory, Iri)
        ):
            continue
        if _kind(thing, iris) in HERE:
            found.add(
                Placed(thing, relation, territory, through if isinstance(through, Iri) else None)
            )
    return tuple(sorted(found, key=lambda p: (p.thing, p.territory, p.relation, p.through or "")))


def known_in(place: Iri, placed: Iterable[Placed], knowledge: Knowledge) -> Territory:
    """Sort what is said by where it stands, seen from ``place``; narrow territories come first."""
    around = knowledge.around(place)
    said: dict[Scope, list[Placed]] = {scope: [] for scope in Scope}
    for each in placed:
        if each.territory == place:
            said[Scope.OWN].append(each)
        elif each.territory in around:
            said[Scope.WIDER].append(each)
        elif place in knowledge.around(each.territory):
            said[Scope.INSIDE].append(each)
    said[Scope.WIDER].sort(key=lambda each: -len(knowledge.around(each.territory)))
    return Territory(place, {scope: tuple(found) for scope, found in said.items()})


def compare_territories(
    first: Territory, second: Territory, iris: Iris
) -> dict[str, tuple[tuple[Thing, ...], tuple[Thing, ...], tuple[Thing, ...]]]:
    """By kind: things of the first only, of both, of the second only.

    In both is what holds in the whole of each, its own or inherited; what is in a part of one
    stays with that one.
    """

    def by_kind(territory: Territory, *scopes: Scope) -> dict[str, dict[Iri, Thing]]:
        found: dict[str, dict[Iri, Thing]] = {kind: {} for kind in HERE}
        for scope in scopes:
            for kind, several in territory.things(scope, iris).items():
                found[kind].update((each.iri, each) for each in several)
        return found

    one, two = (by_kind(each, *Scope) for each in (first, second))
    whole = [by_kind(each, Scope.OWN, Scope.WIDER) for each in (first, second)]
    cells = {}
    for kind in HERE:
        both = whole[0][kind].keys() & whole[1][kind].keys()
        cells[kind] = (
            tuple(thing for iri, thing in one[kind].items() if iri not in both),
            tuple(thing for iri, thing in one[kind].items() if iri in both),
            tuple(thing for iri, thing in two[kind].items() if iri not in both),
        )
    return {kind: three for kind, three in cells.items() if any(three)}


def count_local(
    places: Iterable[Iri], placed: Iterable[Placed], knowledge: Knowledge, iris: Iris
) -> dict[Iri, dict[str, int]]:
    """For each territory, how many things of each kind are known of it or of a part of it."""
    found: dict[Iri, dict[str, set[Iri]]] = {
        place: {kind: set() for kind in HERE} for place in places
    }
    for each in placed:
        for place in knowledge.around(each.territory) & found.keys():
            found[place][_kind(each.thing, iris)].add(each.thing)
    return {
        place: {kind: len(things) for kind, things in kinds.items()}
        for place, kinds in found.items()
    }


def see_counts(places: Iterable[Iri], iris: Iris) -> str:
    """The query behind a map: SELECT (here, things), the territories of which anything is known."""
    wanted = " ".join(map(reference, places))
    return f"""PREFIX mln: <{ONTOLOGY}#>

SELECT ?here (COUNT(DISTINCT ?thing) AS ?things) WHERE {{
  {{ SELECT DISTINCT ?here ?territory WHERE {{
      VALUES ?here {{ {wanted} }}
      ?territory mln:partOf* ?here . }} }}
{_placed(iris, "mln:%s")}
}}
GROUP BY ?here
ORDER BY ?here"""


def local_territories(placed: Iterable[Placed], knowledge: Knowledge) -> frozenset[Iri]:
    """The territories of which, or of a part of which, anything is known."""
    named = {each.territory for each in placed}
    return frozenset(place for each in named for place in knowledge.around(each))


def _placed(iris: Iris, name: str) -> str:
    """The pattern of both queries; ``name`` writes a term of the ontology.

    That what is in a part is in the whole is left to the page: the conclusion hides which part. A
    branch for each property, because the engine joins one over a variable a thousand times slower.
    """
    concluded = reference(iris.graph("inferred/located-in-whole"))
    branches = [
        f"  {{ GRAPH ?g {{ ?thing {prop} ?territory }} BIND({prop} AS ?relation) }}"
        for prop in (name % local_name(each) for each in DIRECT)
    ]
    for relation, several in THROUGH.items():
        between = name % local_name(relation)
        branches += [
            f"  {{ GRAPH ?g {{ ?through {prop} ?territory }} GRAPH ?h {{ ?thing {between} ?through }}"
            f" BIND({between} AS ?relation) }}"
            for prop in (name % local_name(each) for each in several)
        ]
    union = "\n  UNION\n".join(branches)
    return f"""{union}
  FILTER(?g != {concluded})
  FILTER(STRSTARTS(STR(?territory), "{iris.entity("territory", "")}"))
  {things_filter(iris, HERE)}"""


def _kind(iri: Iri, iris: Iris) -> str:
    found = iris.split(iri)
    return found[0] if found else ""
