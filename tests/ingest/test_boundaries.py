"""A name ends where the capitals around it say so."""

import pytest

from ingest.extract.boundaries import (
    continues_after,
    continues_before,
    is_hyphenated,
    is_title_line,
)


def nothing(offset: int) -> bool:
    return False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grand Vallon", False),  # any word starts a sentence with a capital
        ("le Grand Vallon", True),
        ("la Fondation Vallon", True),
        ("Fondation Vallon", True),  # a head noun belongs to the name, at the start, too
        ("Accompagner Vallon", False),  # a sentence starts with a capital
        ("Dans Vallon", False),
        ("le Vallon", False),
        ("M. Vallon", False),
        ("aux amis de La Vallon", True),
    ],
)
def test_before(text: str, expected: bool) -> None:
    assert continues_before(text, text.index("Vallon"), nothing) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vallon Humain", True),
        ("Vallon humain", False),
        ("Vallon, Humain", False),
        ("Vallon Programme", False),
        ("Vallon", False),
    ],
)
def test_after(text: str, expected: bool) -> None:
    assert continues_after(text, len("Vallon"), nothing) is expected


def test_a_known_neighbour_is_no_continuation() -> None:
    text = "le Galet Vallon"
    assert not continues_before(text, text.index("Vallon"), lambda offset: offset == 3)


def test_hyphens_join() -> None:
    assert is_hyphenated("Val-Vallon", 4, 10)
    assert not is_hyphenated("- Vallon -", 2, 8)


def test_title_lines_have_capitals_throughout() -> None:
    assert is_title_line("How Galet Supports Social Vallon\n", 4)
    assert not is_title_line("- Galet Pays Vallon\n", 4)
    assert not is_title_line("Galet soutient le programme Vallon depuis dix ans.", 4)
