"""Checks: what ships is sound, each planted fault is named."""

import pytest
from rdflib import Graph

from ontology.checks import Problem, check_ontology, check_vocabulary
from ontology.iris import Iris
from ontology.load import scheme_graph, scheme_names
from tests.ontology.reasoning import PREFIXES, ontology

LABELLED = """
    rdfs:label "x"@fr , "x"@en ; skos:definition "x."@fr , "x."@en ;
    rdfs:isDefinedBy <https://w3id.org/maillon/ontology>
"""

FAULTS = {
    "a term without words": ("mln:New a owl:Class ; rdfs:subClassOf mln:Fund .", "labels"),
    "a term that nobody defined": ("mln:Fund rdfs:subClassOf mln:NoSuchThing .", "terms"),
    "an outside term that is not": ("mln:Fund rdfs:subClassOf cv:FoundationEvent .", "outside"),
    "a class that stands alone": (f"mln:New a owl:Class ; {LABELLED} .", "classes"),
    "a class above itself": ("mln:Entity rdfs:subClassOf mln:Fund .", "loops"),
    "a property above itself": (
        "mln:supportType rdfs:subPropertyOf mln:offersSupportType .",
        "loops",
    ),
    "a property without ends": (f"mln:links a owl:ObjectProperty ; {LABELLED} .", "properties"),
    "an inverse on one side": (
        f"mln:links a owl:ObjectProperty ; {LABELLED} ; rdfs:domain mln:Fund ; rdfs:range mln:Fund ;"
        " owl:inverseOf mln:funds .",
        "inverses",
    ),
    "a deprecated dead end": ("mln:funds owl:deprecated true .", "deprecation"),
}
CONCEPT_FAULTS = {
    "no English": (
        ':a skos:inScheme :s ; skos:topConceptOf :s ; skos:prefLabel "a"@fr .',
        "labels",
    ),
    "no top": (f":a skos:inScheme :s ; {LABELLED} .", "hierarchy"),
    "a ring": (
        ":a skos:inScheme :s ; skos:broader :b . :b skos:inScheme :s ; skos:broader :a .",
        "loops",
    ),
    "related to what is above": (
        ":a skos:inScheme :s ; skos:broader :b ; skos:related :b . :b skos:topConceptOf :s .",
        "hierarchy",
    ),
    "one name for two": (
        ':a skos:inScheme :s ; skos:prefLabel "a"@fr . :b skos:inScheme :s ; skos:prefLabel "a"@fr .',
        "labels",
    ),
    "one text in two roles": (
        ':a skos:inScheme :s ; skos:prefLabel "a"@fr ; skos:altLabel "a"@fr .',
        "labels",
    ),
}


def parsed(text: str) -> Graph:
    more = (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <https://e.example/> ."
        "@prefix cv: <http://data.europa.eu/m8g/> ."
    )
    return Graph().parse(data=PREFIXES + more + text, format="turtle")


def test_the_ontology_is_sound() -> None:
    assert check_ontology(ontology()) == []


@pytest.mark.parametrize("name", scheme_names())
def test_each_vocabulary_is_sound(name: str) -> None:
    assert check_vocabulary(scheme_graph(name, Iris()) + ontology()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named(fault: str) -> None:
    text, check = FAULTS[fault]
    found = check_ontology(ontology() + parsed(text))
    assert {problem.check for problem in found} == {check}, found


@pytest.mark.parametrize("fault", CONCEPT_FAULTS)
def test_a_planted_fault_in_a_vocabulary_is_named(fault: str) -> None:
    text, check = CONCEPT_FAULTS[fault]
    assert check in {problem.check for problem in check_vocabulary(parsed(text))}


def test_problems_sort_and_say_what_is_wrong() -> None:
    (problem,) = check_ontology(ontology() + parsed(FAULTS["a deprecated dead end"][0]))
    assert problem == Problem(
        "deprecation",
        "https://w3id.org/maillon/ontology#funds",
        "is deprecated and leads to no living term",
    )
