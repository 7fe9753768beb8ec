"""What ships, taken together, keeps to the shapes and contradicts nothing."""

import shutil

import pytest
from rdflib.namespace import FOAF

from corpus import SHEETS
from corpus.sheets import load_sheets
from corpus.territories import load_territories
from ontology.iris import Iris
from ontology.load import ontology_graph, quads, scheme_graph
from ontology.model import Quad
from ontology.reason import check_consistency
from ontology.validate import Severity, Validator, graph_of
from ontology.vocabularies import RDF_TYPE

IRIS = Iris()


@pytest.fixture(scope="module")
def shipped() -> list[Quad]:
    sheets = [quad for sheet in load_sheets(SHEETS) for quad in sheet.quads(IRIS)]
    return [*sheets, *load_territories().quads(IRIS)]


@pytest.mark.slow
def test_the_corpus_keeps_to_all_shapes(shipped: list[Quad]) -> None:
    findings = Validator().validate([*quads(IRIS), *shipped])
    serious = [f for f in findings if f.severity is not Severity.INFO]
    assert [(f.focus, f.shape, f.value) for f in serious] == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="no Java here: HermiT was not run")
def test_ontology_and_corpus_are_consistent(shipped: list[Quad]) -> None:
    assert check_consistency(ontology_graph() + graph_of(shipped)).consistent


def test_a_status_concept_leads_to_its_page(shipped: list[Quad]) -> None:
    described = {str(quad.subject) for quad in shipped if quad.predicate == RDF_TYPE}
    focused = {str(o) for o in scheme_graph("legal-statuses", IRIS).objects(None, FOAF.focus)}
    assert focused
    assert focused <= described
