"""Over a real socket: streams that break off, clients that leave or stop reading, slow uploads."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn

from graph_api.serving import open_listener
from graph_api.settings import Settings
from graph_api.web import make_app
from tests.graph_api.published import Publisher, descriptors, quads

pytestmark = pytest.mark.service

MILLIONS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


class Server:
    """uvicorn with the application, in a thread with a loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self.listener = open_listener(settings)
        self.port: int = self.listener.getsockname()[1]
        self.app = make_app(settings)
        config = uvicorn.Config(
            self.app, loop="uvloop", http="httptools", log_config=None, timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        asyncio.run(self.server.serve(sockets=[self.listener]))

    def gauge(self, what: str, lane: str) -> int:
        value: int = self.app.state.services.queries.gauges()[what, lane]
        return value

    def start(self) -> None:
        self.thread.start()
        self.wait(lambda: self.app.state.services.queries.ready)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()

    def wait(self, condition: object, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition():  # type: ignore[operator]  # a function without parameters
            assert time.monotonic() < end
            time.sleep(0.01)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def ask(self, query: str) -> socket.socket:
        """Send a query; return the connection with the answer to come."""
        connection = self.connect()
        body = query.encode()
        head = (
            "POST /sparql HTTP/1.1\r\nHost: t\r\nContent-Type: application/sparql-query\r\n"
            f"Accept: text/csv\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall(head.encode() + body)
        return connection


def read_all(connection: socket.socket) -> bytes:
    data = bytearray()
    while part := connection.recv(65_536):
        data += part
    return bytes(data)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("data")
    Publisher(data, quads(1_500)).publish()
    server = Server(
        Settings(
            data=data, port=0, result_bytes=20_000_000, write_seconds=0.5, fast_seconds=0.5,
            slow_seconds=60,
        )
    )  # fmt: skip
    server.start()
    yield server
    server.stop()


def test_a_result_over_the_limit_ends_as_a_broken_body(server: Server) -> None:
    with closing(server.ask(MILLIONS)) as connection:
        data = read_all(connection)
    assert data.startswith(b"HTTP/1.1 200 OK")
    assert b"transfer-encoding: chunked" in data
    assert len(data) > 10_000_000
    assert not data.endswith(b"0\r\n\r\n")  # the chunk that would say "complete"


def test_a_complete_result_ends_well(server: Server) -> None:
    # Long enough never to be here whole before the answer begins: it would not come in chunks.
    with closing(server.ask("SELECT * { ?s ?p ?o . ?d ?e ?f } LIMIT 50000")) as connection:
        data = b""
        while not data.endswith(b"\r\n0\r\n\r\n"):  # the connection itself is kept
            part = connection.recv(65_536)
            assert part, data[:1000]
            data += part
    assert data.count(b"http://e/s") >= 50_000


def test_a_client_that_leaves_frees_its_worker_at_once(server: Server, soak: int) -> None:
    before = descriptors()
    for _ in range(3 * soak):
        with closing(server.ask(MILLIONS)) as connection:
            assert connection.recv(65_536)
        started = time.monotonic()
        server.wait(lambda: server.gauge("idle_workers", "fast") == 2)
        assert time.monotonic() - started < 10  # the whole result would take longer
    server.wait(lambda: descriptors() <= before)


def test_a_client_that_leaves_before_the_first_byte(server: Server) -> None:
    with closing(server.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")):
        server.wait(lambda: server.gauge("idle_workers", "fast") == 1)
    server.wait(lambda: server.gauge("idle_workers", "fast") == 2)


def test_a_client_that_stops_reading_is_dropped(server: Server) -> None:
    before = descriptors()
    with closing(server.ask(MILLIONS)) as connection:
        assert connection.recv(1_000)
        server.wait(lambda: server.gauge("idle_workers", "fast") < 2)
        # Nothing is read, nothing is closed: worker and connection must go all the same.
        server.wait(lambda: server.gauge("idle_workers", "fast") == 2)
        server.wait(lambda: descriptors() <= before + 1)  # our own end is left


def test_a_slow_upload_is_cut(server: Server) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: t\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 1000\r\n\r\nASK"
        )
        data = read_all(connection)  # to its end: the connection is closed
    assert data.startswith(b"HTTP/1.1 408")
    assert b"request-timeout" in data
