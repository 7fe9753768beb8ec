"""Measures of quality: kept, published as DQV, never in the way of a build."""

from datetime import date
from pathlib import Path

import pytest

from graph_api.errors import BadInputError
from graph_api.folder import DataFolder
from graph_api.quality import Measure, keep_measure, load_measure, quality_quads
from ingest.evaluate import Measurement
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.outside import missing_terms
from ontology.vocabularies import DQV_QUALITY_MEASUREMENT, DQV_VALUE, RDF_TYPE

IRIS = Iris()
FIGURE = Measurement("mentions", "Actor", "fr", "recall", 0.84, 0.69, 0.92, 204)
MEASURE = Measure(date(2026, 11, 27), 5, 11, True, False, (FIGURE,))


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "var")
    made.init()
    return made


def test_the_projects_own_measure_is_shipped(folder: DataFolder) -> None:
    shipped = load_measure(folder)
    assert shipped.left_out
    assert {f.what for f in shipped.figures} == {
        "mentions", "linking", "relations", "statements", "figures", "structure",
    }  # fmt: skip
    assert {f.lang for f in shipped.figures} == {"", "fr", "en"}
    assert all(0 <= f.low <= f.value <= f.high <= 1 for f in shipped.figures)


def test_an_operators_own_takes_its_place(folder: DataFolder) -> None:
    keep_measure(folder, MEASURE)
    assert load_measure(folder) == MEASURE


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"at": "yesterday"}', '{"at": "2026-11-27"}'])
def test_what_is_no_measure_is_told(folder: DataFolder, text: str) -> None:
    (folder.quality / "extraction.json").write_text(text)
    with pytest.raises(BadInputError, match="no measure of quality"):
        load_measure(folder)


def test_measurements_are_dqv(folder: DataFolder) -> None:
    quads = list(quality_quads(load_measure(folder), IRIS))
    assert not missing_terms(
        {q.predicate for q in quads} | {q.object for q in quads if isinstance(q.object, Iri)}
    )
    nodes = [q.subject for q in quads if q.object == DQV_QUALITY_MEASUREMENT]
    assert len(nodes) == len(set(nodes)) == len(load_measure(folder).figures)
    (value,) = [q.object for q in quality_quads(MEASURE, IRIS) if q.predicate == DQV_VALUE]
    assert value == Literal("0.8400", Iri("http://www.w3.org/2001/XMLSchema#decimal"))
    assert {q.graph for q in quads} == {IRIS.graph("quality")}
    assert any(q.predicate == RDF_TYPE for q in quads)
