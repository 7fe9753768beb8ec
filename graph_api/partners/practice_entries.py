"""Files that hold practice sheets, as headings with what stands below them: DOCX, Markdown, CSV.

A heading is one of the file, a short paragraph that is one of the sheet's, a row's first cell, or
``Name:`` before a value. In CSV either each row is a practice, or each row a question of one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.practice_sheet import LEAST, PracticeForm
from corpus.table import TableError, table_rows
from graph_api.partners.rules import Refusal
from ingest.document import Block, BlockKind, Document
from ingest.readers import Limits, ReadError, read

__all__ = ["Entry", "entries_of"]

_SHORT = 200  # characters: longer paragraphs are answers
_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|>\s?)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|\s+#+\s*$")
_RULE = re.compile(r"[\s|:+-]+")
_CELLS = re.compile(r"(?<!\\)\||\t")
_VALUE = re.compile(r"([^:\n]{2,60}):\s*(.*)", re.DOTALL)


@dataclass(slots=True)
class Entry:
    """A heading with its text; ``line`` counts from 1. Level 0 is none that the file prints as one."""

    heading: str
    line: int
    level: int = 0
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands below the heading."""
        return "\n".join(each for each in self.texts if each).strip()


def entries_of(data: bytes, syntax: str, form: PracticeForm, most_bytes: int) -> list[list[Entry]]:
    """Return the entries of each practice in a file; ``syntax`` is ``docx``, ``md`` or ``csv``.

    Raises:
        Refusal: it cannot be read.
    """
    if syntax == "csv":
        return _of_table(data, form)
    limits = Limits(text_bytes=most_bytes, file_bytes=most_bytes, unpacked_bytes=10 * most_bytes)
    try:
        document = read(data, f"sheet.{syntax}", limits)
    except ReadError as error:
        raise Refusal("syntax", f"The document cannot be read: {error.detail}") from error
    return [list(_of_document(document, form))]


def _of_table(data: bytes, form: PracticeForm) -> list[list[Entry]]:
    try:
        rows, _ = table_rows(data)
    except TableError as error:
        raise Refusal("syntax", f"The table cannot be read: {error}") from error
    if not rows:
        raise Refusal("empty", "The file says nothing.")
    head = rows[0][1]
    if sum(form.knows(cell) for cell in head) >= LEAST:
        return [
            [
                Entry(heading, line, texts=[cell])
                for heading, cell in zip(head, cells, strict=False)
                if heading.strip() and cell.strip()
            ]
            for line, cells in rows[1:]
        ]
    return [[Entry(cells[0], line, texts=cells[1:]) for line, cells in rows]]


def _of_document(document: Document, form: PracticeForm) -> Iterator[Entry]:
    entry: Entry | None = None
    lines, upto = 1, 0
    for block in document.blocks:
        lines, upto = lines + document.text.count("\n", upto, block.start), block.start
        for found in _pieces(document, block, lines, form):
            if isinstance(found, Entry):
                if entry is not None:
                    yield entry
                entry = found
            else:
                entry = entry or Entry("", lines)
                entry.texts.append(found)
    if entry is not None:
        yield entry


def _pieces(
    document: Document, block: Block, line: int, form: PracticeForm
) -> Iterator[Entry | str]:
    """What a block begins, or adds to what was begun."""
    text = document.text[block.start : block.end].strip()
    if block.kind is BlockKind.TABLE:
        for row in text.splitlines():
            if not _RULE.fullmatch(row):
                yield from _row(row, line, form)
        return
    plain = _MARKS.sub("", text).strip()
    if block.kind is BlockKind.HEADING or (len(plain) <= _SHORT and form.knows(plain)):
        yield Entry(plain, line, block.level or 7)
        return
    rest: list[str] = []
    for number, row in enumerate(text.splitlines()):
        value = _VALUE.fullmatch(_MARKS.sub("", row).strip())
        if value and form.knows_field(value[1]):
            yield Entry(value[1].strip(), line + number, texts=[value[2]])
        else:
            rest.append(row)
    if rest:
        yield "\n".join(rest)


def _row(row: str, line: int, form: PracticeForm) -> Iterator[Entry | str]:
    cells = [_MARKS.sub("", cell).strip() for cell in _CELLS.split(row.strip().strip("|"))]
    if form.knows(cells[0]):
        yield Entry(cells[0], line, texts=cells[1:])
    else:
        yield " | ".join(cells)
