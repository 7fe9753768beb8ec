"""What the project asks of a search engine, in our own types.

Three roles: an :class:`Engine` makes and opens indexes, a :class:`Writer` (one at a time) changes
one, :class:`Reader` objects search it. Text is analysed before it comes here, queries come as
trees: no engine tokenises, stems or parses anything. An index is named by its folder; a
distributed engine uses the folder's last segment as its versioned index name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from search.analysis import Token

__all__ = [
    "Boost",
    "Constant",
    "DisMax",
    "Engine",
    "Entry",
    "Exclude",
    "FieldKind",
    "Found",
    "IndexBusyError",
    "IndexUnusableError",
    "MatchAll",
    "MatchNone",
    "Must",
    "PhraseQuery",
    "Query",
    "Reader",
    "Schema",
    "Should",
    "Term",
    "TermSet",
    "Writer",
]


class FieldKind(StrEnum):
    """How a field is indexed."""

    TEXT = "text"
    """Tokens with frequencies and positions: scored, phrases."""
    WORDS = "words"
    """Words with frequencies, no positions: scored, listed by prefix."""
    EXACT = "exact"
    """Whole values: matched, deleted by."""
    COUNTED = "counted"
    """Whole values that are counted over all matches."""
    NUMBER = "number"
    """One number to sort by."""


Schema = Mapping[str, FieldKind]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed as one unit: what its TEXT, its WORDS, its EXACT and COUNTED, and its NUMBER
    fields hold. ``payload`` comes back with a match, untouched.
    """

    texts: Mapping[str, Sequence[Token]] = field(default_factory=dict)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Term:
    """Entries that hold a token or value, scored by BM25."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class TermSet:
    """Entries that hold any of the values, all scored alike."""

    field: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhraseQuery:
    """Entries that hold the tokens at these relative positions."""

    field: str
    tokens: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class DisMax:
    """Any of the queries; the best one's score counts."""

    queries: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Should:
    """Any of the queries; the scores are added."""

    queries: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Must:
    """All of the queries; the scores are added."""

    queries: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Exclude:
    """What matches ``query`` but not ``excluded``."""

    query: "Query"
    excluded: "Query"


@dataclass(frozen=True, slots=True)
class Boost:
    """The query with its score multiplied by ``weight``."""

    query: "Query"
    weight: float


@dataclass(frozen=True, slots=True)
class Constant:
    """The query with the same ``score`` for every match; 0 makes it a filter."""

    query: "Query"
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every entry."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No entry."""


Query = (
    Term
    | TermSet
    | PhraseQuery
    | DisMax
    | Should
    | Must
    | Exclude
    | Boost
    | Constant
    | MatchAll
    | MatchNone
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of matches, best first: ``total`` in all, (score, payload) of each listed one."""

    total: int
    entries: tuple[tuple[float, bytes], ...]


class IndexUnusableError(Exception):
    """There is no index, it is damaged, or another version wrote it: it must be built anew."""


class IndexBusyError(Exception):
    """Another writer, maybe of another process, holds the index."""


class Writer(Protocol):
    """Changes an index. Nothing is seen by readers, nor kept after a crash, before ``commit``."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries in bulk; nothing is replaced."""
        ...

    def delete(self, field: str, values: Iterable[str]) -> None:
        """Delete the entries, also those just added, that hold any of the values."""
        ...

    def commit(self) -> None:
        """Make all changes durable and visible to new readers, at once or not at all."""
        ...

    def close(self) -> None:
        """Drop what was not committed and release the index; may be called again."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Reader(Protocol):
    """Searches a snapshot of an index; safe to share between threads."""

    def search(self, query: Query, limit: int, offset: int = 0, sort: str | None = None) -> Found:
        """Return matches by score, or by the NUMBER field ``sort``, largest first."""
        ...

    def count_values(self, query: Query, field: str) -> dict[str, int]:
        """Return how many matches hold each value of a COUNTED field."""
        ...

    def frequency(self, field: str, text: str) -> int:
        """Return how many entries hold a token or value."""
        ...

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return words of a WORDS field that begin with ``prefix``, most frequent first."""
        ...

    def refreshed(self) -> "Reader":
        """Return a reader of the newest commit; this one goes on showing its own."""
        ...


class Engine(Protocol):
    """Makes and opens indexes."""

    name: str

    @property
    def version(self) -> str:
        """The engine's release: part of an index's version."""
        ...

    def create(self, folder: Path, schema: Schema) -> None:
        """Make an empty index in a new folder."""
        ...

    def writer(self, folder: Path, schema: Schema) -> Writer:
        """Open the one writer.

        Raises:
            IndexUnusableError, IndexBusyError
        """
        ...

    def reader(self, folder: Path, schema: Schema) -> Reader:
        """Open a reader on the last commit.

        Raises:
            IndexUnusableError
        """
        ...
