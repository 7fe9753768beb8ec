"""Corrections: one edit, the commonest word, never a short word or a number."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import correct, neighbours

WORDS: Mapping[str, int] = {"incubateur": 5, "incubateurs": 2, "association": 9, "fonds": 3}


def frequency(word: str) -> int:
    return WORDS.get(word, 0)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("incubatuer", "incubateur"),
        ("incubateu", "incubateur"),
        ("xassociation", "association"),
        ("assiciation", "association"),
        ("onds", "fonds"),
        ("fon", None),
        ("incubation", None),
        ("2014", None),
        ("a" * 200, None),
        ("", None),
    ],
)
def test_correct(typed: str, expected: str | None) -> None:
    assert correct(typed, frequency) == expected


@given(st.text("abcd", min_size=1, max_size=6), st.integers(0, 5))
def test_deleting_a_letter_is_undone(word: str, at: int) -> None:
    shorter = word[: at % len(word)] + word[at % len(word) + 1 :]
    assert word in set(neighbours(shorter))
