"""Shapes: the conforming example conforms, each failing one fails for its reason alone."""

import warnings
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, SH, Dataset, Graph, URIRef

from ontology import terms as mln
from ontology.iris import Iris
from ontology.load import GENERAL_SHAPES, quads, shapes_graph
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
from tests.ontology.reasoning import graph

EXAMPLES = Path(__file__).parents[2] / "ontology" / "shapes" / "examples"
IRIS = Iris()
SCHEMA = Schema.load()


FILES = ("core", "parts", "partner", "publish")


def failing_examples(file: str) -> dict[str, Graph]:
    name = "failing.trig" if file == "core" else f"failing-{file}.trig"
    dataset = Dataset()
    with warnings.catch_warnings():  # rdflib 7.6 calls its own deprecated property here
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(EXAMPLES / name, format="trig")
    return {
        str(graph.identifier).rpartition("#")[2]: Graph() + graph
        for graph in dataset.graphs()
        if len(graph)
    }


FAILING = {
    (file, shape): graph for file in FILES for shape, graph in failing_examples(file).items()
}
# The shapes that need no other graph than the example's.
BESIDE = {
    "core": ("core", "ranges"),
    "parts": ("core", "parts", "ranges"),
    "partner": ("core", "parts", "ranges", "partner"),
    "publish": ("publish",),
}


@cache
def validator_of(file: str) -> Validator:
    return Validator(*BESIDE[file])


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


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ('"2026"^^xsd:gYear', '"2026-03-01"^^xsd:date', False),
        ('"2026-03-05"^^xsd:date', '"2026-03"^^xsd:gYearMonth', False),
        ('"2026"^^xsd:gYear', '"2026"^^xsd:gYear', False),
        ('"2027"^^xsd:gYear', '"2026-12-31"^^xsd:date', True),
        ('"2026-04"^^xsd:gYearMonth', '"2026-03-31"^^xsd:date', True),
    ],
)
def test_dates_compare_at_the_precision_they_share(start: str, end: str, wrong: bool) -> None:
    data = graph(f"e:a a mln:Event ; mln:startsOn {start} ; mln:endsOn {end} .")
    found = [f for f in validator_of("core").validate(data) if f.shape == "EventDates"]
    assert bool(found) is wrong
    for finding in found:
        assert finding.severity is Severity.VIOLATION
        assert set(finding.messages) == {"fr", "en"}


def test_what_a_partner_should_send_conforms() -> None:
    data = Graph().parse(EXAMPLES / "conforming-partner.ttl", format="turtle")
    assert validator_of("partner").validate(data) == []


def test_the_conforming_example_may_go_public() -> None:
    """What it lacks is a source for each made-up entity, and nothing else."""
    data = Graph().parse(EXAMPLES / "conforming.ttl", format="turtle")
    found = Validator(*GENERAL_SHAPES, "publish").validate(data)
    assert {f.shape for f in found if f.severity is not Severity.INFO} == {"PublishSource"}


@pytest.mark.parametrize(("file", "shape"), sorted(FAILING))
def test_a_failing_example_fails_for_its_reason(file: str, shape: str) -> None:
    findings = validator_of(file).validate(FAILING[file, shape])
    named = [f for f in findings if f.shape == shape]
    assert named, f"{shape} did not fail; found {[f.shape for f in findings]}"
    others = {f.shape for f in findings if f.severity is not Severity.INFO} - {shape}
    assert others == set()


@pytest.mark.parametrize("file", FILES)
def test_each_shape_has_a_failing_example(file: str) -> None:
    shapes = shapes_graph(file)
    checking = {
        str(shape).rpartition("#")[2]
        for shape, severity in shapes.subject_objects(SH.severity)
        if isinstance(shape, URIRef) and (file == "core" or severity != SH.Info)
    }
    assert checking == {shape for of, shape in FAILING if of == file}


def test_each_shape_speaks_both_languages_and_is_graded() -> None:
    shapes = shapes_graph(*GENERAL_SHAPES, "partner", "publish")
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
