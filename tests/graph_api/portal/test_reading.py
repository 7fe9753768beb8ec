from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.portal.reading import (
    PART_LENGTH,
    Piece,
    Run,
    join_spans,
    part_at,
    plain_quote,
    plain_run,
    read_parts,
    read_pieces,
)
from ingest.document import Document
from ingest.readers import read
from tests.graph_api.local import ENGLISH, FRENCH


def document(text: str) -> Document:
    return read(text.encode(), "report.md")


def words(pieces: tuple[Piece, ...]) -> str:
    return " ".join("".join(run.text for run in piece.runs) for piece in pieces)


def marked(pieces: tuple[Piece, ...]) -> list[Run]:
    return [run for piece in pieces for run in piece.runs if run.marked]


LONG = "\n\n".join(
    f"## Section {n}\n\n" + "A sentence with several words in it. " * 60 for n in range(12)
)


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, LONG, "word " * 6000, "x" * 30_000])
def test_parts_cover_the_text_and_none_is_too_long(text: str) -> None:
    made = document(text)
    parts = read_parts(made)
    assert parts[0].start == 0
    assert parts[-1].end == len(made.text)
    assert all(one.end == two.start for one, two in pairwise(parts))
    assert all(part.end - part.start <= PART_LENGTH + 1 for part in parts)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))


def test_parts_begin_at_headings_where_they_can() -> None:
    parts = read_parts(document(LONG))
    assert 3 <= len(parts) <= 12
    assert all(part.title.startswith("Section") for part in parts)


def test_pages_are_parts() -> None:
    made = document(ENGLISH)
    cut = made.text.index("## What")
    parts = read_parts(replace(made, pages=(0, cut)))
    assert [(part.start, part.page) for part in parts] == [(0, 1), (cut, 2)]


@pytest.mark.slow
@given(st.integers(-5, 20_000))
def test_every_offset_has_its_part(offset: int) -> None:
    parts = read_parts(document(LONG))
    part = part_at(parts, offset)
    if 0 <= offset < parts[-1].end:
        assert part.start <= offset < part.end


def test_a_mark_is_exactly_the_passage_and_anchored_once() -> None:
    made = document(FRENCH)
    quote = "Le Tremplin local a été créé en 2003, selon le bilan régional."
    start = made.text.index(quote)
    parts = read_parts(made)
    runs = marked(read_pieces(made, parts[0], (start, start + len(quote))))
    assert "".join(run.text for run in runs) == quote
    assert [run.first for run in runs] == [True]


def test_a_mark_over_several_blocks_is_anchored_at_its_first() -> None:
    made = document(FRENCH)
    start, end = made.text.index("Un diagnostic"), made.text.index("Le cadre légal")
    runs = marked(read_pieces(made, read_parts(made)[0], (start, end)))
    assert len(runs) > 2
    assert [run.first for run in runs] == [True] + [False] * (len(runs) - 1)


def test_cited_passages_can_be_told_apart_from_the_rest() -> None:
    made = document(FRENCH)
    quote = "La loi du 31 juillet 2014 reconnaît l'innovation sociale."
    span = (made.text.index(quote), made.text.index(quote) + len(quote))
    pieces = read_pieces(made, read_parts(made)[0], None, [span])
    cited = [run for piece in pieces for run in piece.runs if run.cited]
    assert [(run.text, run.cited) for run in cited] == [(quote, span)]


def test_signs_of_headings_items_and_quotes_are_not_shown_twice() -> None:
    pieces = read_pieces(document(FRENCH), read_parts(document(FRENCH))[0], None)
    assert [piece.kind for piece in pieces][:3] == ["heading", "heading", "paragraph"]
    assert not any(piece.runs[0].text.startswith(("#", "-", ">")) for piece in pieces)
    assert "« Nous avons gagné deux ans »" in words(pieces)


def test_heading_levels_never_jump() -> None:
    made = document("# One\n\nText.\n\n#### Deep\n\nText.\n\n## Two\n\nText.\n")
    levels = [p.level for p in read_pieces(made, read_parts(made)[0], None) if p.level]
    previous = 2
    for level in levels:
        assert 3 <= level <= previous + 1
        previous = level


def test_spans_that_overlap_are_one() -> None:
    assert join_spans([(5, 9), (0, 4), (8, 12), (12, 14)]) == ((0, 4), (5, 12), (12, 14))


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("the **DLA** helps</b> *many* of [them](http://x.org/a)", "the DLA helps many of them"),
        ("## A heading", "A heading"),
        ("- an _item_ with snake_case_name", "an item with snake_case_name"),
        ("5 * 3 < 7 and a<b, 2 > 1", "5 * 3 < 7 and a<b, 2 > 1"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("écrivain·e·s et *« ami·e·s »*", "écrivain·e·s et « ami·e·s »"),
    ],
)
def test_a_quote_is_shown_without_marks(quote: str, shown: str) -> None:
    assert plain_quote(quote) == shown


def test_a_piece_of_a_line_keeps_its_dash() -> None:
    assert plain_run(" - and **so** on") == " - and so on"
