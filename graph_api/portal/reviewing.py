"""What a curator sees of a claim: what it says in words, and its sentence in its surroundings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph_api.builder.decisions import Decision, in_force
from graph_api.portal.details import Details
from graph_api.portal.display import load_schema
from graph_api.portal.labels import Text, local_name
from graph_api.workbench import Item
from ingest.document import Document
from ingest.extract.classes import family_of
from ontology import terms as mln
from ontology.iris import KINDS, Iris
from ontology.model import Iri
from ontology.schema import ClassTerm, PropertyTerm
from ontology.vocabularies import (
    OA_END,
    OA_HAS_SELECTOR,
    OA_START,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
)

__all__ = [
    "Curator",
    "Ends",
    "Side",
    "Statement",
    "Surroundings",
    "around_query",
    "curators",
    "ends_to_choose",
    "in_words",
    "references",
    "surround",
]

_MOST_AROUND = 100

AROUND = 400
"""Characters that are shown on either side of a sentence."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim in words. ``known`` IRIs have a page; the others become public with the claim."""

    subject: Text
    relation: Text
    value: Text
    subject_iri: str
    value_iri: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A sentence as it stands in its document; slices of the text, one after the other."""

    before: str
    sentence: str
    after: str
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class Curator:
    """What one person decided, and how often others who judged the same claims say the same."""

    who: str
    accepted: int
    rejected: int
    shared: int
    agreed: int


def references(items: Iterable[Item]) -> set[Iri]:
    """Return what has to be asked for to say the items in words."""
    found = {Iri(iri) for item in items for iri in (item.subject, item.predicate)}
    return found | {Iri(item.object) for item in items if not item.literal}


def in_words(item: Item, details: Details, lang: str) -> Statement:
    """Say a claim in the language of the page, with the document's words where the graph has none."""
    value = Text(item.object)
    if not item.literal:
        value = _name(item.object, item.object_label, details, lang)
    return Statement(
        _name(item.subject, item.subject_label, details, lang),
        details.label(Iri(item.predicate), lang),
        value,
        item.subject if Iri(item.subject) in details.labels else "",
        item.object if not item.literal and Iri(item.object) in details.labels else "",
    )


def surround(document: Document, item: Item) -> Surroundings:
    """Return the sentence with what stands before and after it, cut between words."""
    text = document.text
    before = text[max(0, item.start - AROUND) : item.start]
    after = text[item.end : item.end + AROUND]
    if item.start > AROUND:
        before = before.partition(" ")[2]
    if item.end + AROUND < len(text):
        after = after.rpartition(" ")[0]
    sentence = text[item.start : item.end]
    return Surroundings(before, sentence, after, document.display_title, item.lang or document.lang)


def around_query(item: Item, iris: Iris) -> str:
    """Return the query for what a document names in a sentence or in its surroundings."""
    first, last = item.start - AROUND, item.end + AROUND
    return (
        f"SELECT DISTINCT ?e WHERE {{ ?a <{RDF_SUBJECT}> <{iris.document(item.document)}> ; "
        f"<{RDF_PREDICATE}> <{mln.mentions}> ; <{RDF_OBJECT}> ?e ; <{mln.passage}> ?p . "
        f"?p <{OA_HAS_SELECTOR}> ?s . ?s <{OA_START}> ?start ; <{OA_END}> ?end "
        f"FILTER(?start < {last} && ?end > {first}) }} LIMIT {_MOST_AROUND}"
    )


@dataclass(frozen=True, slots=True)
class Side:
    """An end of a claim that may be something else; ``cls`` is the local name of its class."""

    side: str
    name: str
    cls: str
    claims: int


@dataclass(frozen=True, slots=True)
class Ends:
    """What a claim could say instead. ``values`` is None where it is a text to type.

    ``relations`` are those that these ends can have, ``sides`` those that may be something else, each
    with its name, class and the number of claims that speak of it; ``classes`` what it may be.
    """

    subjects: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...] | None
    relations: tuple[tuple[str, str], ...] = ()
    sides: tuple[Side, ...] = ()
    classes: tuple[tuple[str, str], ...] = ()


def ends_to_choose(
    item: Item, named: Iterable[Iri], details: Details, lang: str, spoken_of: Mapping[str, int]
) -> Ends | None:
    """Return (IRI, name) of what may stand at either end, the present one first.

    Only what the relation accepts there; None for a claim that is no relation of the ontology.
    ``spoken_of`` counts the claims that would follow where an end is something else.
    """
    schema = load_schema()
    if not isinstance(schema.term(item.predicate), PropertyTerm):
        return None

    def fitting(present: str, label: str, side: str) -> tuple[tuple[str, str], ...]:
        others = [
            (details.label(iri, lang).text, str(iri))
            for iri in named
            if iri != present
            and any(
                schema.accepts(item.predicate, t, side=side) for t in details.types.get(iri, ())
            )
        ]
        first = (present, _name(present, label, details, lang).text)
        return (first, *((iri, name) for name, iri in sorted(others)))

    naming = item.predicate == mln.mentions
    values = None if item.literal else fitting(item.object, item.object_label, "range")
    subjects = fitting(item.subject, item.subject_label, "domain")
    ends = [] if naming else [("subject", item.subject, item.subject_label, item.subject_class)]
    if not item.literal:
        ends.append(("object", item.object, item.object_label, item.object_class))
    sides = tuple(
        Side(
            end, _name(iri, label, details, lang).text, _class_of(iri, cls, details), spoken_of[iri]
        )
        for end, iri, label, cls in ends
    )
    return Ends(
        subjects[:1] if naming else subjects,
        values,
        () if naming else _relations(item, details, lang),
        tuple(side for side in sides if side.cls),
        _classes(lang),
    )


def _relations(item: Item, details: Details, lang: str) -> tuple[tuple[str, str], ...]:
    """The relations that the ends of a claim can have, the present one first."""
    schema = load_schema()
    present = schema.property_named(local_name(item.predicate))

    def fits(prop: PropertyTerm) -> bool:
        if prop.has_literal != present.has_literal or (
            prop.has_literal and prop.range != present.range
        ):
            return False
        ends = [(item.subject, item.subject_class, "domain")]
        if not prop.has_literal:
            ends.append((item.object, item.object_class, "range"))
        return bool(prop.domain) and all(
            schema.accepts(prop.iri, _class_of(iri, cls, details), side=side)
            for iri, cls, side in ends
        )

    others = [p for p in schema.properties.values() if p.iri != present.iri and fits(p)]
    named = sorted((p.labels.get(lang) or p.labels["en"], str(p.iri)) for p in others)
    first = (str(present.iri), details.label(present.iri, lang).text)
    return (first, *((iri, name) for name, iri in named))


def _classes(lang: str) -> tuple[tuple[str, str], ...]:
    """The classes of things that documents name: (local name, label)."""
    found = [
        (term.labels.get(lang) or term.labels["en"], term.name)
        for term in load_schema().classes.values()
        if term.kind in KINDS and family_of(term.name) is not None
    ]
    return tuple((name, label) for label, name in sorted(found))


def _class_of(iri: str, cls: str, details: Details) -> str:
    """The local name of the narrowest class of an end, as its document reads it or the graph has it."""
    schema = load_schema()
    known = [cls] if cls else [local_name(t) for t in details.types.get(Iri(iri), ())]
    terms = [schema.term(name) for name in known]
    classes = [term for term in terms if isinstance(term, ClassTerm)]
    return max(classes, key=lambda t: (len(t.ancestors), t.name)).name if classes else ""


def curators(log: list[Decision]) -> list[Curator]:
    """Return who judged, the busiest first. Judgements that were taken back do not count."""
    last: dict[tuple[str, str], str] = {}
    for decision in in_force(log, log):
        if decision.claim is not None:
            last[decision.who, decision.claim.hash] = decision.action
    states = Counter((claim, action) for (_, claim), action in last.items())
    judges = Counter(claim for _, claim in last)
    found = []
    for who in {name for name, _ in last}:
        own = [(claim, action) for (name, claim), action in last.items() if name == who]
        shared = [(claim, action) for claim, action in own if judges[claim] > 1]
        agreed = sum(states[each] == judges[each[0]] for each in shared)
        accepted = sum(action == "accept" for _, action in own)
        found.append(Curator(who, accepted, len(own) - accepted, len(shared), agreed))
    return sorted(found, key=lambda each: (-each.accepted - each.rejected, each.who))


def _name(iri: str, label: str, details: Details, lang: str) -> Text:
    if Iri(iri) in details.labels or not label:
        return details.label(Iri(iri), lang)
    return Text(label or local_name(iri))
