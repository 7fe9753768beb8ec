"""One query on its way: what was asked, the time it has, and the result as it comes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from graph_api.errors import MaillonError
from graph_api.workers.processes import WorkerHandle

__all__ = ["Job", "Lane", "ResultStream", "WorkerAnswer"]

_READ_AHEAD = 1_048_576  # bytes taken from a worker before the client has read them


class Lane(Enum):
    """Where a worker belongs, and which queue a query waits in."""

    FAST = auto()
    SLOW = auto()
    PAGES = auto()


class ResultStream:
    """Blocks between one writer (the worker's reader) and one reader (the client's response).

    The writer waits while more than 1 MB is unread: a small result frees its worker at once, a
    large one is paced by its client, in constant memory.
    """

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._error: MaillonError | None = None
        self._changed = asyncio.Event()
        self._blocked = 0.0
        self._blocked_since: float | None = None

    @property
    def blocked_seconds(self) -> float:
        """How long the writer has waited for the reader, in all."""
        if self._blocked_since is None:
            return self._blocked
        return self._blocked + asyncio.get_running_loop().time() - self._blocked_since

    async def put(self, block: bytes) -> None:
        """Add a block; return when there is room for the next."""
        self._blocks.append(block)
        self._size += len(block)
        self._changed.set()
        self._blocked_since = asyncio.get_running_loop().time()
        while self._size > _READ_AHEAD and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        self._blocked = self.blocked_seconds
        self._blocked_since = None

    def end(self, error: MaillonError | None = None) -> None:
        """Say that nothing follows; with ``error`` the reader is told after what is there."""
        if not self._ended:
            self._ended, self._error = True, error
            self._changed.set()

    def take_all(self) -> bytes | None:
        """Return all that is unread if nothing follows and nothing failed, else None."""
        if not self._ended or self._error is not None:
            return None
        whole = b"".join(self._blocks)
        self._blocks.clear()
        self._size = 0
        return whole

    async def get(self) -> bytes | None:
        """Return the next block, None at the end; raise the error the stream ended with."""
        while not self._blocks:
            if self._error is not None:
                raise self._error
            if self._ended:
                return None
            self._changed.clear()
            await self._changed.wait()
        block = self._blocks.popleft()
        self._size -= len(block)
        self._changed.set()
        return block


@dataclass(eq=False, slots=True)
class Job:
    """State of one query. Only the pool changes it. Times are on the event loop's clock."""

    request: dict[str, Any]
    client: str
    lane: Lane
    created: float
    head: asyncio.Future[dict[str, Any]]
    stream: ResultStream = field(default_factory=ResultStream)
    worker: WorkerHandle | None = None
    started: float = 0.0
    """When its present worker took it."""
    streaming: bool = False
    """Whether bytes went out: from then on it cannot be started again."""
    ending: MaillonError | Lane | None = None
    """Why its worker is being killed: the error to answer, or the lane to start again in."""
    restarts: int = 0
    """How often it was started again because its worker had been killed from outside."""
    finished: bool = False
    generation: int = 0
    counted: bool = True
    """Whether it counts towards its client's allowance."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)

    def finish(self, error: MaillonError | None = None) -> None:
        """Answer: the end of the result, or ``error`` as a refusal or (after bytes) a broken stream."""
        self.finished = True
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()
        if error is not None and not self.head.done():
            self.head.set_exception(error)
            self.head.exception()  # the client may be gone: nobody has to fetch it
        self.stream.end(error)


class WorkerAnswer:
    """An :class:`graph_api.services.Answer` that a worker is writing."""

    def __init__(self, job: Job, head: dict[str, Any], abandon: Callable[[Job], None]) -> None:
        self.media_type: str = head["media_type"]
        self.encoding: str = head["encoding"]
        self.generation = job.generation
        self._job = job
        self._abandon = abandon

    def whole(self) -> bytes | None:
        """Return the result if it is here to its end already, else None."""
        return self._job.stream.take_all()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the result; leaving early ends the worker.

        Raises:
            MaillonError: the worker died or passed a limit; what was yielded is incomplete.
        """
        try:
            while (block := await self._job.stream.get()) is not None:
                yield block
        finally:
            self._abandon(self._job)

    def close(self) -> None:
        """End the worker if it is still at it. For answers whose chunks are never read."""
        self._abandon(self._job)

    async def read(self) -> bytes:
        """Return the whole result. For our own queries, which are small."""
        return b"".join([block async for block in self.chunks()])
