"""Shapes: the conforming example conforms, each failing one fails for its reason alone."""

import warnings
from pathlib import Path

import pytest
from rdflib import RDF, SH, Dataset, Graph, URIRef

from ontology import terms as mln
from ontology.iris import Iris
from ontology.load import quads, shapes_graph
from ontology.model import Iri, Literal, Quad, Triple
from ontology.schema import PropertyTerm, Schema
from ontology.validate import Finding, Severity, Validator, graph_of
from ontology.vocabularies import (
    RDF_TYPE,
    RDFS_LITERAL,
    SKOS_PREF_LABEL,
    XSD_DECIMAL,
    XSD_G_YEAR,
    XSD_INTEGER,
)

EXAMPLES = Path(__file__).parents[2] / "ontology" / "shapes" / "examples"
IRIS = Iris()
SCHEMA = Schema.load()


def failing_examples() -> dict[str, Graph]:
    dataset = Dataset()
    with warnings.catch_warnings():  # rdflib 7.6 calls its own deprecated property here
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(EXAMPLES / "failing.trig", format="trig")
    return {
        str(graph.identifier).rpartition("#")[2]: Graph() + graph
        for graph in dataset.graphs()
        if len(graph)
    }


FAILING = failing_examples()


@pytest.fixture(scope="module")
def every() -> Validator:
    return Validator()


@pytest.fixture(scope="module")
def local() -> Validator:
    """The shapes that need no other graph."""
    return Validator("core", "ranges")


def test_the_conforming_example_conforms(every: Validator) -> None:
    data = Graph().parse(EXAMPLES / "conforming.ttl", format="turtle")
    assert every.validate(data) == []


def test_the_conforming_example_has_every_kind() -> None:
    data = Graph().parse(EXAMPLES / "conforming.ttl", format="turtle")
    used = {SCHEMA.kind(str(cls)) for cls in data.objects(None, RDF.type)}
    assert used - {None} == {cls.kind for cls in SCHEMA.classes.values()} - {None}


@pytest.mark.parametrize("shape", sorted(FAILING))
def test_a_failing_example_fails_for_its_reason(shape: str, local: Validator) -> None:
    findings = local.validate(FAILING[shape])
    named = [f for f in findings if f.shape == shape]
    assert named, f"{shape} did not fail; found {[f.shape for f in findings]}"
    others = {f.shape for f in findings if f.severity is not Severity.INFO} - {shape}
    assert others == set()


def test_each_shape_has_a_failing_example() -> None:
    shapes = shapes_graph("core")
    checking = {
        str(shape).rpartition("#")[2]
        for shape in shapes.subjects(SH.severity)
        if isinstance(shape, URIRef)
    }
    assert checking == set(FAILING)


def test_each_shape_speaks_both_languages_and_is_graded() -> None:
    shapes = shapes_graph()
    for shape in set(shapes.subjects(SH.message)):
        languages = sorted(str(m.language) for m in shapes.objects(shape, SH.message))  # type: ignore[attr-defined]
        assert languages == ["en", "fr"], shape
        assert (shape, SH.severity, None) in shapes, shape


def rubbish_for(prop: PropertyTerm) -> Literal | Iri:
    if not prop.has_literal:
        return Literal("only a name")
    return (
        Iri("https://e.example/x") if prop.datatype == RDFS_LITERAL else Literal("1", XSD_INTEGER)
    )


CHECKED = [p for p in SCHEMA.properties.values() if p.domain and p.datatype != XSD_INTEGER]


@pytest.mark.parametrize("prop", CHECKED, ids=lambda p: p.name)
def test_a_value_of_another_type_is_found(prop: PropertyTerm, ranges: Validator) -> None:
    findings = ranges.validate([Triple(IRIS.entity("actor", "a"), prop.iri, rubbish_for(prop))])
    assert [f.shape for f in findings] == [f"{prop.name}Value"]
    assert findings[0].path == prop.iri
    assert findings[0].focus == IRIS.entity("actor", "a")


@pytest.fixture(scope="module")
def ranges() -> Validator:
    return Validator("ranges")


def test_links_find_what_is_not_described_or_of_another_kind() -> None:
    actor, other = IRIS.entity("actor", "a"), IRIS.entity("law", "b")
    graph = IRIS.graph("corpus")
    data = [
        Quad(actor, RDF_TYPE, mln.Association, graph),
        Quad(actor, mln.operates, other, graph),
    ]
    links = Validator("links")
    assert [f.shape for f in links.validate(data)] == ["operatesObject"]
    data.append(Quad(other, RDF_TYPE, mln.Law, graph))
    assert [f.shape for f in links.validate(data)] == ["operatesObject"]
    data[-1] = Quad(other, RDF_TYPE, mln.Award, graph)
    assert links.validate(data) == []


def test_findings_are_graded_sorted_and_worded(local: Validator) -> None:
    person = IRIS.entity("person", "p")
    findings = local.validate([Triple(person, RDF_TYPE, mln.Person)])
    assert [f.severity for f in findings] == sorted(
        (f.severity for f in findings), key=list(Severity).index
    )
    first: Finding = findings[0]
    assert (first.focus, first.path) == (person, SKOS_PREF_LABEL)
    assert first.message("fr").startswith("Il manque")
    assert first.message("lv") == first.message("en")
    role = next(f for f in findings if f.shape == "PersonRole")
    assert role.path is not None
    assert f"|^{mln.authoredBy}" in role.path


def test_lexical_forms_reach_the_validator_as_written() -> None:
    node = IRIS.entity("figure", "f")
    graph = graph_of([Triple(node, mln.value, Literal("1.50", XSD_DECIMAL))])
    assert '"1.50"' in graph.serialize(format="nt")


def test_the_data_are_not_changed(local: Validator) -> None:
    data = graph_of(
        [Triple(IRIS.entity("actor", "a"), mln.createdInYear, Literal("2014", XSD_G_YEAR))]
    )
    before = set(data)
    local.validate(data)
    assert set(data) == before


def test_what_ships_conforms(every: Validator) -> None:
    assert every.validate(list(quads(IRIS))) == []
