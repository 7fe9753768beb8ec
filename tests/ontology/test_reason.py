"""HermiT: ontology and example are consistent, planted contradictions are found."""

import shutil
from pathlib import Path

import pytest
from rdflib import Graph

from ontology import reason
from ontology.load import ontology_graph
from ontology.reason import ReasonerMissing, check_consistency

EXAMPLE = Path(__file__).parents[2] / "ontology/shapes/examples/conforming.ttl"

PREFIXES = """
@prefix mln: <https://w3id.org/maillon/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://maillon.example/id/actor/> .
"""

PLANTED = {
    "two kinds at once": ":a a mln:Fund , mln:Association .",
    "an operator of a territory": ":a mln:operates :t . :t a mln:Territory .",
    "a territory that supports": ":t a mln:Territory ; mln:supports :b .",
    "a person who operates, by the inverse": ":p a mln:Person . :b mln:operatedBy :p .",
    "open and closed are one": "mln:open owl:sameAs mln:closed .",
    "a text where a number is due": ':a a mln:Assertion ; mln:confidence "high" .',
    "an indicator that is a figure": ":i a mln:Indicator , mln:KeyFigure .",
    "a criterion that is a programme": ":c a mln:Criterion , mln:Fund .",
    "an office held in a territory": ":r mln:tenureAt :t . :t a mln:Territory .",
    "conflict and succession are one": "mln:conflict owl:sameAs mln:succession .",
    "a good practice that repeals": ":g a mln:GoodPractice ; mln:repeals :l .",
    "a place by way of parts": ":a a mln:Person . :b mln:locatedIn :t . :t mln:partOf :a .",
}

needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="no Java on this machine: HermiT was not run"
)


def check(text: str) -> reason.ConsistencyReport:
    return check_consistency(
        ontology_graph() + Graph().parse(data=PREFIXES + text, format="turtle")
    )


@pytest.mark.slow
@needs_java
def test_ontology_and_example_are_consistent() -> None:
    example = Graph().parse(EXAMPLE, format="turtle")
    report = check_consistency(ontology_graph() + example)
    assert report == reason.ConsistencyReport(consistent=True)


@pytest.mark.slow
@needs_java
@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_contradiction_is_found(text: str) -> None:
    assert not check(text).consistent


@pytest.mark.slow
@needs_java
def test_a_class_that_can_have_no_individual_is_named() -> None:
    report = check("mln:Impossible a owl:Class ; rdfs:subClassOf mln:Fund , mln:Law .")
    assert not report.consistent
    assert report.unsatisfiable == ("https://w3id.org/maillon/ontology#Impossible",)


def test_without_java_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReasonerMissing, match="default-jre-headless"):
        check_consistency(Graph())
