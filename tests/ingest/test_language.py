"""Languages of blocks and documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import UNDETERMINED, detect_language, majority_language


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Le dispositif accompagne les structures dans leur développement.", "fr"),
        ("The scheme supports organisations in their development.", "en"),
        ("El programa apoya a las empresas en su desarrollo y en la innovación.", "es"),
        ("Das Programm unterstützt die Unternehmen bei der Entwicklung von Lösungen.", "de"),
        ("Il programma sostiene le imprese nella loro crescita e nella ricerca.", "it"),
        ("Le réseau « Social Value UK » est présent dans plus de dix pays.", "fr"),
        ("https://www.example.org/le-site/de-la-region", ""),
        ("Plus d'informations : https://example.org", ""),
        ("2014", ""),
        ("Avise, RTES, France Active, Esper, Labo", ""),
        ("", ""),
    ],
)
def test_detection(text: str, lang: str) -> None:
    assert detect_language(text) == lang


def test_the_longest_language_wins() -> None:
    assert majority_language([("fr", 10), ("en", 30), ("", 500), ("fr", 25)]) == "fr"


def test_no_language_is_undetermined() -> None:
    assert majority_language([("", 500)]) == UNDETERMINED


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert len(detect_language(text)) in (0, 2)
