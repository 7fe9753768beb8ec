"""Dumps: the graph, or one of its graphs, in four syntaxes, streamed graph by graph.

Within a graph quads are in the order of their N-Quads lines, graphs in the order of their names: the
same graph gives the same bytes. Memory holds one graph at a time. Literals get their declared
datatypes back, which the store widened when it took them in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, cast

import pyoxigraph as ox

from ontology.iris import KINDS, ONTOLOGY
from ontology.vocabularies import OA_END, OA_START, PREFIXES, XSD, XSD_INTEGER

__all__ = ["FORMATS", "Format", "declared", "graph_quads", "prefixes", "write_quads"]

_DECLARED = MappingProxyType(
    {
        # Web Annotation Data Model, 4.2.5: positions are non-negative integers.
        str(property_): ox.NamedNode(XSD + "nonNegativeInteger")
        for property_ in (OA_START, OA_END)
    }
)


@dataclass(frozen=True, slots=True)
class Format:
    """A syntax of dumps: its extension, media type, and whether it can tell graphs apart."""

    extension: str
    media_type: str
    engine: ox.RdfFormat
    dataset: bool


FORMATS = MappingProxyType(
    {
        each.extension: each
        for each in (
            Format("nq", "application/n-quads", ox.RdfFormat.N_QUADS, True),
            Format("trig", "application/trig", ox.RdfFormat.TRIG, True),
            Format("ttl", "text/turtle", ox.RdfFormat.TURTLE, False),
            Format("jsonld", "application/ld+json", ox.RdfFormat.JSON_LD, True),
        )
    }
)
"""The syntaxes by their extension."""


def prefixes(base: str) -> dict[str, str]:
    """The prefixes that a dump declares."""
    kinds = {kind: f"{base}/id/{kind}/" for kind in (*KINDS, "claim")}
    return {"mln": f"{ONTOLOGY}#", **PREFIXES, **kinds, "graph": f"{base}/graph/"}


def declared(quad: ox.Quad) -> ox.Quad:
    """Return the quad with the datatype that its property declares, where the store widened it."""
    datatype = _DECLARED.get(quad.predicate.value)
    value = quad.object
    if datatype is None or not isinstance(value, ox.Literal):
        return quad
    if value.datatype.value != XSD_INTEGER:
        return quad
    literal = ox.Literal(value.value, datatype=datatype)
    return ox.Quad(quad.subject, quad.predicate, literal, quad.graph_name)


def graph_quads(store: ox.Store, graph: str) -> list[ox.Quad]:
    """Return the quads of one graph in the order of a dump."""
    found = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return sorted((declared(quad) for quad in found), key=str)


def write_quads(quads: Iterable[ox.Quad], form: Format, target: IO[bytes], base: str) -> None:
    """Write quads as they come; a syntax that knows no graphs gets their triples."""
    if form.engine == ox.RdfFormat.N_QUADS:
        for quad in quads:
            target.write(f"{quad} .\n".encode())
        return
    statements: Iterator[ox.Quad] | Iterator[ox.Triple]
    statements = iter(quads) if form.dataset else (quad.triple for quad in quads)
    header = cast(IO[bytes], _SortedPrefixes(target))
    ox.serialize(statements, header, form.engine, prefixes=prefixes(base))
    header.flush()


class _SortedPrefixes:
    """A file that puts the prefixes in order: the engine writes them in a new one each time."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._head: bytes | None = b""

    def write(self, data: bytes) -> int:
        if self._head is None:
            self._target.write(data)
            return len(data)
        self._head += data
        *lines, rest = self._head.split(b"\n")
        begun = next((n for n, line in enumerate(lines) if not _is_prefix(line)), None)
        if begun is not None or (rest and not _is_prefix(rest)):
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._head is None:
            return
        lines = self._head.split(b"\n")
        count = next((n for n, line in enumerate(lines) if not _is_prefix(line)), len(lines))
        self._target.write(b"\n".join((*sorted(lines[:count]), *lines[count:])))
        self._head = None


def _is_prefix(line: bytes) -> bool:
    return line.startswith(b"@prefix") or b"@prefix".startswith(line)
