"""Titles beside the noun that announces them."""

import pytest

from ingest.extract.titles import find_titles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('the book entitled "Hedges of tomorrow", out', [("Hedges of tomorrow", "Publication")]),
        ("le guide « Planter des haies »", [("Planter des haies", "Guide")]),
        ("l'étude *Les haies et nous* montre", [("Les haies et nous", "Study")]),
        ('The "Lavande" report (2019)', [("Lavande", "Report")]),
        ("le programme « Planter des haies »", []),
        ("le guide « des haies »", []),
    ],
)
def test_titles(text: str, expected: list[tuple[str, str]]) -> None:
    titles = find_titles(text, 0, len(text))
    assert [(text[t.start : t.end], t.cls) for t in titles] == expected
