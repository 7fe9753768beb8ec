"""Conclusions: what rules find in a generation, in graphs of their own, behind the facts."""

import threading
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_api.builder.generations import Generations
from graph_api.builder.inference import InferenceChild, Inferred, infer, is_inferred, main, stated
from graph_api.builder.runner import Runner
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from graph_api.store.base import Delta
from graph_api.store.oxigraph import OxigraphView, to_ox
from ontology import load
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Quad
from ontology.rules import load_rules
from tests.graph_api.builder.test_runner import ingest
from tests.graph_api.published import Publisher

IRIS = Iris()
TOWN, LAND, STATE = (IRIS.entity("territory", each) for each in ("town", "land", "state"))
ACTOR = IRIS.entity("actor", "a")
GRAPH = IRIS.graph("corpus")


def published(folder: Path) -> Publisher:
    """A generation with the ontology and four facts."""
    said = [
        Quad(TOWN, mln.partOf, LAND, GRAPH),
        Quad(LAND, mln.partOf, STATE, IRIS.graph("territories")),
        Quad(ACTOR, mln.locatedIn, TOWN, GRAPH),
        Quad(ACTOR, mln.locatedIn, LAND, IRIS.graph("inferred/located-in-whole")),
    ]
    facts = [*load.quads(IRIS), *said]
    publisher = Publisher(folder, map(to_ox, facts))
    publisher.publish()
    return publisher


@pytest.mark.slow
def test_conclusions(tmp_path: Path) -> None:
    """They say by their graph which rule found them, and earlier conclusions are no facts."""
    publisher = published(tmp_path)
    target = tmp_path / "inferred.nq"
    checkpoint = publisher.folder.generations / "1"
    count = infer(checkpoint, target, IRIS.base)
    store = ox.Store()
    store.load(target.read_bytes(), format=ox.RdfFormat.N_QUADS)
    found = set(OxigraphView(store).quads())
    assert Quad(TOWN, mln.partOf, STATE, IRIS.graph("inferred/transitive")) in found
    for whole in (LAND, STATE):
        place = IRIS.graph("inferred/located-in-whole")
        assert Quad(ACTOR, mln.locatedIn, whole, place) in found
    assert not any(quad[:3] == (TOWN, mln.partOf, LAND) for quad in found)
    assert all(is_inferred(quad.graph, IRIS) for quad in found)
    root = [quad for quad in found if quad.graph == IRIS.graph("inferred")]
    assert count == len(found) - len(root)
    rules = {rule.name: rule.texts for rule in load_rules()}
    told = {
        (quad.subject, str(quad.object.value)) for quad in root if hasattr(quad.object, "value")
    }
    for graph in {quad.graph for quad in found} - {IRIS.graph("inferred")}:
        assert {(graph, text) for text in rules[graph.rpartition("/")[2]].values()} <= told
    again = tmp_path / "again.nq"
    assert main(["", str(checkpoint), str(again), IRIS.base]) == 0
    assert again.read_bytes() == target.read_bytes()


def test_stated() -> None:
    fact = Quad(TOWN, mln.partOf, LAND, GRAPH)
    conclusion = fact._replace(graph=IRIS.graph("inferred/inverse"))
    assert stated(Delta((fact, conclusion), (conclusion,)), IRIS) == Delta((fact,), ())
    assert not is_inferred(IRIS.graph("inferredness"), IRIS)


@pytest.mark.slow
def test_a_generation_behind_the_facts(runner: Runner, tmp_path: Path) -> None:
    builder = runner.builder
    builder.settings = replace(builder.settings, inference=True)
    first = builder.build()
    digest = builder.hash()
    assert builder.unconcluded()
    concluded = builder.conclude()
    assert concluded is not None
    assert concluded.quads > first.quads
    current = builder.current()
    assert current is not None
    assert (current.generation, current.inferred_from) == (first.generation + 1, first.generation)
    assert builder.hash() == digest
    assert builder.conclude() is None
    report = tmp_path / "report.md"
    report.write_text("# A\n\nThe Avise operates the DLA.\n")
    ingest(runner, report)
    assert builder.unconcluded()
    after = builder.current()
    assert after is not None
    assert after.inferred_from == first.generation
    again = builder.conclude()
    assert again is not None


@pytest.mark.service
def test_the_process_of_its_own(tmp_path: Path) -> None:
    """It wakes the builder when it is done; it gives facts up that it cannot handle; it can be ended."""
    publisher = published(tmp_path)
    folder = DataFolder(tmp_path)
    (tmp_path / "store").rename(tmp_path / "elsewhere")
    folder.store.mkdir()
    inferred = Inferred(folder, IRIS)
    current = Generations(folder).current()
    assert inferred.step() is None
    woken = threading.Event()
    child = InferenceChild(folder, Settings(data=tmp_path), inferred, woken.set)
    child.consider(None, current)
    assert not woken.wait(0.1)
    child.consider("facts", current)
    assert woken.wait(20)
    assert child.ready
    assert inferred.source() == 1
    step = inferred.step()
    assert step is not None
    assert any(quad.predicate == mln.partOf for quad in step.make())
    child.close()
    slow = InferenceChild(
        folder, Settings(data=tmp_path, inference_seconds=0.0), inferred, woken.set
    )
    woken.clear()
    slow.consider("other facts", current)
    slow.close()
    assert not woken.is_set()
    assert not (folder.run / "inference").exists()
    assert publisher.generation == 1
