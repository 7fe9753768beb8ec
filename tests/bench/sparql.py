"""Measures the SPARQL service beside other servers: ``python -m tests.bench.sparql [QUADS …] [--write]``.

All servers get the same file, are up at the same time, and are asked the same queries in turn, in
several rounds: what else the machine does then hits them alike, and the figures are to be read as
ratios. Sizes are 10,000, 100,000 and 1,000,000 quads unless given (10,000,000 takes half an hour and
16 GB of memory). Prints a JSON line per server and size; ``--write`` puts the figures into
``docs/measured/sparql.json``, draws the curves and fills the tables of the documentation.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from tests.bench.questions import HEAVY, light_queries
from tests.bench.servers import SERVERS, Server
from tests.bench.sparql_report import MEASURED, write_report
from tests.bench.synthetic import document_count, write_graph
from tests.bench.visitors import Query, Visit, ask_once, visit

__all__ = ["main", "measure"]

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3
SECONDS = 4.0
_RDFLIB_QUADS = 150_000  # rdflib-endpoint takes minutes a query beyond


@dataclass
class Visits:
    """What one server was seen to do, a visit a round."""

    alone: list[Visit] = field(default_factory=list)
    light: list[Visit] = field(default_factory=list)
    heavy: list[Visit] = field(default_factory=list)
    mixed_light: list[Visit] = field(default_factory=list)
    mixed_heavy: list[Visit] = field(default_factory=list)


def measure(size: int, rounds: int, seconds: float) -> list[dict[str, Any]]:
    """Measure all servers on a graph of ``size`` quads."""
    light = light_queries(size)
    heavy = list(HEAVY.items())
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        place = Path(name)
        quads = place / "graph.nq"
        count = write_graph(quads, size)
        servers = []
        for number, (what, start) in enumerate(SERVERS.items()):
            if what.startswith("rdflib") and size > _RDFLIB_QUADS:
                continue
            folder = place / str(number)
            folder.mkdir()
            servers.append(stack.enter_context(start(folder, quads)))
        _check_answers(servers, [*light[: 2 * len(HEAVY)], *heavy])
        seen = {server.name: Visits() for server in servers}
        for _ in range(rounds):
            for server in servers:
                _visit(server, seen[server.name], light, heavy, seconds)
        return [
            {"quads": count, "documents": document_count(count)}
            | _figures(server, seen[server.name])
            for server in servers
        ]


def _visit(
    server: Server, seen: Visits, light: list[Query], heavy: list[Query], seconds: float
) -> None:
    seen.alone += visit(server.endpoint, [(1, light)], seconds / 2)
    seen.light += visit(server.endpoint, [(4, light)], seconds)
    seen.heavy += visit(server.endpoint, [(2, heavy)], seconds)
    small, large = visit(server.endpoint, [(2, light), (1, heavy)], seconds)
    seen.mixed_light.append(small)
    seen.mixed_heavy.append(large)


def _check_answers(servers: Sequence[Server], queries: Sequence[Query]) -> None:
    """Every server must give as many rows as the first; this warms all of them, too."""
    for name, query in queries:
        rows = {server.name: ask_once(server.endpoint, query)[1] for server in servers}
        if len(set(rows.values())) != 1:
            raise RuntimeError(f"{name}: not the same number of rows: {rows}\n{query}")


def _figures(server: Server, seen: Visits) -> dict[str, Any]:
    def middle(visits: list[Visit], part: float, name: str = "") -> float:
        return round(statistics.median(v.milliseconds(part, name) for v in visits), 2)

    def rate(visits: list[Visit]) -> float:
        return round(statistics.median(visit.rate for visit in visits), 2)

    light = sorted({name for name, _ in seen.alone[0].answers})
    return {
        "server": server.name,
        "load_s": round(server.load_seconds, 2),
        "ready_s": round(server.ready_seconds, 2),
        "full_s": round(server.full_seconds, 2),
        "disk_mb": round(server.disk / 1e6, 1),
        "memory_mb": round(server.memory() / 1e6, 1),
        "light_per_s": rate(seen.light),
        "light_p50_ms": middle(seen.light, 0.5),
        "light_p95_ms": middle(seen.light, 0.95),
        "heavy_per_s": rate(seen.heavy),
        "mixed_light_p95_ms": middle(seen.mixed_light, 0.95),
        "mixed_light_per_s": rate(seen.mixed_light),
        "mixed_heavy_per_s": rate(seen.mixed_heavy),
        "alone_p50_ms": {name: middle(seen.alone, 0.5, name) for name in light},
        "heavy_p50_ms": {name: middle(seen.heavy, 0.5, name) for name in HEAVY},
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Measure each size, and with ``--write`` tell the documentation."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sparql")
    parser.add_argument("quads", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each load in each round")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end, too
    for size in given.quads:
        rows = measure(size, given.rounds, given.seconds)
        for row in rows:
            print(json.dumps(row), flush=True)  # noqa: T201 - this is its purpose
        if given.write:
            _keep(size, rows, given.rounds, given.seconds)
    if given.write:
        write_report()


def _keep(size: int, rows: list[dict[str, Any]], rounds: int, seconds: float) -> None:
    """Put one size into the file of figures; the other sizes stay."""
    kept = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
    kept[str(size)] = {
        "on": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[2], 1),
        "engine": ox.__version__,
        "rounds": rounds,
        "seconds": seconds,
        "servers": rows,
    }
    MEASURED.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dict(sorted(kept.items(), key=lambda each: int(each[0]))), indent=1)
    MEASURED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
