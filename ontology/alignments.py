"""Mappings to other vocabularies, read from SSSOM tables; statements that no reasoner is to use.

Where a term of ours is truly a kind of another one, the ontology says so. Where it is merely alike,
a row of ``alignments/*.sssom.tsv`` does, with its justification (https://w3id.org/sssom). The graph
``mappings`` is loaded beside the public graphs and is not part of their union.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from ontology.datatypes import literal
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import OWL, PREFIXES, RDF_TYPE, XSD_DATE, XSD_DECIMAL

__all__ = [
    "SEMAPV",
    "Alignment",
    "AlignmentError",
    "TermMapping",
    "alignment_quads",
    "load_alignments",
    "read_alignment",
]

SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
COLUMNS = (*REQUIRED, "author_id", "author_label", "mapping_date", "confidence", "comment")
PREDICATES = (
    "skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch",
    "skos:relatedMatch",
)  # fmt: skip
JUSTIFICATIONS = (
    "semapv:ManualMappingCuration", "semapv:LexicalMatching", "semapv:MappingReview",
)  # fmt: skip
CONCEPT = "concept:"
"""Concepts belong to an installation: they keep this prefix until its base is known."""

_OWN_PREFIXES = {"mln": f"{ONTOLOGY}#", "semapv": SEMAPV, "concept": CONCEPT}


class AlignmentError(Exception):
    """A table is wrong; nothing of it is used. The message names file, line and what to mend."""


@dataclass(frozen=True, slots=True)
class TermMapping:
    """One row: ``predicate`` says how alike the two are, ``confidence`` is between 0 and 1.

    ``label`` is what the author is called.
    """

    subject: Iri
    predicate: Iri
    object: Iri
    justification: Iri
    author: Iri | None = None
    date: str | None = None
    confidence: str | None = None
    comment: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """One table: its header (``mapping_set_id``, ``license`` …) and its rows, in the file's order."""

    name: str
    header: Mapping[str, str]
    mappings: tuple[TermMapping, ...]


def load_alignments() -> tuple[Alignment, ...]:
    """Return the tables that ship, by name. AlignmentError where one is wrong."""
    folder = files("ontology") / "alignments"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".sssom.tsv"))
    return tuple(
        read_alignment((folder / name).read_text(encoding="utf-8"), name) for name in names
    )


def read_alignment(text: str, name: str) -> Alignment:
    """Read one SSSOM table: header lines behind ``#``, then tab-separated rows with a first line.

    Identifiers are whole IRIs or CURIEs, with a prefix of the header's ``curie_map`` or of
    ``ontology.vocabularies.PREFIXES``; ``concept:themes/health`` is a concept of ours.
    AlignmentError with file and line for a missing or unknown column or value, a prefix that
    nobody declared, or a row that stands twice.
    """
    lines = text.splitlines()
    comments = [line[1:] for line in lines if line.startswith("#")]
    header, prefixes = _header(comments)
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
    columns = next(rows, [])
    missing = [column for column in REQUIRED if column not in columns]
    unknown = [column for column in columns if column not in COLUMNS]
    if missing or unknown:
        said = f"lacks {', '.join(missing)}" if missing else f"has unknown {', '.join(unknown)}"
        raise AlignmentError(f"{name}: the line of column names {said}")
    found: dict[TermMapping, None] = {}
    for number, row in enumerate(rows, len(comments) + 2):
        if len(row) != len(columns):
            raise AlignmentError(
                f"{name}, line {number}: {len(row)} cells for {len(columns)} columns"
            )
        try:
            mapping = _mapping(dict(zip(columns, row, strict=True)), prefixes)
        except ValueError as error:
            raise AlignmentError(f"{name}, line {number}: {error}") from error
        if mapping in found:
            raise AlignmentError(f"{name}, line {number}: the same row stands above")
        found[mapping] = None
    return Alignment(name.removesuffix(".sssom.tsv"), header, tuple(found))


def alignment_quads(alignments: Iterable[Alignment], iris: Iris) -> Iterator[Quad]:
    """Yield the graph ``mappings``: each mapping as a triple and, with its grounds, as an axiom.

    The axiom follows SSSOM's RDF form (``owl:Axiom``), with an IRI made from what the row maps.
    """
    graph = iris.graph("mappings")
    for alignment in alignments:
        for mapping in alignment.mappings:
            subject = _below(iris, mapping.subject)
            yield Quad(subject, mapping.predicate, mapping.object, graph)
            node = Iri(f"{iris.base}/id/mapping/{_digest(mapping)}")
            yield Quad(node, RDF_TYPE, Iri(OWL + "Axiom"), graph)
            yield Quad(node, Iri(OWL + "annotatedSource"), subject, graph)
            yield Quad(node, Iri(OWL + "annotatedProperty"), mapping.predicate, graph)
            yield Quad(node, Iri(OWL + "annotatedTarget"), mapping.object, graph)
            for slot, value in _grounds(mapping):
                yield Quad(node, Iri(SSSOM + slot), value, graph)


def _below(iris: Iris, subject: Iri) -> Iri:
    scheme, _, slug = subject.removeprefix(CONCEPT).partition("/")
    return iris.concept(scheme, slug) if subject.startswith(CONCEPT) else subject


def _grounds(mapping: TermMapping) -> Iterator[tuple[str, Iri | Literal]]:
    yield "mapping_justification", mapping.justification
    if mapping.author:
        yield "author_id", mapping.author
    if mapping.label:
        yield "author_label", Literal(mapping.label)
    if mapping.date:
        yield "mapping_date", Literal(mapping.date, XSD_DATE)
    if mapping.confidence:
        yield "confidence", Literal(mapping.confidence, XSD_DECIMAL)
    if mapping.comment:
        yield "comment", Literal(mapping.comment)


def _header(comments: list[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The header is a small part of YAML: ``key: value`` and one indented map of prefixes."""
    header: dict[str, str] = {}
    prefixes = {**PREFIXES, **_OWN_PREFIXES}
    for line in comments:
        key, _, value = line.strip().partition(":")
        if line.startswith((" ", "\t")) and value.strip():
            prefixes[key.strip()] = value.strip().strip('"')
        elif value.strip():
            header[key.strip()] = value.strip().strip('"')
    return MappingProxyType(header), prefixes


def _mapping(cells: Mapping[str, str], prefixes: Mapping[str, str]) -> TermMapping:
    for column in REQUIRED:
        if not cells[column].strip():
            raise ValueError(f"{column} is empty")
    if cells["predicate_id"] not in PREDICATES:
        raise ValueError(f"{cells['predicate_id']} is none of {', '.join(PREDICATES)}")
    if cells["mapping_justification"] not in JUSTIFICATIONS:
        raise ValueError(f"{cells['mapping_justification']} is none of {', '.join(JUSTIFICATIONS)}")
    author = cells.get("author_id", "")
    confidence = cells.get("confidence", "")
    if confidence:
        confidence = literal(XSD_DECIMAL, confidence).value
        if not 0 <= float(confidence) <= 1:
            raise ValueError(f"the confidence {confidence} is not between 0 and 1")
    day = cells.get("mapping_date", "")
    return TermMapping(
        subject=_expand(cells["subject_id"], prefixes),
        predicate=_expand(cells["predicate_id"], prefixes),
        object=_expand(cells["object_id"], prefixes),
        justification=_expand(cells["mapping_justification"], prefixes),
        author=_expand(author, prefixes) if author else None,
        date=literal(XSD_DATE, day).value if day else None,
        confidence=confidence or None,
        comment=cells.get("comment", ""),
        label=cells.get("author_label", ""),
    )


def _expand(identifier: str, prefixes: Mapping[str, str]) -> Iri:
    if identifier.startswith(("http://", "https://")):
        return Iri(identifier)
    prefix, colon, name = identifier.partition(":")
    if not colon or prefix not in prefixes:
        raise ValueError(f"{identifier} has no prefix that is declared")
    return Iri(prefixes[prefix] + name)


def _digest(mapping: TermMapping) -> str:
    key = "\n".join((mapping.subject, mapping.predicate, mapping.object))
    return hashlib.sha256(key.encode()).hexdigest()[:32]
