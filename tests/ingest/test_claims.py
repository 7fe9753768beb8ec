"""Claims and their evidence."""

from ingest.claims import MAX_QUALIFIERS, mention_claims, relation_claims
from ingest.mentions import find_mentions
from ingest.relations import Relation
from ontology import terms as mln
from ontology.model import Literal
from ontology.vocabularies import XSD_G_YEAR
from tests.ingest.lexicons import IRIS, WORLD, document, entity


def test_an_entity_is_mentioned_once_by_its_first_sentence() -> None:
    read = document("Rien ici. Voici l'Arpège.\n\nEncore l'Arpège et le Fonds Brindille.")
    claims = mention_claims(read, find_mentions(read, WORLD, IRIS), IRIS)
    assert [c.passage.quote for c in claims] == [
        "Voici l'Arpège.",
        "Encore l'Arpège et le Fonds Brindille.",
    ]
    assert {c.subject for c in claims} == {IRIS.document(read.sha256)}
    assert {c.predicate for c in claims} == {mln.mentions}


def test_candidates_are_not_claimed() -> None:
    read = document("l'association Mille Mains agit")
    assert mention_claims(read, find_mentions(read, WORLD, IRIS), IRIS) == []


def test_the_most_confident_of_equal_claims_stays() -> None:
    read = document("Un texte quelconque.")
    year = (mln.year, Literal("2012", XSD_G_YEAR))

    def relation(confidence: float) -> Relation:
        return Relation(
            entity("Actor", "a"), mln.operates, entity("Fund", "b"), 0, 8, f"rule-{confidence}",
            confidence, (year,) * 3,
        )  # fmt: skip

    (claim,) = relation_claims(read, [relation(0.6), relation(0.8), relation(0.7)])
    assert claim.rule == "rule-0.8"
    assert len(claim.qualifiers) == MAX_QUALIFIERS
