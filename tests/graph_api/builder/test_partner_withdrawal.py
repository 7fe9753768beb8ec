"""What is withdrawn of a partner leaves every channel and the disk, and stays out until taken back."""

from pathlib import Path
from typing import Any

import pytest

from graph_api.builder.jobs import Job
from graph_api.builder.partner_withdrawal import let_back, take_out
from graph_api.builder.partnering import Sent, take_in
from graph_api.builder.review import Judge
from graph_api.builder.runner import Runner
from graph_api.errors import BadInputError, GoneError, MissingError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.partners.copies import Copies
from graph_api.partners.registry import PartnerFolder
from ontology.iris import Iris
from ontology.model import Iri
from tests.graph_api.builder.test_partnering import GRAPH, TEN, live, send
from tests.graph_api.partners.samples import actor, turtle
from tests.graph_api.partners.test_registry import LATVIA

THREE = "https://lv.example/id/actor-3"
JUDGE = Judge("somebody", "asked for it", "job")


@pytest.fixture
def place(data: DataFolder) -> Path:
    partners = PartnerFolder(data, Iris())
    partners.add(LATVIA)
    return partners.place("lv")


def run(runner: Runner, kind: str, **arguments: Any) -> Job:
    job = runner.jobs.add(kind, {"partner": "lv", "who": "x", "why": "asked for it", **arguments})
    return runner.run([job])[0]


def left(data: DataFolder, said: str) -> set[str]:
    """The files of a data folder, but the store's own, in which a text stands."""
    return {
        path.relative_to(data.root).parts[0]
        for path in data.root.rglob("*")
        if path.is_file() and "quads" not in path.parts and said.encode() in path.read_bytes()
    } - {"generations", "live"}


@pytest.mark.service
def test_a_withdrawn_record_leaves_everything_and_stays_out(
    runner: Runner, data: DataFolder, place: Path
) -> None:
    link = actor(5).replace("a mln:Actor ;", f"a mln:Actor ; mln:partnerOf <{THREE}> ;")
    send(runner, turtle([*(actor(n) for n in range(5)), link]))
    done = run(runner, "partner-withdraw", entity=THREE)
    assert (done.state, done.report["fate"]["iri"]) == ("done", THREE)
    assert live(runner) == set("01245")
    view = runner.builder.view
    assert not any(view.quads(subject=Iri(THREE)))
    assert not any(view.quads(object=Iri(THREE)))
    assert left(data, "Kooperatīvs 3") == set()
    assert left(data, f"<{THREE}>") == set()
    again = send(runner, turtle(actor(n) for n in range(6)))
    assert [f.rule for f in again.findings if f.severity == "violation"] == ["withdrawn"]
    assert (again.kept, left(data, "Kooperatīvs 3")) == (5, set())
    assert live(runner) == set("01245")
    assert run(runner, "partner-restore", entity=THREE).state == "done"
    assert send(runner, turtle(actor(n) for n in range(6))).kept == 6
    assert live(runner) == set("012345")


@pytest.mark.service
def test_a_withdrawn_partner_leaves_no_triple(
    runner: Runner, data: DataFolder, place: Path
) -> None:
    send(runner, TEN)
    assert run(runner, "partner-withdraw").state == "done"
    assert not any(runner.builder.view.quads(graph=GRAPH))
    assert not any("lv.example" in line for line in runner.builder.view.lines())
    assert [p.name for p in place.iterdir()] == ["partner.json"]
    assert left(data, "Kooperat") == set()
    with pytest.raises(GoneError, match="--undo"):
        take_in(data, runner.builder.settings, Iris(), Sent("lv", data.root / "x", "x.ttl"))
    runner.builder.reload()
    runner.builder.build()
    assert not any(runner.builder.view.quads(graph=GRAPH))
    assert run(runner, "partner-restore").state == "done"
    assert send(runner, TEN).kept == 9


def test_withdrawing_is_written_down_before_it_is_done(data: DataFolder, place: Path) -> None:
    log = IdentityLog(data.decisions)
    said = f'<{THREE}> <http://www.w3.org/2000/01/rdf-schema#label> "three" .\n'
    said += f'<{THREE}#part> <http://www.w3.org/2000/01/rdf-schema#label> "part" .\n'
    Copies(place).swap(said.encode(), b"", {"records": 1, "triples": 2})
    fate = take_out(data, log, Iris(), "lv", f"{THREE}#part", JUDGE)
    assert (fate.iri, fate.also, fate.why) == (THREE, (f"{THREE}#part",), "asked for it")
    assert {THREE, f"{THREE}#part"} <= log.withdrawn()
    Copies(place).swap(said.encode(), b"", {})  # as if it had been killed between
    assert take_out(data, log, Iris(), "lv", THREE, JUDGE) == fate
    assert Copies(place).current.read_bytes() == b""


@pytest.mark.parametrize(
    ("partner", "entity", "error"),
    [
        ("nobody", THREE, MissingError),
        ("lv", "https://lv.example/id/none", MissingError),
        ("lv", "https://maillon.example/id/actor/avise", BadInputError),
        ("lv", "actor-3", BadInputError),
    ],
)
def test_what_is_not_theirs_is_not_withdrawn(
    data: DataFolder, place: Path, partner: str, entity: str, error: type[Exception]
) -> None:
    log = IdentityLog(data.decisions)
    with pytest.raises(error):
        take_out(data, log, Iris(), partner, entity, JUDGE)
    with pytest.raises((BadInputError, MissingError)):
        let_back(data, log, Iris(), partner, entity, JUDGE)
    assert not log.withdrawn()
