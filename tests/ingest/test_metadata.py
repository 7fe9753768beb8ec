"""Metadata: proposals with the evidence they rest on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Document, Proposal
from ingest.readers import read
from ingest.structure.metadata import normal_date


def proposals(text: str) -> list[Proposal]:
    document = read(text.encode(), "a.txt")
    for proposal in document.metadata:
        if proposal.start is not None and proposal.end is not None:
            evidence = document.text[proposal.start : proposal.end]
            assert evidence.strip()
            if proposal.field not in ("date", "title"):
                assert " ".join(evidence.split()) == proposal.value
    assert Document.from_layout(document.text, document.layout()).metadata == document.metadata
    return list(document.metadata)


@pytest.mark.parametrize(
    ("line", "field", "values"),
    [
        ("Juin 2021", "date", ["2021-06"]),
        ("15 juin 2021", "date", ["2021-06"]),
        ("Publié en mai 2020 par nous.", "date", ["2020-05"]),
        ("Date de publication : 2019", "date", ["2019"]),
        ("© 2018 Le Réseau des villes", "date", ["2018"]),
        ("© 2018 Le Réseau des villes", "publisher", ["Le Réseau des villes"]),
        ("© Le Réseau des villes – November 2021", "publisher", ["Le Réseau des villes"]),
        ("Éditeur : Le Réseau des villes", "publisher", ["Le Réseau des villes"]),
        ("Published by The Network (Paris)", "publisher", ["The Network"]),
        (
            "Auteurs : Anne Un, Paul Deux et Zoé De Trois",
            "authors",
            ["Anne Un", "Paul Deux", "Zoé De Trois"],
        ),
        ("Authors: Ann One and Bob Two", "authors", ["Ann One", "Bob Two"]),
        ("Licence CC BY-SA 4.0 pour tout.", "rights", ["CC BY-SA 4.0"]),
        ("Tous droits réservés.", "rights", ["Tous droits réservés"]),
        ("Une loi publiée en 2014 le dit, et des auteurs aussi.", "date", []),
        ("Les auteurs sont nombreux dans le champ.", "authors", []),
    ],
)
def test_words_that_announce_metadata(line: str, field: str, values: list[str]) -> None:
    text = f"Un titre de rapport\n\n{line}\n\nDu texte courant, en français, pour la langue.\n"
    assert [p.value for p in proposals(text) if p.field == field] == values


def test_title_and_language_come_from_the_text() -> None:
    found = {
        p.field: p for p in proposals("# Un titre\n\nDu texte courant, pour la langue du tout.")
    }
    assert (found["title"].value, found["title"].start) == ("Un titre", 0)
    assert found["language"].value == "fr"


def test_the_middle_of_a_long_text_proposes_nothing() -> None:
    filler = "Une phrase de remplissage qui ne dit rien du tout.\n\n" * 400
    assert not [p for p in proposals(f"{filler}© 2018 Un Réseau\n\n{filler}") if p.field == "date"]
    assert [p for p in proposals(f"{filler}© 2018 Un Réseau\n") if p.field == "date"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("D:20210615101112+02'00'", "2021-06-15"),
        ("2021-06-15T10:00:00Z", "2021-06-15"),
        ("2021/06", "2021-06"),
        ("2021", "2021"),
        ("juin 2021", "2021-06"),
        ("June 15, 2021", "2021-06"),
        ("15/06/2021", "2021"),
        ("hier", ""),
        ("", ""),
        ("0000-00-00", ""),
    ],
)
def test_dates_are_as_exact_as_their_source(raw: str, value: str) -> None:
    assert normal_date(raw) == value


@given(st.text(alphabet="©A é:,.\n 2021auteurspublié", max_size=300))
def test_any_text_proposes_what_it_holds(text: str) -> None:
    if text.strip():
        proposals(text)
