"""Generations: what readers see. Each is complete before ``current.json`` names it.

``generations/{n}`` is a checkpoint of the store; ``{n}.nq`` a snapshot from which memory readers can
start, written by the first generation of a run and again when the deltas since got long;
``{n}.delta`` the way from generation n-1: lines ``D <quad>``, then ``A <quad>``.
"""

import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from graph_api import durable
from graph_api.errors import CannotRunError
from graph_api.folder import DataFolder
from graph_api.store.base import Delta, Store, StoreError
from graph_api.store.oxigraph import OxigraphView, quad_line

__all__ = ["BYTES_PER_QUAD", "Generation", "Generations", "open_current"]

BYTES_PER_QUAD = 420
"""What a quad takes in a memory reader (measured at a million quads)."""

_KEEP = 3
_TRIES = 3
_GRACE = 60.0  # seconds a superseded checkpoint stays: longer than the slow lane's deadline


@dataclass(frozen=True, slots=True)
class Generation:
    """What ``current.json`` says; paths are relative to the data folder."""

    generation: int
    store: str
    snapshot: str | None
    delta: str | None
    quads: int
    index: str
    hash: str | None = None
    inferred_from: int | None = None
    """The generation that its conclusions were computed from."""


class Generations:
    """Publishes, and removes what nobody reads any more."""

    def __init__(
        self, folder: DataFolder, reader_memory: int = 420_000_000, grace: float = _GRACE
    ) -> None:
        self._folder = folder
        self._reader_memory = reader_memory
        self._grace = grace
        self._chain: int | None = None  # delta lines since a snapshot of this run; None before one

    def current(self) -> Generation | None:
        """Return the published generation, or None before the first."""
        try:
            return Generation(**json.loads(self._folder.current.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def next_number(self) -> int:
        """Return the number the next generation will have."""
        current = self.current()
        return current.generation + 1 if current else 1

    def publish(
        self,
        store: Store,
        delta: Delta,
        index: str,
        digest: str | None,
        inferred_from: int | None = None,
    ) -> Generation:
        """Make the store's state the current generation.

        ``delta`` is what changed since the last generation; the first one of a run gets a snapshot
        instead, because a crash may have left changes that no delta tells of.
        """
        number = self.next_number()
        place = self._folder.generations / str(number)
        for left in (place, place.with_name(f"{number}.nq"), place.with_name(f"{number}.delta")):
            _remove(left)
        view = store.view()
        quads = len(view)
        lines = len(delta.added) + len(delta.removed)
        snapshot = delta_path = None
        if self._chain is not None:
            delta_path = place.with_name(f"{number}.delta")
            _write_lines(delta_path, _delta_lines(delta))
            self._chain += lines
        if quads * BYTES_PER_QUAD <= self._reader_memory and (
            self._chain is None or self._chain > quads // 2
        ):
            snapshot = place.with_name(f"{number}.nq")
            _write_lines(snapshot, sorted(view.lines()))
            self._chain = 0
        store.checkpoint(place)
        generation = Generation(
            generation=number,
            store=self._relative(place),
            snapshot=self._relative(snapshot) if snapshot else None,
            delta=self._relative(delta_path) if delta_path else None,
            quads=quads,
            index=index,
            hash=digest,
            inferred_from=inferred_from,
        )
        durable.write_json(self._folder.current, asdict(generation))
        self.sweep()
        return generation

    def sweep(self) -> None:
        """Remove checkpoints that crashed publications left, and old ones past their grace.

        Snapshots and deltas stay while a memory reader may need them to catch up.
        """
        current = self.current()
        newest = current.generation if current else 0
        places = [(n, p) for p in self._folder.generations.iterdir() if (n := _number(p))]
        snapshots = [n for n, p in places if p.suffix == ".nq" and n <= newest - _KEEP]
        chain_start = max(snapshots, default=0)
        for number, place in sorted(places):
            old = number <= newest - _KEEP and self._superseded(number) > self._grace
            if number > newest or (old and (place.is_dir() or number < chain_start)):
                _remove(place)

    def indexes_in_use(self) -> set[str]:
        """Return the index folders that the current generation names."""
        current = self.current()
        return {current.index} if current else set()

    def _superseded(self, number: int) -> float:
        try:
            since = (self._folder.generations / str(number + 1)).stat().st_ctime
        except FileNotFoundError:
            return float("inf")
        return time.time() - since

    def _relative(self, path: Path) -> str:
        return str(path.relative_to(self._folder.root))


def open_current(folder: DataFolder) -> OxigraphView:
    """Open the current generation for reading.

    Raises:
        CannotRunError: there is none yet, or it cannot be opened.
    """
    for _ in range(_TRIES):
        current = Generations(folder).current()
        if current is None:
            raise CannotRunError("nothing was built yet; run `maillon build`")
        try:
            return OxigraphView.open(folder.root / current.store)
        except StoreError as error:
            # It may have been replaced and removed since current.json was read.
            failure = error
    raise CannotRunError(f"{failure}; run `maillon build`")


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _number(path: Path) -> int | None:
    name = path.name.partition(".")[0]
    return int(name) if name.isascii() and name.isdigit() else None


def _delta_lines(delta: Delta) -> Iterable[str]:
    yield from (f"D {quad_line(quad)}" for quad in delta.removed)
    yield from (f"A {quad_line(quad)}" for quad in delta.added)


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    durable.write_bytes(path, "".join(f"{line}\n" for line in lines).encode())
