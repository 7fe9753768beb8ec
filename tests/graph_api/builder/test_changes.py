"""The change log: what it says is what the graph says, whatever happened between two builds."""

import random
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from graph_api.builder.backup import is_empty, restore_archive, write_archive
from graph_api.builder.build import Builder
from graph_api.builder.changes import ChangeRecorder
from graph_api.builder.generations import open_current
from graph_api.builder.runner import Runner
from graph_api.change_log import ChangeLog
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from ontology.model import Iri, Quad
from ontology.vocabularies import RDF_SUBJECT
from tests.graph_api.builder.test_runner import run
from tests.graph_api.changing import CORPUS, IRIS, P, Site, say

TABLE = IRIS.graph("table/a")


def shipped() -> Callable[[], int]:
    """Return what compares all that ships with its log; for the measurement of docs/decisions."""
    root = Path(tempfile.mkdtemp())
    folder = DataFolder(root)
    folder.init()
    with Builder(folder, Settings(data=root)) as builder:
        builder.build()
        view = open_current(folder)
    recorder = ChangeRecorder(ChangeLog(folder), IRIS, 100, 20_000)
    return lambda: recorder.record(view, 1, None)


def test_create_update_delete_and_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    a, b = say("actor/a", "1"), say("law/b", "1")
    assert site.write(corpus=[a, b]) == 2
    assert site.write(corpus=[a, b]) == 0
    assert site.write(corpus=[say("actor/a", "2"), b]) == 1
    assert site.events() == [("create", "actor/a"), ("create", "law/b"), ("update", "actor/a")]
    assert site.write(corpus=[b]) == 1
    assert site.events() == [("create", "law/b"), ("delete", "actor/a")]
    assert site.write(corpus=[a, b]) == 1
    assert site.events()[-1] == ("create", "actor/a")
    moments = [c.at for page in site.log.pages() for c in site.log.page(page.page)]
    assert moments == sorted(set(moments))


def test_what_belongs_to_an_entity_comes_with_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    claim = IRIS.claim("ab")
    quads = [
        say("actor/a", "name"),
        say("actor/a#part-1", "part"),
        Quad(claim, RDF_SUBJECT, IRIS.entity("actor", "a"), CORPUS),
        say("claim/ab#citation-1", "cited"),
        say("document/ff", "document"),
        say("document/ff/p/1-2", "passage"),
        say("document/ff/p/1-2#quote", "quote"),
        say("claim/no-subject", "lost"),
    ]
    site.write(corpus=quads)
    assert site.events() == [
        ("create", "actor/a"),
        ("create", "claim/no-subject"),
        ("create", "document/ff"),
    ]
    assert site.said_by_log() == site.said_by_store()
    site.write(corpus=[q for q in quads if "citation" not in q.subject])
    assert site.events()[-1] == ("update", "actor/a")
    site.write(corpus=[q for q in quads if "actor" in q.subject and "#" not in q.subject])
    assert site.said_by_log() == site.said_by_store()


def test_a_statement_of_two_graphs_is_told_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(corpus=[say("actor/a", "1")], table__a=[say("actor/a", "1", TABLE)])
    assert site.write(corpus=[]) == 0
    assert site.write(table__a=[]) == 1
    assert site.events() == [("delete", "actor/a")]


@pytest.mark.parametrize(
    "path", ["inferred/a", "ontology", "mappings", "catalogue", "partner/lv", "quarantine/lv"]
)
def test_what_is_not_ours_to_tell(tmp_path: Path, path: str) -> None:
    site = Site(tmp_path)
    graph = {path.replace("/", "__"): [say("actor/a", "1", IRIS.graph(path))]}
    assert site.write(**graph) == 0
    assert site.record(None) == 0
    assert site.events() == []


def test_what_was_deleted_is_in_no_byte_of_the_file(tmp_path: Path) -> None:
    """Also where others said it in versions that were replaced since."""
    site = Site(tmp_path)
    link = Quad(IRIS.entity("actor", "b"), P, IRIS.entity("person", "jeanne-doe"), CORPUS)
    site.write(corpus=[say("person/jeanne-doe", "Jeanne Doe lives here"), link])
    site.write(corpus=[say("person/jeanne-doe", "Jeanne Doe moved"), say("actor/b", "x"), link])
    site.write(corpus=[say("actor/b", "x")])
    told = [c.ntriples for page in site.log.pages() for c in site.log.page(page.page)]
    assert not any(b"jeanne-doe" in each for each in told)
    assert [event for event, iri in site.events() if "jeanne" in iri] == ["delete"]
    assert b"lives here" not in site.log.path.read_bytes()


def test_replaced_versions_go_when_they_are_the_most(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for number in range(5):
        site.write(corpus=[say("actor/a", str(number)), say("actor/b", "always")])
    assert len(site.events()) <= 4
    assert site.said_by_log() == site.said_by_store()


def test_pages_fill_by_changes_and_by_statements(tmp_path: Path) -> None:
    site = Site(tmp_path, page_changes=3, page_quads=10)
    site.write(corpus=[say(f"actor/a{n}", "x") for n in range(7)])
    assert [len(site.log.page(page.page)) for page in site.log.pages()] == [3, 3, 1]
    site.write(table__a=[say("actor/big", str(n), TABLE) for n in range(30)])
    site.write(document__x=[say("actor/z", "z", IRIS.graph("document/x"))])
    pages = site.log.pages()
    assert [len(site.log.page(page.page)) for page in pages] == [3, 3, 1, 1, 1]
    assert [page.open for page in pages] == [False] * 4 + [True]
    assert all(a.last < b.first for a, b in pairwise(pages))


@pytest.mark.parametrize("seed", range(5))
def test_random_changes_and_lost_deltas(tmp_path: Path, seed: int) -> None:
    """Compared by what was written or, as after a crash, by everything: the same log."""
    choose = random.Random(seed)  # noqa: S311 -- which changes, no secret
    site = Site(tmp_path, page_changes=7)
    subjects = [
        "actor/a", "actor/a#p", "law/b", "claim/c", "claim/c#citation-1", "document/d/p/1-2",
        "document/d", "claim/e", "concept/s/f",
    ]  # fmt: skip
    for _ in range(25):
        graphs = {}
        for path in choose.sample(["corpus", "table__a", "inferred__x"], k=2):
            graph = IRIS.graph(path.replace("__", "/"))
            quads = {
                say(choose.choice(subjects), str(choose.randrange(3)), graph) for _ in range(6)
            }
            if any("claim/c" in quad.subject for quad in quads):  # the hash of a claim implies it
                part = Iri(f"{IRIS.base}/id/actor/a#p")
                quads.add(Quad(IRIS.claim("c"), RDF_SUBJECT, part, graph))
            graphs[path] = quads
        delta = site.replace(graphs)
        lost = choose.random() < 0.3
        site.record(None if lost else delta)
        if lost:
            assert site.record(None) == 0
    assert site.record(None) == 0
    assert site.said_by_log() == site.said_by_store()
    live = {iri for iri, (event, _) in site.log.newest().items() if event != "delete"}
    assert len(live) >= 1


def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    log = ChangeLog(DataFolder(tmp_path))
    assert (log.state().last, log.pages(), log.page(1), log.newest()) == (0, [], [], {})
    assert log.change(1) is None


def _write_and_fail(log: ChangeLog) -> Callable[[], None]:
    def write() -> None:
        with log.writer() as writer:
            writer.compact()
            writer.note({"x": "y"})
            writer.set_generation(99)
            raise RuntimeError

    return write


def test_a_writer_that_fails_changes_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(corpus=[say("actor/a", "1")])
    before = site.log.state()
    failing = _write_and_fail(site.log)
    with pytest.raises(RuntimeError):
        failing()
    assert site.log.state() == before
    assert site.log.generation() == 1


@pytest.mark.slow
def test_through_the_builder(
    runner: Runner, data: DataFolder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build, a withdrawal, a restoration, and a crash between publishing and recording."""
    log = runner.builder.changes
    avise = IRIS.entity("actor", "avise")
    assert log.newest()[avise][0] == "create"
    first = log.state()
    runner.builder.build()
    assert log.state() == first

    run(runner, "withdraw", name="actor/avise", who="a curator")
    assert log.newest()[avise][0] == "delete"
    said = [c.ntriples for page in log.pages() for c in log.page(page.page)]
    assert not any(f"<{avise}>".encode() in each for each in said)
    run(runner, "restore", name="actor/avise", who="a curator")
    assert log.newest()[avise][0] == "create"

    with monkeypatch.context() as crash:
        crash.setattr(Builder, "_record", lambda *_: None)
        run(runner, "withdraw", name="actor/avise", who="a curator")
    assert log.newest()[avise][0] == "create"
    runner.builder.build()
    assert log.newest()[avise][0] == "delete"
    assert log.generation() == runner.builder.current().generation  # type: ignore[union-attr]


@pytest.mark.slow
def test_dates_survive_backup_and_restore(runner: Runner, data: DataFolder, tmp_path: Path) -> None:
    """What a restore brings back has not changed: nothing new is told of it."""
    log = runner.builder.changes
    run(runner, "withdraw", name="actor/avise", who="a curator")
    before = log.newest()
    archive = tmp_path / "backup.tar.gz"
    write_archive(data, archive, None)
    other = DataFolder(tmp_path / "other")
    other.init()
    settings = Settings(data=other.root, inference=False)
    with Builder(other, settings) as builder:
        builder.build()
    assert is_empty(other)
    restore_archive(other, archive)
    with Builder(other, settings) as builder:
        builder.reload()
        builder.build()
        assert builder.changes.newest() == before
