"""Names that carry their own head, and where they end."""

from itertools import pairwise

import pytest

from ingest.extract.proper import find_proper_names


def found(text: str, lang: str = "fr") -> list[tuple[str, str, bool]]:
    names = find_proper_names(text, 0, len(text), lang)
    return [(text[n.start : n.end], n.cls, n.strong) for n in names]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("la Fondation Tilleul d'or aide", "fr", [("Fondation Tilleul", "Foundation", True)]),
        ("la Fondation Jean et Anne Morel aide", "fr",
         [("Fondation Jean et Anne Morel", "Foundation", True)]),
        ("la Fondation Tilleul et Arpège", "fr", [("Fondation Tilleul", "Foundation", True)]),
        ("le Conseil régional de Brumeval vote", "fr",
         [("Conseil régional de Brumeval", "PublicBody", True)]),
        ("le Ministère des Rives et des Haies", "fr",
         [("Ministère des Rives et des Haies", "PublicBody", True)]),
        ("une fondation aide", "fr", []),
        ("le Comité Haies vives", "fr", [("Comité Haies", "Actor", False)]),
        ("The Tilleul Foundation's fund", "en", [("Tilleul Foundation", "Foundation", True)]),
        ("The Regional Council met", "en", []),
        ("The Regional Council of Brumeval met", "en",
         [("Regional Council of Brumeval", "PublicBody", True)]),
        ("the Ministry of Rivers, Hedges and Sport pays", "en",
         [("Ministry of Rivers, Hedges and Sport", "PublicBody", True)]),
    ],
)  # fmt: skip
def test_names_with_heads(text: str, lang: str, expected: list[tuple[str, str, bool]]) -> None:
    assert found(text, lang) == expected


def test_names_do_not_overlap() -> None:
    text = "la Banque Fonds Réseau Union Galet et l'Institut Pré Vert Agence Bleue"
    spans = [(n.start, n.end) for n in find_proper_names(text, 0, len(text), "fr")]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
