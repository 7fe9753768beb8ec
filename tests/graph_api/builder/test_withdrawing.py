"""Withdrawing documents and entities: out of the graph, the index and the releases, until restored."""

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_api.builder.runner import Runner
from graph_api.builder.withdrawing import resolve, without
from graph_api.errors import BadInputError
from graph_api.folder import DataFolder
from graph_api.releases.making import make_release
from graph_api.releases.shelf import Shelf
from graph_api.releases.withholding import withhold
from graph_api.settings import Settings
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import RDF_OBJECT, RDF_SUBJECT
from tests.graph_api.builder.test_runner import ingest, run

IRIS = Iris()
TEXT = "# Rapport\n\nL'Avise pilote le DLA depuis 2002. Le DLA aide les associations.\n"


def test_names() -> None:
    sha256 = "ab" * 32
    for name in (sha256, f"document/{sha256}", IRIS.document(sha256)):
        assert resolve(IRIS, name) == IRIS.document(sha256)
    assert resolve(IRIS, "actor/avise") == IRIS.entity("actor", "avise")
    for name in ("claim/1", "https://elsewhere.example/id/actor/a", "concept/a/b", "../x/y"):
        with pytest.raises(BadInputError):
            resolve(IRIS, name)


def test_statements_go_with_what_they_are_about() -> None:
    a, b, claim, p, g = (Iri(f"http://e/{each}") for each in "abcpg")
    quads = [
        Quad(a, p, b, g), Quad(b, p, a, g), Quad(b, p, b, g), Quad(claim, RDF_SUBJECT, b, g),
        Quad(claim, RDF_OBJECT, a, g), Quad(claim, p, b, g),
    ]  # fmt: skip
    assert list(without(quads, {a})) == [Quad(b, p, b, g)]
    assert list(without(quads, frozenset())) == quads


def test_parts_citations_and_passages_go_too() -> None:
    """A passage stays where another statement was read in it."""
    gone, other, p, g = (Iri(f"http://e/{each}") for each in ("gone", "other", "p", "g"))
    first, second, alone, shared = (Iri(f"http://e/{each}") for each in ("c1", "c2", "q1", "q2"))
    left = [
        Quad(second, RDF_SUBJECT, other, g),
        Quad(second, mln.passage, shared, g),
        Quad(Iri(f"{shared}#quote"), p, Literal("both"), g),
    ]
    lost = [
        Quad(Iri(f"{gone}#part"), p, Literal("part"), g),
        Quad(other, p, Iri(f"{gone}#part"), g),
        Quad(first, RDF_SUBJECT, gone, g),
        Quad(Iri(f"{first}#citation-1"), p, Literal("cited"), g),
        Quad(first, mln.passage, alone, g),
        Quad(first, mln.passage, shared, g),
        Quad(alone, p, Literal("only here"), g),
        Quad(Iri(f"{alone}#quote"), p, Literal("Jeanne"), g),
    ]
    assert list(without([*left, *lost], {gone})) == left


@pytest.mark.slow
def test_document_and_entity(
    runner: Runner, data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    builder = runner.builder
    report = tmp_path / "rapport.md"
    report.write_text(TEXT)
    sha256 = ingest(runner, report).report["documents"][0]["sha256"]
    before = builder.hash()
    document, avise = IRIS.document(sha256), IRIS.entity("actor", "avise")
    made = make_release(data, Settings(data=data.root, disk_reserve=0))

    def said(iri: str) -> int:
        return sum(iri in line for line in builder.view.lines())

    assert said(document) > 10
    assert said(f"<{avise}>") > 10
    gone = run(runner, "withdraw", name=sha256, who="w", why="asked")
    assert gone.state == "done"
    assert gone.report["fate"]["also"] > 0
    assert said(sha256) == 0
    assert not (data.documents / sha256).exists()
    refused = ingest(runner, report).report["documents"][0]
    assert (refused["state"], refused["problem"]) == ("failed", "withdrawn")
    assert run(runner, "withdraw", name=sha256, who="w").state == "failed"
    run(runner, "withdraw", name="actor/avise", who="w")
    assert said(f"<{avise}>") == 0
    assert withhold(data, settings, builder.identities.withdrawn()) == [made.id]
    renewed = Shelf(data).get(made.id)
    assert renewed.withheld == 1
    assert renewed.quads < made.quads
    for file in renewed.files:
        text = gzip.decompress((Shelf(data).place(made.id) / file.name).read_bytes()).decode()
        assert sha256 not in text
        assert f"{avise}>" not in text
    _, live = Shelf(data).live_store(made.id)
    assert len(ox.Store.read_only(str(live))) == renewed.quads
    assert withhold(data, settings, builder.identities.withdrawn()) == []
    run(runner, "restore", name=avise, who="w")
    run(runner, "restore", name=sha256, who="w")
    ingest(runner, report)
    assert builder.hash() == before
    assert run(runner, "restore", name=sha256, who="w").state == "failed"
