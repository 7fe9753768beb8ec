"""Makes a release of the current generation: dumps, checksums, manifest, and its live store.

Nothing of it holds the builder up: the generation's checkpoint is linked first, and all the rest is
read from that. What is under way lies in a hidden folder; a release is there as a whole or not at all.
"""

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from graph_api import durable
from graph_api.builder.generations import Generation, Generations
from graph_api.errors import BadInputError, CannotRunError
from graph_api.folder import DataFolder
from graph_api.releases.dumps import FORMATS, Format, graph_quads, write_quads
from graph_api.releases.shelf import MANIFEST, DumpFile, GraphSize, Release, Shelf, link_folder
from graph_api.settings import Settings
from graph_api.store.canonical import canonical_hash
from graph_api.store.oxigraph import OxigraphView
from ontology.iris import Iris

__all__ = ["graph_slug", "make_release", "write_files"]

Told = Callable[[dict[str, object]], None]

_BYTES_PER_QUAD = 150  # what the files of a release take at most, all syntaxes, whole and by graph
_TRIES = 3
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def make_release(
    folder: DataFolder, settings: Settings, note: str = "", progress: Told = lambda _: None
) -> Release:
    """Keep the current generation as a release, and return it.

    Raises:
        CannotRunError: nothing was built yet, the disk is nearly full, or another release is
            under way.
        BadInputError: the newest release is this very generation.
    """
    shelf = Shelf(folder)
    iris = Iris(settings.base)
    with folder.lock_releases():
        current, work = _link_current(folder)
        try:
            view = OxigraphView.open(work / "store")
            digest = canonical_hash(view, iris)
            newest = next(iter(shelf.all()), None)
            if newest is not None and newest.hash == digest and not newest.withheld:
                raise BadInputError(f"nothing changed since release {newest.id}")
            _check_room(folder, settings, len(view) * _BYTES_PER_QUAD)
            now = datetime.now(UTC).replace(microsecond=0)
            release = Release(
                id=_new_id(shelf, now),
                issued=now.isoformat(),
                generation=current.generation,
                quads=len(view),
                hash=digest,
                base=settings.base,
                previous=newest.id if newest else None,
                note=note,
                software=f"maillon {version('maillon')}",
            )
            target = work / "files"
            target.mkdir()
            release = write_files(view.engine, release, target, settings, progress)
            target.rename(shelf.place(release.id))
            durable.sync_folder(folder.releases)
            shelf.renew_live(work / "store", release.id)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return release


def write_files(
    store: ox.Store, release: Release, target: Path, settings: Settings, progress: Told
) -> Release:
    """Write dumps, ``SHA256SUMS`` and manifest into ``target``; return the release with its files."""
    (target / "graphs").mkdir()
    graphs = sorted(node.value for node in store.named_graphs() if isinstance(node, ox.NamedNode))
    sizes: list[GraphSize] = []
    files: list[DumpFile] = []
    names: set[str] = set()
    total = (len(graphs) + 1) * len(FORMATS)
    for graph in graphs:
        quads = graph_quads(store, graph)
        if not quads:
            continue
        sizes.append(GraphSize(graph, len(quads)))
        slug = graph_slug(graph, release.base, names)
        for form in FORMATS.values():
            name = f"graphs/{slug}.{form.extension}.gz"
            files.append(_dump(target, name, form, graph, quads, release.base))
        progress({"event": "dump", "done": len(files), "total": total})
    for form in FORMATS.values():
        name = f"maillon-{release.id}.{form.extension}.gz"
        everything = (quad for size in sizes for quad in graph_quads(store, size.iri))
        files.append(_dump(target, name, form, None, everything, release.base))
        progress({"event": "dump", "done": len(files), "total": total})
        _check_room(DataFolder(settings.data), settings, 0)
    files.sort(key=lambda each: (each.graph is not None, each.name))
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in files)
    durable.write_bytes(target / "SHA256SUMS", sums.encode())
    release = replace(release, graphs=tuple(sizes), files=tuple(files))
    text = json.dumps(release.to_json(), ensure_ascii=False, indent=1)
    durable.write_bytes(target / MANIFEST, text.encode() + b"\n")
    return release


def graph_slug(graph: str, base: str, taken: set[str]) -> str:
    """Return a file name for a graph, unlike all in ``taken``, and add it there."""
    slug = _UNSAFE.sub("_", graph.removeprefix(f"{base}/graph/")).strip("._")[:150] or "graph"
    unique, number = slug, 2
    while unique in taken:
        unique, number = f"{slug}-{number}", number + 1
    taken.add(unique)
    return unique


@dataclass(slots=True)
class _Summed:
    """A file that is written and hashed at once."""

    file: IO[bytes]
    digest: "hashlib._Hash"

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


@contextmanager
def _packed(path: Path, digest: "hashlib._Hash") -> Iterator[IO[bytes]]:
    """A gzip file without name and time, so that the same content gives the same bytes."""
    with (
        path.open("xb") as raw,
        gzip.GzipFile("", "wb", 6, _Summed(raw, digest), mtime=0) as packed,
    ):
        yield cast(IO[bytes], packed)


def _dump(
    target: Path,
    name: str,
    form: Format,
    graph: str | None,
    quads: Iterator[ox.Quad] | list[ox.Quad],
    base: str,
) -> DumpFile:
    digest = hashlib.sha256()
    path = target / name
    with _packed(path, digest) as packed:
        write_quads(quads, form, packed, base)
    return DumpFile(name, form.media_type, graph, path.stat().st_size, digest.hexdigest())


def _link_current(folder: DataFolder) -> tuple[Generation, Path]:
    """Link the current generation's checkpoint into a work folder; return both."""
    folder.releases.mkdir(exist_ok=True)
    work = folder.releases / ".work"
    for _ in range(_TRIES):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        current = Generations(folder).current()
        if current is None:
            raise CannotRunError("nothing was built yet; run `maillon build`")
        try:
            link_folder(folder.root / current.store, work / "store")
        except FileNotFoundError:
            continue  # it was superseded and removed meanwhile
        return current, work
    raise CannotRunError("the current generation cannot be read; run `maillon build`")


def _new_id(shelf: Shelf, now: datetime) -> str:
    day = now.date().isoformat()
    taken = {each.id for each in shelf.all()}
    number = 2
    name = day
    while name in taken:
        name, number = f"{day}.{number}", number + 1
    return name


def _check_room(folder: DataFolder, settings: Settings, needed: int) -> None:
    free = shutil.disk_usage(folder.root).free
    if free - needed < settings.disk_reserve:
        raise CannotRunError(
            f"the disk has {free // 1_000_000} MB free; a release would leave less than "
            f"{settings.disk_reserve // 1_000_000} MB (MAILLON_DISK_RESERVE)"
        )
