"""Folding: what must compare equal does, what must not does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.folding import fingerprint, fold, fold_letters, slugify


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dispositif Local d’Accompagnement", "dispositif local d'accompagnement"),
        ("ÉCONOMIE", "economie"),
        ("cœur", "coeur"),
        ("Nouvelle-Aquitaine", "nouvelle aquitaine"),
        ("Avise", "Avisé"),
    ],
)
def test_fold_ignores_typography(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("R&D", "RD"), ("FSE+", "FSE"), ("DLA", "DNA")])
def test_fold_keeps_what_tells_names_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_fold_does_not_depend_on_unicode_form(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_letters_ignore_tags_footnote_marks_and_hyphenation() -> None:
    assert fold_letters("the <b>initia-\ntives</b>¹⁹ of <sup>2</sup>") == "theinitiativesof2"


def test_fingerprint_says_how_many_letters_it_covers() -> None:
    mark = fingerprint("Créé en 2002.")
    assert mark.startswith("10-")
    assert mark == fingerprint("créé  en\n2002")
    assert mark != fingerprint("Créé en 2022.")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Île-de-France", "ile-de-france"),
        ("FSE+", "fse-plus"),
        ("R&D", "r-et-d"),
        ("P'INS", "p-ins"),
        ("  ", ""),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text())
def test_slugs_are_safe_in_an_iri(name: str) -> None:
    assert set(slugify(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(slugify(name)) <= 80
