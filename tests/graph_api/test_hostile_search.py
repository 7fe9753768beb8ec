"""Hostile searches over HTTP: each ends at once with a clear answer, and the next is answered as before."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import uvicorn

from tests.graph_api.local import make_app, sample
from tests.graph_api.served import wait

pytestmark = pytest.mark.service

AT_ONCE = 10.0  # seconds, on a machine that is busy with other tests: alone each takes milliseconds
INJECTED = "\"'><script>alert(1)</script>&#x1f;=x\x1ftype=entity ]]> %00 {{7*7}} $(id)"
CONTROL = "\x00\x01\x1f\x7f\u202eavise\u2066\u200f\ufeff"
DEEP = "(" * 20_000


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    config = uvicorn.Config(
        make_app(sample(folder).services), port=0, log_level="warning", ws="none", http="httptools"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait(lambda: server.started, seconds=60)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(timeout=60)


def ask(port: int, target: str, accept: str = "application/json") -> tuple[int, str]:
    """Send a request as it is, however long; return its status and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        head = f"GET {target} HTTP/1.1\r\nHost: maillon.example\r\nAccept: {accept}\r\n"
        with suppress(BrokenPipeError, ConnectionResetError):  # answered before all was sent
            connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        received = b""
        while True:
            try:
                piece = connection.recv(65536)
            except ConnectionResetError:
                break  # what was not read of the request was thrown away
            if not piece:
                break
            received += piece
    top, _, body = received.partition(b"\r\n\r\n")
    return int(top.split()[1]), body.decode()


HOSTILE = {
    "brackets": f"q={DEEP}",
    "brackets that are read": f"q={'(' * 2_000}",
    "wildcard": "q=*e*",
    "wildcards": f"q={quote('*e* OR *a* OR ?i? OR a*')}",
    "ten megabytes": f"q={'e' * 10_000_000}",
    "control and right to left": f"q={quote(CONTROL)}",
    "no unicode": "q=%ff%fe%ed%a0%80",
    "injected into the query": f"q={quote(INJECTED)}",
    "injected into a facet": f"q=a&theme={quote(INJECTED)}&lang={quote(INJECTED)}&year={DEEP[:300]}",
    "injected into type and likeness": f"type={quote(INJECTED)}&like={quote(INJECTED)}",
    "facets without end": "&".join(f"theme=t{n}" for n in range(3_000)),
    "nots": f"q={quote('NOT ' * 400 + 'a')}",
    "colons": f"q={quote('theme:' * 300)}",
}
WAYS = ("/api/search", "/api/search.csv", "/api/search.jsonld", "/api/search.atom", "/fr/search")


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("way", WAYS)
def test_it_ends_at_once_with_a_clear_answer(port: int, way: str, hostile: str) -> None:
    accept = "text/html" if way == "/fr/search" else "*/*"
    started = time.monotonic()
    status, body = ask(port, f"{way}?{hostile}", accept)
    assert time.monotonic() - started < AT_ONCE
    assert status in (200, 400, 414, 422, 431)
    assert len(body) > 20
    assert "Traceback" not in body
    if way in ("/fr/search", "/api/search.atom"):
        assert "<script>alert" not in body
    if status == 200 and way.endswith(".atom"):
        ElementTree.fromstring(body)  # noqa: S314 - our own feed: it must be well-formed
    if status == 200 and way in ("/api/search", "/api/search.jsonld"):
        json.loads(body)
    status, body = ask(port, "/api/search?q=tremplin")
    assert status == 200
    assert json.loads(body)["total"] > 0


@pytest.mark.parametrize("q", [DEEP[:2_000], "*e*", CONTROL])
def test_what_is_read_of_it_is_said(port: int, q: str) -> None:
    status, body = ask(port, f"/api/search?q={quote(q)}")
    assert status == 200
    found = json.loads(body)
    assert found["notes"] or found["read_as"] == "avise"
    status, page = ask(port, f"/en/search?q={quote(q)}", "text/html")
    assert status == 200
    assert "\u202e" not in page
    assert "\x00" not in page


def test_what_is_too_long_is_refused_in_words(port: int) -> None:
    status, body = ask(port, f"/api/search?q={DEEP}")
    assert status == 422
    assert "2000 characters" in json.loads(body)["detail"]


def test_no_cell_of_a_table_is_a_formula(port: int) -> None:
    status, body = ask(port, f"/api/search.csv?q=tremplin&theme={quote('=cmd|calc')}")
    assert status == 200
    assert "\n=" not in body
