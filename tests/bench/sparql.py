"""Measures the SPARQL service: ``python -m tests.bench.sparql [QUADS]``.

Prints one JSON line per measurement: the time until queries are answered, the latency of small and
heavy queries through the pool and over HTTP beside the bare engine in this process (calibration: read
the figures as ratios to it), and the memory that streaming a large result takes in the web process.
"""

import asyncio
import http.client
import json
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import uvicorn

from graph_api.services import QueryRequest
from graph_api.serving import open_listener
from graph_api.settings import Settings
from graph_api.web import make_app
from graph_api.workers.pool import WorkerPool
from tests.graph_api.published import Publisher, until

LABEL, PART, KIND = (ox.NamedNode(f"http://e/{name}") for name in ("label", "partOf", "kind"))
QUERIES = {
    "point": "SELECT * { <http://e/s77> ?p ?o }",
    "star": "SELECT * { ?s <http://e/kind> <http://e/k3> ; <http://e/label> ?l ; "
    "<http://e/partOf> ?w } LIMIT 20",
    "path": "SELECT * { <http://e/s4099> <http://e/partOf>* ?w }",
    "group": "SELECT ?k (COUNT(*) AS ?n) { ?s <http://e/kind> ?k } GROUP BY ?k",
    "rows": "SELECT * { ?s <http://e/label> ?l } LIMIT 10000",
}
STREAM = "SELECT * { ?s ?p ?o }"


def make_quads(count: int) -> list[ox.Quad]:
    """Entities with a label, a whole and a kind, in 50 graphs."""
    quads = []
    for number in range(count // 3):
        subject, graph = (ox.NamedNode(f"http://e/{n}") for n in (f"s{number}", f"g{number % 50}"))
        whole = ox.NamedNode(f"http://e/s{number // 8}")
        label = ox.Literal(f"entity number {number}", language="en")
        quads += [
            ox.Quad(subject, LABEL, label, graph),
            ox.Quad(subject, PART, whole, graph),
            ox.Quad(subject, KIND, ox.NamedNode(f"http://e/k{number % 40}"), graph),
        ]
    return quads


def tell(what: str, **values: object) -> None:
    """Print one measurement."""
    print(json.dumps({"what": what, **values}), flush=True)  # noqa: T201 - this is its purpose


def resident_bytes() -> int:
    """Return the memory this process has at this moment."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def milliseconds(times: list[float]) -> dict[str, float]:
    """Return median and 95th percentile."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return {"p50_ms": _ms(statistics.median(times)), "p95_ms": _ms(p95)}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def measure(work: Callable[[], object], repeat: int) -> dict[str, float]:
    """Time a call."""
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return milliseconds(times)


async def measure_async(work: Callable[[], Awaitable[object]], repeat: int) -> dict[str, float]:
    """Time a coroutine."""
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        await work()
        times.append(time.perf_counter() - started)
    return milliseconds(times)


def measure_engine(snapshot: Path, repeat: int) -> None:
    """The bare engine, in memory, in this process."""
    store = ox.Store()
    store.load(path=str(snapshot), format=ox.RdfFormat.N_QUADS)
    for name, query in QUERIES.items():

        def evaluate(query: str = query) -> object:
            result = store.query(query, use_default_graph_as_union=True)
            assert isinstance(result, ox.QuerySolutions)
            return result.serialize(format=ox.QueryResultsFormat.JSON)

        tell("engine in process", query=name, **measure(evaluate, repeat))


async def measure_pool(settings: Settings, repeat: int) -> None:
    """The pool without HTTP: start, both kinds of reader, a stream."""
    pool = WorkerPool(settings)
    started = time.perf_counter()
    await pool.start()
    await until(lambda: pool.ready, 60)
    tell("ready on checkpoints", seconds=round(time.perf_counter() - started, 3))
    try:
        if settings.reader_memory:
            await until(lambda: pool.reader_mode == "memory", 600)
            tell("memory readers", seconds=round(time.perf_counter() - started, 3))
            await asyncio.sleep(0.5)
        for name, query in QUERIES.items():

            async def ask(query: str = query) -> object:
                return await (await pool.run(QueryRequest(query))).read()

            tell(f"pool, {pool.reader_mode}", query=name, **(await measure_async(ask, repeat)))
        await measure_stream(pool)
    finally:
        await pool.stop()


async def measure_stream(pool: WorkerPool) -> None:
    """All quads as one result: throughput, and what it adds to this process."""
    before = most = resident_bytes()
    started = time.perf_counter()
    size = 0
    async for block in (await pool.run(QueryRequest(STREAM))).chunks():
        size += len(block)
        most = max(most, resident_bytes())
    seconds = time.perf_counter() - started
    tell(
        f"stream, {pool.reader_mode}",
        megabytes=round(size / 1e6),
        seconds=round(seconds, 2),
        more_memory_mb=round((most - before) / 1e6, 1),
    )


def measure_http(settings: Settings, repeat: int) -> None:
    """The whole service over HTTP: one client, then four."""
    listener = open_listener(settings)
    port = listener.getsockname()[1]
    app = make_app(settings)
    config = uvicorn.Config(app, loop="uvloop", http="httptools", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    while app.state.services.queries.reader_mode != "memory":
        time.sleep(0.01)
    time.sleep(0.5)

    def ask_many(query: str, count: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        times = []
        for _ in range(count):
            started = time.perf_counter()
            connection.request("GET", "/sparql?" + urlencode({"query": query}))
            connection.getresponse().read()
            times.append(time.perf_counter() - started)
        connection.close()
        return times

    for name, query in QUERIES.items():
        tell("HTTP, 1 client", query=name, **milliseconds(ask_many(query, repeat)))
    started = time.perf_counter()
    clients = [
        threading.Thread(target=ask_many, args=(QUERIES["point"], repeat * 5)) for _ in range(4)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    rate = 4 * repeat * 5 / (time.perf_counter() - started)
    tell("HTTP, 4 clients (threads of this process)", query="point", per_second=round(rate))
    server.should_exit = True
    thread.join()


def main(argv: list[str]) -> None:
    """Measure everything on a graph of ``argv[1]`` quads (100,000)."""
    count = int(argv[1]) if len(argv) > 1 else 100_000
    repeat = 200
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        publisher = Publisher(data, make_quads(count))
        publisher.publish(snapshot=True)
        tell("graph", quads=len(publisher.store))
        measure_engine(data / "generations" / "1.nq", repeat)
        settings = Settings(data=data, port=0, slow_seconds=300, reader_memory=10**10)
        asyncio.run(measure_pool(settings, repeat))
        on_disk = Settings(data=data, slow_seconds=300, reader_memory=0)
        asyncio.run(measure_pool(on_disk, repeat))
        measure_http(settings, repeat)


if __name__ == "__main__":
    main(sys.argv)
