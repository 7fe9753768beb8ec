"""What a curator sees of a claim: what it says in words, and its sentence in its surroundings."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graph_api.builder.decisions import Decision, in_force
from graph_api.portal.details import Details
from graph_api.portal.display import load_schema
from graph_api.portal.labels import Text, local_name
from graph_api.workbench import Item
from ingest.document import Document
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri
from ontology.schema import PropertyTerm
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
class Ends:
    """What the two ends of a claim could be; ``values`` is None where it is a text to type."""

    subjects: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...] | None


def ends_to_choose(item: Item, named: Iterable[Iri], details: Details, lang: str) -> Ends | None:
    """Return (IRI, name) of what may stand at either end, the present one first.

    Only what the relation accepts there; None for a claim that is no relation of the ontology.
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

    values = None if item.literal else fitting(item.object, item.object_label, "range")
    return Ends(fitting(item.subject, item.subject_label, "domain"), values)


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
