"""The shipped corpus, built and concluded from, under the EU's shapes and under our own.

Of CPSV-AP only what claims it can conform: the public services (programmes run by a public body), the
public organisations competent for them, and what is no agent at all (laws, territories, concepts).
Other agents are in our graph for other reasons; CPSV-AP would want a place and an identifier of each,
which no source says.
"""

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, FOAF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from graph_api.builder.runner import open_runner
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from ontology import terms as mln
from ontology.load import GENERAL_SHAPES
from ontology.validate import Finding, Severity, Validator
from tests.profiles import Violation, load_shapes, of_class, target_nodes, violations

pytestmark = pytest.mark.slow

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """All graphs of a fresh data folder as one: ontology, sheets, what was read, conclusions."""
    folder = DataFolder(tmp_path_factory.mktemp("profiles") / "var")
    folder.init()
    with open_runner(folder, Settings(data=folder.root), "the tests") as runner:
        runner.builder.build()
        runner.builder.conclude()
        current = runner.builder.current()
    assert current is not None
    store = ox.Store.read_only(str(folder.root / current.store))
    lines = (f"{ox.Triple(q.subject, q.predicate, q.object)} .\n" for q in store)
    return Graph().parse(data="".join(lines), format="nt")


@pytest.fixture(scope="module")
def cpsv_ap(conformance: Path) -> Graph:
    return load_shapes(conformance / "cpsv-ap-3.2.0", "cpsv-ap-SHACL.ttl")


def without(graph: Graph, *pattern: Node | None) -> Graph:
    """A copy that does not say something."""
    copy = Graph()
    copy += graph
    copy.remove(pattern)  # type: ignore[arg-type]
    assert len(copy) < len(graph)
    return copy


def of_claimants(graph: Graph, shapes: Graph) -> list[Violation]:
    """The violations by what claims CPSV-AP, and by what is no agent."""
    competent = set(graph.objects(None, CV.hasCompetentAuthority))
    others = of_class(graph, FOAF.Agent) - competent
    return [each for each in violations(graph, shapes) if each.focus not in others]


def test_what_claims_cpsv_ap_conforms(shipped: Graph, cpsv_ap: Graph) -> None:
    services = of_class(shipped, CPSV.PublicService)
    assert len(services) >= 5
    looked_at = target_nodes(shipped, cpsv_ap)
    competent = set(shipped.objects(None, CV.hasCompetentAuthority))
    assert services | competent < looked_at
    assert len(competent) >= 3
    for cls in (SKOS.Concept, DCTERMS.Location, ELI.LegalResource):
        assert of_class(shipped, cls) & looked_at
    assert of_claimants(shipped, cpsv_ap) == []


@pytest.mark.parametrize(
    "predicate", [DCTERMS.title, DCTERMS.identifier, DCTERMS.description, CV.hasCompetentAuthority]
)
def test_a_service_that_lacks_something_is_found(
    shipped: Graph, cpsv_ap: Graph, predicate: URIRef
) -> None:
    service = min(of_class(shipped, CPSV.PublicService))  # type: ignore[type-var]
    found = of_claimants(without(shipped, service, predicate, None), cpsv_ap)
    assert (service, str(predicate)) in {(each.focus, each.path) for each in found}


def test_a_competent_authority_without_a_place_is_found(shipped: Graph, cpsv_ap: Graph) -> None:
    authority = min(shipped.objects(None, CV.hasCompetentAuthority))  # type: ignore[type-var]
    found = of_claimants(without(shipped, authority, DCTERMS.spatial, None), cpsv_ap)
    assert {(each.focus, each.path) for each in found} == {(authority, str(DCTERMS.spatial))}


def test_a_programme_of_an_association_claims_nothing(shipped: Graph) -> None:
    services = of_class(shipped, CPSV.PublicService)
    assert services < of_class(shipped, URIRef(mln.Programme))
    bodies = of_class(shipped, CV.PublicOrganisation)
    assert set(shipped.objects(None, CV.hasCompetentAuthority)) <= bodies


def ours(graph: Graph) -> list[Finding]:
    """What must or should be mended by our own shapes, those of public data included."""
    found = Validator(*GENERAL_SHAPES, "publish").validate(graph)
    return [each for each in found if each.severity is not Severity.INFO]


def test_our_own_shapes_find_nothing(shipped: Graph) -> None:
    """Over what was read in the shipped reports and concluded too, not over the sheets alone."""
    assert of_class(shipped, URIRef(mln.Assertion))
    assert [(each.focus, each.shape, each.value) for each in ours(shipped)] == []
    service = min(of_class(shipped, URIRef(mln.PublicProgramme)))  # type: ignore[type-var]
    planted = without(shipped, service, URIRef(mln.operatedBy), None)
    planted.remove((None, URIRef(mln.operates), service))
    planted.add((service, URIRef(mln.createdInYear), Literal("long ago")))
    found = ours(planted)
    assert {each.focus for each in found} == {str(service)}
    assert "PublicProgrammeOperator" in {each.shape for each in found}
    assert mln.createdInYear in {each.path for each in found}
