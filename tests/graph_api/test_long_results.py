"""A million rows pass through the web process in constant memory, however fast they are read."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.graph_api.published import Publisher, named_below, quads
from tests.graph_api.served import Web, serving

pytestmark = pytest.mark.service

ROWS = 1_000_000
ALLOWED = 40_000_000
# Two short lists, each with each: the engine itself keeps only these.
QUERY = """SELECT * {
  { SELECT ?a ?b ?c { ?a ?b ?c } LIMIT %s }
  { SELECT ?d ?e ?f { ?d ?e ?f } LIMIT 1000 }
}"""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("long")
    Publisher(folder, quads(30_000)).publish()
    with serving(folder, slow_seconds=300, fast_seconds=300) as running:
        yield running


def test_a_million_rows_take_no_more_memory_than_a_few(web: Web) -> None:
    for _ in range(6):  # what is made on demand is there then, in each worker
        assert rows(web, QUERY % 10) == 10_000
    processes = {web.process.pid, *named_below(web.process.pid, "maillon-worker")}
    before = {pid: peak(pid) for pid in processes}
    assert rows(web, QUERY % (ROWS // 1_000)) == ROWS
    more = {pid: peak(pid) - before[pid] for pid in processes}
    print(f"more memory: {sorted(more.values())}")  # noqa: T201
    assert max(more.values()) <= ALLOWED


def rows(web: Web, query: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=300)
    connection.request("GET", f"/sparql?query={quote(query)}&format=csv")
    response = connection.getresponse()
    assert response.status == http.client.OK
    lines = 0
    while block := response.read(65_536):
        lines += block.count(b"\n")
    connection.close()
    return lines - 1


def peak(pid: int) -> int:
    """Return the most memory that the process has ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
