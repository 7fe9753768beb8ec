"""Oxigraph as a store, on disk or in memory. Terms are converted here and nowhere else."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

from graph_api.store.base import Delta, StoreError
from ontology.model import Iri, Literal, Quad, Term

__all__ = ["OxigraphStore", "OxigraphView", "OxigraphWriter", "from_ox", "quad_line", "to_ox"]

_BULK = 50_000  # quads from which a bulk load is faster than a transaction


class OxigraphStore:
    """A store below ``path`` (locked while open), or in memory when ``path`` is None."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises StoreError when another process has it open or it is damaged."""
        try:
            self._store = ox.Store(str(path)) if path is not None else ox.Store()
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"the store {path} cannot be opened: {error}") from error
        self._on_disk = path is not None

    def writer(self) -> "OxigraphWriter":
        """Return a writer; one at a time."""
        return OxigraphWriter(self._store, self._on_disk)

    def view(self) -> "OxigraphView":
        """Return a view of what is committed."""
        return OxigraphView(self._store)

    def checkpoint(self, target: Path) -> None:
        """Make a read-only copy at ``target`` (hard links), on the disk when this returns."""
        try:
            self._store.flush()
            self._store.backup(str(target))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"no checkpoint could be made at {target}: {error}") from error


class OxigraphView:
    """Reads a store; a query never waits for the writer."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path) -> "OxigraphView":
        """Open a checkpoint. Raises StoreError."""
        try:
            return cls(ox.Store.read_only(str(path)))
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"the checkpoint {path} cannot be opened: {error}") from error

    @property
    def engine(self) -> ox.Store:
        """The engine's own object, for those who evaluate SPARQL."""
        return self._store

    def quads(
        self,
        subject: Iri | None = None,
        predicate: Iri | None = None,
        object: Term | None = None,  # noqa: A002 - RDF's word
        graph: Iri | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads of named graphs that match; None matches everything."""
        found = self._store.quads_for_pattern(
            None if subject is None else ox.NamedNode(subject),
            None if predicate is None else ox.NamedNode(predicate),
            None if object is None else _term(object),
            None if graph is None else ox.NamedNode(graph),
        )
        return (from_ox(quad) for quad in found)

    def graphs(self) -> Iterator[Iri]:
        """Yield the named graphs that hold quads."""
        for name in self._store.named_graphs():
            if next(self._store.quads_for_pattern(None, None, None, name), None) is not None:
                yield _iri(name)

    def lines(self) -> Iterator[str]:
        """Yield every quad as a line of N-Quads without its line end."""
        return (f"{quad} ." for quad in self._store)

    def __len__(self) -> int:
        return len(self._store)


class OxigraphWriter:
    """Replaces graphs. Each graph is written at once; a crash may leave some graphs replaced."""

    def __init__(self, store: ox.Store, on_disk: bool) -> None:
        self._store = store
        self._on_disk = on_disk

    def __enter__(self) -> "OxigraphWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._on_disk:
            self._store.flush()

    def replace(self, graph: Iri, quads: Iterable[Quad]) -> Delta:
        """Let ``graph`` hold exactly ``quads``. Raises StoreError for what is not RDF."""
        name = ox.NamedNode(graph)
        try:
            wanted = _as_stored(to_ox(quad) for quad in quads)
        except ValueError as error:
            raise StoreError(f"invalid RDF for {graph}: {error}") from error
        if any(quad.graph_name != name for quad in wanted):
            raise StoreError(f"a quad for {graph} names another graph")
        present = set(self._store.quads_for_pattern(None, None, None, name))
        added, removed = wanted - present, present - wanted
        try:
            if removed and len(removed) == len(present):
                self._store.remove_graph(name)
            else:
                for quad in removed:
                    self._store.remove(quad)
            if len(added) > _BULK and self._on_disk:
                self._store.bulk_extend(added)
            elif added:
                self._store.extend(added)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the store cannot be written: {error}") from error
        return Delta(_converted(added), _converted(removed))


def to_ox(quad: Quad) -> ox.Quad:
    """Convert a quad of ours. Raises ValueError for an invalid IRI or language tag."""
    return ox.Quad(
        ox.NamedNode(quad.subject),
        ox.NamedNode(quad.predicate),
        _term(quad.object),
        ox.NamedNode(quad.graph),
    )


def from_ox(quad: ox.Quad) -> Quad:
    """Convert a quad of the engine. Raises StoreError for blank nodes and triple terms."""
    return Quad(
        _iri(quad.subject), _iri(quad.predicate), _from_term(quad.object), _iri(quad.graph_name)
    )


def quad_line(quad: Quad) -> str:
    """Return the quad as canonical N-Quads, without a line end."""
    return f"{to_ox(quad)} ."


def _term(term: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term)
    if term.lang:
        return ox.Literal(term.value, language=term.lang)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def _from_term(term: object) -> Term:
    if isinstance(term, ox.Literal):
        return Literal(term.value, Iri(term.datatype.value), term.language)
    return _iri(term)


def _iri(node: object) -> Iri:
    if isinstance(node, ox.NamedNode):
        return Iri(node.value)
    raise StoreError(f"only IRIs and literals are stored in named graphs, not {node}")


def _as_stored(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Pass the quads through an empty store, which rewrites some literals ("01" becomes "1")."""
    through = ox.Store()
    through.extend(quads)
    return set(through)


def _converted(quads: set[ox.Quad]) -> tuple[Quad, ...]:
    return tuple(from_ox(quad) for quad in sorted(quads, key=str))
