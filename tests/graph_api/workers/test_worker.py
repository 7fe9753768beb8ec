"""A worker in this process, on one end of a socket: its frames, limits and messages."""

import gzip
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest

from graph_api.workers.frames import (
    FRAME_HEADER,
    Kind,
    decode_json,
    encode_request,
    read_exactly,
)
from graph_api.workers.worker import describe_syntax_error, serve
from tests.graph_api.published import quads

REQUEST: dict[str, Any] = {
    "base": "http://e/",
    "media_type": "text/csv",
    "gzip": False,
    "dataset": None,
    "union": True,
    "hidden": ["http://e/graph/mappings"],
    "limit": 10_000_000,
    "alarm": 60,
}


class Asker:
    """The other end of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def frame(self) -> tuple[Kind, bytes]:
        header = read_exactly(self.sock, FRAME_HEADER.size)
        assert header is not None
        kind, size = FRAME_HEADER.unpack(header)
        payload = read_exactly(self.sock, size)
        assert payload is not None
        return Kind(kind), payload

    def ask(self, query: str, **changes: Any) -> list[tuple[Kind, bytes]]:
        self.sock.sendall(encode_request({**REQUEST, "query": query, **changes}))
        frames = [self.frame()]
        while frames[-1][0] not in (Kind.END, Kind.ERROR):
            frames.append(self.frame())
        return frames

    def text(self, query: str, **changes: Any) -> str:
        frames = self.ask(query, **changes)
        assert frames[-1][0] is Kind.END
        return b"".join(payload for kind, payload in frames if kind is Kind.DATA).decode()

    def error(self, query: str, **changes: Any) -> dict[str, Any]:
        kind, payload = self.ask(query, **changes)[-1]
        assert kind is Kind.ERROR
        return decode_json(payload)


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    # The engine's results must stay on one thread: store and worker are made on the same one.
    ours, theirs = socket.socketpair()

    def work() -> None:
        store = ox.Store()
        store.extend(quads(3_000))
        with theirs:
            serve(theirs, store, 7)

    # The alarm needs the main thread's signals: setitimer itself works from any thread.
    thread = threading.Thread(target=work)
    thread.start()
    with ours:
        asker = Asker(ours)
        kind, payload = asker.frame()
        assert (kind, decode_json(payload)) == (Kind.READY, {"generation": 7})
        yield asker
    thread.join()


def test_a_small_result_is_one_block(asker: Asker) -> None:
    frames = asker.ask("SELECT ?o { <http://e/s1> ?p ?o }")
    assert [kind for kind, _ in frames] == [Kind.HEAD, Kind.DATA, Kind.END]
    assert decode_json(frames[0][1]) == {"media_type": "text/csv", "encoding": ""}
    assert frames[1][1] == b"o\r\nvalue 1\r\n"


def test_a_large_result_comes_in_blocks(asker: Asker) -> None:
    frames = asker.ask("SELECT * { ?s ?p ?o }")
    blocks = [payload for kind, payload in frames if kind is Kind.DATA]
    assert len(blocks) > 1
    assert max(map(len, blocks)) < 80_000
    assert b"".join(blocks).count(b"\r\n") == 3_001


def test_compression_only_where_it_helps(asker: Asker) -> None:
    frames = asker.ask("SELECT * { ?s ?p ?o }", gzip=True)
    assert decode_json(frames[0][1])["encoding"] == "gzip"
    data = b"".join(payload for kind, payload in frames if kind is Kind.DATA)
    assert gzip.decompress(data).decode() == asker.text("SELECT * { ?s ?p ?o }")
    assert decode_json(asker.ask("ASK {}", gzip=True)[0][1])["encoding"] == ""


def test_result_limit_before_and_after_the_first_block(asker: Asker) -> None:
    frames = asker.ask("SELECT * { ?s ?p ?o }", limit=1_000)
    assert [kind for kind, _ in frames] == [Kind.ERROR]
    assert decode_json(frames[0][1]) == {"problem": "result-limit", "limit": 1_000}
    frames = asker.ask("SELECT * { ?s ?p ?o }", limit=100_000)
    assert [kind for kind, _ in frames] == [Kind.HEAD, Kind.DATA, Kind.ERROR]


def test_errors_leave_the_worker_usable(asker: Asker) -> None:
    error = asker.error("SELECT * {\n ?s ?p }")
    assert (error["problem"], error["line"], error["column"]) == ("syntax", 2, 9)
    error = asker.error("SELECT * {}", dataset={"default": ["not an iri"], "named": []})
    assert error["problem"] == "evaluation"
    assert asker.text("ASK {}", media_type="application/sparql-results+json")


@pytest.mark.parametrize(
    ("query", "changes", "count"),
    [
        ("SELECT * { ?s ?p ?o }", {}, 3_000),
        ("SELECT * { ?s ?p ?o }", {"union": False}, 0),
        ("SELECT * FROM <http://e/graph/a> { ?s ?p ?o }", {"union": False}, 1_000),
        ("SELECT * { ?s ?p ?o }", {"hidden": ["http://e/graph/b"]}, 2_000),
        ("SELECT * { GRAPH <http://e/graph/b> { ?s ?p ?o } }", {"hidden": ["http://e/graph/b"]},
         1_000),
        ("SELECT * { ?s ?p ?o }", {"dataset": {"default": ["http://e/graph/a"], "named": []}},
         1_000),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }",
         {"dataset": {"default": ["http://e/graph/a"], "named": []}}, 0),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }",
         {"dataset": {"default": [], "named": ["http://e/graph/a", "http://e/graph/b"]}}, 2_000),
        ("SELECT * { ?s ?p ?o }", {"dataset": {"default": [], "named": ["http://e/graph/a"]}}, 0),
    ],
)  # fmt: skip
def test_datasets(asker: Asker, query: str, changes: dict[str, Any], count: int) -> None:
    assert asker.text(query, **changes).count("\r\n") - 1 == count


def test_relative_iris_are_resolved_against_the_base(asker: Asker) -> None:
    assert asker.text("SELECT ?o { <s2> ?p ?o }") == "o\r\nvalue 2\r\n"


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        ("error at 3:9: expected one of LATERAL, SERVICE, [_]", "expected LATERAL, SERVICE"),
        ("error at 3:9: expected ['0'..='9']", "not understood from here on"),
        ("error at 3:9: expected one of \"!\", ['A' ..= 'Z' | '\\u{C0}'..='\\u{D6}'\n| 'a']",
         'expected "!"'),
    ],
)  # fmt: skip
def test_syntax_errors_are_told_to_people(message: str, detail: str) -> None:
    assert describe_syntax_error(message) == {"detail": detail, "line": 3, "column": 9}


def test_an_unknown_message_is_kept() -> None:
    assert describe_syntax_error("odd") == {"detail": "odd", "line": None, "column": None}
