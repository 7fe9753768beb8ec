"""The whoosh engine: pure Python, for machines without tantivy and up to about 10,000 passages.

Of whoosh the index is used: segments, posting lists, stored values. Queries are evaluated here, by
the same scores as in tantivy. Whoosh keeps pickles in its files: an index is opened only where this
engine's mark stands and nobody else may write.
"""

import fcntl
import json
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.tokenizers import Tokenizer
from whoosh.fields import KEYWORD, STORED, TEXT
from whoosh.fields import Schema as WhooshSchema
from whoosh.index import FileIndex, create_in, open_dir

from search.engines.base import (
    Entry,
    FieldKind,
    Found,
    IndexBusyError,
    IndexUnusableError,
    Query,
    Schema,
)
from search.engines.evaluation import Scores, evaluate

__all__ = ["WhooshEngine"]

_DISTRIBUTION = "whoosh3"
_MARK = "maillon.json"
_LOCK = "maillon.lock"
_KEPT, _PAYLOAD, _COUNTS, _NUMBERS = "kept", "payload", "counts", "numbers"
_REMEMBERED = 8
"""Last results kept: a page and its facets ask the same query."""


class WhooshEngine:
    """Makes and opens whoosh indexes."""

    name = "whoosh"

    @property
    def version(self) -> str:
        """The installed release of the one distribution of whoosh that this was tested with.

        Raises:
            PackageNotFoundError: the module is another distribution's.
        """
        return version(_DISTRIBUTION)

    def create(self, folder: Path, schema: Schema) -> None:
        """Make an empty index in a new folder."""
        folder.mkdir(parents=True)
        create_in(str(folder), _schema(schema))
        (folder / _LOCK).touch()
        # Last: a folder whose making was interrupted is no index.
        (folder / _MARK).write_text(json.dumps(self._mark()), encoding="utf-8")

    def writer(self, folder: Path, schema: Schema) -> "WhooshWriter":
        """Open the one writer."""
        return WhooshWriter(self._open(folder, schema), folder, schema)

    def reader(self, folder: Path, schema: Schema) -> "WhooshReader":
        """Open a reader on the last commit."""
        return WhooshReader(self._open(folder, schema), schema)

    def _mark(self) -> dict[str, str]:
        return {"engine": self.name, "version": self.version}

    def _open(self, folder: Path, schema: Schema) -> FileIndex:
        try:
            mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexUnusableError(f"{folder.name} is no index of this engine") from error
        if mark != self._mark():
            raise IndexUnusableError(f"{folder.name} was written by {mark}")
        about = folder.stat()
        if about.st_uid != os.geteuid() or about.st_mode & stat.S_IWOTH:
            raise IndexUnusableError(f"others may write to {folder.name}: its pickles are not read")
        try:
            return open_dir(str(folder), schema=_schema(schema))
        except Exception as error:  # whoosh raises whatever reading a damaged file runs into
            raise IndexUnusableError(f"no index can be opened in {folder.name}: {error}") from error


class WhooshWriter:
    """Collects changes in memory and writes them at commit. Its lock dies with the process."""

    def __init__(self, index: FileIndex, folder: Path, schema: Schema) -> None:
        self._index = index
        self._schema = schema
        self._added: list[Entry] = []
        self._deleted: dict[tuple[str, str], None] = {}
        self._lock: int | None = os.open(folder / _LOCK, os.O_RDWR)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            self._lock = None
            raise IndexBusyError("another writer holds the index") from error

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries in bulk."""
        self._check_open()
        self._added.extend(entries)

    def delete(self, field: str, values: Iterable[str]) -> None:
        """Delete the entries, also those just added, that hold any of the values."""
        self._check_open()
        gone = set(values)
        self._deleted |= dict.fromkeys((field, value) for value in gone)
        self._added = [e for e in self._added if gone.isdisjoint(e.values.get(field, ()))]

    def commit(self) -> None:
        """Make all changes durable and visible."""
        self._check_open()
        writer = self._index.writer()
        try:
            for field, value in self._deleted:
                writer.delete_by_term(field, value)
            for entry in self._added:
                writer.add_document(**self._document(entry))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        self._added, self._deleted = [], {}

    def close(self) -> None:
        """Drop what was not committed."""
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._lock is None:
            raise ValueError("the writer is closed")

    def _document(self, entry: Entry) -> dict[str, Any]:
        counts = {
            name: tuple(values)
            for name, values in entry.values.items()
            if self._schema[name] is FieldKind.COUNTED
        }
        kept = {_PAYLOAD: entry.payload, _NUMBERS: dict(entry.numbers), _COUNTS: counts}
        document: dict[str, Any] = {_KEPT: kept}
        for name, tokens in entry.texts.items():
            if tokens:
                document[name] = " ".join(f"{t.position}:{t.text}" for t in tokens)
        for name, values in (*entry.words.items(), *entry.values.items()):
            if values:
                document[name] = list(values)
        return document


class WhooshReader:
    """Searches the commit that was the newest when it was made."""

    def __init__(self, index: FileIndex, schema: Schema) -> None:
        self._schema = schema
        try:
            self._index: Any = index.refresh()
            self._reader = self._index.reader()
        except Exception as error:  # as above
            raise IndexUnusableError(str(error)) from error
        self._found: dict[Query, Scores] = {}
        self._lengths: dict[str, dict[int, int]] = {}

    def search(self, query: Query, limit: int, offset: int = 0, sort: str | None = None) -> Found:
        """Return matches by score, or by ``sort``."""
        scores = self._evaluate(query)
        if sort is None:
            ranked = sorted(scores, key=lambda n: (-scores[n], n))
        else:
            ranked = sorted(scores, key=lambda n: (-self._stored[n][_NUMBERS].get(sort, 0.0), n))
        page = ranked[offset : offset + limit]
        return Found(len(scores), tuple((scores[n], self._stored[n][_PAYLOAD]) for n in page))

    def count_values(self, query: Query, field: str) -> dict[str, int]:
        """Return how many matches hold each value."""
        counts: Counter[str] = Counter()
        for number in self._evaluate(query):
            counts.update(self._stored[number][_COUNTS].get(field, ()))
        return dict(counts)

    def frequency(self, field: str, text: str) -> int:
        """Return how many entries hold a token; deleted ones count until merged away."""
        return int(self._reader.doc_frequency(field, text))

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return words that begin with ``prefix``, most frequent first."""
        found = [bytes(word).decode() for word in self._reader.expand_prefix(field, prefix)]
        return sorted(found, key=lambda word: (-self.frequency(field, word), word))[:limit]

    def refreshed(self) -> "WhooshReader":
        """Return a reader of the newest commit."""
        return WhooshReader(self._index, self._schema)

    def everything(self) -> Iterable[int]:
        """Return the numbers of all entries."""
        return self._stored

    def frequencies(self, field: str, text: str) -> Mapping[int, float]:
        """Return how often each entry holds a token."""
        return {number: float(matcher.weight()) for number, matcher in self._postings(field, text)}

    def positions(self, field: str, text: str) -> Mapping[int, tuple[int, ...]]:
        """Return where each entry holds a token."""
        return {
            number: tuple(matcher.value_as("positions"))
            for number, matcher in self._postings(field, text)
        }

    def lengths(self, field: str) -> Mapping[int, int]:
        """Return the number of tokens of each entry."""
        known = self._lengths.get(field)
        if known is None:
            length = self._reader.doc_field_length
            known = self._lengths[field] = {n: length(n, field) for n in self._stored}
        return known

    def average_length(self, field: str) -> float:
        """Return the mean number of tokens."""
        return float(self._reader.field_length(field)) / max(self.count(), 1)

    def count(self) -> int:
        """Return the number of entries."""
        return len(self._stored)

    @cached_property
    def _stored(self) -> dict[int, dict[str, Any]]:
        """What is kept of each entry, by its number: read once, counting needs most of it."""
        return {number: stored[_KEPT] for number, stored in self._reader.iter_docs()}

    def _evaluate(self, query: Query) -> Scores:
        found = self._found.get(query)
        if found is None:
            found = evaluate(query, self)
            self._found = dict([*self._found.items(), (query, found)][-_REMEMBERED:])
        return found

    def _postings(self, field: str, text: str) -> Iterator[tuple[int, Any]]:
        if not text or not self.frequency(field, text):
            return
        matcher = self._reader.postings(field, text)
        while matcher.is_active():
            yield matcher.id(), matcher
            matcher.next()


class PositionedTokens(Tokenizer):
    """Reads "position:word" pairs: text is analysed before it comes here.

    Its name and module are in the files of an index.
    """

    def __call__(self, value: str, **options: Any) -> Iterator[WhooshToken]:
        """Yield one token, changed from word to word, as whoosh wants it."""
        token: Any = WhooshToken(positions=True, chars=False, boost=1.0)
        for pair in value.split(" "):
            position, _, token.text = pair.partition(":")
            token.original = token.text
            token.pos, token.boost, token.stopped = int(position), 1.0, False
            yield token


def _schema(schema: Schema) -> WhooshSchema:
    fields: dict[str, Any] = {_KEPT: STORED()}
    for name, kind in schema.items():
        match kind:
            case FieldKind.TEXT:
                fields[name] = TEXT(analyzer=PositionedTokens(), phrase=True)
            case FieldKind.WORDS | FieldKind.EXACT | FieldKind.COUNTED:
                fields[name] = KEYWORD(scorable=True)
            case FieldKind.NUMBER:
                continue  # kept with the entry
    return WhooshSchema(**fields)
