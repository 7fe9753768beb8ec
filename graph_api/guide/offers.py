"""What the guide knows: programmes with what is said of them, and how concepts and places relate.

Made of the rows of ``graph_api.guide.queries``; nothing here asks the store.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from graph_api.services import Row
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import (
    RDF_TYPE,
    SKOS_BROADER,
    SKOS_NOTATION,
    SKOS_RELATED,
    SKOS_RELATED_MATCH,
)

__all__ = ["Criterion", "Knowledge", "Offer", "read_knowledge", "read_offers"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of access. ``concepts`` and ``places`` are what an operator compares with."""

    iri: Iri
    about: Iri
    operator: Iri | None = None
    value: Decimal | None = None
    concepts: frozenset[Iri] = frozenset()
    places: frozenset[Iri] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """A programme as the sources describe it; an empty set means that none says anything.

    ``answers`` holds everything that can meet a need: needs, support types, instruments, themes
    and stages. ``closed`` says that a source or a deadline has closed it.
    """

    iri: Iri
    stages: frozenset[Iri] = frozenset()
    audiences: frozenset[Iri] = frozenset()
    answers: frozenset[Iri] = frozenset()
    help: frozenset[Iri] = frozenset()
    places: frozenset[Iri] = frozenset()
    operators: tuple[Iri, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    closed: bool = False
    closes: date | None = None


@dataclass(frozen=True)
class Knowledge:
    """How concepts and territories relate. ``order`` is a stage's place in a project's life."""

    broader: Mapping[Iri, frozenset[Iri]] = field(default_factory=dict)
    related: Mapping[Iri, frozenset[Iri]] = field(default_factory=dict)
    matches: Mapping[Iri, frozenset[Iri]] = field(default_factory=dict)
    order: Mapping[Iri, int] = field(default_factory=dict)
    part_of: Mapping[Iri, frozenset[Iri]] = field(default_factory=dict)

    def above(self, concept: Iri) -> frozenset[Iri]:
        """The concept and all that are broader."""
        return _closure(self.broader, concept)

    def around(self, place: Iri) -> frozenset[Iri]:
        """The territory and all that it is a part of."""
        return _closure(self.part_of, place)


def read_offers(rows: Iterable[Row], criteria: Iterable[Row], today: date) -> dict[Iri, Offer]:
    """Return the programmes by IRI; one that has ended as a project is none that helps others."""
    said: dict[Iri, dict[Iri, set[Iri | Literal]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if isinstance(row["s"], Iri) and isinstance(row["p"], Iri):
            said[row["s"]][row["p"]].add(row["o"])
    conditions = _read_criteria(criteria)
    return {
        iri: _offer(iri, found, conditions, today)
        for iri, found in sorted(said.items())
        if mln.Project not in found[RDF_TYPE]
    }


def read_knowledge(rows: Iterable[Row]) -> Knowledge:
    """Return the relations between concepts and between territories."""
    maps: dict[Iri, dict[Iri, set[Iri]]] = defaultdict(lambda: defaultdict(set))
    order: dict[Iri, int] = {}
    for row in rows:
        subject, predicate, value = row["s"], row["p"], row["o"]
        if not isinstance(subject, Iri) or not isinstance(predicate, Iri):
            continue
        if isinstance(value, Iri):
            maps[predicate][subject].add(value)
        elif predicate == SKOS_NOTATION and value.value.isdigit():
            order[subject] = int(value.value)
    for subject, values in list(maps[SKOS_RELATED].items()):  # symmetric, whoever says it
        for value in values:
            maps[SKOS_RELATED][value].add(subject)
    for subject, values in list(maps[SKOS_RELATED_MATCH].items()):
        for value in values:
            maps[SKOS_RELATED_MATCH][value].add(subject)
    return Knowledge(
        broader=_frozen(maps[SKOS_BROADER]),
        related=_frozen(maps[SKOS_RELATED]),
        matches=_frozen(maps[SKOS_RELATED_MATCH]),
        order=order,
        part_of=_frozen(maps[mln.partOf]),
    )


def _offer(
    iri: Iri,
    said: Mapping[Iri, set[Iri | Literal]],
    conditions: Mapping[Iri, Criterion],
    today: date,
) -> Offer:
    def concepts(*properties: Iri) -> frozenset[Iri]:
        return frozenset(v for p in properties for v in said.get(p, ()) if isinstance(v, Iri))

    closes = max(filter(None, map(_date, said.get(mln.closesOn, ()))), default=None)
    help_ = concepts(mln.need, mln.offersSupportType, mln.supportType, mln.instrument)
    return Offer(
        iri=iri,
        stages=concepts(mln.stage),
        audiences=concepts(mln.audience),
        answers=help_ | concepts(mln.theme, mln.stage),
        help=help_,
        places=concepts(mln.appliesIn),
        operators=tuple(sorted(concepts(mln.operatedBy))),
        criteria=tuple(
            conditions[c] for c in sorted(concepts(mln.hasCriterion)) if c in conditions
        ),
        closed=mln.closed in said.get(mln.status, ()) or (closes is not None and closes < today),
        closes=closes,
    )


def _read_criteria(rows: Iterable[Row]) -> dict[Iri, Criterion]:
    said: dict[Iri, dict[Iri, list[Iri | Literal]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if isinstance(row["s"], Iri) and isinstance(row["p"], Iri):
            said[row["s"]][row["p"]].append(row["o"])
    found = {}
    for iri, facts in said.items():
        about = [v for v in facts[mln.criterionProperty] if isinstance(v, Iri)]
        if about:
            operators = [v for v in facts[mln.criterionOperator] if isinstance(v, Iri)]
            values = [v for v in map(_decimal, facts[mln.criterionValue]) if v is not None]
            found[iri] = Criterion(
                iri=iri,
                about=about[0],
                operator=operators[0] if operators else None,
                value=values[0] if values else None,
                concepts=frozenset(v for v in facts[mln.criterionConcept] if isinstance(v, Iri)),
                places=frozenset(v for v in facts[mln.criterionEntity] if isinstance(v, Iri)),
            )
    return found


def _closure(step: Mapping[Iri, frozenset[Iri]], start: Iri) -> frozenset[Iri]:
    found, front = {start}, [start]
    while front:
        front = [v for each in front for v in step.get(each, ()) if v not in found]
        found.update(front)
    return frozenset(found)


def _frozen(found: Mapping[Iri, set[Iri]]) -> dict[Iri, frozenset[Iri]]:
    return {subject: frozenset(values) for subject, values in found.items()}


def _date(value: Iri | Literal) -> date | None:
    try:
        return date.fromisoformat(value.value) if isinstance(value, Literal) else None
    except ValueError:  # a month or a year: too vague to close anything
        return None


def _decimal(value: Iri | Literal) -> Decimal | None:
    try:
        return Decimal(value.value) if isinstance(value, Literal) else None
    except InvalidOperation:
        return None
