"""Bare engines beside ours, on the same passages: what query, counts of one facet and snippets cost there.

They read the text with their own tokenizers, know neither language nor names and count passages, not
documents: a floor, not a rival.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import tantivy

from search.records import Record

__all__ = ["BareEngine", "BareFts5", "BareTantivy"]

_RESULTS = 20


class BareEngine(Protocol):
    """An index of passages that answers words, any of which may match."""

    name: str

    def build(self, passages: Iterable[Record]) -> None:
        """Index all passages."""
        ...

    def search(self, words: str) -> int:
        """Return how many results were listed, with snippets, after counting one facet."""
        ...


class BareTantivy:
    """tantivy with its default tokenizer and one writing thread."""

    name = "bare tantivy"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", stored=True)
        builder.add_text_field("theme", tokenizer_name="raw", fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))

    def build(self, passages: Iterable[Record]) -> None:
        """Index all passages."""
        writer = self._index.writer(64_000_000, 1)
        for record in passages:
            document = tantivy.Document()
            document.add_text("body", record.text)
            for theme in record.themes:
                document.add_text("theme", theme)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, words: str) -> int:
        """Return how many results were listed."""
        searcher = self._index.searcher()
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", word.lower()))
            for word in words.split()
        ]
        query = tantivy.Query.boolean_query(terms)
        found = searcher.search(query, _RESULTS).hits
        searcher.aggregate(query, {"themes": {"terms": {"field": "theme", "size": 100}}})
        snippets = tantivy.SnippetGenerator.create(searcher, query, self._schema, "body")
        return len([snippets.snippet_from_doc(searcher.doc(each)).to_html() for _, each in found])


class BareFts5:
    """SQLite FTS5 with its default tokenizer."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._base = sqlite3.connect(folder / "passages.sqlite", check_same_thread=False)
        self._base.execute("CREATE VIRTUAL TABLE passage USING fts5(body)")
        self._base.execute("CREATE TABLE theme (passage INTEGER, theme TEXT)")

    def build(self, passages: Iterable[Record]) -> None:
        """Index all passages."""
        with self._base:
            for number, record in enumerate(passages, start=1):
                self._base.execute(
                    "INSERT INTO passage (rowid, body) VALUES (?, ?)", (number, record.text)
                )
                self._base.executemany(
                    "INSERT INTO theme VALUES (?, ?)", [(number, each) for each in record.themes]
                )
            self._base.execute("CREATE INDEX theme_passage ON theme (passage)")

    def search(self, words: str) -> int:
        """Return how many results were listed."""
        match = " OR ".join(f'"{word}"' for word in words.split())
        self._base.execute(
            "SELECT t.theme, COUNT(*) FROM passage AS p JOIN theme AS t ON t.passage = p.rowid"
            " WHERE p.passage MATCH ? GROUP BY t.theme",
            (match,),
        ).fetchall()
        listed = self._base.execute(
            "SELECT snippet(passage, 0, '[', ']', '…', 30) FROM passage"
            " WHERE passage MATCH ? ORDER BY bm25(passage) LIMIT ?",
            (match, _RESULTS),
        )
        return len(listed.fetchall())
