"""The names pass: what documents define for themselves and for all."""

import json
from dataclasses import replace
from itertools import permutations

from ingest.document import Document
from ingest.names import DocumentNames, collect_names, resolve_names
from ontology.model import LabelRole, Name
from tests.ingest.lexicons import IRIS, WORLD, document, entity

ONE = document("L'Agence des haies (ADH) et l'association Arpège (ARP).", "one.md")
TWO = document("La loi n° 1999-1 du 5 mai 1999. Les Amis des haies (ADH) plantent.", "two.md")
THREE = document(
    "It runs the local hive (Ruche aux projets locaux, RAPL) and the Bush Purse "
    "(Fonds Brindille, FB) here. L'ADH, Agence des haies.",
    "three.md",
)


def resolved(*documents: Document) -> tuple[frozenset[Name], dict[str, frozenset[Name]]]:
    collected = {d.sha256: collect_names(d) for d in documents}
    found = resolve_names(collected, WORLD, IRIS)
    return found.everywhere, dict(found.in_document)


def test_a_head_noun_mints_an_entity() -> None:
    everywhere, _ = resolved(ONE)
    agency = entity("Actor", "agence-des-haie")
    assert {n.text for n in everywhere if n.entity == agency} == {"Agence des haies", "ADH"}
    (preferred,) = (n for n in everywhere if n.role is LabelRole.PREFERRED)
    assert (preferred.text, preferred.cls, preferred.lang) == ("Agence des haies", "Actor", "fr")


def test_an_acronym_with_two_meanings_counts_only_where_it_is_defined() -> None:
    everywhere, in_document = resolved(ONE, TWO)
    assert "ADH" not in {n.text for n in everywhere}
    assert "ADH" in {n.text for n in in_document[ONE.sha256]}
    assert "ADH" not in {n.text for n in in_document[TWO.sha256]}, "Amis gives no class"


def test_a_known_long_form_gets_its_acronym_and_translation() -> None:
    everywhere, _ = resolved(THREE)
    fund = entity("Fund", "fonds-brindille")
    assert {(n.text, n.role) for n in everywhere if n.entity == fund} == {
        ("FB", LabelRole.ACRONYM),
        ("Bush Purse", LabelRole.TRANSLATION),
    }


def test_laws_cited_in_full_are_known_everywhere() -> None:
    everywhere, _ = resolved(TWO)
    assert Name(
        "loi n° 1999-1 du 5 mai 1999", "fr", entity("Law", "loi-1999-1"), "Law",
        LabelRole.PREFERRED,
    ) in everywhere  # fmt: skip


def test_known_laws_are_not_minted_again() -> None:
    everywhere, _ = resolved(document("La loi n° 2011-123 du 4 mars 2011 aide."))
    assert everywhere == frozenset()


def test_the_order_of_documents_does_not_matter() -> None:
    expected = resolved(ONE, TWO, THREE)
    assert all(resolved(*order) == expected for order in permutations((ONE, TWO, THREE)))


def test_names_survive_json() -> None:
    for each in (ONE, TWO, THREE):
        names = collect_names(each)
        assert DocumentNames.from_json(json.loads(json.dumps(names.to_json()))) == names
    assert DocumentNames.from_json(DocumentNames().to_json()) == DocumentNames()


def test_a_place_before_the_bracket_is_no_translation() -> None:
    text = "the Brumeval Shared Purse (Fonds Brindille, FB) here"
    everywhere, _ = resolved(document(text))
    assert not any(n.role is LabelRole.TRANSLATION for n in everywhere)


def test_long_forms_that_a_text_equates_are_one_entity() -> None:
    read = document("the Institut des haies nouvelles (IHN – Institute of Hedge Novelties) here")
    text = document("L'Institut des haies nouvelles (IHN) et l'Institute of Hedge Novelties (IHN).")
    for documents in ((read, text), (text, read)):
        everywhere, _ = resolved(*documents)
        assert {n.entity for n in everywhere} == {entity("Actor", "institut-des-haie-nouvelle")}
        assert {n.text for n in everywhere if n.role is LabelRole.PREFERRED} == {
            "Institut des haies nouvelles"
        }


def test_a_known_acronym_takes_a_shortened_long_form() -> None:
    known = Name(
        "Chambre locale de l'économie des prés", "fr", entity("Actor", "clep"), "Actor",
        LabelRole.PREFERRED,
    )  # fmt: skip
    base = WORLD.with_names([known, replace(known, text="CLEP", role=LabelRole.ACRONYM)])
    for text, expected in (
        ("La Chambre locale de l'EP (CLEP) aide.", {"Chambre locale de l'EP"}),
        ("La Chambre locale des Élèves pilotes (CLEP) aide.", set()),
    ):
        read = document(text)
        found = resolve_names({read.sha256: collect_names(read)}, base, IRIS).everywhere
        assert {n.text for n in found if n.entity == known.entity} == expected
