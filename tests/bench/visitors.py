"""Clients of a SPARQL server in a process of their own: ``python -m tests.bench.visitors``.

Standard input says where and what to ask, as JSON; each client asks the next query as soon as the one
before is answered, until the time is up. Standard output tells the seconds of each answer by query.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.conftest import ROOT

__all__ = ["Visit", "ask_once", "visit"]

Query = tuple[str, str]


class Visit:
    """What a group of clients saw: seconds of each answer by query, and how long they were at it."""

    def __init__(self, answers: list[tuple[str, float]], seconds: float) -> None:
        self.answers = answers
        self.seconds = seconds

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    def milliseconds(self, part: float, name: str = "") -> float:
        """Return the time within which ``part`` of the answers (to query ``name``) came."""
        times = sorted(s for query, s in self.answers if name in ("", query))
        return times[min(len(times) - 1, int(len(times) * part))] * 1000


def visit(
    endpoint: str, groups: Sequence[tuple[int, Sequence[Query]]], seconds: float
) -> list[Visit]:
    """Let ``groups`` of (clients, queries) ask at the same time.

    A group goes on until each of its queries was asked at least once, however long that takes.
    """
    order = json.dumps({"endpoint": endpoint, "groups": groups, "seconds": seconds})
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.visitors"],
        input=order,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode:
        raise RuntimeError(f"{endpoint}: {done.stderr[-2000:]}")
    return [Visit(**each) for each in json.loads(done.stdout)]


def ask_once(endpoint: str, query: str) -> tuple[float, int]:
    """Return the seconds of one answer, and its rows."""
    client = _Client(endpoint, "192.0.2.1")
    began = time.perf_counter()
    rows = client.ask(query)
    return time.perf_counter() - began, rows


class _Client:
    def __init__(self, endpoint: str, address: str) -> None:
        parts = urlsplit(endpoint)
        self._path = parts.path
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=600)
        self._headers = {"Accept": "text/csv", "X-Forwarded-For": address}

    def ask(self, query: str) -> int:
        self._connection.request(
            "GET", f"{self._path}?{urlencode({'query': query})}", headers=self._headers
        )
        response = self._connection.getresponse()
        body = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(f"{response.status}: {body[:500]!r}\n{query}")
        return body.count(b"\n") - 1


def main() -> None:
    """Do what standard input says."""
    order: dict[str, Any] = json.load(sys.stdin)
    failed: list[BaseException] = []
    results: list[list[tuple[str, float]]] = [[] for _ in order["groups"]]
    threads: list[threading.Thread] = []
    began = time.perf_counter()

    def ask(group: int, client: _Client, queries: list[Query], first: int, once: int) -> None:
        try:
            number = 0
            while number < once or time.perf_counter() - began < order["seconds"]:
                name, query = queries[(first + number) % len(queries)]
                started = time.perf_counter()
                client.ask(query)
                results[group].append((name, time.perf_counter() - started))
                number += 1
        except BaseException as error:
            failed.append(error)
            raise

    for group, (count, queries) in enumerate(order["groups"]):
        kinds = len({name for name, _ in queries})
        for number in range(count):
            client = _Client(order["endpoint"], f"192.0.2.{len(threads) + 1}")
            first = number * len(queries) // count
            once = -(-kinds // count)
            thread = threading.Thread(target=ask, args=(group, client, queries, first, once))
            threads.append(thread)
            thread.start()
    for thread in threads:
        thread.join()
    if failed:
        sys.exit(repr(failed[0]))
    seconds = time.perf_counter() - began
    json.dump([{"answers": each, "seconds": seconds} for each in results], sys.stdout)


if __name__ == "__main__":
    main()
