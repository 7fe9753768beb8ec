"""PDF files: the text layer in reading order, page starts, and headings told from font sizes.

pdfium is not thread-safe and may crash on hostile files: the builder reads in a child process.
"""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.document import MetadataField
from ingest.readers.base import Limits, RawText, ReadError
from ingest.readers.pdf_layout import HYPHEN, PdfLine, assemble
from ingest.readers.pdf_tables import find_tables, has_ruled_lines, put_tables

__all__ = ["PdfReader"]

_END_MARK = b"%%EOF"
_TAIL = 2048  # bytes in which the end mark must be, some programs write on behind it
_FEWEST_LETTERS = 3  # a page: fewer are stamps on a scan
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = re.compile(r"(?P<space> ?)(?P<digits>[0-9]+)")
_RAISED = 0.85  # of the line's size: a note mark is smaller than its line
_FAR = 2.2  # times the size: farther below is not the next line
_LIFTED = 0.1  # of the line's size: and stands above its baseline
_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\uffff]")
_PROGRAM_TITLE = re.compile(r"(?i)microsoft|untitled|sans titre|document\d*$|\.\w{2,5}$")


class PdfReader:
    """Any PDF with a text layer; encrypted, scanned and cut files are refused with a reason."""

    name = "pdf/2"
    media_type = "application/pdf"

    def bid(self, data: bytes, name: str) -> float:
        """Bid on the mark that opens the file, wherever it stands in the first kilobyte."""
        if data.startswith(b"%PDF-"):
            return 1.0
        return 0.7 if name.lower().endswith(".pdf") else 0.5 * (b"%PDF-" in data[:1024])

    def read(self, data: bytes, limits: Limits) -> RawText:
        """Return text, page starts and headings.

        Raises :class:`ReadError` (``encrypted``, ``truncated``, ``damaged``, ``too-large``,
        ``no-text-layer``).
        """
        document = _open(data)
        try:
            if len(document) > limits.pages:
                raise ReadError(
                    "too-large",
                    f"The file has {len(document):,} pages; the limit is {limits.pages:,}.",
                    "Split it, or raise the limit in the settings.",
                )
            pages, warnings, ruled = _read_pages(document, limits)
            title = _own_title(document)
            properties = _own_properties(document)
        finally:
            document.close()
        letters = sum(c.isalpha() for page in pages for line in page for c in line.text)
        if letters < _FEWEST_LETTERS * len(pages):
            raise ReadError(
                "no-text-layer",
                f"None of the {len(pages)} pages has text: they are pictures of pages.",
                "Run optical character recognition on the file first.",
            )
        empty = [str(n) for n, page in enumerate(pages, 1) if not page]
        if empty:
            warnings.append(f"Pages without text: {', '.join(empty[:20])}.")
        tables, notes = find_tables(data, ruled)
        for number, found in tables.items():
            pages[number] = put_tables(pages[number], found)
        text, starts, headings = assemble(pages)
        if title:
            properties = (("title", title, "Title"), *properties)
        return RawText(text, starts, headings, title, (*warnings, *notes), properties)


def _open(data: bytes) -> pypdfium2.PdfDocument:
    if b"%PDF-" not in data[:1024]:
        raise ReadError(
            "damaged", "The file is named PDF but does not begin like one.", "Get the file again."
        )
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadError(
                "encrypted", "The file is protected by a password.", "Save a copy without it."
            ) from error
        _refuse_cut(data)
        raise ReadError(
            "damaged", f"The file is not a sound PDF: {error}", "Get the file again."
        ) from error
    try:
        # pdfium repairs a cut file silently and shows the pages it still finds.
        _refuse_cut(data)
    except ReadError:
        document.close()
        raise
    return document


def _refuse_cut(data: bytes) -> None:
    if _END_MARK not in data[-_TAIL:]:
        raise ReadError(
            "truncated",
            f"The file ends after {len(data):,} bytes in the middle of its content.",
            "Download or copy it again.",
        )


def _read_pages(
    document: pypdfium2.PdfDocument, limits: Limits
) -> tuple[list[list[PdfLine]], list[str], list[int]]:
    """Return the lines of each page, warnings, and the numbers of the pages with ruled lines."""
    pages: list[list[PdfLine]] = []
    ruled: list[int] = []
    warnings: list[str] = []
    size = 0
    for number in range(len(document)):
        try:
            lines, has_lines = _read_page(document, number)
            if has_lines:
                ruled.append(number)
        except pypdfium2.PdfiumError:
            lines = []
            warnings.append(f"Page {number + 1} is damaged and was left out.")
        size += sum(len(line.text) for line in lines)
        if size > limits.text_bytes:
            raise ReadError(
                "too-large",
                f"The text has more than {limits.text_bytes:,} bytes, the limit,"
                f" at page {number + 1}.",
                "Split it, or raise the limit in the settings.",
            )
        pages.append(lines)
    if pages and len(warnings) == len(pages):
        raise ReadError("damaged", "None of the pages can be read.", "Get the file again.")
    return pages, warnings, ruled


def _read_page(document: pypdfium2.PdfDocument, number: int) -> tuple[list[PdfLine], bool]:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            return _page_lines(text_page), has_ruled_lines(page)
        finally:
            text_page.close()
    finally:
        page.close()


def _page_lines(text_page: pypdfium2.PdfTextPage) -> list[PdfLine]:
    count = text_page.count_chars()
    text = text_page.get_text_range() if count > 0 else ""
    if len(text) != count:  # pdfium left characters out or put some in: go by its own list
        points = (pdfium.FPDFText_GetUnicode(text_page, i) for i in range(count))
        text = "".join(chr(p) if p < 0x110000 else "�" for p in points)
    lines = []
    for match in re.finditer(r"[^\r\n]+", text):
        for start, raw in _split_false_joins(text_page, match.start(), match[0]):
            bare = raw.strip()
            if bare:
                lines.append(_measure(text_page, bare, start + raw.index(bare[0])))
    return lines


def _split_false_joins(
    text_page: pypdfium2.PdfTextPage, start: int, raw: str
) -> Iterator[tuple[int, str]]:
    """Part a line where a hyphen at the foot of the page was joined to the footer, not to its word."""
    begin = 0
    position = raw.find(HYPHEN)
    while position >= 0:
        if 0 < position < len(raw) - 1:
            size = _char_size(text_page, start + position - 1)
            _, above = _origin(text_page, start + position - 1)
            _, below = _origin(text_page, start + position + 1)
            other = _char_size(text_page, start + position + 1)
            if abs(size - other) > 0.1 * size or above - below > _FAR * size:
                yield start + begin, raw[begin:position] + "-"
                begin = position + 1
        position = raw.find(HYPHEN, position + 1)
    yield start + begin, raw[begin:]


def _measure(text_page: pypdfium2.PdfTextPage, raw: str, start: int) -> PdfLine:
    letters = [i for i, c in enumerate(raw) if c.isalpha()] or [0, len(raw) - 1]
    sample = letters[:: max(1, len(letters) // 6)]
    sizes = Counter(round(_char_size(text_page, start + i), 1) for i in sample)
    size = min(sizes, key=lambda s: (-sizes[s], -s))
    left, _ = _origin(text_page, start)
    right, _ = _origin(text_page, start + len(raw) - 1)
    # Baselines are those of letters: a line may begin or end with a raised mark of a note.
    _, first_y = _origin(text_page, start + letters[0])
    _, last_y = _origin(text_page, start + letters[-1])

    def mark(match: re.Match[str]) -> str:
        return _raise_digits(text_page, match, start, size, (first_y, last_y))

    return PdfLine(
        text=_NO_CHARACTER.sub("", _DIGITS.sub(mark, raw)),
        size=size,
        bold=_is_bold(text_page, start + letters[0]),
        left=left,
        right=right,
        first_y=first_y,
        last_y=last_y,
    )


def _raise_digits(
    text_page: pypdfium2.PdfTextPage,
    match: re.Match[str],
    start: int,
    size: float,
    baselines: tuple[float, float],
) -> str:
    """Write note marks as superscripts, set to the word before: as bare digits they spoil it."""
    marked = []
    for index in range(match.start("digits"), match.end("digits")):
        char = match.string[index]
        if _char_size(text_page, start + index) < _RAISED * size:
            _, y = _origin(text_page, start + index)
            nearest = min((y - base for base in baselines), key=abs)
            char = char.translate(_SUPERSCRIPTS) if nearest > _LIFTED * size else char
        marked.append(char)
    space = match["space"] if marked[0].isascii() else ""
    return space + "".join(marked)


def _char_size(text_page: pypdfium2.PdfTextPage, index: int) -> float:
    """Return the height of a character's box, which unlike the font size knows every scaling."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
        return 0.0
    return abs(float(box.top) - float(box.bottom))


def _origin(text_page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
    return x.value, y.value


def _is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    known = name.value.lower() if 0 < length <= len(name) else b""
    return any(word in known for word in (b"bold", b"black", b"heavy", b"semibold"))


def _own_title(document: pypdfium2.PdfDocument) -> str:
    title = _NO_CHARACTER.sub("", document.get_metadata_dict().get("Title", "")).strip()
    usable = len(title) >= 8 and " " in title and not _PROGRAM_TITLE.search(title)
    return " ".join(title.split()) if usable else ""


def _own_properties(
    document: pypdfium2.PdfDocument,
) -> tuple[tuple[MetadataField, str, str], ...]:
    values = {
        key: " ".join(_NO_CHARACTER.sub("", value).split())[:500]
        for key, value in document.get_metadata_dict().items()
    }
    fields: tuple[tuple[MetadataField, str], ...] = (
        ("authors", "Author"),
        ("date", "CreationDate"),
    )
    return tuple((field, values[key], key) for field, key in fields if values.get(key))
