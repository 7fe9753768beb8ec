"""The pool: gives queries to workers, watches their time, answers for those that die.

All state changes on the event loop, in this class. A query waits in a queue that is fair to clients.
In the *fast lane* it holds a worker as long as nobody waits for it, at most ``fast_seconds``; then it
goes on in the *slow lane*, with its worker if there is room. If there is none and nothing was sent
yet, its worker is killed and it waits for its turn there: a query has no side effects, starting it
again costs time only. ``slow_seconds`` after it came it ends, wherever it is. The last idle worker of
the fast lane is kept for others than those whose queries last, as long as there are others. Our own
pages have workers of their own, and may use idle ones of the fast lane.
"""

import asyncio
import contextlib
import ctypes
import signal
from collections import Counter

from graph_api.errors import BusyError, DeadlineError, EngineDownError, MaillonError
from graph_api.services import QueryRequest, Row
from graph_api.settings import Settings
from graph_api.sparql.negotiation import choose_for
from graph_api.sparql.tokens import Query, check_query
from graph_api.workers.crew import Crew
from graph_api.workers.endings import AbandonedError, explain_death, explain_error
from graph_api.workers.frames import Kind, decode_json
from graph_api.workers.jobs import Job, Lane, WorkerAnswer
from graph_api.workers.processes import WorkerHandle, WorkerLostError
from graph_api.workers.queueing import FairQueue, Presence
from graph_api.workers.readers import Readers, Source
from graph_api.workers.rows import parse_boolean, parse_rows

__all__ = ["WorkerPool"]

_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37
_CHECK_ELSEWHERE = 8_192  # code points from which checking a query would hold up the event loop
_PARSE_ELSEWHERE = 262_144  # bytes, the same for results
_LONGEST_STREAM = 20  # times slow_seconds: what a slow but steady reader is given at most
_GENERATION_SECONDS = 5.0
_RESTARTS = 3  # as many as there are workers: somebody may have killed them all at once
_SHARE = 0.25  # of fast_seconds: what a query has of the fast lane when others wait
_SMALL_SHARE = 0.05  # when they have nothing running and its client has several queries under way
_PRESENCE_SECONDS = 10.0  # how long one who asked is expected to ask again


class WorkerPool:
    """The :class:`graph_api.services.QueryService` over processes of this machine."""

    def __init__(self, settings: Settings) -> None:
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self._settings = settings
        self._queues: dict[Lane, FairQueue[Job]] = {lane: FairQueue() for lane in Lane}
        self._running: set[Job] = set()
        self._clients: Counter[str] = Counter()
        self._presence = Presence(_PRESENCE_SECONDS)
        self._costly = Presence(_PRESENCE_SECONDS)  # whose queries cost a worker lately
        self._tasks: set[asyncio.Task[None]] = set()
        self._readers = Readers(settings, self._use)
        self._crew = Crew(settings, self._dispatch, self._readers.invalidate)
        self._switched = asyncio.Event()
        self._adopts = False
        self._stopped = False

    async def start(self) -> None:
        """Start the zygote; returns before there are workers (see ``ready``)."""
        # Workers whose zygote was killed become children of this process, which then reaps them.
        self._adopts = _adopt_orphans()
        await self._readers.start()

    async def stop(self) -> None:
        """End all queries and processes."""
        self._stopped = True
        error = EngineDownError("The service is stopping.", retry_after=5)
        for queue in self._queues.values():
            while queue:
                self._finish(queue.pop(), error)
        for job in list(self._running):
            self._end(job, error)
        await self._crew.stop()
        await self._readers.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._adopts:  # none of ours is left, and orphans of others would never be reaped
            _adopt_orphans(False)

    @property
    def generation(self) -> int:
        """The newest generation that workers serve; 0 before the first."""
        return self._crew.generation

    @property
    def ready(self) -> bool:
        """Whether a query would be answered now."""
        return self._crew.serving is not None and self._crew.count(Lane.FAST) > 0

    @property
    def reader_mode(self) -> str:
        """``memory``, ``checkpoint`` or ``none``."""
        return self._readers.mode

    def gauges(self) -> dict[tuple[str, str], int]:
        """Return (name, lane) → value: workers, idle workers, waiting queries; forks and respawns.

        ``memory_readers`` is 1 while queries are answered from memory, 0 while from a checkpoint.
        """
        values = {("forks", ""): self._crew.forks, ("respawns", ""): self._readers.respawns}
        values["memory_readers", ""] = int(self._readers.mode == "memory")
        for lane in Lane:
            name = lane.name.lower()
            values["workers", name] = self._crew.count(lane)
            values["idle_workers", name] = self._crew.count(lane, idle=True)
            values["waiting", name] = len(self._queues[lane])
        return values

    async def run(self, request: QueryRequest) -> WorkerAnswer:
        """Return once the first bytes are there. See :class:`graph_api.services.QueryService`."""
        query = await self._check(request.query)
        media_type = choose_for(query.form, request.accept)
        await self._await_generation(request.min_generation)
        job = self._admit(request, query, media_type)
        self._dispatch()
        try:
            head = await job.head
        except asyncio.CancelledError:
            self.abandon(job)
            raise
        return WorkerAnswer(job, head, self.abandon)

    async def select(self, query: str) -> list[Row]:
        """Run a SELECT of ours in the reserved lane and return all rows."""
        data = await (await self.run(QueryRequest(query, pages=True))).read()
        if len(data) > _PARSE_ELSEWHERE:
            return await asyncio.to_thread(parse_rows, data)
        return parse_rows(data)

    async def ask(self, query: str) -> bool:
        """Run an ASK of ours in the reserved lane."""
        return parse_boolean(await (await self.run(QueryRequest(query, pages=True))).read())

    def abandon(self, job: Job) -> None:
        """Stop working on a query whose client has left."""
        if not job.finished:
            self._end(job, AbandonedError("The client left."))

    async def _check(self, text: str) -> Query:
        limits = {
            "max_bytes": self._settings.query_bytes,
            "max_nesting": self._settings.query_nesting,
        }
        if len(text) > _CHECK_ELSEWHERE:
            return await asyncio.to_thread(check_query, text, **limits)
        return check_query(text, **limits)

    async def _await_generation(self, wanted: int) -> None:
        if wanted <= self.generation:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GENERATION_SECONDS):
                await self._readers.refresh()
                while wanted > self.generation:
                    self._switched.clear()
                    await self._switched.wait()
        if wanted > self.generation:
            raise BusyError(
                f"Generation {wanted} is not here yet, {self.generation} is.", retry_after=1
            )

    def _admit(self, request: QueryRequest, query: Query, media_type: str) -> Job:
        """Queue the query, or raise what keeps it out."""
        lane = Lane.PAGES if request.pages else Lane.FAST
        if self._stopped or (self._crew.serving is None and not self._readers.published):
            raise EngineDownError("There is no graph to query yet.", retry_after=5)
        waiting = len(self._queues[lane])
        if waiting >= self._settings.queue_length:
            self.outcomes[lane.name.lower(), "busy"] += 1
            raise BusyError(
                f"{waiting} queries are waiting for a worker; {self._settings.queue_length} is the limit "
                "of the queue. Come back after the seconds that Retry-After names. Queries with more "
                "specific patterns or a LIMIT leave the queue sooner.",
                limit=self._settings.queue_length,
                reached=waiting,
                retry_after=self._retry_after(waiting),
            )
        allowed = self._settings.queue_per_client
        if not request.pages and self._clients[request.client] >= allowed:
            self.outcomes[lane.name.lower(), "busy"] += 1
            raise BusyError(
                f"You have {self._clients[request.client]} queries under way; {allowed} is the limit for "
                "one client. Wait until some have ended, narrow them with more specific patterns or a "
                "LIMIT, or ask for several things in one query (VALUES).",
                limit=allowed,
                reached=self._clients[request.client],
                retry_after=self._retry_after(allowed),
            )
        loop = asyncio.get_running_loop()
        job = Job(
            self._describe(request, query, media_type),
            request.client,
            lane,
            loop.time(),
            loop.create_future(),
            counted=not request.pages,
        )
        seconds = self._settings.page_seconds if request.pages else self._settings.slow_seconds
        job.timers.append(loop.call_later(seconds, self._expire, job, seconds))
        if job.counted:
            self._clients[request.client] += 1
            self._presence.note(request.client, job.created)
        self._queues[lane].push(job.client, job)
        return job

    def _describe(self, request: QueryRequest, query: Query, media_type: str) -> dict[str, object]:
        """Return the request as a worker reads it."""
        dataset = None
        if request.default_graphs or request.named_graphs:
            dataset = {
                "default": list(request.default_graphs),
                "named": list(request.named_graphs),
            }
        return {
            "query": request.evaluated or query.text,
            "store": request.store,
            "base": f"{self._settings.base}/",
            "media_type": media_type,
            "gzip": request.gzip,
            "dataset": dataset,
            "union": self._settings.union_default_graph and not query.has_dataset,
            "hidden": [f"{self._settings.base}/graph/mappings"],
            "limit": self._settings.result_bytes,
            "alarm": self._settings.slow_seconds * _LONGEST_STREAM + 5,
        }

    def _retry_after(self, waiting: int) -> int:
        share = self._settings.fast_seconds / max(1, self._settings.query_workers)
        return max(1, round(waiting * share))

    def _use(self, source: Source) -> None:
        self._crew.use(source)

    def _dispatch(self) -> None:
        """Give waiting queries to idle workers, page queries first; make room for the others."""
        self._switched.set()
        self._fill(Lane.PAGES, Lane.PAGES)
        self._fill(Lane.FAST, Lane.FAST)
        self._fill(Lane.PAGES, Lane.FAST)
        self._fill(Lane.SLOW, Lane.SLOW)
        self._relieve()
        if not self._queues[Lane.SLOW]:
            self._crew.dismiss_slow()
        else:
            self._crew.start_slow()
            for job in [job for job in self._running if job.lane is Lane.SLOW]:
                if self._age(job) >= self._settings.slow_seconds:
                    self._expire(job, self._settings.slow_seconds)

    def _fill(self, queue: Lane, lane: Lane) -> None:
        loop = asyncio.get_running_loop()
        while self._queues[queue]:
            barred = self._barred() if queue is Lane.FAST else set()
            if self._queues[queue].clients() <= barred or not (worker := self._crew.take(lane)):
                return
            job = self._queues[queue].pop(barred)
            job.worker, job.started, job.generation = worker, loop.time(), self._crew.generation
            if job.lane is Lane.FAST:
                fast = self._settings.fast_seconds
                for share in (_SMALL_SHARE, _SHARE):
                    job.timers.append(loop.call_later(fast * share, self._relieve))
                job.timers.append(loop.call_later(fast, self._slow_down, job))
            self._running.add(job)
            task = loop.create_task(self._serve(job, worker))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _barred(self) -> set[str]:
        """Return the clients who may not have the last idle worker of the fast lane.

        Those with a query that has had its small share, or that cost a worker lately (its client left,
        it passed a limit), while others are about: these would have to wait for a worker each time,
        however short their queries are.
        """
        if self._settings.query_workers < 2 or self._crew.count(Lane.FAST, idle=True) > 1:
            return set()
        now = asyncio.get_running_loop().time()
        share = self._settings.fast_seconds * _SMALL_SHARE
        lasting = {j.client for j in self._running if j.counted and now - j.started >= share}
        lasting |= self._queues[Lane.SLOW].clients() | self._costly.recent(now)
        return {client for client in lasting if not self._presence.is_alone(client, now)}

    def _relieve(self) -> None:
        """Where queries wait for the fast lane, let those make way that had their share of it."""
        fast = [job for job in self._running if job.lane is Lane.FAST]
        leaving = sum(job.ending is not None for job in fast)
        wanted = len(self._queues[Lane.FAST]) - leaving - self._crew.starting(Lane.FAST)
        now = asyncio.get_running_loop().time()
        newcomer = self._queues[Lane.FAST].clients() - {job.client for job in fast}
        for job in sorted(fast, key=lambda job: job.started):
            hogging = newcomer and self._clients[job.client] > 1
            share = self._settings.fast_seconds * (_SMALL_SHARE if hogging else _SHARE)
            if wanted > 0 and now - job.started >= share:
                wanted -= self._make_way(job, now)

    def _make_way(self, job: Job, now: float) -> bool:
        if job.worker is None or job.ending is not None:
            return False
        if self._slow_down(job):
            return True
        if not job.streaming:
            job.ending = Lane.SLOW
            job.worker.kill()
            return True
        if now - job.started >= self._settings.fast_seconds:
            self._end(job, BusyError("The slow lane is full: the result was cut.", retry_after=10))
            return True
        return False

    def _slow_down(self, job: Job) -> bool:
        """Move a running query and its worker to the slow lane if there is room."""
        if job.worker is None or job.lane is not Lane.FAST or job.ending is not None:
            return False
        if not self._crew.move_to_slow(job.worker):
            return False
        job.lane = Lane.SLOW
        return True

    def _age(self, job: Job) -> float:
        return asyncio.get_running_loop().time() - job.created

    def _expire(self, job: Job, seconds: float) -> None:
        """End a query at its deadline.

        The time a worker waited for its client to read does not count, unless others wait.
        """
        if job.finished or isinstance(job.ending, MaillonError):
            return
        age = self._age(job)
        granted = 0.0 if self._queues[Lane.SLOW] else job.stream.blocked_seconds
        left = min(seconds + granted, seconds * _LONGEST_STREAM) - age
        if left > 0:
            loop = asyncio.get_running_loop()
            job.timers.append(loop.call_later(max(left, _SHARE), self._expire, job, seconds))
            return
        self._end(
            job,
            DeadlineError(
                f"The query was stopped after {age:.1f} seconds; {seconds:g} is the limit. Narrow it "
                "with more specific patterns or a LIMIT, or use a dump.",
                limit=seconds,
                reached=round(age, 1),
            ),
        )

    def _end(self, job: Job, error: MaillonError) -> None:
        """End a query, wherever it is, with ``error``."""
        if job.worker is None:
            self._queues[job.lane].remove(job.client, job)
            self._finish(job, error)
            return
        job.ending = error
        if job.head.done():
            job.stream.end(error)
        job.worker.kill()

    async def _serve(self, job: Job, worker: WorkerHandle) -> None:
        """Carry one query from its worker to its stream."""
        worker.send(job.request)
        try:
            error = await self._receive(job, worker)
        except WorkerLostError:
            self._crew.discard(worker)
            await self._recover(job, worker)
        else:
            if job.ending is None:
                self._crew.give_back(worker)
            else:
                self._note_cost(job)
                self._crew.discard(worker)
            self._finish(job, error)
        self._dispatch()

    def _note_cost(self, job: Job) -> None:
        """Remember whose query cost a worker: until there is another, there is one less."""
        if job.counted:
            self._costly.note(job.client, asyncio.get_running_loop().time())

    async def _recover(self, job: Job, worker: WorkerHandle) -> None:
        """Decide what becomes of a query whose worker is dead: start again, or tell why not."""
        code = None if job.ending else await worker.exit_code()
        if job.ending is not None:
            self._note_cost(job)
        if isinstance(job.ending, Lane):
            self._requeue(job, job.ending)
        elif job.ending is not None:
            self._finish(job, job.ending)
        elif code in (None, -signal.SIGKILL) and not job.streaming and job.restarts < _RESTARTS:
            # Somebody else killed it, perhaps before it had begun: not the query's fault.
            job.restarts += 1
            self._requeue(job, job.lane)
        else:
            self._note_cost(job)
            self._finish(job, explain_death(code, self._settings))

    async def _receive(self, job: Job, worker: WorkerHandle) -> MaillonError | None:
        while True:
            kind, payload = await worker.read_frame()
            match kind:
                case Kind.HEAD:
                    job.streaming = True
                    if not job.head.done():
                        job.head.set_result(decode_json(payload))
                case Kind.DATA:
                    await job.stream.put(payload)
                case Kind.ERROR:
                    return explain_error(decode_json(payload), self._settings)
                case _:
                    return None

    def _requeue(self, job: Job, lane: Lane) -> None:
        self._running.discard(job)
        job.worker, job.ending, job.lane = None, None, lane
        self._queues[lane].push(job.client, job)

    def _finish(self, job: Job, error: MaillonError | None) -> None:
        if job.finished:
            return
        self._running.discard(job)
        self.outcomes[job.lane.name.lower(), error.problem if error else "done"] += 1
        if job.counted:
            self._clients[job.client] -= 1
            if not self._clients[job.client]:
                del self._clients[job.client]
        job.finish(error)


def _adopt_orphans(adopt: bool = True) -> bool:
    """Let processes that lose their parent below this one become its children; whether that is a change."""
    prctl, adopts = ctypes.CDLL(None).prctl, ctypes.c_int()
    prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(adopts), 0, 0, 0)
    prctl(_PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)
    return bool(adopts.value) != adopt
