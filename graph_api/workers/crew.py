"""The workers at hand: how many per lane, of which generation, idle or not.

A new source (generation or kind of reader) is not used before each lane has a worker of it; then
all later queries go to it, so that nobody reads an older generation after a newer one.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine

from graph_api.settings import Settings
from graph_api.workers.jobs import Lane
from graph_api.workers.processes import WorkerHandle, WorkerLostError, ZygoteLostError
from graph_api.workers.readers import Source

__all__ = ["Crew"]

_QUERIES_PER_WORKER = 500
"""After so many a worker is replaced: it holds ever more memory of its own."""

_SLOW_NICENESS = 10
_RETRY_SECONDS = 0.2
_LOG = logging.getLogger("maillon.workers")


class Crew:
    """Keeps the lanes staffed. ``on_ready`` is called when a worker became free to take a query."""

    def __init__(
        self,
        settings: Settings,
        on_ready: Callable[[], None],
        on_failure: Callable[[Source], None],
    ) -> None:
        self.serving: Source | None = None
        self.forks = 0
        self._settings = settings
        self._on_ready = on_ready
        self._on_failure = on_failure
        self._target: Source | None = None
        self._sizes = {Lane.FAST: settings.query_workers, Lane.PAGES: settings.page_workers}
        self._lanes: dict[WorkerHandle, Lane] = {}
        self._sources: dict[WorkerHandle, Source] = {}
        self._idle: list[WorkerHandle] = []
        self._starting: Counter[tuple[Lane, Source]] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._stopped = False

    @property
    def generation(self) -> int:
        """The generation that queries are given to; 0 before the first."""
        return self.serving.generation if self.serving else 0

    def count(self, lane: Lane, *, idle: bool = False) -> int:
        """Return how many workers the lane has, or how many of them are idle."""
        workers = self._idle if idle else self._lanes
        return sum(self._lanes[worker] is lane for worker in workers)

    def starting(self, lane: Lane) -> int:
        """Return how many workers of the lane are being forked."""
        return sum(count for (where, _), count in self._starting.items() if where is lane)

    def use(self, source: Source) -> None:
        """Make workers of ``source`` and, once there are, serve from it."""
        self._target = source
        self.balance()

    def take(self, lane: Lane) -> WorkerHandle | None:
        """Return an idle worker of the lane, now the caller's, or None."""
        for worker in list(self._idle):
            if self._lanes[worker] is not lane or self._sources[worker] is not self.serving:
                continue
            if not worker.alive:
                self.discard(worker)
                continue
            self._idle.remove(worker)
            return worker
        return None

    def give_back(self, worker: WorkerHandle) -> None:
        """Take a worker back after its query; old ones and those of the slow lane are let go."""
        fresh = self._sources[worker] in (self.serving, self._target)
        used_up = worker.served >= _QUERIES_PER_WORKER
        if used_up or not fresh or self._lanes[worker] is Lane.SLOW:
            self.discard(worker)
        else:
            self._idle.append(worker)

    def move_to_slow(self, worker: WorkerHandle) -> bool:
        """Let a worker go on in the slow lane at low priority; False if there is no room.

        Or if it has been discarded: that its query is still to be told so does not bring it back.
        """
        if worker not in self._lanes or not self.has_slow_room():
            return False
        self._lanes[worker] = Lane.SLOW
        worker.zygote.renice(worker, _SLOW_NICENESS)
        self.balance()
        return True

    def has_slow_room(self) -> bool:
        """Return whether the slow lane may have another worker."""
        taken = self.count(Lane.SLOW) + self.starting(Lane.SLOW)
        return taken < self._settings.slow_workers

    def start_slow(self) -> None:
        """Fork a worker for the slow lane if there is room."""
        if self.serving is not None and self.has_slow_room() and not self._stopped:
            self._start(Lane.SLOW, self.serving)

    def dismiss_slow(self) -> None:
        """Let go of workers that wait in the slow lane for nothing."""
        for worker in [w for w in self._idle if self._lanes[w] is Lane.SLOW]:
            self.discard(worker)

    def discard(self, worker: WorkerHandle) -> None:
        """Kill a worker and, where its lane needs one, make another."""
        if self._lanes.pop(worker, None) is None:
            return
        del self._sources[worker]
        if worker in self._idle:
            self._idle.remove(worker)
        self._run(worker.close())
        self.balance()

    def balance(self) -> None:
        """Fork what is missing for the target."""
        source = self._target
        if source is None or self._stopped:
            return
        for lane, size in self._sizes.items():
            there = sum(
                self._lanes[worker] is lane and origin is source
                for worker, origin in self._sources.items()
            )
            for _ in range(size - there - self._starting[lane, source]):
                self._start(lane, source)

    async def stop(self) -> None:
        """Kill all workers and wait for them."""
        self._stopped = True
        if self._retry is not None:
            self._retry.cancel()
        for worker in list(self._lanes):
            self.discard(worker)
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _start(self, lane: Lane, source: Source) -> None:
        self._starting[lane, source] += 1
        self._run(self._fork(lane, source))

    async def _fork(self, lane: Lane, source: Source) -> None:
        try:
            worker = await source.zygote.fork(
                source.store, source.generation, self._settings.worker_memory
            )
        except (ZygoteLostError, WorkerLostError) as error:
            if not self._stopped and source is self._target:
                _LOG.warning("no worker for the %s lane: %s", lane.name.lower(), error)
                self._on_failure(source)
                self._balance_later()
            return
        finally:
            self._starting[lane, source] -= 1
            if not self._starting[lane, source]:
                del self._starting[lane, source]
        self.forks += 1
        self._lanes[worker] = lane
        self._sources[worker] = source
        self._idle.append(worker)
        if self._stopped or (lane is not Lane.SLOW and source is not self._target):
            self.discard(worker)
            return
        if lane is Lane.SLOW:
            worker.zygote.renice(worker, _SLOW_NICENESS)
        worker.exit_status.add_done_callback(lambda _: self._forget_dead(worker))
        self._switch()
        self._on_ready()

    def _switch(self) -> None:
        """Serve from the target once each lane has a worker of it; let idle old ones go."""
        target = self._target
        if target is None or self.serving is target:
            return
        staffed = {self._lanes[w] for w, source in self._sources.items() if source is target}
        if not staffed >= {lane for lane, size in self._sizes.items() if size}:
            return
        self.serving = target
        for worker in [w for w in self._idle if self._sources[w] is not target]:
            self.discard(worker)

    def _forget_dead(self, worker: WorkerHandle) -> None:
        if worker in self._idle:
            self.discard(worker)

    def _balance_later(self) -> None:
        if self._retry is None or self._retry.when() <= asyncio.get_running_loop().time():
            self._retry = asyncio.get_running_loop().call_later(_RETRY_SECONDS, self.balance)
