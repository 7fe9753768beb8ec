"""Sentence boundaries: exact slices, French and English conventions, hostile text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import skip_marker, split_sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Elle agit.", "Il part."],
        ["M. Dupont et Mme. Durand sont là.", "Me Petit aussi."],
        ["L'art. 5 de la loi n° 2014-856 (cf. p. 12) le dit.", "Ensuite, plus rien."],
        ["« Oui ! » dit-elle.", "« Non. »", "Puis elle sort."],
        ["Est-ce vrai ?", "Oui !", "Voilà…", "Fin"],
        ["The U.S. team, e.g. J. Smith, said no.", "Then it left."],
        ["It cost €3.5m in 2015.", "See www.example.org.", "Next."],
        ["An end with a note.[1]", "Another one.²¹", "A glued one.12", "Last"],
        ["He asked “Why?” and left.", "“Because.”", "Good."],
        ["Prices rose to 1.5 million.", "12 people came."],
        ["Le tout (voir l'annexe.) compte.", "Bien."],
        ["Des outils, des guides, etc.", "Le reste suit."],
        ["She said no. 5 was hers.", "He said no.", "They left."],
        ["Une suite...", "Une autre."],
    ],
)
def test_boundaries(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "Une ligne qui continue\nsur la suivante sans point",
        "des outils, etc. et le reste",
        "5.2.1. Actions existantes",
        "III. - Le Conseil supérieur définit des orientations",
        "avise.org a changé. elle le dit",
    ],
)
def test_one_sentence(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("- un point", "un point"),
        ("• un point", "un point"),
        ("- o un point", "un point"),
        ("1. un point", "un point"),
        ("- 8.** un point", "un point"),
        ("(a) un point", "un point"),
        ("## Un titre", "Un titre"),
        ("> une citation", "une citation"),
        ("**gras** d'abord", "**gras** d'abord"),
        ("-5 degrés", "-5 degrés"),
        ("- ", "- "),
    ],
)
def test_markers_are_skipped(text: str, rest: str) -> None:
    assert text[skip_marker(text, 0, len(text)) :] == rest


def test_rows_are_split_by_line() -> None:
    text = "A\t1. Un\r\nB\t2. Deux\r\n|---|\r\n  C\t3"
    spans = split_sentences(text, 0, len(text), by_line=True)
    assert [text[a:b] for a, b in spans] == ["A\t1. Un", "B\t2. Deux", "C\t3"]


def test_a_heading_is_whole() -> None:
    text = "## What? How? Why."
    assert [text[a:b] for a, b in split_sentences(text, 0, len(text), whole=True)] == [text[3:]]


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "Avant. Ici un. Ici deux. Après."
    spans = split_sentences(text, 7, 24)
    assert [text[a:b] for a, b in spans] == ["Ici un.", "Ici deux."]


@given(st.text(alphabet="aB.!?… \n\t»”)\u00a0*1°-#>[]<b/", max_size=80), st.booleans())
def test_spans_are_sorted_disjoint_and_cover_the_words(text: str, by_line: bool) -> None:
    spans = split_sentences(text, 0, len(text), by_line=by_line)
    flat = [offset for span in spans for offset in span]
    assert flat == sorted(flat)
    covered = "".join(text[a:b] for a, b in spans)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    if not by_line:
        # What is outside is white space, or the marker in front of the first sentence.
        outside = text[spans[0][0] :] if spans else ""
        assert "".join(covered.split()) == "".join(outside.split())


@pytest.mark.parametrize("unit", [".", ". ", ".)", "! »", "»", "- ", "a. ", "<b>.", "1. ", "\n"])
def test_repetition_is_linear(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    started = time.process_time()
    split_sentences(text, 0, len(text))
    assert time.process_time() - started < 4
