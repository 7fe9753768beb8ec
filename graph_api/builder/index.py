"""The search index beside the store: one folder a version, kept in step with what was written."""

import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from graph_api.builder.records import entity_of, entity_record
from graph_api.builder.review_states import judged_entities
from graph_api.folder import DataFolder
from graph_api.store.base import Delta, View
from ontology.iris import Iris
from ontology.model import Iri, Name
from ontology.names import concept_relations
from ontology.vocabularies import SKOS_PREF_LABEL
from search.build import IndexBuilder, index_version
from search.engines.choice import DEFAULT_ENGINE, engine_named
from search.records import Record

__all__ = ["DocumentRecords", "SearchIndex"]

DocumentRecords = Callable[[str], Iterable[Record]]
"""Gives the records of the document of that SHA-256; none for one that is gone."""


class SearchIndex:
    """Writes the index. What is committed is seen by readers only after they reload."""

    def __init__(self, folder: DataFolder, iris: Iris, engine: str = DEFAULT_ENGINE) -> None:
        self._folder = folder
        self._iris = iris
        self._engine = engine_named(engine)

    def is_current(self, path: str | None) -> bool:
        """Whether the index that the current generation names can be updated in place."""
        return (
            bool(path)
            and Path(str(path)).name.startswith(self._prefix())
            and self._at(path).is_dir()
        )

    def update(
        self,
        path: str,
        delta: Delta,
        documents: Iterable[str],
        names: Iterable[Name] | None,
        records: DocumentRecords,
        view: View,
    ) -> None:
        """Bring the index at ``path`` up to the store, and commit.

        ``documents`` are those whose graph was made again or is gone, ``names`` the thesaurus, None
        where it is as it was.
        """
        touched = {
            entity
            for quad in (*delta.added, *delta.removed)
            for term in (quad.subject, quad.object)
            if (entity := entity_of(term, self._iris))
        }
        judged = judged_entities((*delta.added, *delta.removed), view)
        touched |= {entity for each in judged if (entity := entity_of(each, self._iris))}
        with IndexBuilder.open_writer(self._at(path), self._engine) as builder:
            if names is not None:
                builder.replace_names(names, concept_relations(self._iris))
            self._write(builder, sorted(touched), documents, records, view)

    def rebuild(
        self, names: Iterable[Name], documents: Iterable[str], records: DocumentRecords, view: View
    ) -> str:
        """Make a new index beside the others; return its path below the data folder."""
        path = f"index/{self._prefix()}{secrets.token_hex(4)}"
        entities = {
            entity
            for quad in view.quads(predicate=SKOS_PREF_LABEL)
            if (entity := entity_of(quad.subject, self._iris))
        }
        related = concept_relations(self._iris)
        with IndexBuilder.create(self._at(path), names, self._engine, related) as builder:
            self._write(builder, sorted(entities), documents, records, view)
        return path

    def sweep(self, used: set[str]) -> None:
        """Remove index folders that no generation names."""
        for entry in self._folder.index.iterdir():
            if f"index/{entry.name}" not in used:
                shutil.rmtree(entry)

    def _write(
        self,
        builder: IndexBuilder,
        entities: Iterable[Iri],
        documents: Iterable[str],
        records: DocumentRecords,
        view: View,
    ) -> None:
        for sha256 in documents:
            builder.replace_document(sha256, records(sha256))
        made: list[Record] = []
        removed: list[str] = []
        for entity in entities:
            record = entity_record(entity, view, self._iris)
            if record is None:
                removed.append(entity)
            else:
                made.append(record)
        builder.replace_entities(made, removed)
        builder.commit()

    def _at(self, path: str | None) -> Path:
        return self._folder.root / str(path)

    def _prefix(self) -> str:
        return f"{index_version(self._engine)}-"
