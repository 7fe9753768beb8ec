"""The document value: sections, passages, and its way to JSON and back."""

import json

import pytest

from ingest.document import Block, BlockKind, Document, clean_heading, hash_text
from ingest.readers import read

TEXT = """# Rapport

Un début.

## Partie un

Une phrase. Une autre phrase
qui continue.

- un point ;
- un autre.

## Partie **deux**

La fin.
"""


@pytest.fixture(scope="module")
def document() -> Document:
    return read(TEXT.encode(), "rapport.md")


def test_sections_nest_by_level(document: Document) -> None:
    titles = [(s.title, s.level) for s in document.sections]
    assert titles == [("Rapport", 1), ("Partie un", 2), ("Partie deux", 2)]
    whole, one, two = document.sections
    assert (whole.start, whole.end) == (0, len(TEXT))
    assert one.end == two.start
    assert TEXT[two.start : two.end].endswith("La fin.\n")


def test_sentences_of_a_block_and_of_all(document: Document) -> None:
    everything = [TEXT[a:b] for a, b in document.sentences()]
    assert "Une autre phrase\nqui continue." in everything
    assert "un point ;" in everything
    paragraph = document.block_at(TEXT.index("Une phrase"))
    assert paragraph is not None
    assert len(document.sentences(paragraph)) == 2


def test_contents_and_furniture_have_no_sentences(document: Document) -> None:
    for kind in (BlockKind.CONTENTS, BlockKind.FURNITURE):
        assert document.sentences(Block(kind, 0, 9)) == []


def test_a_passage_knows_its_place(document: Document) -> None:
    start = TEXT.index("un autre.")
    passage = document.passage(start, start + len("un autre."))
    assert passage.quote == "un autre."
    assert passage.section == "Partie un"
    assert passage.lang == "fr"
    assert passage.page is None
    assert passage.document == document.sha256


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (5, 5), (6, 5), (0, len(TEXT) + 1)])
def test_a_passage_outside_the_text_is_refused(document: Document, start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no text at"):
        document.passage(start, end)


def test_block_at_gaps(document: Document) -> None:
    assert document.block_at(TEXT.index("\n\nUn début")) is None
    assert document.block_at(len(TEXT)) is None
    assert document.section_at(0) is document.sections[0]


def test_layout_round_trip(document: Document) -> None:
    layout = json.loads(json.dumps(document.layout()))
    assert "text" not in layout
    assert Document.from_layout(document.text, layout) == document


def test_a_layout_of_another_text_is_refused(document: Document) -> None:
    with pytest.raises(ValueError, match="another text"):
        Document.from_layout(TEXT + " ", document.layout())
    with pytest.raises(ValueError, match="version"):
        Document.from_layout(TEXT, {**document.layout(), "version": 99})


def test_hashes(document: Document) -> None:
    assert document.text_sha256 == hash_text(TEXT)
    assert document.sha256 == document.text_sha256  # a UTF-8 file without a mark is its text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("## **Axe** 1", "Axe 1"),
        ("<b>Titre</b>", "Titre"),
        ("Sur deux  \nlignes", "Sur deux lignes"),
        ("# C# et autres #", "C# et autres"),
        ("", ""),
    ],
)
def test_clean_heading(raw: str, clean: str) -> None:
    assert clean_heading(raw) == clean
