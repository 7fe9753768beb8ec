import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.errors import EngineDownError
from graph_api.portal.result_table import ROWS_SHOWN, Cell, ResultTable, read_cell, read_result

TSV = "text/tab-separated-values; charset=utf-8"


class Stream:
    """An answer in pieces; ``closed`` tells whether the reader let go of it."""

    encoding = ""
    generation = 1

    def __init__(
        self, media_type: str, pieces: list[bytes], error: Exception | None = None
    ) -> None:
        self.media_type = media_type
        self.pieces = pieces
        self.error = error
        self.closed = False

    def whole(self) -> bytes | None:
        return None

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            for piece in self.pieces:
                yield piece
            if self.error:
                raise self.error
        finally:
            self.closed = True


def table(media_type: str, *pieces: bytes) -> ResultTable:
    return asyncio.run(read_result(Stream(media_type, list(pieces))))


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("<https://x.example/a>", Cell("https://x.example/a", iri="https://x.example/a")),
        ('"chat"@fr', Cell("chat", lang="fr")),
        ('"2002"^^<http://x/gYear>', Cell("2002", datatype="http://x/gYear")),
        (r'"a\tb\n\"c\" \\ \u00e9"', Cell('a\tb\n"c" \\ é')),
        ("42", Cell("42")),
        ("", Cell("")),
        ('"unfinished', Cell('"unfinished')),
        (r'"\ud800"', Cell("\ufffd")),
        (r'"\Uffffffff"', Cell("\ufffd")),
    ],
)
def test_cells(field: str, cell: Cell) -> None:
    assert read_cell(field) == cell


@given(st.text())
def test_any_field_is_some_cell(field: str) -> None:
    read_cell(field)


def test_pieces_may_break_anywhere_even_inside_a_letter() -> None:
    whole = '?s\t?o\n<a:b>\t"é"\n<a:c>\t\n'.encode()
    for cut in range(len(whole)):
        found = table(TSV, whole[:cut], whole[cut:])
        assert found.variables == ("s", "o")
        assert [[cell.text for cell in row] for row in found.rows] == [["a:b", "é"], ["a:c", ""]]


def test_a_long_result_is_cut_and_the_stream_let_go() -> None:
    stream = Stream(TSV, [b"?n\n", *(f"{n}\n".encode() for n in range(5 * ROWS_SHOWN))])
    found = asyncio.run(read_result(stream))
    assert len(found.rows) == ROWS_SHOWN
    assert found.cut
    assert stream.closed


def test_a_select_without_solutions_and_one_without_variables() -> None:
    assert table(TSV, b"?s\n").rows == ()
    assert table(TSV, b"\n").variables == ()


def test_other_results_are_text_and_cut_as_well() -> None:
    assert table("text/turtle", b"<a:b> <a:c> 1 .\n").text == "<a:b> <a:c> 1 ."
    long = table("text/turtle", b"<a:b> <a:c> 1 .\n" * 20_000)
    assert long.cut
    assert len(long.text) < 70_000


def test_what_the_stream_raises_is_not_swallowed() -> None:
    with pytest.raises(EngineDownError):
        asyncio.run(read_result(Stream(TSV, [b"?s\n"], EngineDownError("gone"))))
