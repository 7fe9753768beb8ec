"""What relations are made of: their predicates and their arguments."""

from ingest.mentions import find_mentions
from ingest.relation import PREDICATES, arguments_of
from ontology.schema import Schema
from tests.ingest.lexicons import IRIS, WORLD, document, entity


def test_every_predicate_is_a_property_of_the_ontology() -> None:
    schema = Schema.load()
    assert PREDICATES
    assert not [name for name, iri in PREDICATES.items() if iri not in schema.properties]


def test_a_name_with_its_acronym_in_brackets_is_one_argument() -> None:
    read = document("La Ruche aux projets (RAP) aide Brumeval.")
    found = arguments_of(read.text, find_mentions(read, WORLD, IRIS))
    assert [read.text[a.start : a.end] for a in found] == ["Ruche aux projets (RAP)", "Brumeval"]
    assert [a.entity for a in found] == [
        entity("Programme", "ruche-aux-projets"),
        entity("Commune", "brumeval"),
    ]


def test_two_names_in_a_row_stay_two() -> None:
    read = document("Arpège, Fondation Tilleul")
    assert len(arguments_of(read.text, find_mentions(read, WORLD, IRIS))) == 2
