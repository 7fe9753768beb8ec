"""The difference of two releases: counts, the entities concerned, and the quads as TriG.

Both dumps have the same order (graph, then line), so one pass over the two files is enough. Run as
``python -m graph_api.releases.difference DATA OLD NEW {json|trig}``, because the web process reads
no dumps: it passes on what this writes.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

import pyoxigraph as ox

from graph_api.folder import DataFolder
from graph_api.releases.dumps import FORMATS, write_quads
from graph_api.releases.shelf import Release, Shelf, release_iri
from ontology.iris import KINDS, Iris

__all__ = ["Change", "Difference", "compare", "difference_quads", "main", "read_changes"]

MOST_ENTITIES = 1_000
"""Entities that a difference names of each sort; all are counted."""

Sign = Literal["+", "-", "="]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of N-Quads, the graph it is in, and whether it came, went or stayed."""

    sign: Sign
    graph: str
    line: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two releases.

    ``graphs`` maps a graph to (quads added, quads removed); ``created``, ``removed`` and ``changed``
    are IRIs of entities (at most :data:`MOST_ENTITIES` each), ``entities`` how many there are.
    """

    old: str
    new: str
    added: int
    gone: int
    graphs: dict[str, tuple[int, int]]
    entities: dict[str, int]
    created: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def read_changes(old: Path, new: Path) -> Iterator[Change]:
    """Compare two N-Quads dumps line by line, in constant memory."""
    with gzip.open(old, "rt", encoding="utf-8") as a, gzip.open(new, "rt", encoding="utf-8") as b:
        yield from _merge(_keyed(a), _keyed(b))


def compare(changes: Iterable[Change], old: str, new: str, base: str) -> Difference:
    """Count changes by graph and sort the entities that they are about."""
    graphs: dict[str, list[int]] = {}
    before: set[str] = set()
    after: set[str] = set()
    touched: set[str] = set()
    kinds = tuple(f"<{base}/id/{kind}/" for kind in (*KINDS, "concept"))
    for change in changes:
        entity = change.line[1 : change.line.index(">")] if change.line.startswith(kinds) else ""
        if entity:
            if change.sign != "+":
                before.add(entity)
            if change.sign != "-":
                after.add(entity)
            if change.sign != "=":
                touched.add(entity)
        if change.sign != "=":
            counts = graphs.setdefault(change.graph, [0, 0])
            counts[change.sign == "-"] += 1
    created, removed = sorted(after - before), sorted(before - after)
    changed = sorted(touched & before & after)
    return Difference(
        old,
        new,
        sum(each[0] for each in graphs.values()),
        sum(each[1] for each in graphs.values()),
        {graph: (each[0], each[1]) for graph, each in sorted(graphs.items())},
        {"created": len(created), "removed": len(removed), "changed": len(changed)},
        tuple(created[:MOST_ENTITIES]),
        tuple(removed[:MOST_ENTITIES]),
        tuple(changed[:MOST_ENTITIES]),
    )


def difference_quads(
    changes: Iterable[Change], old: Release, new: Release, base: str
) -> Iterator[ox.Quad]:
    """Yield what changed as quads.

    The graph ``{new}/since/{old}/added/{path}`` holds what came into ``graph/{path}``, and
    ``…/removed/{path}`` what went; each is ``prov:wasDerivedFrom`` the graph it is about.
    """
    root = f"{release_iri(Iris(base), new.id)}/since/{old.id}"
    derived = ox.NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
    # Additions and removals of a graph come mixed: one list of each, so that each is written once.
    for graph, parts in _by_graph(changes):
        path = graph.removeprefix(f"{base}/graph/")
        for name, lines in parts:
            node = ox.NamedNode(f"{root}/{name}/{path}")
            yield ox.Quad(node, derived, ox.NamedNode(graph), ox.DefaultGraph())
            for quad in ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, node)


def _by_graph(changes: Iterable[Change]) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    graph = ""
    added: list[str] = []
    removed: list[str] = []
    for change in changes:
        if change.graph != graph:
            yield graph, [(n, each) for n, each in (("added", added), ("removed", removed)) if each]
            graph, added, removed = change.graph, [], []
        if change.sign == "+":
            added.append(change.line)
        elif change.sign == "-":
            removed.append(change.line)
    yield graph, [(n, each) for n, each in (("added", added), ("removed", removed)) if each]


def _keyed(file: IO[str]) -> Iterator[tuple[str, str]]:
    for line in file:
        # A graph's IRI has no blanks: the last " <" of a line is where it starts.
        yield line[line.rindex(" <") + 2 : line.rindex(">")], line


def _merge(old: Iterator[tuple[str, str]], new: Iterator[tuple[str, str]]) -> Iterator[Change]:
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left < right):
            assert left is not None  # noqa: S101 - for the type checker
            yield Change("-", *left)
            left = next(old, None)
        elif left is None or right < left:
            yield Change("+", *right)
            right = next(new, None)
        else:
            yield Change("=", *left)
            left, right = next(old, None), next(new, None)


def main(argv: list[str]) -> int:
    """Write the difference of two releases to standard output; 1 where one is missing."""
    data, old_name, new_name, form = argv[1:5]
    shelf = Shelf(DataFolder(Path(data)))
    old, new = shelf.get(old_name), shelf.get(new_name)
    paths = [shelf.place(each.id) / each.whole("nq").name for each in (old, new)]
    changes = read_changes(paths[0], paths[1])
    if form == "json":
        sys.stdout.write(json.dumps(asdict(compare(changes, old.id, new.id, new.base))))
    else:
        quads = difference_quads(changes, old, new, new.base)
        write_quads(quads, FORMATS["trig"], sys.stdout.buffer, new.base)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
