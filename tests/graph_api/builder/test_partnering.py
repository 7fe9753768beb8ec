"""What a partner sends goes through the gate into a graph of its own, and outlives builds and backups."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from graph_api.builder.backup import restore_archive, write_archive
from graph_api.builder.inference import infer
from graph_api.builder.partnering import Sent, take_in
from graph_api.builder.runner import Runner, open_runner
from graph_api.cli import cli
from graph_api.errors import MissingError
from graph_api.folder import DataFolder
from graph_api.partners.copies import Copies
from graph_api.partners.registry import PartnerFolder
from graph_api.partners.runs import Run, RunLog
from graph_api.settings import Settings
from ontology.iris import Iris
from ontology.model import Iri
from tests.graph_api.partners.samples import HOSTILE, actor, turtle
from tests.graph_api.partners.test_registry import LATVIA

pytestmark = pytest.mark.service  # each starts the gate's process

GRAPH = Iris().graph("partner/lv")
NAMELESS = actor(9, label='"Bez nosaukuma"@lv')
TEN = turtle([*(actor(n) for n in range(9)), NAMELESS])


@pytest.fixture(autouse=True)
def registered(data: DataFolder) -> Copies:
    partners = PartnerFolder(data, Iris())
    partners.add(LATVIA)
    return Copies(partners.place("lv"))


def send(runner: Runner, content: bytes, name: str = "data.ttl", **arguments: Any) -> Run:
    place = runner.builder.folder.inbox / "0123456789abcdef"
    place.mkdir()
    (place / "file").write_bytes(content)
    files = [{"name": name, "spooled": f"{place.name}/file"}]
    job = runner.jobs.add("partner", {"partner": "lv", "files": files, **arguments})
    (done,) = runner.run([job])
    assert done.state == "done", done.report
    assert not place.exists()
    assert "findings" not in done.report["run"]
    place = PartnerFolder(runner.builder.folder, Iris()).place("lv")
    return RunLog(place).get(done.report["run"]["id"])


def live(runner: Runner) -> set[str]:
    """The entities that are live, by number."""
    quads = runner.builder.view.quads(graph=GRAPH)
    return {quad.subject.rpartition("-")[2] for quad in quads}


def test_of_ten_one_bad_nine_are_live(runner: Runner, registered: Copies) -> None:
    run = send(runner, TEN)
    assert (run.state, run.records, run.kept, run.left_out) == ("live", 10, 9, 1)
    assert live(runner) == set("012345678")
    assert len(list(runner.builder.view.quads(graph=GRAPH))) == run.triples == 63
    assert "actor-9" in registered.quarantine.read_text()
    everywhere = [
        q for q in runner.builder.view.quads() if "actor-9" in q.subject and "lv." in q.subject
    ]
    assert everywhere == []


def test_a_dry_run_changes_nothing(runner: Runner, registered: Copies) -> None:
    send(runner, turtle([actor(1)]))
    before = runner.builder.hash()
    told = "Nothing new since the run 1."
    # What a catalogue tells of others' addresses is left out and makes it no bad file.
    foreign = [actor(n, at="https://terms.example/") for n in range(5)]
    run = send(runner, turtle([actor(1), actor(2), *foreign]), dry_run=True, remarks=[told])
    assert run.left_out == 5
    assert (run.state, run.added, run.kept) == ("previewed", 1, 2)
    assert run.findings[-1].message("fr") == "Rien de nouveau depuis l'envoi 1."
    assert runner.builder.hash() == before
    assert not registered.previous.exists()


def test_hostile_files_are_refused_and_the_builder_goes_on(runner: Runner) -> None:
    send(runner, turtle([actor(1)]))
    before = runner.builder.hash()
    for name in ("context.jsonld", "deep.ttl", "foreign.ttl", "empty.ttl"):
        content, rules = HOSTILE[name]
        run = send(runner, content, name)
        assert (run.state, run.rule in rules) == ("refused", True), run
        assert run.message("fr") != run.message("en")
    assert runner.builder.hash() == before
    assert send(runner, turtle([actor(1), actor(2)])).state == "live"
    assert live(runner) == {"1", "2"}


def test_a_file_that_would_lose_much_is_held(runner: Runner, registered: Copies) -> None:
    send(runner, turtle(actor(n) for n in range(10)))
    held = send(runner, turtle(actor(n) for n in range(6)))
    assert (held.state, held.rule, held.removed) == ("refused", "shrinks", 4)
    assert len(live(runner)) == 10
    assert send(runner, turtle(actor(n) for n in range(8))).state == "live"
    assert send(runner, turtle([actor(0)]), shrink=True).state == "live"
    assert live(runner) == {"0"}
    assert "actor-7" in registered.previous.read_text()


def test_the_graph_outlives_a_build_and_a_restore(
    runner: Runner, data: DataFolder, tmp_path: Path
) -> None:
    send(runner, TEN)
    said = set(runner.builder.view.quads(graph=GRAPH))
    runner.builder.reload()
    assert runner.builder.build().ran == ()
    write_archive(data, tmp_path / "backup.tar.gz", runner.builder.hash())
    restored = DataFolder(tmp_path / "restored")
    restored.init()
    restore_archive(restored, tmp_path / "backup.tar.gz")
    with open_runner(restored, Settings(data=restored.root, inference=False), "the tests") as other:
        other.builder.build()
        assert set(other.builder.view.quads(graph=GRAPH)) == said


def test_what_partners_say_is_no_reason_for_conclusions(runner: Runner, tmp_path: Path) -> None:
    linked = actor(1).replace(
        " a mln:Actor ;", " a mln:Actor ; mln:partnerOf <https://maillon.example/id/actor/avise> ;"
    )
    assert send(runner, turtle([linked])).state == "live"
    current = runner.builder.current()
    assert current is not None
    infer(runner.builder.folder.root / current.store, tmp_path / "out.nq", Iris().base)
    assert "lv.example" not in (tmp_path / "out.nq").read_text()
    assert any(
        q.object == Iri("https://maillon.example/id/actor/avise")
        for q in runner.builder.view.quads(graph=GRAPH)
    )


def test_a_partner_that_is_none_is_missing(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(MissingError):
        take_in(data, settings, Iris(), Sent("nobody", tmp_path / "x", "x.ttl"))


def test_a_file_that_is_not_there_is_a_refused_run(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    run = take_in(data, settings, Iris(), Sent("lv", tmp_path / "none.ttl", "none.ttl"))
    assert (run.state, run.rule) == ("refused", "unreadable")
    assert list(RunLog(PartnerFolder(data, Iris()).place("lv")).all()) == [run]


def test_the_commands_take_in_and_report(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLON_INFERENCE", "false")
    (tmp_path / "ten.ttl").write_bytes(TEN)

    def maillon(lang: str, *words: str) -> Result:
        monkeypatch.setenv("MAILLON_LOCALE", lang)
        return CliRunner().invoke(cli, ["partner", *words, "--data", str(data.root)])

    nothing = maillon("en", "report", "lv")
    assert (nothing.exit_code, "nothing so far" in nothing.output) == (1, True)
    sent = maillon("en", "import", "lv", str(tmp_path / "ten.ttl"))
    assert sent.exit_code == 1  # one was left out
    assert "Records: 10; passed: 9 with 63 statements; left out: 1" in sent.output
    assert (
        "actor-9: A name in French or English is needed, with its language. (rule PartnerLabel)"
        in sent.output
    )
    told = maillon("fr", "report", "lv")
    assert told.exit_code == 0
    assert (
        "actor-9 : Il faut un nom en français ou en anglais, avec sa langue. (règle PartnerLabel)"
        in told.output
    )
    assert maillon("fr", "import", "nobody", str(tmp_path / "ten.ttl")).exit_code == 1
    assert maillon("fr", "import", "lv", str(tmp_path / "none.ttl")).exit_code == 1
