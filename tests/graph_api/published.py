"""Data folders with published generations, and a running pool or application over one.

Written with the engine itself, as the builder writes them: a checkpoint per generation, and on
request a snapshot and deltas. Nothing here is faked; the processes are the real ones.
"""

import asyncio
import json
import os
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pyoxigraph as ox
from fastapi import FastAPI

from graph_api.errors import MaillonError
from graph_api.folder import DataFolder
from graph_api.services import QueryRequest
from graph_api.settings import Settings
from graph_api.web import make_app
from graph_api.workers.pool import WorkerPool

T = TypeVar("T")

POINT = "SELECT ?o { <http://e/s1> ?p ?o }"
CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
EVERYTHING = "SELECT * { ?s ?p ?o }"


def quad(subject: int, value: str = "", graph: str = "a") -> ox.Quad:
    """A statement about ``http://e/s{subject}``."""
    return ox.Quad(
        ox.NamedNode(f"http://e/s{subject}"),
        ox.NamedNode(f"http://e/p{subject % 7}"),
        ox.Literal(value or f"value {subject}"),
        ox.NamedNode(f"http://e/graph/{graph}"),
    )


def quads(count: int) -> list[ox.Quad]:
    """Statements in three graphs."""
    return [quad(number, graph="abc"[number % 3]) for number in range(count)]


class Publisher:
    """Writes generations into a data folder."""

    def __init__(self, data: Path, content: Iterable[ox.Quad]) -> None:
        self.folder = DataFolder(data)
        self.folder.init()
        self.store = ox.Store(str(data / "store"))
        self.store.extend(content)
        self.generation = 0

    def publish(
        self,
        *,
        snapshot: bool = False,
        added: Iterable[ox.Quad] = (),
        removed: Iterable[ox.Quad] = (),
        delta: bool = False,
    ) -> int:
        """Apply a change and publish the next generation; return its number."""
        self.generation += 1
        place = self.folder.generations / str(self.generation)
        added, removed = list(added), list(removed)
        for each in removed:
            self.store.remove(each)
        self.store.extend(added)
        if snapshot:
            self.store.dump(str(place.with_suffix(".nq")), ox.RdfFormat.N_QUADS)
        if delta:
            lines = [f"D {each} ." for each in removed] + [f"A {each} ." for each in added]
            place.with_suffix(".delta").write_text("".join(f"{line}\n" for line in lines))
        self.store.backup(str(place))
        current = {
            "generation": self.generation,
            "store": f"generations/{self.generation}",
            "snapshot": None,
            "delta": None,
            "quads": len(self.store),
            "index": "index/none",
        }
        temporary = self.folder.current.with_suffix(".new")
        temporary.write_text(json.dumps(current))
        temporary.replace(self.folder.current)
        return self.generation


class Loop:
    """An event loop that several calls share, as a pool and its clients do."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end, at most 30 seconds."""
        return self._runner.run(asyncio.wait_for(work, 30))

    def close(self) -> None:
        """Close the loop."""
        self._runner.close()


@dataclass
class Pool:
    """A running pool with its loop."""

    loop: Loop
    pool: WorkerPool

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end; if that takes too long, the error says what the pool was at."""
        try:
            return self.loop.run(work)
        except TimeoutError as error:
            processes = {pid: (comm(pid), state(pid)) for pid in descendants(os.getpid())}
            error.add_note(f"{self.pool.gauges()}\n{self.pool.outcomes}\n{processes}")
            raise


@contextmanager
def running_pool(settings: Settings, *, wait: bool = True) -> Iterator[Pool]:
    """A pool over ``settings.data``, all workers there; all its processes are gone after."""
    before = descendants(os.getpid())
    loop = Loop()
    pool = WorkerPool(settings)
    try:
        loop.run(pool.start())
        if wait:
            loop.run(until(lambda: _is_complete(pool, settings)))
        yield Pool(loop, pool)
    finally:
        loop.run(pool.stop())
        loop.close()
    assert {pid for pid in descendants(os.getpid()) - before if _group(pid) not in before} == set()


def _is_complete(pool: WorkerPool, settings: Settings) -> bool:
    """Whether all workers of the fast lane wait for queries: it is ready when the first one does."""
    return pool.ready and pool.gauges()["idle_workers", "fast"] == settings.query_workers


def _group(pid: int) -> int:
    """Return the process group: that of its zygote, for a worker. One of another pool may be new."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


@dataclass
class Site:
    """A running application with its loop, asked without a network."""

    loop: Loop
    app: FastAPI
    settings: Settings

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request."""
        return self.loop.run(self.arequest(method, path, **options))

    async def arequest(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request, on the loop."""
        transport = httpx.ASGITransport(self.app, client=options.pop("client", ("192.0.2.1", 1)))
        async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
            return await client.request(method, path, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Send a GET."""
        return self.request("GET", path, **options)

    def get_raw(self, path: str, query: str) -> httpx.Response:
        """Send a GET whose address is longer than httpx allows."""
        transport = httpx.ASGITransport(self.app)
        request = httpx.Request("GET", f"http://site.test{path}")

        async def send() -> httpx.Response:
            inner = self.app

            async def app(scope: Any, receive: Any, send: Any) -> None:
                await inner({**scope, "query_string": query.encode()}, receive, send)

            transport.app = app
            response = await transport.handle_async_request(request)
            await response.aread()
            return response

        return self.loop.run(send())


@contextmanager
def running_site(settings: Settings) -> Iterator[Site]:
    """The application over ``settings.data``, its workers ready."""
    loop = Loop()
    app = make_app(settings)
    lifespan = app.router.lifespan_context(app)
    try:
        loop.run(_enter(lifespan))
        loop.run(until(lambda: bool(app.state.services.queries.ready)))
        yield Site(loop, app, settings)
    finally:
        loop.run(lifespan.__aexit__(None, None, None))
        loop.close()


async def read(pool: WorkerPool, query: str, client: str = "a", **options: object) -> bytes:
    """Return the whole answer as CSV."""
    request = QueryRequest(query, "text/csv", client=client, **options)  # type: ignore[arg-type]
    return await (await pool.run(request)).read()


async def outcome(pool: WorkerPool, query: str, client: str = "a") -> MaillonError | bytes:
    """Return the whole answer, or the error that ended it."""
    try:
        return await read(pool, query, client)
    except MaillonError as error:
        return error


async def _enter(lifespan: Any) -> None:
    await lifespan.__aenter__()


async def until(condition: Any, seconds: float = 25.0) -> None:
    """Wait until ``condition()`` holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def descendants(pid: int) -> set[int]:
    """Return all processes below ``pid``, zombies too.

    From each process's parent: the kernel's lists of children leave some out while others end.
    """
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            status = (entry / "stat").read_text()
        except OSError:
            continue
        parent = int(status.rpartition(")")[2].split()[1])
        children.setdefault(parent, []).append(int(entry.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found


def named(name: str) -> list[int]:
    """Return the processes below this one that go by ``name``."""
    return named_below(os.getpid(), name)


def named_below(pid: int, name: str) -> list[int]:
    """Return the processes below ``pid`` that go by ``name``."""
    return [each for each in descendants(pid) if comm(each) == name]


def comm(pid: int) -> str:
    """Return the name ``ps`` shows, or nothing once the process is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def state(pid: int) -> str:
    """Return the letter ``ps`` shows, or nothing once the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def descriptors() -> int:
    """Return how many descriptors this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))
