"""Persons by their given name, with role and body."""

import pytest

from ingest.extract.persons import find_persons, find_tenures, is_person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anne Dubois parle.", ["Anne Dubois"]),
        ("JEAN-MARC DE LA TOUR", ["JEAN-MARC DE LA TOUR"]),
        ("Anne d'Orbigny et Paul Morel", ["Anne d'Orbigny", "Paul Morel"]),
        ("PAUL MOREL ET ANNE DUBOIS", ["PAUL MOREL", "ANNE DUBOIS"]),
        ("rue Victor Hugo, lycée Paul Valéry", []),
        ("Institut Paul Morel", []),
        ("Paul Morel Institute", []),
        ("Anne", []),
        ("Paris Centre", []),
    ],
)
def test_persons(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in find_persons(text, 0, len(text))] == expected


def test_a_name_and_nothing_else() -> None:
    assert is_person("Anne Dubois")
    assert not is_person("Anne Dubois parle")


@pytest.mark.parametrize(
    ("text", "lang", "role", "body"),
    [
        ("Anne Dubois, présidente de l'Arpège", "fr", "présidente", "Arpège"),
        ("Anne Dubois, Vice-President of the Galet Network, said", "en",
         "Vice-President", "Galet Network"),
        ("la présidente du Réseau Galet, Anne Dubois", "fr", "présidente", "Réseau Galet"),
        ("Anne Dubois (project manager, Arpège)", "en", "project manager", "Arpège"),
    ],
)  # fmt: skip
def test_roles(text: str, lang: str, role: str, body: str) -> None:
    (tenure,) = find_tenures(text, 0, len(text), lang)
    assert text[slice(*tenure.person)] == "Anne Dubois"
    assert text[slice(*tenure.role)].strip() == role
    assert text[slice(*tenure.body)].strip() == body


def test_no_role_no_tenure() -> None:
    text = "Anne Dubois, de Brumeval, aime l'Arpège."
    assert list(find_tenures(text, 0, len(text), "fr")) == []
