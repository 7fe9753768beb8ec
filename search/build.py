"""Index folders: made beside the one that serves, then updated in place by one long-lived writer.

A folder holds ``engine/`` (the engine's own files), ``thesaurus.json`` and ``meta.json`` (the
versions that made it). It can always be made again from the graph and the documents.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from ontology.model import Name
from search.analysis import ANALYSIS_VERSION
from search.engines.base import (
    Engine,
    IndexBusyError,
    IndexUnusableError,
    Writer,
)
from search.engines.choice import ENGINES, engine_named
from search.entries import SCHEMA, SCHEMA_VERSION, make_document_entries, make_entry
from search.records import Record
from search.thesaurus import Thesaurus

__all__ = [
    "ENGINE_FOLDER",
    "IndexBuilder",
    "IndexBusyError",
    "IndexUnusableError",
    "check_version",
    "engine_of",
    "index_version",
    "load_thesaurus",
]

ENGINE_FOLDER = "engine"
_THESAURUS = "thesaurus.json"
_META = "meta.json"


def index_version(engine: Engine | None = None) -> str:
    """Return the version of fields, analysis and engine: another version's index must be rebuilt."""
    engine = engine or engine_named()
    return f"{engine.name}-{engine.version}-s{SCHEMA_VERSION}-a{ANALYSIS_VERSION}"


def engine_of(folder: Path) -> Engine:
    """Return the engine that wrote an index, where this installation has it; the default otherwise.

    Raises:
        IndexUnusableError: there is no index.
    """
    written = _version_of(folder).partition("-")[0]
    return engine_named(written) if written in ENGINES else engine_named()


def _version_of(folder: Path) -> str:
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        return str(meta["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusableError(f"{folder.name} is not an index") from error


def check_version(folder: Path, engine: Engine) -> None:
    """Raise IndexUnusableError unless this version of the code wrote the index."""
    version = _version_of(folder)
    if version != index_version(engine):
        raise IndexUnusableError(
            f"{folder.name} was written by {version}, this is {index_version(engine)}"
        )


def load_thesaurus(folder: Path) -> Thesaurus:
    """Read the names of an index; raises IndexUnusableError."""
    try:
        return Thesaurus.from_json((folder / _THESAURUS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexUnusableError(f"the thesaurus of {folder.name} cannot be read") from error


class IndexBuilder:
    """The one writer of an index folder. Keep it open: opening one costs more than a commit."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        self.folder = folder
        self._writer = writer
        self._names: Thesaurus | None = None

    @classmethod
    def create(
        cls,
        path: Path,
        names: Iterable[Name],
        engine: Engine | None = None,
        related: Iterable[tuple[str, str]] = (),
    ) -> "IndexBuilder":
        """Make a new, empty index in ``path`` and open it for writing.

        ``related`` are pairs of concepts of which the second helps to find the first.

        Raises:
            FileExistsError: ``path`` is there already.
        """
        engine = engine or engine_named()
        path.mkdir(parents=True)
        engine.create(path / ENGINE_FOLDER, SCHEMA)
        _write(path / _THESAURUS, Thesaurus.of(names, related).to_json())
        # Last: a folder whose making was interrupted is no index.
        _write(path / _META, json.dumps({"version": index_version(engine)}) + "\n")
        return cls.open_writer(path, engine)

    @classmethod
    def open_writer(cls, path: Path, engine: Engine | None = None) -> "IndexBuilder":
        """Open an existing index for writing.

        Raises:
            IndexUnusableError: no index, or another version's: build a new one.
            IndexBusyError: another process writes to it.
        """
        engine = engine or engine_of(path)
        check_version(path, engine)
        return cls(path, engine.writer(path / ENGINE_FOLDER, SCHEMA))

    def replace_names(self, names: Iterable[Name], related: Iterable[tuple[str, str]] = ()) -> None:
        """Replace the thesaurus, with the next commit."""
        self._names = Thesaurus.of(names, related)

    def replace_document(self, sha256: str, records: Iterable[Record]) -> None:
        """Replace all records (the document's own and its passages'); none removes them.

        Raises:
            ValueError: a record of another document.
        """
        whole = list(records)
        for record in whole:
            if record.document != sha256:
                raise ValueError(f"{record.id} is not of document {sha256}")
        entries = make_document_entries(whole)
        self._writer.delete("document", [sha256])
        self._writer.add(entries)

    def replace_entities(self, records: Iterable[Record], removed: Iterable[str] = ()) -> None:
        """Put these records in place of those with the same ids; ``removed`` ids go."""
        latest = {record.id: record for record in records}
        self._writer.delete("id", {*latest, *removed})
        self._writer.add(make_entry(record) for record in latest.values())

    def commit(self) -> None:
        """Make what was written durable, and visible to services that reload."""
        if self._names is not None:
            _write(self.folder / _THESAURUS, self._names.to_json())
            self._names = None
        self._writer.commit()

    def close(self) -> None:
        """Release the writer; what was not committed is dropped."""
        self._writer.close()

    def __enter__(self) -> "IndexBuilder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _write(path: Path, text: str) -> None:
    """Replace a file at once: a reader sees the old or the new text."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
