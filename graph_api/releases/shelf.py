"""The shelf of releases: what is in ``releases/``, and which of them answer live.

``releases/{id}/manifest.json`` describes a release and lists its files with their checksums;
``live/{id}`` is the checkpoint from which the newest releases answer, and can be made again.
"""

import gzip
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self, cast

import pyoxigraph as ox

from graph_api import durable
from graph_api.errors import BadQueryError, MissingError
from graph_api.folder import DataFolder
from ontology.iris import Iris
from ontology.model import Iri

__all__ = ["LIVE", "DumpFile", "GraphSize", "NotLiveError", "Release", "Shelf", "release_iri"]

LIVE = 3
"""How many releases also answer live, the newest ones."""

MANIFEST = "manifest.json"
_ID = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d{1,3})?")
_FILE = re.compile(r"(?:graphs/)?[A-Za-z0-9][A-Za-z0-9._-]{0,200}")


class NotLiveError(BadQueryError):
    """A release that is kept as dumps but does not answer any more."""

    problem = "release-not-live"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file of a release; ``graph`` is None for the whole. ``bytes`` are those on the disk."""

    name: str
    media_type: str
    graph: str | None
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class GraphSize:
    """A named graph and how many triples it holds."""

    iri: str
    triples: int


@dataclass(frozen=True, slots=True)
class Release:
    """A generation that is kept. ``hash`` is the canonical hash of its quads, ``issued`` UTC.

    ``withheld`` counts the removals that were applied to its dumps after it was issued.
    """

    id: str
    issued: str
    generation: int
    quads: int
    hash: str
    base: str
    previous: str | None = None
    note: str = ""
    software: str = ""
    withheld: int = 0
    graphs: tuple[GraphSize, ...] = ()
    files: tuple[DumpFile, ...] = field(default=())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what is no manifest."""
        return cls(
            **{
                **data,
                "graphs": tuple(GraphSize(**each) for each in data["graphs"]),
                "files": tuple(DumpFile(**each) for each in data["files"]),
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Return what the manifest holds."""
        return asdict(self)

    @property
    def when(self) -> datetime:
        """When it was issued."""
        return datetime.fromisoformat(self.issued)

    def whole(self, extension: str) -> DumpFile:
        """Return the dump of the whole graph in one syntax."""
        end = f".{extension}.gz"
        return next(f for f in self.files if f.graph is None and f.name.endswith(end))


def release_iri(iris: Iris, release: str) -> Iri:
    """The address by which a release is cited."""
    return Iri(f"{iris.base}/id/release/{release}")


class Shelf:
    """Reads releases. Manifests are read again when they changed."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self._read: dict[str, tuple[int, Release]] = {}

    def all(self) -> list[Release]:
        """The releases, the newest first."""
        found = [self._load(name) for name in self._names()]
        return sorted(
            (each for each in found if each is not None),
            key=lambda each: (each.issued, each.id),
            reverse=True,
        )

    def get(self, name: str) -> Release:
        """Raises MissingError for a release that is not there."""
        found = self._load(name) if _ID.fullmatch(name) else None
        if found is None:
            raise MissingError(f"there is no release {name[:80]}")
        return found

    def file(self, release: Release, name: str) -> Path:
        """Return the path of one of a release's files. Raises MissingError."""
        if _FILE.fullmatch(name) and any(each.name == name for each in release.files):
            return self.place(release.id) / name
        if name in (MANIFEST, "SHA256SUMS"):
            return self.place(release.id) / name
        raise MissingError(f"release {release.id} has no file {name[:200]}")

    def place(self, name: str) -> Path:
        """The folder of a release."""
        return self.folder.releases / name

    def live(self) -> list[str]:
        """The releases that answer live, the newest first."""
        return [each.id for each in self.all()[:LIVE] if self.store(each.id).is_dir()]

    def store(self, name: str) -> Path:
        """Where the checkpoint of a release lies, if it answers live."""
        return self.folder.live / name

    def live_store(self, name: str) -> tuple[Release, Path]:
        """Return a release with the store that answers for it.

        Raises:
            MissingError: there is no such release.
            NotLiveError: it is kept as dumps only; the message says where they are.
        """
        release = self.get(name)
        store = self.store(name)
        if not store.is_dir():
            raise NotLiveError(
                f"Release {name} does not answer queries any more: the last {LIVE} do. Its dumps are "
                f"at /dumps/{name}/.",
                live=self.live(),
            )
        return release, store

    def renew_live(self, checkpoint: Path | None = None, of: str = "") -> list[str]:
        """Let just the newest releases answer live; return those whose store was made.

        ``checkpoint`` is the store of release ``of``, where it is at hand; other stores that are
        missing (after a restore) are loaded from the dumps.
        """
        wanted = [each.id for each in self.all()[:LIVE]]
        self.folder.live.mkdir(exist_ok=True)
        for entry in self.folder.live.iterdir():
            if entry.name not in wanted:
                shutil.rmtree(entry, ignore_errors=True)
        made = []
        for name in wanted:
            if self.store(name).is_dir():
                continue
            target = self.folder.live / f".{name}.new"
            shutil.rmtree(target, ignore_errors=True)
            if checkpoint is not None and name == of:
                link_folder(checkpoint, target)
            else:
                self._load_store(self.get(name), target)
            target.rename(self.store(name))
            made.append(name)
        return made

    def _load_store(self, release: Release, target: Path) -> None:
        path = self.place(release.id) / release.whole("nq").name
        with gzip.open(path) as file:
            store = ox.Store(str(target))
            store.bulk_load(input=cast(IO[bytes], file), format=ox.RdfFormat.N_QUADS)
            store.flush()

    def _names(self) -> list[str]:
        if not self.folder.releases.is_dir():
            return []
        return [each.name for each in self.folder.releases.iterdir() if _ID.fullmatch(each.name)]

    def _load(self, name: str) -> Release | None:
        path = self.place(name) / MANIFEST
        try:
            stamp = path.stat().st_mtime_ns
            if name not in self._read or self._read[name][0] != stamp:
                self._read[name] = (stamp, Release.from_json(json.loads(path.read_bytes())))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return self._read[name][1]


def link_folder(source: Path, target: Path) -> None:
    """Copy a checkpoint by hard links: its files never change.

    Raises:
        OSError: a file went away meanwhile.
    """
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_file():
            os.link(entry, target / entry.name)
    durable.sync_folder(target)
