"""The tantivy engine: embedded, crash-safe, one writer and many readers of a folder."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from search.engines.base import (
    Boost,
    Constant,
    DisMax,
    Entry,
    Exclude,
    FieldKind,
    Found,
    IndexBusyError,
    IndexUnusableError,
    MatchAll,
    MatchNone,
    Must,
    PhraseQuery,
    Query,
    Schema,
    Should,
    Term,
    TermSet,
)

__all__ = ["TantivyEngine"]

_PAYLOAD = "_payload"
_HEAP_BYTES = 64_000_000
_MOST_BUCKETS = 65_000  # tantivy refuses an aggregation with more
_SUFFIXES = ("[0-3]", "[4-7]", "[89ab]", "[c-f]", "[^0-9a-f]")
_DEEPEST_SPLIT = 6


class TantivyEngine:
    """Makes and opens tantivy indexes."""

    name = "tantivy"

    @property
    def version(self) -> str:
        """The installed release; its index format may change with it."""
        return version("tantivy")

    def create(self, folder: Path, schema: Schema) -> None:
        """Make an empty index in a new folder."""
        folder.mkdir(parents=True)
        tantivy.Index(_schema(schema), path=str(folder))

    def writer(self, folder: Path, schema: Schema) -> "TantivyWriter":
        """Open the one writer."""
        return TantivyWriter(_open(folder), schema)

    def reader(self, folder: Path, schema: Schema) -> "TantivyReader":
        """Open a reader on the last commit."""
        index = _open(folder)
        index.config_reader("manual")
        return TantivyReader(index, schema)


class TantivyWriter:
    """Holds tantivy's lock on the folder until closed; the lock dies with the process."""

    def __init__(self, index: tantivy.Index, schema: Schema) -> None:
        self._schema = schema
        try:
            self._writer: tantivy.IndexWriter | None = index.writer(_HEAP_BYTES, 1)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise IndexBusyError("another writer holds the index") from error
            raise IndexUnusableError(str(error)) from error

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries in bulk."""
        writer = self._open_writer()
        for entry in entries:
            writer.add_document(self._document(entry))

    def delete(self, field: str, values: Iterable[str]) -> None:
        """Delete the entries that hold any of the values."""
        writer = self._open_writer()
        for value in values:
            writer.delete_documents_by_term(field, value)

    def commit(self) -> None:
        """Make all changes durable (fsync) and visible."""
        self._open_writer().commit()

    def close(self) -> None:
        """Drop what was not committed; waits for running merges."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.rollback()
            writer.wait_merging_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise ValueError("the writer is closed")
        return self._writer

    def _document(self, entry: Entry) -> tantivy.Document:
        document = tantivy.Document()
        for name, tokens in entry.texts.items():
            # Engine offsets are never used: snippets are made from our own analysis.
            terms = [tantivy.Token(t.text, t.position, 0, 0) for t in tokens]
            document.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", terms))
        for name, words in entry.words.items():
            document.add_text(name, " ".join(words))
        for name, values in entry.values.items():
            for value in values:
                document.add_text(name, value)
        for name, number in entry.numbers.items():
            document.add_float(name, number)
        document.add_bytes(_PAYLOAD, entry.payload)
        return document


class TantivyReader:
    """Searches the commit that was the newest when it was made."""

    def __init__(self, index: tantivy.Index, schema: Schema) -> None:
        self._index = index
        self._schema = schema
        self._terms = index.schema
        try:
            index.reload()
            self._searcher = index.searcher()
        except ValueError as error:
            raise IndexUnusableError(str(error)) from error

    def search(self, query: Query, limit: int, offset: int = 0, sort: str | None = None) -> Found:
        """Return matches by score, or by ``sort``."""
        searcher = self._searcher
        found = searcher.search(
            self._build(query), max(limit, 1), offset=offset, order_by_field=sort
        )
        entries = tuple(
            (float(score or 0.0), _payload(searcher.doc(address)))
            for score, address in found.hits[: max(limit, 0)]
        )
        return Found(_total(found), entries)

    def count_values(self, query: Query, field: str) -> dict[str, int]:
        """Return how many matches hold each value; exact for any number of values."""
        return self._count(self._build(query), field, "", 0)

    def frequency(self, field: str, text: str) -> int:
        """Return how many entries hold a token; deleted ones count until merged away."""
        return self._searcher.doc_freq(field, text)

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return words that begin with ``prefix``, most frequent first."""
        found = self._searcher.terms_with_prefix(field, prefix, limit=limit)
        return [word for word, _ in sorted(found, key=lambda pair: (-pair[1], pair[0]))]

    def refreshed(self) -> "TantivyReader":
        """Return a reader of the newest commit."""
        return TantivyReader(self._index, self._schema)

    def _count(self, query: tantivy.Query, field: str, suffix: str, depth: int) -> dict[str, int]:
        """Count values whose end matches ``suffix``; split when there are more than tantivy lists."""
        terms: dict[str, object] = {"field": field, "size": _MOST_BUCKETS}
        if suffix:
            terms["include"] = f".*{suffix}"
        answer = self._searcher.aggregate(query, {"values": {"terms": terms}})["values"]
        if answer["sum_other_doc_count"] and depth < _DEEPEST_SPLIT:
            counts: dict[str, int] = {}
            for part in _SUFFIXES:
                counts |= self._count(query, field, part + suffix, depth + 1)
            return counts
        return {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]}

    def _build(self, query: Query) -> tantivy.Query:
        make = tantivy.Query
        match query:
            case Term():
                return self._term(query)
            case TermSet(field, texts):
                return make.term_set_query(self._terms, field, list(texts))
            case PhraseQuery():
                return self._phrase(query)
            case DisMax(queries):
                return make.disjunction_max_query([self._build(q) for q in queries])
            case Should(queries):
                return self._combine(tantivy.Occur.Should, queries)
            case Must(queries):
                return self._combine(tantivy.Occur.Must, queries)
            case Exclude():
                return self._exclude(query)
            case Boost(inner, weight):
                return make.boost_query(self._build(inner), weight)
            case Constant(inner, score):
                return make.const_score_query(self._build(inner), score)
            case MatchAll():
                return make.all_query()
            case MatchNone():
                return make.empty_query()

    def _term(self, query: Term) -> tantivy.Query:
        option = "freq" if self._schema[query.field] is FieldKind.WORDS else "position"
        if self._schema[query.field] in (FieldKind.EXACT, FieldKind.COUNTED):
            option = "basic"
        return tantivy.Query.term_query(self._terms, query.field, query.text, option)

    def _phrase(self, query: PhraseQuery) -> tantivy.Query:
        if len(query.tokens) == 1:
            return self._term(Term(query.field, query.tokens[0][1]))
        words: list[str | tuple[int, str]] = list(query.tokens)
        return tantivy.Query.phrase_query(self._terms, query.field, words)

    def _combine(self, occur: tantivy.Occur, queries: Iterable[Query]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(occur, self._build(q)) for q in queries])

    def _exclude(self, query: Exclude) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, self._build(query.query)),
                (tantivy.Occur.MustNot, self._build(query.excluded)),
            ]
        )


def _schema(schema: Schema) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, kind in schema.items():
        match kind:
            case FieldKind.TEXT:
                builder.add_text_field(name, tokenizer_name="raw", index_option="position")
            case FieldKind.WORDS:
                builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
            case FieldKind.EXACT:
                builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
            case FieldKind.COUNTED:
                builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
            case FieldKind.NUMBER:
                builder.add_float_field(name, fast=True)
    builder.add_bytes_field(_PAYLOAD, stored=True)
    return builder.build()


def _open(folder: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(folder))
    except ValueError as error:
        raise IndexUnusableError(f"no index can be opened in {folder.name}: {error}") from error


def _payload(document: tantivy.Document) -> bytes:
    return bytes(document.get_first(_PAYLOAD) or b"")


def _total(found: tantivy.SearchResult) -> int:
    return int(getattr(found, "count", 0) or 0)  # the type stub leaves ``count`` out
