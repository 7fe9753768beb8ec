"""Search records from the graph and the documents, and the index that holds them."""

import shutil
from pathlib import Path

import pytest

from graph_api.builder.decisions import ClaimRef
from graph_api.builder.index import SearchIndex
from graph_api.builder.records import document_records, entity_of, entity_record
from graph_api.builder.review import claims_in
from graph_api.builder.runner import Runner
from graph_api.client import spool_file
from ontology.iris import Iris
from ontology.model import Iri, Literal
from search.records import RecordType
from tests.graph_api.samples import write_texts

IRIS = Iris()


def test_entities_and_concepts_are_found_by_search_other_nodes_are_not() -> None:
    for iri in (IRIS.entity("actor", "avise"), IRIS.concept("themes", "housing")):
        assert entity_of(iri, IRIS) == iri
    for term in (
        IRIS.claim("c"),
        IRIS.document("d"),
        IRIS.scheme("themes"),
        IRIS.passage("d", 1, 2),
        Iri("https://elsewhere.example/id/actor/avise"),
        Literal("avise"),
    ):
        assert entity_of(term, IRIS) is None


@pytest.mark.slow
def test_an_entity_has_its_labels_and_what_it_is(runner: Runner) -> None:
    record = entity_record(IRIS.entity("actor", "avise"), runner.builder.view, IRIS)
    assert record is not None
    assert record.kind == "actor"
    assert {"Avise"} <= {text for text, _ in record.labels}
    assert {lang for _, lang in record.summaries} == {"fr", "en"}
    assert record.weight > 1


@pytest.mark.slow
def test_what_has_no_label_has_no_record(runner: Runner) -> None:
    assert entity_record(IRIS.entity("actor", "nobody"), runner.builder.view, IRIS) is None
    assert entity_record(Iri("https://e.example/x"), runner.builder.view, IRIS) is None


@pytest.mark.slow
def test_a_document_and_its_passages(runner: Runner, tmp_path: Path) -> None:
    files = [spool_file(runner.builder.folder, f) for f in write_texts(tmp_path / "texts")]
    runner.run([runner.jobs.add("ingest", {"files": files, "rights": "full"})])
    builder = runner.builder
    sha256 = next(s for s in builder.documents.kept() if builder.documents.name(s) == "report.md")
    document = builder.documents.get(sha256)
    extraction = builder.extraction(sha256)
    whole, *passages = document_records(document, extraction, builder.view, IRIS, "full")
    assert (whole.type, whole.document, whole.lang) == (RecordType.DOCUMENT, sha256, "en")
    assert whole.labels == (("A short report", "en"),)
    assert passages
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.id == IRIS.passage(sha256, passage.start, passage.end)
        assert passage.section == "Who does what"
        assert passage.rights == "full"
        assert passage.around == ("A short report",)
    assert IRIS.entity("actor", "avise") in passages[0].mentions
    assert all(isinstance(claim, ClaimRef) for claim in claims_in(builder.view))


@pytest.mark.slow
def test_the_index_is_current_only_where_this_version_wrote_it(runner: Runner) -> None:
    folder = runner.builder.folder
    index = SearchIndex(folder, IRIS)
    path = index.rebuild((), (), lambda _: (), runner.builder.view)
    assert index.is_current(path)
    assert not index.is_current(None)
    assert not index.is_current("index/other-1")
    shutil.rmtree(folder.root / path)
    assert not index.is_current(path)
    (folder.index / "old").mkdir()
    index.sweep({path})
    assert list(folder.index.iterdir()) == []
