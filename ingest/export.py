"""Extractions as the rows that scorers and other tools read: plain dictionaries, one a line."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from ingest.document import Document
from ingest.extract.classes import family_of
from ingest.extraction import Extraction
from ontology import terms as mln
from ontology.model import Iri, Literal, Term

__all__ = ["TABLES", "figure_rows", "mention_rows", "relation_rows"]

Row = dict[str, Any]
LabelOf = Callable[[Iri], str | None]

_PREDICATES: Final[Mapping[Iri, str]] = MappingProxyType(
    {
        mln.adopts: "adoptedIn",
        mln.adoptedInYear: "adoptedIn",
        mln.holdsRoleAt: "roleAt",
        mln.publishedInYear: "publishedIn",
    }
)
"""Predicates that the annotations call otherwise than the ontology."""


def mention_rows(
    document: Document, extraction: Extraction, *, candidates: bool = False
) -> Iterator[Row]:
    """Yield the mentions; with ``candidates`` also what is not asserted, and a ``status`` each."""
    for mention in extraction.mentions:
        family = family_of(mention.cls)
        if family is None or not (mention.asserted or candidates):
            continue
        row: Row = {
            "doc": document.name,
            "start": mention.start,
            "end": mention.end,
            "class": family,
            "label": mention.label,
            "surface": mention.surface,
            "rule": mention.rule,
        }
        if candidates:
            row["status"] = "asserted" if mention.asserted else "candidate"
        yield row


def relation_rows(
    document: Document, extraction: Extraction, label_of: LabelOf, *, candidates: bool = False
) -> Iterator[Row]:
    """Yield the facts between entities, or between one and a year; ``mentions`` and figures are none of
    them.

    ``label_of`` gives the bare preferred name of an entity; without one its IRI is written.
    """
    proposed = extraction.candidates if candidates else ()
    asserted = len(extraction.claims)
    for index, claim in enumerate((*extraction.claims, *proposed)):
        if claim.predicate in _NO_RELATIONS:
            continue
        row: Row = {
            "doc": document.name,
            "start": claim.passage.start,
            "end": claim.passage.end,
            "subject": label_of(claim.subject) or claim.subject,
            "predicate": _PREDICATES.get(claim.predicate, _local(claim.predicate)),
            "object": _said(claim.object, label_of),
            "rule": claim.rule,
            "confidence": claim.confidence,
        }
        qualifiers = {_local(p): _said(value, label_of) for p, value in claim.qualifiers}
        if qualifiers:
            row["qualifiers"] = qualifiers
        if candidates:
            row["status"] = "asserted" if index < asserted else "candidate"
        yield row


def figure_rows(
    document: Document, extraction: Extraction, *, candidates: bool = False
) -> Iterator[Row]:
    """Yield the figures: the number phrase's span, its value (``""`` where malformed) and unit."""
    for figure in extraction.figures:
        row: Row = {
            "doc": document.name,
            "start": figure.start,
            "end": figure.end,
            "surface": figure.surface,
            "value": figure.value or "",
            "unit": figure.unit,
            "subject": figure.label,
            "rule": figure.rule,
        }
        if candidates:
            row["status"] = "asserted"
        yield row


_NO_RELATIONS: Final = frozenset((mln.mentions, mln.figureOf))
_CONCEPT: Final = re.compile(r"/id/concept/[^/]+/([^/]+)\Z")
TABLES: Final = ("mentions", "relations", "figures")
"""What can be exported from extractions."""


def _local(iri: Iri) -> str:
    return iri.rpartition("#")[2]


def _said(term: Term, label_of: LabelOf) -> str:
    """Return a literal's value, the code of a concept of ours, else the entity's name."""
    if isinstance(term, Literal):
        return term.value
    concept = _CONCEPT.search(term)
    return concept[1] if concept else label_of(term) or term
