"""Steps, citations, and the Lexicon's part for each document."""

from pathlib import Path

import pytest

from graph_api.builder.decisions import new_decision
from graph_api.builder.extractions import Extractions
from graph_api.builder.lexicon import Relevance, names_from_json, names_to_json
from graph_api.builder.readings import Readings
from graph_api.builder.rehearsal import rehearse
from graph_api.builder.shipping import ship_reports
from graph_api.builder.steps import Sources, citations
from graph_api.documents import DocumentFolder
from graph_api.extraction_cache import reading_keys
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from ingest.extract.lexicon import Lexicon
from ingest.readers import read
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Literal, Name, Quad
from tests.graph_api.samples import ENGLISH, FRENCH, write_texts

IRIS = Iris()
G = IRIS.graph("corpus")


def name(text: str, slug: str) -> Name:
    return Name(text, "fr", IRIS.entity("actor", slug), "Association", LabelRole.PREFERRED)


def test_citations_lead_from_publication_to_assertions() -> None:
    claim, publication = IRIS.claim("c"), IRIS.entity("publication", "p")
    node = Iri(f"{claim}#citation-1")
    quads = [
        Quad(claim, mln.citation, node, G),
        Quad(node, mln.citedPublication, publication, G),
        Quad(node, mln.fingerprint, Literal("3-abc"), G),
        Quad(IRIS.claim("d"), mln.citation, Iri(f"{claim}#citation-2"), G),
    ]
    assert citations(quads) == {publication: {"3-abc": [claim]}}
    assert citations([]) == {}


@pytest.mark.slow
def test_every_graph_belongs_to_one_step(data: DataFolder) -> None:
    sources = Sources(data, IRIS)
    graphs = [{quad.graph for quad in step.make()} for step in sources.steps]
    assert sum(len(g) for g in graphs) == len(set().union(*graphs))
    assert not sources.problems
    assert sources.names.named("DLA")
    assert sources.citations


def test_another_countrys_collection_has_no_shipped_sheet(data: DataFolder) -> None:
    made = {step.name: step for step in Sources(data, IRIS, shipped=False).steps}
    assert list(made["corpus"].make()) == []
    whole = {step.name: step.inputs for step in Sources(data, IRIS).steps}
    assert made["corpus"].inputs != whole["corpus"]
    documents = DocumentFolder(data)
    assert list(documents.shipped())
    ship_reports(documents, Settings(data=data.root, shipped=False))
    assert list(documents.shipped()) == []


def test_names_survive_json() -> None:
    names = frozenset({name("Avise", "avise"), name("Labo", "labo")})
    assert names_from_json(names_to_json(names)) == names


@pytest.mark.slow
def test_a_hash_changes_only_with_names_that_matter(data: DataFolder) -> None:
    documents = DocumentFolder(data)
    document = read(b"L'Avise agit. Rien d'autre ici.", "a.txt")
    documents.save(document, b"x", None)
    extractions = Extractions(data.extractions, documents, IRIS)
    path = data.store / "relevance-test.json"
    shas = [document.sha256]

    def relevant(*names: Name) -> str:
        relevance = Relevance(path, extractions, Lexicon(names), shas)
        found = relevance.hash(document.sha256, frozenset())
        relevance.save()
        assert found == relevance.lexicon(document.sha256, frozenset()).hash
        return found

    first = relevant(name("Avise", "avise"))
    assert relevant(name("Avise", "avise"), name("Ellyx", "ellyx")) == first
    # The entity's preferred name matters where only another name of it is printed.
    longer = Name("Agence Avise", "fr", IRIS.entity("actor", "avise"), "Association",
                  LabelRole.ALTERNATIVE)  # fmt: skip
    renamed = Name("Avise", "fr", longer.entity, "Association", LabelRole.ALTERNATIVE)
    preferred = Name("Agence", "fr", longer.entity, "Association", LabelRole.PREFERRED)
    second = relevant(renamed, preferred)
    assert second != first
    assert relevant(renamed, preferred, name("Ellyx", "ellyx")) == second
    assert relevant(renamed) != second


@pytest.mark.slow
@pytest.mark.slow
def test_the_plan_is_the_same_whatever_was_there_before(data: DataFolder) -> None:
    documents = DocumentFolder(data)
    for text, file in ((FRENCH, "a.txt"), (ENGLISH, "b.md")):
        documents.save(read(text.encode(), file), text.encode(), None)
    extractions = Extractions(data.extractions, documents, IRIS)
    sources = Sources(data, IRIS)
    plans = []
    for _ in range(2):
        readings = Readings(data.store, documents, IRIS, extractions, Settings())
        plan, failed = readings.plan(sources.names, sources.citations, [])
        assert not failed
        plans.append({sha: (r.key, r.step.inputs) for sha, r in plan.items()})
        (data.store / "relevance.json").unlink()
    assert plans[0] == plans[1]
    assert set(reading_keys(data)) == set(plans[0])
    decided, _ = readings.plan(sources.names, sources.citations, [new_decision("reject", who="me")])
    assert {sha: (r.key, r.step.inputs) for sha, r in decided.items()} == plans[0]


@pytest.mark.slow
def test_the_cache_recalls_and_forgets(data: DataFolder) -> None:
    documents = DocumentFolder(data)
    document = read(ENGLISH.encode(), "b.md")
    documents.save(document, ENGLISH.encode(), None)
    extractions = Extractions(data.extractions, documents, IRIS)
    lexicon = Sources(data, IRIS).names
    key = extractions.key(document.sha256, lexicon.hash)
    made = extractions.extract(document.sha256, key, lambda: lexicon)
    assert extractions.recall(key) == made
    (data.extractions / f"{key}.json").write_text("{")
    assert extractions.extract(document.sha256, key, lambda: lexicon) == made
    other = Extractions(data.extractions, documents, IRIS)
    other.sweep([])
    assert other.recall(key) is None


@pytest.mark.slow
def test_shipped_reports_follow_what_ships(data: DataFolder) -> None:
    documents = DocumentFolder(data)
    before = documents.shipped()
    assert before
    strange = read(b"No report of ours.", "strange.txt")
    documents.ship(strange, b"No report of ours.", "full")
    ship_reports(documents, Settings(data=data.root))
    assert documents.shipped() == before
    assert documents.all() == before


@pytest.mark.slow
def test_a_rehearsal_keeps_nothing(data: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    files = [*write_texts(tmp_path / "texts"), tmp_path / "empty.txt"]
    files[-1].touch()
    before = sorted(p for p in data.root.rglob("*") if p.name != "errors.log")
    told: list[object] = []
    reports = rehearse(data, Settings(data=data.root), [(f, f.name) for f in files], told.append)
    assert {r["name"]: r["state"] for r in reports} == {
        "rapport.txt": "read", "report.md": "read", "empty.txt": "failed",
    }  # fmt: skip
    assert all(r["claims"] > 0 for r in reports if r["state"] == "read")
    assert len(told) == 3
    assert sorted(p for p in data.root.rglob("*") if p.name != "errors.log") == before
