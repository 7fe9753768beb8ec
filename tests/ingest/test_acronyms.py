"""Acronyms and their long forms, and what is no acronym of it."""

import pytest

from ingest.extract.acronyms import find_equivalents, find_pairs, long_form_class, spells


def pairs(text: str) -> list[tuple[str, str]]:
    return [(p.acronym, p.long_form) for p in find_pairs(text, 0, len(text), "fr")]


@pytest.mark.parametrize(
    ("text", "acronym", "long_form"),
    [
        ("par l'Office régional des lavoirs (ORL).", "ORL", "Office régional des lavoirs"),
        ("le Conseil supérieur de l'ESS (CSESS)", "CSESS", "Conseil supérieur de l'ESS"),
        ("ORL (Office régional des lavoirs) et", "ORL", "Office régional des lavoirs"),
        ("\nORL\tOffice régional des lavoirs\n", "ORL", "Office régional des lavoirs"),
        ("the RiBaNe (« River Basin Network ») is", "RiBaNe", "River Basin Network"),
        ("the hives (PMR – Petites maisons rurales)", "PMR", "Petites maisons rurales"),
        ("Pôles de métiers d'art (PMA)¹²", "PMA", "Pôles de métiers d'art"),
        ("Office\nrégional des lavoirs (ORL)", "ORL", "Office régional des lavoirs"),
    ],
)
def test_definitions(text: str, acronym: str, long_form: str) -> None:
    assert (acronym, long_form) in pairs(text)


@pytest.mark.parametrize(
    "text",
    [
        "la ville de Brumeval (IDF)",
        "un rapport (2014)",
        "le tome (XII) paru",
        "les Pays du Nord (voir p. 3)",
        "Office des lavoirs. Régional (ORL)",  # not across the end of a sentence
        "Lavoirs régionaux (ORL)",
        "(ORL)",
        "ORL ()",
    ],
)
def test_what_defines_nothing(text: str) -> None:
    assert pairs(text) == []


def test_offsets_are_those_of_the_text() -> None:
    text = "Avec l'Office régional des lavoirs (ORL)."
    (pair,) = find_pairs(text, 0, len(text), "fr")
    assert text[pair.start : pair.end] == pair.long_form
    assert text[pair.acronym_start : pair.acronym_end] == "ORL"


def test_every_letter_is_an_initial_in_order() -> None:
    assert spells("ORL", ["office", "regional", "lavoirs"], ["Office", "régional", "lavoirs"])
    assert not spells("OLR", ["office", "regional", "lavoirs"], ["Office", "régional", "lavoirs"])
    assert not spells("OR", ["office", "regional", "lavoirs"], ["Office", "régional", "lavoirs"])
    assert not spells("O", ["office"], ["Office"])
    assert not spells("ORL", [], [])


def test_an_equivalent_in_another_language() -> None:
    text = "It runs the local hive scheme (Dispositif local de ruches, DLR) here."
    (found,) = find_equivalents(text, 0, len(text), "en")
    assert (found.head, found.long_form) == ("local hive scheme", "Dispositif local de ruches")
    assert text[found.start : found.end] == found.head


def test_the_container_of_an_equivalent_is_no_part_of_it() -> None:
    text = "in the framework of shared hive companies (Société de ruches partagées, SRP)"
    (found,) = find_equivalents(text, 0, len(text), "en")
    assert found.head == "shared hive companies"


@pytest.mark.parametrize(
    ("long_form", "cls"),
    [
        ("Agence des rivières", "Actor"),
        ("Fonds pour les haies", "Fund"),
        ("River Support Fund", "Fund"),
        ("Institute for Hedge Studies", "Actor"),
        ("Schéma local d'achats", "Plan"),
        ("Fédération des lavoirs", "Actor"),
        ("Établissements publics de rivière", None),  # a kind of body
        ("Rivières et haies", None),
    ],
)
def test_head_nouns_give_the_class(long_form: str, cls: str | None) -> None:
    assert long_form_class(long_form) == cls
