"""Fingerprints found again in text files, Markdown and PDF, and never at a wrong place."""

import re
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.anchors import LetterStream, anchor
from ingest.document import BlockKind, Document
from ingest.readers import read
from ontology.folding import fingerprint, fold_letters
from tests.ingest.pdf_files import PrintedLine, lay_out, write_pdf

SENTENCE = "Créé en 2002, le dispositif local d’accompagnement (DLA) aide 6 000 structures."


def quote(document: Document, sentence: str) -> str | None:
    key = fingerprint(sentence)
    found = anchor(document, [key])
    return document.text[slice(*found[key])] if found else None


def test_a_sentence_is_found_in_a_text_file() -> None:
    document = read(f"Avant. {SENTENCE} Après.".encode(), "a.txt")
    assert quote(document, SENTENCE) == SENTENCE


@pytest.mark.parametrize(
    "printed",
    [
        "Créé en 2002, le dispositif\nlocal d'accompagnement (DLA) aide 6\u00a0000 structures.",
        "**Créé en 2002**, le <b>dispositif local</b> d’accompagnement (DLA) aide 6 000 structures¹⁹.",
        "CRÉÉ EN 2002 : LE DISPOSITIF LOCAL D'ACCOMPAGNEMENT (DLA) AIDE 6 000 STRUCTURES",
        "Créé en 2002, le dispositif local d'accompa-\ngnement (DLA) aide 6 000 structures.",
    ],
)
def test_typography_does_not_matter(printed: str) -> None:
    document = read(f"Avant lui, rien. {printed}\n\nAprès lui, tout.".encode(), "a.txt")
    found = quote(document, SENTENCE)
    assert found is not None
    assert fold_letters(found) == fold_letters(SENTENCE)
    assert printed.startswith(found.rstrip(".")) or found.startswith("**Créé")


def test_a_sentence_is_found_in_a_pdf() -> None:
    lines = ["Avant lui, rien.", "", "Créé en 2002, le dispositif local d’accompa-"]
    lines += ["gnement (DLA) aide 6 000 structures. Et la suite du rapport."]
    document = read(write_pdf([lay_out(lines)]), "a.pdf")
    found = quote(document, SENTENCE)
    assert found is not None
    assert found.startswith("Créé")
    assert found.endswith("structures.")


def test_a_sentence_over_two_pages_with_furniture_between() -> None:
    top, bottom = "Rapport annuel de la ville", "Page {}"
    pages = []
    for number in range(1, 5):
        body = ["Un texte qui remplit la page " + "xyzt"[number - 1] + "."]
        if number == 2:
            body.append("Créé en 2002, le dispositif local d’accompagnement")
        if number == 3:
            body.insert(0, "(DLA) aide 6 000 structures. Fin.")
        pages.append(lay_out([top, "", *body, "", bottom.format(number)]))
    document = read(write_pdf(pages), "a.pdf")
    found = quote(document, SENTENCE)
    assert found is not None
    assert found.startswith("Créé")
    assert found.endswith("structures.")


def test_a_sentence_with_a_note_in_the_middle() -> None:
    text = "Créé en 2002, le dispositif local\n\n¹ Une note de bas de page.\n\nd’accompagnement (DLA) aide"
    document = read(f"{text} 6 000 structures.\n".encode(), "a.txt")
    found = quote(document, SENTENCE)
    assert found is not None
    assert found.startswith("Créé")
    assert found.endswith("structures.")


def test_bare_note_numbers_are_looked_through() -> None:
    printed = SENTENCE.replace("(DLA) aide", "(DLA)12 aide").replace("structures.", "structures.13")
    document = read(f"{printed} Une autre phrase.".encode(), "a.txt")
    assert (quote(document, SENTENCE) or "").startswith("Créé en 2002")


def test_quotes_and_brackets_around_belong_to_the_slice() -> None:
    document = read("Il dit : « Le réseau aide les villes ! » Puis rien.".encode(), "a.txt")
    assert quote(document, "Le réseau aide les villes") == "« Le réseau aide les villes ! »"


def test_the_text_comes_before_the_table_of_contents() -> None:
    text = "Sommaire\n\n1. Une partie du rapport\t3\n2. Une autre partie\t5\n\n1. Une partie du rapport\n"
    document = read(f"{text}\nDu texte.".encode(), "a.txt")
    key = fingerprint("Une partie du rapport")
    assert anchor(document, [key])[key][0] > document.text.index("Une autre")


def test_what_is_not_there_is_not_found() -> None:
    document = read(f"{SENTENCE} Après.".encode(), "a.txt")
    assert anchor(document, [fingerprint(SENTENCE[:-5]), fingerprint("Autre phrase.")]) == {}
    assert anchor(document, []) == {}
    assert anchor(document, [fingerprint("")]) == {}


def test_rubbish_is_refused() -> None:
    document = read(b"Text.", "a.txt")
    with pytest.raises(ValueError, match="not a fingerprint"):
        anchor(document, ["12-xyz"])


@given(st.text(max_size=200))
def test_the_stream_agrees_with_folding(text: str) -> None:
    stream = LetterStream.build(text, [(0, len(text))])
    assert stream.letters.decode() == fold_letters(text)
    assert len(stream.offsets) == len(stream.letters) == len(stream.borders) - 1
    assert list(stream.offsets) == sorted(stream.offsets)


@given(
    st.lists(
        st.text(alphabet="abcÉœ¹ -'<b>/«»().,;:!\u00a0\u0301é9", min_size=1, max_size=40),
        min_size=1,
    ),
    st.data(),
)
def test_what_is_found_has_the_letters(parts: list[str], data: st.DataObject) -> None:
    text = "\n".join(parts)
    words = text.split()
    if not fold_letters(text) or not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    key = fingerprint(" ".join(words[first:last]))
    document = read(text.encode(), "a.txt")
    for found, (start, end) in anchor(document, [key]).items():
        got = fold_letters(document.text[start:end])
        # Note numbers may have been looked through; otherwise the letters are the fingerprint's.
        assert fingerprint(document.text[start:end]) == found or any(c.isdigit() for c in got)


@pytest.mark.slow
@pytest.mark.seeds
def test_sentences_of_the_reports_are_found_quickly(seeds: Path) -> None:
    for path in sorted(seeds.glob("*.txt")):
        document = read(path.read_bytes(), path.name)
        spans = [s for s in document.sentences() if fold_letters(document.text[slice(*s)])]
        chosen = spans[:: max(1, len(spans) // 300)]
        keys = {fingerprint(document.text[slice(*span)]) for span in chosen}
        strangers = {fingerprint(f"An invented sentence {n} of no report") for n in range(100)}
        started = time.process_time()
        found = anchor(document, keys | strangers)
        assert time.process_time() - started < 5
        assert found.keys() == keys
        assert all(fingerprint(document.text[slice(*span)]) == key for key, span in found.items())


def print_as_pdf(document: Document) -> bytes:
    """Set a document as a PDF: wrapped, hyphenated, with running headers and footers."""
    pages: list[list[PrintedLine]] = [[]]
    y = 780.0
    for block in document.blocks:
        size = 12 + 2 * (4 - min(block.level, 3)) if block.kind is BlockKind.HEADING else 10
        printed = re.sub(r"^#+ |</?\w+>|\*\*", "", document.text[block.start : block.end])
        printed = printed.encode("cp1252", "replace").decode("cp1252")
        y -= 0.8 * size
        for line in hyphenate(textwrap.wrap(printed, 950 // size)):
            y -= 1.25 * size
            if y < 80:
                pages.append([])
                y = 780.0
            pages[-1].append(PrintedLine(line, y=y, size=size))
    for number, page in enumerate(pages, 1):
        page.insert(0, PrintedLine("A running title – of this report", y=815, size=8))
        page.append(PrintedLine(f"Page {number}", y=40, size=8))
    return write_pdf(pages)


def hyphenate(lines: list[str]) -> list[str]:
    """Move the beginning of every third line's first word up, with a hyphen."""
    for index in range(0, len(lines) - 1, 3):
        word = re.match(r"([a-zéèà]{3})([a-zéèà]{3,}.*)", lines[index + 1])
        if word:
            lines[index] += f" {word[1]}-"
            lines[index + 1] = word[2]
    return lines


@pytest.mark.slow
@pytest.mark.seeds
def test_sentences_of_the_reports_are_found_in_their_pdf(seeds: Path) -> None:
    for path in sorted(seeds.glob("*.txt")):
        document = read(path.read_bytes(), path.name)
        printed = read(print_as_pdf(document), "report.pdf")
        quotes = (document.text[slice(*span)] for span in document.sentences())
        keys = {fingerprint(q) for q in quotes if len(fold_letters(q)) > 30}
        assert len(anchor(printed, keys)) > 0.99 * len(keys)
