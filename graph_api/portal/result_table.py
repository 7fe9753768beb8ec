"""A SPARQL result as a table on a page: read as it streams, and left when enough is seen."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from graph_api.services import Answer
from graph_api.sparql.text_query import TextNote

__all__ = ["Cell", "ResultTable", "read_cell", "read_result"]

ROWS_SHOWN = 200
TEXT_SHOWN = 60_000

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: ``iri`` is set for a reference, ``lang`` and ``datatype`` for literals."""

    text: str
    iri: str = ""
    lang: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class ResultTable:
    """What of a result a page shows. ``cut``: there is more, to be had by download.

    A SELECT has ``variables`` and ``rows``; an ASK or a CONSTRUCT has ``text``.
    """

    media_type: str
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    text: str = ""
    cut: bool = False
    notes: tuple[TextNote, ...] = ()
    """What is to be told about each ``text:query``."""


async def read_result(answer: Answer) -> ResultTable:
    """Read the beginning of an answer in SPARQL's TSV, or of any other text.

    The stream is closed when enough was read, which stops the worker. What ``chunks`` raises
    passes through.
    """
    async with aclosing(_lines(answer)) as lines:
        if not answer.media_type.startswith("text/tab-separated-values"):
            return await _read_text(answer.media_type, lines)
        variables: tuple[str, ...] = ()
        rows: list[tuple[Cell, ...]] = []
        header = True
        async for line in lines:
            if header:
                variables = tuple(name.lstrip("?$") for name in line.split("\t") if name)
                header = False
                continue
            if len(rows) == ROWS_SHOWN:
                return ResultTable(answer.media_type, variables, tuple(rows), cut=True)
            fields = line.split("\t") if variables else []
            rows.append(tuple(read_cell(field) for field in fields))
        return ResultTable(answer.media_type, variables, tuple(rows))


def read_cell(field: str) -> Cell:
    """Read one value of SPARQL 1.1 TSV (section 4); what is no such value comes back as it is."""
    if field.startswith("<") and field.endswith(">"):
        iri = _unescape(field[1:-1])
        return Cell(iri, iri=iri)
    found = _LITERAL.fullmatch(field)
    if found is None:
        return Cell(field)
    text, lang, datatype = found.groups()
    return Cell(_unescape(text), lang=lang or "", datatype=datatype or "")


async def _read_text(media_type: str, lines: AsyncIterator[str]) -> ResultTable:
    kept: list[str] = []
    size = 0
    async for line in lines:
        if size + len(line) > TEXT_SHOWN:
            return ResultTable(media_type, text="\n".join(kept), cut=True)
        kept.append(line)
        size += len(line)
    return ResultTable(media_type, text="\n".join(kept))


async def _lines(answer: Answer) -> AsyncGenerator[str, None]:
    rest = b""
    async for chunk in answer.chunks():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r").decode("utf-8", errors="replace")
        if len(rest) > 4 * TEXT_SHOWN:
            break
    if rest:
        yield rest.decode("utf-8", errors="replace")


def _unescape(text: str) -> str:
    def replace(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] in "uU" and len(code) > 1:
            number = int(code[1:], 16)
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
        return _CONTROLS.get(code, code)

    return _ESCAPE.sub(replace, text)
