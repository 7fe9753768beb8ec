"""What strangers send to a public endpoint: each hazard attacks a server and says what came of it.

The hostile client has an address of its own (``X-Forwarded-For``, as behind a proxy). The server's
deadline is one second, and it drops who does nothing for ``WRITE_SECONDS``.
"""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import quote

import httpx

from tests.graph_api.published import CROSS_PRODUCT
from tests.graph_api.served import Web

__all__ = ["HAZARDS", "WRITE_SECONDS"]

AT_ONCE = 8
LEAVING = 12
WRITE_SECONDS = 1.0
HOSTILE = {"X-Forwarded-For": "192.0.2.66", "Accept": "text/csv"}
BROKEN = "a broken body"
_STOPPED = {"deadline", "memory-limit"}
WIDE = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
ANY = "(<http://e/p1>|!<http://e/p1>)*"
MILLION = f"SELECT * {{ {WIDE} }} LIMIT 1000000"
HEAVY = {
    "cross products": CROSS_PRODUCT,
    "ORDER BY": f"SELECT * {{ {WIDE} }} ORDER BY ?c ?f ?i",
    "DISTINCT": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?a ?c ?f ?i {{ {WIDE} }} }}",
    "memory bomb": f"SELECT (GROUP_CONCAT(CONCAT(?a, ?c, ?f)) AS ?x) {{ {WIDE} }} GROUP BY ?b",
    "starred path": f"SELECT (COUNT(*) AS ?n) {{ ?a {ANY} ?b . ?c {ANY} ?d }}",
}
DEEP = (
    "SELECT * { " + "{" * 20_000 + "}" * 20_000 + " }",
    "SELECT * { FILTER" + "(" * 20_000 + "1" + ")" * 20_000 + " }",
    "ASK { ?s " + "(" * 20_000 + "<p>" + ")" * 20_000 + " ?o }",
    "SELECT * " + "{" * 20_000,
)
HOSTS = (
    "localhost",
    "[::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "[fe80::1]",
)
SERVICES = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent<{0}>{{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{0}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
    "PREFIX x: <{0}> ASK {{ SERVICEx:{{ ?s ?p ?o }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE # <\n <{0}> {{ ?s ?p ?o }} }} }}",
)
LOADS = ("LOAD <{0}>", "load silent<{0}> INTO GRAPH <http://e/g>", "BASE <{0}> LOAD <data>")


def ask(web: Web, query: str, parameter: str = "query") -> str:
    """Return the name of the problem, empty where there is an answer."""
    try:
        response = httpx.post(web.endpoint, data={parameter: query}, headers=HOSTILE, timeout=60)
    except httpx.RemoteProtocolError as error:
        if "message body" not in str(error):
            raise  # no answer at all
        return BROKEN
    if response.status_code == 200:
        return ""
    assert response.json()["detail"]
    return str(response.json()["type"]).rpartition("#")[2]


def at_once(query: str, web: Web) -> set[str]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return set(threads.map(lambda _: ask(web, query), range(AT_ONCE)))


def deep(web: Web) -> set[str]:
    return {ask(web, query) for query in DEEP}


def federated(web: Web) -> set[str]:
    """SERVICE to a listener of ours, then to addresses that only a broken refusal would reach."""
    with listening() as address:
        here = {ask(web, text.format(address)) for text in SERVICES}
        if here != {"federation-not-offered"}:
            return here
        return {ask(web, text.format(f"http://{h}/")) for h in HOSTS for text in SERVICES}


def loading(web: Web) -> set[str]:
    with listening() as address:
        texts = [text.format(address) for text in LOADS]
        return {ask(web, text, name) for text in texts for name in ("query", "update")}


@contextlib.contextmanager
def listening() -> Iterator[str]:
    """A server that nobody may come to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with contextlib.suppress(BlockingIOError):
            _, visitor = listener.accept()
            raise AssertionError(f"somebody came: {visitor}")


def slow_upload(web: Web) -> set[str]:
    """A byte now and then: each in time, all together not."""
    with connected(web) as wire:
        wire.sendall(head("POST", "/sparql", "Content-Type: application/sparql-query", 1_000))
        wire.settimeout(WRITE_SECONDS / 4)
        answer = b""
        for _ in range(40):
            wire.sendall(b"#")
            with contextlib.suppress(TimeoutError):
                answer = wire.recv(4096)
                break
        return {answer.partition(b"\r\n")[0].decode()}


def stops_reading(web: Web) -> set[str]:
    """Takes the beginning of a million rows, then nothing, and looks after a while what is there."""
    with connected(web) as wire:
        wire.sendall(head("GET", f"/sparql?query={quote(MILLION)}&format=csv"))
        body = wire.recv(4096)
        assert b" 200 OK" in body
        time.sleep(WRITE_SECONDS * 3)
        with contextlib.suppress(ConnectionResetError):
            while part := wire.recv(65_536):
                body = part
        return {"all of it" if body.endswith(b"0\r\n\r\n") else BROKEN}


def leaves(web: Web) -> set[str]:
    with connected(web) as wire:
        wire.sendall(head("GET", f"/sparql?query={quote(MILLION)}&format=csv"))
        return {wire.recv(4096).partition(b"\r\n")[0].decode()}


def leaves_again(web: Web) -> set[str]:
    """Each time costs a worker: others must not wait for the next one to be forked."""
    return set().union(*(leaves(web) for _ in range(LEAVING)))


@contextlib.contextmanager
def connected(web: Web) -> Iterator[socket.socket]:
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.settimeout(30)
        wire.connect(("127.0.0.1", web.port))
        yield wire


def head(method: str, target: str, *fields: str | int) -> bytes:
    """Return a request's head; the last field may be the length of its body."""
    lines = [f"{method} {target} HTTP/1.1", "Host: site.test", "X-Forwarded-For: 192.0.2.66"]
    lines += [f"Content-Length: {each}" if isinstance(each, int) else each for each in fields]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


HAZARDS: dict[str, tuple[Callable[[Web], set[str]], set[str]]] = {
    **{name: (partial(at_once, text), _STOPPED) for name, text in HEAVY.items()},
    "million rows": (partial(at_once, MILLION), {"", BROKEN, "busy", "deadline"}),
    "nesting": (deep, {"query-nesting"}),
    "SERVICE": (federated, {"federation-not-offered"}),
    "LOAD": (loading, {"update-not-offered"}),
    "slow upload": (slow_upload, {"HTTP/1.1 408 Request Timeout"}),
    "stops reading": (stops_reading, {BROKEN}),
    "leaves": (leaves, {"HTTP/1.1 200 OK"}),
    "leaves again and again": (leaves_again, {"HTTP/1.1 200 OK"}),
}
