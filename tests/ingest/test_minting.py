"""Entities that a document introduces itself."""

from ingest.mentions import find_mentions
from ingest.minting import minted_entities
from ingest.pipeline import collect_names
from ontology.model import LabelRole
from tests.ingest.lexicons import IRIS, WORLD, document, entity, extracted, name


def test_an_acronym_pair_with_a_head_noun() -> None:
    (minted,) = extracted("L'Agence des haies (ADH) plante.").minted
    assert minted.iri == entity("Actor", "agence-des-haie")
    assert minted.cls == "Actor"
    assert minted.labels == (("Agence des haies", "fr"), ("ADH", ""))


def test_a_law_and_its_article() -> None:
    article, law = sorted(
        extracted("L'article 2 de la loi n° 1999-1 du 5 mai 1999 aide.").minted,
        key=lambda e: e.cls,
    )
    assert (law.iri, law.labels[0][0]) == (
        entity("Law", "loi-1999-1"),
        "loi n° 1999-1 du 5 mai 1999",
    )
    assert article.iri == entity("Article", "loi-1999-1-article-2")
    assert article.labels[0][0] == "article 2, loi n° 1999-1 du 5 mai 1999"


def test_what_a_list_knows_is_not_minted() -> None:
    assert extracted("La loi du 4 mars 2011 et l'Arpège (ARP).").minted == ()


def test_an_entity_of_a_sheet_is_not_minted() -> None:
    sheet = [
        name("Agence des haies", "Actor", "agence-des-haies", "fr"),
        name("Hedge Agency", "Actor", "agence-des-haies", "en"),
        name("ADH", "Actor", "agence-des-haies", role=LabelRole.ACRONYM),
    ]
    lexicon = WORLD.with_names(sheet)
    read = document("L'Agence des haies (ADH) plante.")
    mentions = find_mentions(read, lexicon, IRIS)
    assert minted_entities(read, collect_names(read), mentions, lexicon, IRIS) == []
