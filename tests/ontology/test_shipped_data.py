"""What ships beside the sheets keeps to the shapes, and what points to it finds it."""

import pytest
from rdflib.namespace import FOAF

from corpus import SHEETS
from corpus.sheets import load_sheets
from corpus.territories import load_territories
from ontology.iris import Iris
from ontology.load import quads, scheme_graph
from ontology.model import Quad
from ontology.validate import Severity, Validator
from ontology.vocabularies import RDF_TYPE

IRIS = Iris()


@pytest.fixture(scope="module")
def shipped() -> list[Quad]:
    sheets = [quad for sheet in load_sheets(SHEETS) for quad in sheet.quads(IRIS)]
    return [*sheets, *load_territories().quads(IRIS)]


@pytest.mark.slow
def test_territories_keep_to_all_shapes() -> None:
    """Every fifth row of a table in one form; sheets and where they lead: ``maillon check``."""
    places = load_territories().by_slug
    reached = set(sorted(places)[::5])
    while more := {up for slug in reached for up in places[slug].within} - reached:
        reached |= more
    assert len(reached) > 100
    rows = [quad for slug in reached for quad in places[slug].quads(IRIS)]
    findings = Validator().validate([*quads(IRIS), *rows])
    # Who governs them is described by sheets.
    serious = [f for f in findings if f.severity is not Severity.INFO and "/actor/" not in f.focus]
    assert [(f.focus, f.shape, f.value) for f in serious] == []


def test_a_status_concept_leads_to_its_page(shipped: list[Quad]) -> None:
    described = {str(quad.subject) for quad in shipped if quad.predicate == RDF_TYPE}
    focused = {str(o) for o in scheme_graph("legal-statuses", IRIS).objects(None, FOAF.focus)}
    assert focused
    assert focused <= described
