"""Shapes: the conforming example conforms, each failing one fails for its reason alone."""

from functools import cache

import pytest
from rdflib import RDF, SH, Graph

from ontology import examples, validate
from ontology import terms as mln
from ontology.examples import BESIDE, check_examples, conforming, failing
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

IRIS = Iris()
SCHEMA = Schema.load()


FILES = tuple(BESIDE)
FAILING = {(file, shape): graph for file in FILES for shape, graph in failing(file).items()}


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
    data = conforming()
    assert every.validate(data) == []


def test_the_conforming_example_has_every_kind() -> None:
    data = conforming()
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
    data = conforming("conforming-partner")
    assert validator_of("partner").validate(data) == []


def test_the_conforming_example_may_go_public() -> None:
    """What it lacks is a source for each made-up entity, and nothing else."""
    data = conforming()
    found = Validator(*GENERAL_SHAPES, "publish").validate(data)
    assert {f.shape for f in found if f.severity is not Severity.INFO} == {"PublishSource"}


@pytest.mark.slow
def test_each_shape_finds_the_fault_of_its_example_and_no_other() -> None:
    assert list(check_examples()) == []


def test_a_blind_shape_and_one_without_example_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Graph() + shapes_graph("core", "ranges")
    shape = next(s for s in whole.subjects(SH.severity) if str(s).endswith("EventDates"))
    whole.remove((shape, SH.sparql, None))
    monkeypatch.setattr(validate, "shapes_graph", lambda *names: whole)
    known = failing("core")
    kept = {name: known[name] for name in ("EventDates", "PersonRole")}
    monkeypatch.setattr(examples, "failing", lambda file: kept if file == "core" else {})
    said = {(p.subject, p.detail) for p in check_examples()}
    assert ("EventDates", "does not find the fault of its example") in said
    assert any("without an example" in detail for _, detail in said)


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
