"""What a partner says, in words: its records and one of them, from its graph and from no other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph_api.partners.registry import Partner
from graph_api.portal.details import Details, load_details
from graph_api.portal.display import load_schema
from graph_api.portal.labels import Text
from graph_api.portal.queries import can_be_asked, reference
from graph_api.services import QueryService, Row
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import DCTERMS_TITLE, SKOS_PREF_LABEL

__all__ = ["Record", "RecordPart", "Said", "load_record", "load_records"]

_MOST = 2_000  # statements on the page of a record


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the list: an address, its name and what it is."""

    iri: str
    label: Text
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One value: its text; ``iri`` where it is something with an address, ``own`` one of the partner's."""

    text: Text
    iri: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class RecordPart:
    """A record, or a part of it, with what the partner says of it, by property: its label, or its IRI where the
    ontology has none.

    An answer of a practice sheet has its ``question`` and ``texts``; these parts come in the sheet's order.
    """

    iri: str
    label: Text
    facts: tuple[tuple[str, tuple[Said, ...]], ...]
    question: Text | None = None
    texts: tuple[Text, ...] = ()


async def load_records(
    queries: QueryService, graph: Iri, lang: str, start: int, size: int
) -> tuple[list[Record], int]:
    """Return ``size`` named things of a partner's graph from number ``start`` on, and how many it has.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    named = f"GRAPH {reference(graph)} {{ ?s <{SKOS_PREF_LABEL}>|<{DCTERMS_TITLE}> ?name }}"
    counted = await queries.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {named} }}")
    rows = await queries.select(
        f"SELECT DISTINCT ?s WHERE {{ {named} }} ORDER BY ?s LIMIT {size} OFFSET {start}"
    )
    iris = [row["s"] for row in rows if isinstance(row["s"], Iri)]
    details = await load_details(queries, iris)
    found = [Record(iri, details.label(iri, lang), _types(details, iri, lang)) for iri in iris]
    total = counted[0]["n"]
    return found, int(total.value) if isinstance(total, Literal) else 0


async def load_record(
    queries: QueryService, graph: Iri, partner: Partner, iri: str, lang: str
) -> list[RecordPart]:
    """Return a record and its parts (``…#part``) as the partner tells them; nothing where it does not.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    if not can_be_asked(iri):
        return []
    rows = await queries.select(
        f"SELECT ?s ?p ?o WHERE {{ GRAPH {reference(graph)} {{ ?s ?p ?o }} "
        f'FILTER(?s = {reference(iri)} || STRSTARTS(STR(?s), CONCAT(STR({reference(iri)}), "#"))) }} '
        f"ORDER BY ?s ?p ?o LIMIT {_MOST}"
    )
    named = {row[name] for row in rows for name in ("s", "o")}
    details = await load_details(queries, [each for each in named if isinstance(each, Iri)])
    return _parts(rows, partner, details, lang)


def _parts(rows: Iterable[Row], partner: Partner, details: Details, lang: str) -> list[RecordPart]:
    said: dict[Iri, dict[Iri, list[Iri | Literal]]] = {}
    for row in rows:
        subject, predicate, value = row["s"], row["p"], row["o"]
        if isinstance(subject, Iri) and isinstance(predicate, Iri):
            said.setdefault(subject, {}).setdefault(predicate, []).append(value)
    answers = {iri for iri, facts in said.items() if mln.question in facts and mln.answer in facts}
    parts = []
    for iri in sorted(said, key=lambda each: (each in answers, _position(said[each]), each)):
        told = {
            predicate: left
            for predicate, values in said[iri].items()
            if (left := [each for each in values if each not in answers])
        }
        facts: dict[str, list[Said]] = {}
        for predicate, values in told.items():
            name = load_schema().label(predicate, lang) or str(predicate)
            facts.setdefault(name, []).extend(_said(v, partner, details, lang) for v in values)
        question: Text | None = None
        texts: tuple[Text, ...] = ()
        if iri in answers:
            question = _said(said[iri][mln.question][0], partner, details, lang).text
            texts = tuple(_said(v, partner, details, lang).text for v in said[iri][mln.answer])
        told_facts = tuple((name, tuple(values)) for name, values in facts.items())
        parts.append(RecordPart(iri, details.label(iri, lang), told_facts, question, texts))
    return parts


def _said(value: Iri | Literal, partner: Partner, details: Details, lang: str) -> Said:
    if isinstance(value, Iri):
        return Said(details.label(value, lang), value, partner.owns(value))
    return Said(Text(value.value, value.lang or ""))


def _position(facts: Mapping[Iri, list[Iri | Literal]]) -> int:
    told = [each.value for each in facts.get(mln.position, ()) if isinstance(each, Literal)]
    return min((int(each) for each in told if each.isdecimal()), default=0)


def _types(details: Details, iri: Iri, lang: str) -> tuple[str, ...]:
    names = (load_schema().label(each, lang) for each in details.types.get(iri, ()))
    return tuple(sorted(name for name in names if name))
