"""Tables with ruled lines in PDF pages: rows of cells instead of the running text between the lines.

pdfium tells quickly which pages have ruled lines; only those are given to pdfplumber, which is some
thirty times slower. A table is taken only when its cells hold the letters of the lines that they
replace, so that nothing can be lost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.readers.pdf_layout import HYPHEN, PdfLine

__all__ = ["PdfTable", "find_tables", "has_ruled_lines", "put_tables"]

_MOST_PAGES = 150  # given to pdfplumber, at about a third of a second each
_MOST_PATHS = 5_000  # a page with more is a drawing
_THIN = 3.0  # points: a path so thin is a line
_LONG = 15.0  # points: a shorter line rules nothing
_FEWEST_LINES = 3  # in each direction: fewer make no two rows of two cells
_FEWEST_BOXES = 4
_MARGIN = 3.0  # points around a table in which its lines may end
_CELL = 1_200  # characters: a longer cell means that the lines frame text
_BROKEN = re.compile(r"-\n(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class PdfTable:
    """The rows of a table, and its box in points from the lower left corner of the page."""

    rows: tuple[tuple[str, ...], ...]
    left: float
    bottom: float
    right: float
    top: float


def has_ruled_lines(page: pypdfium2.PdfPage) -> bool:
    """Tell whether a page has enough lines or boxes to make a table."""
    if page.get_rotation():
        return False
    level = upright = boxes = count = 0
    for path in islice(page.get_objects([pdfium.FPDF_PAGEOBJ_PATH], max_depth=3), _MOST_PATHS):
        count += 1
        left, bottom, right, top = path.get_bounds()
        wide, high = right - left, top - bottom
        level += high < _THIN and wide > _LONG
        upright += wide < _THIN and high > _LONG / 2
        boxes += wide > _LONG and high > _LONG / 2
    ruled = min(level, upright) >= _FEWEST_LINES or boxes >= _FEWEST_BOXES
    return ruled and count < _MOST_PATHS


def find_tables(
    data: bytes, numbers: Sequence[int]
) -> tuple[dict[int, list[PdfTable]], tuple[str, ...]]:
    """Return the tables of the pages with these numbers (0 the first), and warnings.

    Never raises: the text is there without the cells, too.
    """
    if not numbers:
        return {}, ()
    # Imported when needed: it takes longer to load than most files to read.
    import pdfplumber

    warnings: list[str] = []
    if len(numbers) > _MOST_PAGES:
        warnings.append(f"Tables were looked for on the first {_MOST_PAGES} pages with lines only.")
    wanted = [number + 1 for number in numbers[:_MOST_PAGES]]
    found: dict[int, list[PdfTable]] = {}
    try:
        with pdfplumber.open(BytesIO(data), pages=wanted) as document:
            for page in document.pages:
                found[page.page_number - 1] = list(_tables(page))
                page.close()
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises whatever a broken file makes it stumble over
        warnings.append(f"Tables could not be read from page to page ({type(error).__name__}).")
    return found, tuple(warnings)


def put_tables(lines: Sequence[PdfLine], tables: Sequence[PdfTable]) -> list[PdfLine]:
    """Return the lines of a page with those inside tables replaced by rows of cells."""
    result = list(lines)
    for table in tables:
        inside = [line for line in result if _touches(line, table)]
        if not inside or not all(_is_inside(line, table) for line in inside):
            continue
        cells = "".join("".join(row) for row in table.rows)
        if _letters(cells) != _letters("".join(line.text for line in inside)):
            continue
        place = result.index(inside[0])
        kept = [line for line in result if not _touches(line, table)]
        first = inside[0]
        height = (table.top - table.bottom) / len(table.rows)
        rows = [
            PdfLine(
                text="\t".join(row).strip("\t "),
                size=min(line.size for line in inside),
                bold=False,
                left=first.left,
                right=table.right,
                first_y=table.top - (number + 1) * height,
                last_y=table.top - (number + 1) * height,
            )
            for number, row in enumerate(table.rows)
        ]
        result = kept[:place] + [row for row in rows if row.text] + kept[place:]
    return result


def _tables(page: "pdfplumber.page.Page") -> Iterator[PdfTable]:  # type: ignore[name-defined] # noqa: F821 - lazy
    if page.rotation or any(page.bbox[:2]):
        return  # coordinates would not be pdfium's
    for table in page.find_tables():
        rows = tuple(tuple(_cell(cell) for cell in row) for row in table.extract())
        if sum(sum(map(bool, row)) > 1 for row in rows) < 2:
            continue
        if any(len(cell) > _CELL for row in rows for cell in row):
            continue
        left, top, right, bottom = table.bbox
        height = float(page.height)
        yield PdfTable(rows, float(left), height - bottom, float(right), height - top)


def _cell(raw: str | None) -> str:
    return " ".join(_BROKEN.sub(HYPHEN, raw or "").split())


def _letters(text: str) -> list[str]:
    return sorted(char for char in text if char.isalpha())


def _touches(line: PdfLine, table: PdfTable) -> bool:
    beside = line.right < table.left or line.left > table.right
    return not beside and table.bottom < line.first_y < table.top


def _is_inside(line: PdfLine, table: PdfTable) -> bool:
    return (
        table.left - _MARGIN <= line.left
        and line.right <= table.right + _MARGIN
        and table.bottom - _MARGIN <= line.last_y
    )
