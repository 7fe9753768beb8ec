"""What structure states: each relation lies in the text it was read from."""

from ingest.mentions import find_mentions
from ingest.relation import Relation
from ingest.structured import state_relations
from ingest.templates.filling import fill_templates
from tests.ingest.lexicons import IRIS, WORLD, document
from tests.ingest.test_templates import SHEET


def stated(text: str) -> list[Relation]:
    read = document(text)
    return state_relations(read, find_mentions(read, WORLD, IRIS), fill_templates(read), IRIS)


def test_relations_come_in_reading_order_with_their_evidence() -> None:
    text = SHEET.format(answer="Public stakeholders: Banque des Rives, Fondation Tilleul")
    found = stated(text)
    assert [r.start for r in found] == sorted(r.start for r in found)
    funders = [text[r.start : r.end] for r in found if r.predicate.endswith("#funds")]
    assert len(funders) == 2
    assert all("Banque des Rives" in quote for quote in funders)


def test_a_text_without_structure_states_nothing() -> None:
    assert stated("L'Arpège anime la Ruche aux projets.") == []
    assert stated("# Fiches\n") == []
