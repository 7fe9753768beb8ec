"""Which generation is read, and from which zygote: checkpoints at once, memory when it is loaded.

``DATA/generations/current.json`` says what is published. A *checkpoint* zygote always runs, it costs
a few MB. A *memory* zygote runs while the graph fits ``reader_memory``; it is loaded from the last
snapshot that an unbroken chain of deltas leads from, and then follows the deltas. Whenever it cannot
follow, checkpoints serve, and a fresh one is loaded beside them.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph_api.settings import Settings
from graph_api.workers.processes import ZygoteHandle, ZygoteLostError

__all__ = ["Published", "Readers", "Source", "find_snapshot", "read_published"]

_BYTES_PER_QUAD = 420
_POLL_SECONDS = 0.25
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.05, 5.0
_LOG = logging.getLogger("maillon.readers")


@dataclass(frozen=True, slots=True)
class Published:
    """What the web process uses of ``current.json``."""

    generation: int
    store: Path
    quads: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where new workers come from; ``store`` is None for memory readers."""

    generation: int
    zygote: ZygoteHandle
    store: Path | None


def read_published(data: Path) -> Published | None:
    """Return what is published, or None before the first generation.

    Raises:
        ValueError: the file is not what the builder writes.
    """
    try:
        value = json.loads((data / "generations" / "current.json").read_bytes())
        return Published(int(value["generation"]), data / value["store"], int(value["quads"]))
    except FileNotFoundError:
        return None
    except (KeyError, TypeError) as error:
        raise ValueError(f"current.json: {error!r}") from error


def find_snapshot(folder: Path, generation: int, loaded: int = 0) -> int | None:
    """Return the newest snapshot from which deltas lead to ``generation``, 0 for "go on from loaded".

    None if there is no way.
    """
    for number in range(generation, 0, -1):
        if number == loaded:
            return 0
        if (folder / f"{number}.nq").is_file():
            return number
        if not (folder / f"{number}.delta").is_file():
            return None
    return None


class Readers:
    """Keeps the zygotes and says which one new workers come from.

    ``on_source`` is called with each new :class:`Source`, on the event loop.
    """

    def __init__(self, settings: Settings, on_source: Callable[[Source], None]) -> None:
        self.respawns = 0
        self.mode = "none"
        self._settings = settings
        self._folder = settings.data / "generations"
        self._on_source = on_source
        self._published: Published | None = None
        self._stamp: tuple[int, int] | None = None
        self._checkpoint: ZygoteHandle | None = None
        self._memory: ZygoteHandle | None = None
        self._memory_generation = 0
        self._loading: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._useless = 0
        self._refreshing = asyncio.Lock()

    @property
    def published(self) -> bool:
        """Whether there is a generation to read."""
        return self._published is not None

    async def start(self) -> None:
        """Start the checkpoint zygote and look at what is published from now on."""
        self._respawn()
        await self.refresh()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End all zygotes, and with them all workers."""
        self._stopped = True
        for task in (self._watching, self._loading):
            if task is not None:
                task.cancel()
        for zygote in (self._checkpoint, self._memory):
            if zygote is not None:
                await zygote.close()
        await asyncio.gather(
            *(t for t in (self._watching, self._loading, *self._closing) if t),
            return_exceptions=True,
        )

    async def refresh(self) -> None:
        """Look whether something new is published, and switch to it."""
        async with self._refreshing:
            await self._refresh()

    async def _refresh(self) -> None:
        path = self._folder / "current.json"
        try:
            status = path.stat()
        except FileNotFoundError:
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._stamp:
            return
        try:
            published = read_published(self._settings.data)
        except ValueError as error:
            _LOG.error("the generation cannot be read: %s", error)
            return
        self._stamp = stamp
        if published is None or published == self._published:
            return
        self._published = published
        await self._follow()

    def invalidate(self, source: Source) -> None:
        """Say that no worker could be made from ``source``.

        From memory, checkpoints serve instead. A checkpoint may have been removed since: what is
        published is read again at the next look, which also keeps a broken one from being tried
        without a pause.
        """
        if self._memory is source.zygote:
            self._discard_memory()
            self._fall_back()
        elif self._checkpoint is source.zygote:
            self._stamp = self._published = None

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            await self.refresh()

    async def _follow(self) -> None:
        """Serve what is published: by delta from memory if possible, else from its checkpoint."""
        published = self._published
        if published is None:
            return
        if self._memory is not None and self._loading is None:
            if find_snapshot(self._folder, published.generation, self._memory_generation) == 0:
                try:
                    await self._memory.load(self._folder, None, published.generation)
                except ZygoteLostError as error:
                    _LOG.warning("memory readers cannot follow: %s", error)
                else:
                    self._memory_generation = published.generation
                    self._offer(Source(published.generation, self._memory, None))
                    return
            self._discard_memory()
        self._offer_checkpoint(published)
        self._start_loading()

    def _offer(self, source: Source) -> None:
        self.mode = "checkpoint" if source.store else "memory"
        self._on_source(source)

    def _offer_checkpoint(self, published: Published) -> None:
        if self._checkpoint is not None and self._checkpoint.alive:
            self._offer(Source(published.generation, self._checkpoint, published.store))

    def _start_loading(self) -> None:
        published = self._published
        if (
            published is None
            or self._stopped
            or self._loading is not None
            or published.quads * _BYTES_PER_QUAD > self._settings.reader_memory
            or not find_snapshot(self._folder, published.generation)
        ):
            return
        self._loading = asyncio.create_task(self._load_memory())

    async def _load_memory(self) -> None:
        """Load a fresh memory zygote; follow what is published meanwhile; then take over."""
        zygote = ZygoteHandle(self._lost)
        generation = 0
        try:
            while self._published is not None and generation != self._published.generation:
                target = self._published.generation
                snapshot = find_snapshot(self._folder, target, generation)
                if snapshot is None:
                    raise ZygoteLostError(f"no chain of deltas leads to generation {target}")
                await zygote.load(self._folder, snapshot or None, target)
                generation = target
        except (ZygoteLostError, asyncio.CancelledError) as error:
            _LOG.warning("memory readers not loaded: %s", error)
            await zygote.close()
            return
        finally:
            self._loading = None
        self._memory, self._memory_generation = zygote, generation
        _LOG.info("memory readers take over at generation %s", generation)
        self._offer(Source(generation, zygote, None))

    def _discard_memory(self) -> None:
        zygote, self._memory = self._memory, None
        if zygote is not None:
            zygote.retire()  # its workers may still be answering

    def _lost(self, zygote: ZygoteHandle) -> None:
        """Collect a zygote that ended; replace it if it was in use."""
        task = asyncio.create_task(zygote.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        if self._stopped or zygote not in (self._checkpoint, self._memory):
            return
        self.respawns += 1
        _LOG.warning("zygote %s died, starting another", zygote.pid)
        if zygote is self._memory:
            self._memory = None
            self._fall_back()
        else:
            self._checkpoint = None
            # One that never forked a worker may be broken from the start: not without a pause.
            self._useless = 0 if zygote.useful else self._useless + 1
            pause = min(_PAUSE_SECONDS * (2**self._useless - 1), _LONGEST_PAUSE_SECONDS)
            asyncio.get_running_loop().call_later(pause, self._respawn)

    def _respawn(self) -> None:
        if not self._stopped:
            self._checkpoint = ZygoteHandle(self._lost)
            if self._memory is None:
                self._fall_back()

    def _fall_back(self) -> None:
        if self._published is not None:
            self._offer_checkpoint(self._published)
            self._start_loading()
