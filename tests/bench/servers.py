"""The servers that are measured side by side, each over the same N-Quads file.

Ours twice (readers in memory, readers on checkpoints), the engine's own server twice (memory, disk),
Apache Jena Fuseki over TDB2, and rdflib-endpoint over its Oxigraph store. The others are no part of
the product: ``make bench`` installs the Python ones into ``.venv/bench`` and lets Maven fetch Fuseki
into ``.venv/fuseki``.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pyoxigraph as ox

from graph_api.folder import DataFolder
from tests.conftest import ROOT
from tests.graph_api.published import descendants
from tests.graph_api.served import free_port, serving, wait

__all__ = ["SERVERS", "Server"]

FUSEKI = "5.6.0"
_LOG4J = "2.24.3"  # Fuseki does not start without a logger, and does not bring one
_BENCH = ROOT / ".venv" / "bench" / "bin"
_JARS = ROOT / ".venv" / "fuseki"
_PATIENCE = 3_600.0
_ASK = "?query=ASK%7B%7D"
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>bench</groupId><artifactId>bench</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.jena</groupId><artifactId>jena-fuseki-main</artifactId>
<version>{FUSEKI}</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j2-impl</artifactId>
<version>{_LOG4J}</version></dependency>
</dependencies></project>
"""


@dataclass
class Server:
    """A server that answers. Sizes are bytes, times seconds."""

    name: str
    endpoint: str
    pid: int
    load_seconds: float
    """Reading the file into what lasts; 0 where that is part of starting."""
    ready_seconds: float
    """From start to the first answer."""
    full_seconds: float
    """From start until it is as fast as it gets."""
    disk: int

    def memory(self) -> int:
        """Return the memory of its processes, what they share counted once (PSS)."""
        return sum(_proportional(pid) for pid in {self.pid, *descendants(self.pid)})


@contextmanager
def maillon(folder: Path, quads: Path, *, memory: bool) -> Iterator[Server]:
    """Our web process over one published generation."""
    data = DataFolder(folder)
    data.init()
    began = time.perf_counter()
    store = ox.Store(str(data.store))
    store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    store.flush()
    store.backup(str(data.generations / "1"))
    loaded = time.perf_counter() - began
    count = len(store)
    del store
    os.link(quads, data.generations / "1.nq")
    current = {"generation": 1, "store": "generations/1", "quads": count, "index": "index/none"}
    data.current.write_text(json.dumps({"snapshot": None, "delta": None, **current}))
    began = time.perf_counter()
    with serving(
        folder,
        trusted_proxies="127.0.0.1",
        slow_seconds=600.0,
        reader_memory=10**11 if memory else 0,
    ) as web:
        ready = time.perf_counter() - began
        if memory:
            gauge = 'maillon_pool{lane="",what="memory_readers"} 1.0'
            wait(lambda: gauge in httpx.get(f"{web.origin}/metrics").text, _PATIENCE)
        full = time.perf_counter() - began
        name = "maillon, memory" if memory else "maillon, checkpoints"
        # What the file and the store share with the checkpoint by hard links counts once.
        disk = _disk(data.generations / "1") + (quads.stat().st_size if memory else 0)
        yield Server(name, web.endpoint, web.process.pid, loaded, ready, full, disk)


@contextmanager
def oxigraph(folder: Path, quads: Path, *, memory: bool) -> Iterator[Server]:
    """The engine's own server."""
    program, port = str(_BENCH / "oxigraph"), free_port()
    address = f"127.0.0.1:{port}"
    options = ["--bind", address, "--union-default-graph"]
    began = time.perf_counter()
    if memory:
        command = [program, "serve", *options]
    else:
        place = str(folder / "store")
        _run(program, "load", "--location", place, "--file", str(quads))
        command = [program, "serve-read-only", "--location", place, *options]
    loaded = 0.0 if memory else time.perf_counter() - began
    endpoint = f"http://{address}/query"
    with _started(command, endpoint) as (process, began):
        if memory:
            with quads.open("rb") as file:
                headers = {"Content-Type": "application/n-quads"}
                url = f"http://{address}/store?no_transaction"
                httpx.post(url, content=file, headers=headers, timeout=600).raise_for_status()
        ready = time.perf_counter() - began
        name = f"oxigraph server, {'memory' if memory else 'disk'}"
        yield Server(name, endpoint, process.pid, loaded, ready, ready, _disk(folder))


@contextmanager
def fuseki(folder: Path, quads: Path) -> Iterator[Server]:
    """Apache Jena Fuseki over TDB2."""
    jars, place, port = f"{_fetch_fuseki()}/*", str(folder / "tdb2"), free_port()
    began = time.perf_counter()
    _run("java", "-cp", jars, "tdb2.tdbloader", f"--loc={place}", str(quads))
    loaded = time.perf_counter() - began
    main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
    options = ["--localhost", f"--port={port}", f"--loc={place}"]
    command = ["java", "-cp", jars, main, *options, "--set=tdb2:unionDefaultGraph=true", "/ds"]
    endpoint = f"http://127.0.0.1:{port}/ds/query"
    with _started(command, endpoint) as (process, began):
        ready = time.perf_counter() - began
        name = f"Fuseki {FUSEKI}, TDB2"
        yield Server(name, endpoint, process.pid, loaded, ready, ready, _disk(folder))


@contextmanager
def rdflib_endpoint(folder: Path, quads: Path) -> Iterator[Server]:
    """The command that rdflib-endpoint brings, over its Oxigraph store."""
    port = free_port()
    program = str(_BENCH / "rdflib-endpoint")
    options = ["--host", "127.0.0.1", "--port", str(port), "--store", "Oxigraph"]
    endpoint = f"http://127.0.0.1:{port}/"
    with _started([program, "serve", *options, str(quads)], endpoint) as (process, began):
        ready = time.perf_counter() - began
        yield Server(
            "rdflib-endpoint, Oxigraph", endpoint, process.pid, 0.0, ready, ready, _disk(folder)
        )


@contextmanager
def _started(command: list[str], endpoint: str) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")
        try:
            return httpx.get(endpoint + _ASK, timeout=600).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    try:
        wait(answers, _PATIENCE)
        yield process, began
    finally:
        process.terminate()
        process.wait(60)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr[-2000:]}")


def _fetch_fuseki() -> Path:
    """Let Maven fetch Fuseki and what it needs, checksums verified; once for all runs."""
    if not _JARS.is_dir():
        coming = _JARS.with_name("fuseki.new")
        shutil.rmtree(coming, ignore_errors=True)
        coming.mkdir(parents=True)
        (coming / "pom.xml").write_text(_POM)
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
        where = ["-f", str(coming / "pom.xml"), f"-DoutputDirectory={coming}"]
        _run("mvn", "-q", "-B", "--strict-checksums", *where, *goal)
        coming.rename(_JARS)
    return _JARS


def _disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it ended meanwhile
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


SERVERS: dict[str, Callable[[Path, Path], AbstractContextManager[Server]]] = {
    "maillon, memory": partial(maillon, memory=True),
    "maillon, checkpoints": partial(maillon, memory=False),
    "oxigraph server, memory": partial(oxigraph, memory=True),
    "oxigraph server, disk": partial(oxigraph, memory=False),
    f"Fuseki {FUSEKI}, TDB2": fuseki,
    "rdflib-endpoint, Oxigraph": rdflib_endpoint,
}
"""Each takes an empty folder of its own and the file."""
