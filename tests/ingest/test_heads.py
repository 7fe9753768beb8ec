"""Names that a generic head announces."""

import pytest

from ingest.extract.heads import find_headed_names


@pytest.mark.parametrize(
    ("text", "lang", "surface", "cls"),
    [
        ("avec l'association Mille Mains depuis", "fr", "Mille Mains", "Association"),
        ("le programme « petit pas » aide", "fr", "petit pas", "Programme"),
        ("l'incubateur Cité des Possibles.", "fr", "Cité des Possibles", "Actor"),
        ("the Green Bridge fund helps", "en", "Green Bridge fund", "Fund"),
        ("The Stepping Stones programme", "en", "Stepping Stones programme", "Programme"),
        ("the network Open Rivers", "en", "Open Rivers", "Network"),
    ],
)
def test_heads(text: str, lang: str, surface: str, cls: str) -> None:
    found = find_headed_names(text, 0, len(text), lang)
    assert (surface, cls) in [(text[n.start : n.end], n.cls) for n in found]


@pytest.mark.parametrize("text", ["l'association locale", "un programme", "le fonds de roulement"])
def test_common_nouns_announce_nothing(text: str) -> None:
    assert find_headed_names(text, 0, len(text), "fr") == []
