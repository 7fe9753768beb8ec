"""The three roles of a store: it opens, a writer replaces whole graphs, a view only reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

from graph_api.errors import CannotRunError
from ontology.model import Iri, Quad, Term

__all__ = ["Delta", "Store", "StoreError", "View", "Writer"]


class StoreError(CannotRunError):
    """The store cannot be opened or written; the batch stops, and the next build mends it."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What a batch of writes changed: no quad is in both."""

    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


class View(Protocol):
    """Reads what is committed."""

    def quads(
        self,
        subject: Iri | None = None,
        predicate: Iri | None = None,
        object: Term | None = None,  # noqa: A002 - RDF's word
        graph: Iri | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match; None matches everything. The order is not defined."""
        ...

    def graphs(self) -> Iterator[Iri]:
        """Yield the named graphs that hold quads."""
        ...

    def lines(self) -> Iterator[str]:
        """Yield every quad as a line of canonical N-Quads without its line end, in any order."""
        ...

    def __len__(self) -> int: ...


class Writer(Protocol):
    """Collects changes; leaving its context without an error commits them."""

    def __enter__(self) -> "Writer": ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def replace(self, graph: Iri, quads: Iterable[Quad]) -> Delta:
        """Let ``graph`` hold exactly ``quads``; return the difference.

        Literals are compared as the store keeps them, so a form it rewrites is no difference.

        Raises:
            StoreError: a quad is not valid RDF.
        """
        ...


class Store(Protocol):
    """One dataset. Not more than one object may have it open for writing."""

    def writer(self) -> Writer:
        """Return a writer; one at a time."""
        ...

    def view(self) -> View:
        """Return a view of the dataset."""
        ...

    def checkpoint(self, target: Path) -> None:
        """Make an independent read-only copy at ``target``, which must not exist."""
        ...
