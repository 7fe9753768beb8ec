"""A query worker: one process, one thread, one query at a time. Forked by the zygote.

It enforces what only the process itself can (memory, size of the result); the deadline is enforced
from outside, by SIGKILL. It imports nothing of the project but the frames.
"""

import re
import resource
import signal
import socket
import zlib
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from graph_api.workers.frames import (
    BLOCK_BYTES,
    REQUEST_HEADER,
    Kind,
    decode_json,
    encode_frame,
    encode_json,
    read_exactly,
)

__all__ = ["FORMATS", "describe_syntax_error", "limit_memory", "serve"]

FORMATS: dict[str, ox.QueryResultsFormat | ox.RdfFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
"""Media type of a result to the engine's format."""

_COMPRESS_FROM = 1_000  # below, gzip makes an answer longer, not shorter
_SYNTAX_ERROR = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)


class _ResultLimitError(Exception):
    """The result is longer than the request allows."""


class _ResultSink:
    """The file that a result is serialised into: blocks of 64 KB, sent as they fill.

    Blocking in ``write`` is what slows the engine down to the client's pace; nothing piles up here.
    """

    def __init__(self, sock: socket.socket, request: dict[str, Any]) -> None:
        self.sock = sock
        self.limit: int = request["limit"]
        self.head = {"media_type": request["media_type"], "encoding": ""}
        self.wants_gzip: bool = request["gzip"]
        self.buffer = bytearray()
        self.written = 0
        self.started = False
        self.packer: Any = None

    def write(self, data: bytes) -> int:
        self.written += len(data)
        if self.written > self.limit:
            raise _ResultLimitError
        self.buffer += data
        if len(self.buffer) >= BLOCK_BYTES and (frames := self._take_block()):
            self.sock.sendall(frames)
        return len(data)

    def flush(self) -> None:
        """Do nothing: blocks are sent when they are full, and at the end."""

    def _take_block(self) -> bytes:
        """Return what was written since as frames; before the first block comes the head."""
        out = b""
        if not self.started:
            self.started = True
            if self.wants_gzip and len(self.buffer) >= _COMPRESS_FROM:
                self.packer = zlib.compressobj(level=4, wbits=31)
                self.head["encoding"] = "gzip"
            out = encode_frame(Kind.HEAD, encode_json(self.head))
        block = self.packer.compress(bytes(self.buffer)) if self.packer else bytes(self.buffer)
        self.buffer.clear()
        if block:
            out += encode_frame(Kind.DATA, block)
        return out

    def finish(self) -> None:
        # All in one piece: the web process then has a small result whole when it wakes up.
        out = self._take_block()
        if self.packer and (tail := self.packer.flush()):
            out += encode_frame(Kind.DATA, tail)
        self.sock.sendall(out + encode_frame(Kind.END, encode_json({"bytes": self.written})))


def serve(sock: socket.socket, store: ox.Store, generation: int) -> None:
    """Answer requests from ``sock`` until its other end is closed."""
    sock.sendall(encode_frame(Kind.READY, encode_json({"generation": generation})))
    while (header := read_exactly(sock, REQUEST_HEADER.size)) is not None:
        body = read_exactly(sock, REQUEST_HEADER.unpack(header)[0])
        if body is None:
            return
        _answer(sock, store, decode_json(body))


def _answer(sock: socket.socket, store: ox.Store, request: dict[str, Any]) -> None:
    # A kernel timer, no handler: should web process and zygote both be gone, nobody else would end
    # a query that never ends.
    signal.setitimer(signal.ITIMER_REAL, request["alarm"])
    sink = _ResultSink(sock, request)
    try:
        _evaluate(store, request, sink)
        sink.finish()
    except _ResultLimitError:
        _send_error(sock, "result-limit", limit=sink.limit)
    except SyntaxError as error:
        _send_error(sock, "syntax", **describe_syntax_error(str(error)))
    except MemoryError:
        _send_error(sock, "memory-limit")
    except (ValueError, RuntimeError, OSError) as error:
        if isinstance(error, ConnectionError):
            raise
        _send_error(sock, "evaluation", detail=str(error)[:500])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@lru_cache(maxsize=3)
def _open_release(path: str) -> ox.Store:
    """Open a release's checkpoint, which never changes, beside the store of this worker.

    The limit of memory is lifted meanwhile, and then grows by what the open store takes: its threads
    reserve their whole stacks.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    before = _address_space()
    try:
        return ox.Store.read_only(path)
    finally:
        if soft != resource.RLIM_INFINITY:
            soft += _address_space() - before
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _evaluate(store: ox.Store, request: dict[str, Any], sink: _ResultSink) -> None:
    if request.get("store"):
        store = _open_release(request["store"])
    result = store.query(
        request["query"], base_iri=request["base"] or None, **_choose_dataset(store, request)
    )
    form = FORMATS[request["media_type"]]
    file = cast(IO[bytes], sink)
    if isinstance(result, ox.QueryTriples):
        result.serialize(file, cast(ox.RdfFormat, form))
    else:
        result.serialize(file, cast(ox.QueryResultsFormat, form))


def _choose_dataset(store: ox.Store, request: dict[str, Any]) -> dict[str, Any]:
    """Return the engine's dataset arguments.

    ``dataset`` is what the protocol names, or None; ``union`` asks for all graphs but ``hidden``.
    Naming every graph makes joins some hundred times slower than the engine's own union, so it is
    done only where there is something to hide.
    """
    if request["dataset"] is not None:
        return {
            "default_graph": [ox.NamedNode(g) for g in request["dataset"]["default"]],
            "named_graphs": [ox.NamedNode(g) for g in request["dataset"]["named"]],
        }
    if not request["union"]:
        return {}
    hidden = {ox.NamedNode(g) for g in request["hidden"]}
    if any(store.contains_named_graph(g) for g in hidden):
        return {"default_graph": [g for g in store.named_graphs() if g not in hidden]}
    return {"use_default_graph_as_union": True}


def describe_syntax_error(message: str) -> dict[str, Any]:
    """Return ``detail``, ``line`` and ``column`` from the engine's message.

    The engine lists all that its grammar would have taken, up to whole character classes: only what
    a person can use is kept.
    """
    match = _SYNTAX_ERROR.match(message)
    if not match:
        return {"detail": message[:300], "line": None, "column": None}
    expected = re.sub(r"\['.*?'\]|\[_\]", "", match[3], flags=re.DOTALL)
    words = [word for part in expected.split(",") if (word := part.strip())]
    detail = "expected " + ", ".join(words) if words else "not understood from here on"
    return {"detail": detail[:300], "line": int(match[1]), "column": int(match[2])}


def _send_error(sock: socket.socket, problem: str, **members: Any) -> None:
    sock.sendall(encode_frame(Kind.ERROR, encode_json({"problem": problem, **members})))


def limit_memory(allowance: int) -> None:
    """Limit the address space to what this process has now plus ``allowance`` bytes."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + allowance, hard))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()
