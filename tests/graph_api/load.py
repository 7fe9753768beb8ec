"""A light load in a process of its own: ``python -m tests.graph_api.load ENDPOINT``.

One client asks small queries, one after the other, until standard input ends. Then it prints the
moment at which each was asked and the seconds that it took, as JSON. Moments are on the machine's
monotonic clock, which the test reads, too. An answer that is not the right one ends it at once.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

__all__ = ["GOOD", "Light", "light_load"]

GOOD = {"X-Forwarded-For": "192.0.2.1", "Accept": "text/csv"}
"""Headers of a client that is told from the hostile one by its address."""

_PAUSE = 0.02
_QUERY = "SELECT ?o { <http://e/s1> ?p ?o }"
_ANSWER = b"o\r\nvalue 1\r\n"


class Light:
    """What the load has measured; filled when it ends."""

    answers: list[tuple[float, float]]

    def p95(self, phases: Sequence[tuple[float, float]]) -> float:
        """The time within which 95 % of what was asked within ``phases`` (start, end) was answered."""
        seconds = sorted(
            took
            for asked, took in self.answers
            if any(start <= asked < end for start, end in phases)
        )
        return seconds[int(len(seconds) * 0.95)]


@contextmanager
def light_load(endpoint: str) -> Iterator[Light]:
    """Ask small queries while the body runs."""
    load = Light()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.graph_api.load", endpoint],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield load
        out, _ = process.communicate("", timeout=60)
        assert process.returncode == 0
        load.answers = [(asked, took) for asked, took in json.loads(out)]
    finally:
        process.kill()


def main(endpoint: str) -> None:
    """Ask until standard input ends."""
    ended = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    address = urlsplit(endpoint)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    answers = []
    while not ended.wait(_PAUSE):
        begun = time.monotonic()
        connection.request("GET", f"{address.path}?{urlencode({'query': _QUERY})}", headers=GOOD)
        response = connection.getresponse()
        body = response.read()
        answers.append((begun, time.monotonic() - begun))
        if response.status != http.client.OK or body != _ANSWER:
            sys.exit(f"{response.status}: {body!r}")
    print(json.dumps(answers))  # noqa: T201 - this is its purpose


if __name__ == "__main__":
    main(sys.argv[1])
