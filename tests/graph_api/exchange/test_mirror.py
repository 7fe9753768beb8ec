"""The reference consumer: what it takes from a stream, and what it refuses."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graph_api.errors import BadInputError, CannotRunError
from graph_api.exchange.event_stream import AS, TREE
from graph_api.exchange.fetching import Fetched, Fetcher
from graph_api.exchange.mirror import Mirror, Run

HOME = "http://stream.test/feed"
PREFIXES = f"@prefix as: <{AS}> . @prefix tree: <{TREE}> . @prefix e: <http://e/> .\n"


class Pages(Fetcher):
    """A site of texts in TriG; what is not there is gone."""

    def __init__(self, **pages: str) -> None:
        super().__init__(HOME, 1_000, 1.0)
        self.pages = pages
        self.full: set[str] = set()
        self.asked: list[str] = []
        self.media_type = "application/trig"

    def get(self, address: str, accept: str, tag: str = "") -> Fetched:
        name = address.rpartition("/")[2]
        self.asked.append(name)
        if name not in self.pages:
            return Fetched(address, 410)
        body = self.pages[name]
        if tag and tag == str(hash(body)):
            return Fetched(address, 304, tag=tag)
        text = (PREFIXES + body).encode()
        return Fetched(address, 200, self.media_type, text, str(hash(body)), name in self.full)


def activity(number: int, kind: str, about: str, said: str = "") -> str:
    graph = f" e:c{number} {{ e:{about} e:says {said} }}" if said else ""
    moment = f'"2026-01-01T00:00:{number:02}Z"'
    return f"e:c{number} a as:{kind} ; as:object e:{about} ; as:published {moment} .{graph}\n"


def mirrored(tmp_path: Path, pages: Pages) -> tuple[Run, list[str]]:
    run = Mirror(tmp_path / "m", HOME, pages).run()
    return run, (tmp_path / "m" / "mirror.nq").read_text().splitlines()


def test_objects_are_created_changed_and_deleted(tmp_path: Path) -> None:
    pages = Pages(
        feed=activity(2, "Update", "a", '"two"') + activity(1, "Create", "a", '"one"')
        + activity(3, "Create", "b", '"b"')
    )  # fmt: skip
    run, said = mirrored(tmp_path, pages)
    assert (run.written, run.objects) == (3, 2)
    assert said == [
        '<http://e/a> <http://e/says> "two" <http://e/a> .',
        '<http://e/b> <http://e/says> "b" <http://e/b> .',
    ]
    pages.pages["feed"] = activity(4, "Delete", "a") + activity(0, "Update", "b", '"older"')
    run, said = mirrored(tmp_path, pages)
    assert (run.removed, run.written) == (1, 0)
    assert said == ['<http://e/b> <http://e/says> "b" <http://e/b> .']
    assert b"two" not in (tmp_path / "m" / "mirror.sqlite").read_bytes()


def test_full_pages_are_read_once_and_circles_end(tmp_path: Path) -> None:
    link = "<#r{0}> tree:node <page{0}> ; a tree:GreaterThanOrEqualToRelation ; tree:value {0} .\n"
    pages = Pages(
        feed=link.format(2) + link.format(1) + link.format(3),
        page1=activity(1, "Create", "a", '"x"'),
        page2=activity(2, "Create", "b", '"y"') + "<#r> tree:node <feed> .",
    )
    pages.full = {"page1"}
    assert mirrored(tmp_path, pages)[0].objects == 2
    assert pages.asked == ["feed", "page1", "page2", "page3"]
    pages.asked.clear()
    assert mirrored(tmp_path, pages)[0].objects == 2
    assert pages.asked == ["feed", "page2"]


def test_a_run_that_is_cut_short_goes_on(tmp_path: Path) -> None:
    link = "<#r{0}> tree:node <page{0}> ; tree:value {0} .\n"
    pages = Pages(
        feed=link.format(1) + link.format(2), page1=activity(1, "Create", "a", '"x"'), page2="!"
    )
    pages.full = {"page1", "page2"}
    with pytest.raises(BadInputError, match="cannot be read"):
        mirrored(tmp_path, pages)
    pages.pages["page2"] = activity(2, "Create", "b", '"y"')
    pages.asked.clear()
    assert mirrored(tmp_path, pages)[0].objects == 2
    assert pages.asked == ["feed", "page2"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<#r> tree:node <http://elsewhere.test/feed> .", "another site"),
        ("<#r> tree:node <file:///etc/passwd> .", "another site"),
        ('e:c a as:Create ; as:object e:a ; as:published "soon" .', "no moment"),
        ("no turtle", "cannot be read"),
    ],
)
def test_rubbish(tmp_path: Path, body: str, complaint: str) -> None:
    with pytest.raises(BadInputError, match=complaint):
        mirrored(tmp_path, Pages(feed=body))
    pages = Pages(feed=activity(1, "Create", "a", '"x"'))
    assert mirrored(tmp_path, pages)[0].objects == 1


def test_what_is_no_stream(tmp_path: Path) -> None:
    pages = Pages(feed="")
    pages.media_type = "text/html"
    with pytest.raises(BadInputError, match="has the type text/html"):
        mirrored(tmp_path, pages)
    with pytest.raises(BadInputError, match="choose another folder"):
        Mirror(tmp_path / "m", "http://stream.test/other", pages)
    for address in ("file:///etc/passwd", "ftp://e/x", "feed", "http:///x"):
        with pytest.raises(BadInputError, match="no address of the web"):
            Fetcher(address, 10, 1.0)


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"x" * 50
        self.send_response({"/away": 302, "/down": 500, "/gone": 410}.get(self.path, 200))
        if self.path == "/away":
            self.send_header("Location", "http://elsewhere.invalid/")
        self.send_header("Content-Type", "application/trig; charset=utf-8")
        self.send_header("Content-Length", str(len(body) * 2 if self.path == "/cut" else len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def origin() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_what_a_site_answers(origin: str) -> None:
    fetcher = Fetcher(f"{origin}/feed", 60, 5.0)
    fine = fetcher.get(f"{origin}/feed", "*/*")
    assert (fine.status, fine.media_type, len(fine.body)) == (200, "application/trig", 50)
    assert fetcher.get(f"{origin}/gone", "*/*").status == 410
    with pytest.raises(BadInputError, match="another site"):
        fetcher.get(f"{origin}/away", "*/*")
    with pytest.raises(BadInputError, match="more than 20 bytes"):
        Fetcher(f"{origin}/feed", 20, 5.0).get(f"{origin}/feed", "*/*")
    for path, complaint in (("/down", "answers 500"), ("/cut", "cut short")):
        with pytest.raises(CannotRunError, match=complaint):
            fetcher.get(f"{origin}{path}", "*/*")


def test_nobody_there() -> None:
    with pytest.raises(CannotRunError, match="cannot be read"):
        Fetcher("http://127.0.0.1:9/feed", 60, 1.0).get("http://127.0.0.1:9/feed", "*/*")
