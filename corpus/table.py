"""Tables: what spreadsheets say, read as sheets; each row stands for itself, a bad one costs no other.

Quirks of spreadsheets are taken as they come: a byte-order mark, ``;`` or tabs between cells, decimal
commas, dates as 20/05/2026, Latin-1. Each fact cites the table and its row.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from corpus.sheet import Citation, Fact, Sheet, SheetName
from corpus.table_form import Column, TableForm
from corpus.values import Reference, Value
from ontology import terms as mln
from ontology.folding import fingerprint, fold
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Literal, Name
from ontology.vocabularies import (
    XSD_DATE,
    XSD_DECIMAL,
    XSD_G_YEAR,
    XSD_G_YEAR_MONTH,
)

__all__ = [
    "KnownNames",
    "Problem",
    "TableError",
    "TableReading",
    "read_table",
    "slug_of",
    "table_rows",
]

MOST_ROWS = 20_000
_LIST = re.compile(r"\s*[|;/]\s*|\s*,\s+(?![^(]*\))")
_SEVERAL_LINES = re.compile(r"\s*\n\s*")
_FRENCH_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


class TableError(Exception):
    """A table cannot be used at all; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is left out, or a column that nobody reads: the line in the file and a sentence."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TableReading:
    """What a table says: a sheet for each good row, after that of the table itself."""

    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    rows: int


class KnownNames:
    """The entities and concepts that cells can name, by folded name."""

    def __init__(self, names: Iterable[Name], iris: Iris) -> None:
        self._paths: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._known: set[str] = set()
        prefix = f"{iris.base}/id/"
        for name in names:
            path = name.entity.removeprefix(prefix)
            kind, _, rest = path.partition("/")
            scope = f"concept/{rest.partition('/')[0]}" if kind == "concept" else kind
            self._known.add(path)
            if name.role is not LabelRole.SPELLING:
                self._paths[scope, fold(name.text)].add(path)
            self._paths[scope, fold(path.rpartition("/")[2])].add(path)

    def find(self, scopes: Sequence[str], text: str) -> set[str]:
        """The paths that a text means in any of ``scopes`` (``territory``, ``concept/themes``)."""
        found: set[str] = set()
        for scope in scopes:
            found |= self._paths.get((scope, fold(text)), set())
            if text in self._known and text.startswith(f"{scope}/"):
                found.add(text)
        return found

    def has(self, path: str) -> bool:
        """Whether an entity of that path is known."""
        return path in self._known


def read_table(
    data: bytes, form: TableForm, name: str, title: str, known: KnownNames
) -> TableReading:
    """Read a table; ``name`` is its slug and ``title`` what it is called as a source.

    Raises:
        TableError: it is empty, too long, no text, or lacks a column that is needed.
    """
    rows, notes = table_rows(data)
    if len(rows) < 2:
        raise TableError("the table has no rows")
    if len(rows) > MOST_ROWS + 1:
        raise TableError(f"the table has more than {MOST_ROWS} rows; split it")
    columns = _columns(rows[0][1], form)
    for position, header in enumerate(rows[0][1]):
        if header.strip() and position not in columns:
            notes.append(Problem(rows[0][0], f"the column “{header.strip()}” is not read"))
    source = f"table-{name}"
    reader = _RowReader(form, columns, source, known)
    sheets, problems = [_source_sheet(source, title, source)], []
    seen: dict[str, int] = {}
    for line, cells in rows[1:]:
        try:
            sheet = reader.sheet(line, cells)
            if sheet.slug in seen:
                raise ValueError(
                    f"“{cells_name(cells, columns)}” stands in line {seen[sheet.slug]} too"
                )
        except ValueError as error:
            problems.append(Problem(line, str(error)))
            continue
        seen[sheet.slug] = line
        sheets.append(sheet)
    return TableReading(tuple(sheets), tuple(problems), tuple(notes), len(rows) - 1)


def table_rows(data: bytes) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Return line and cells of each row that is not empty, and remarks on how it was read.

    Raises:
        TableError: it is no text, or a cell is too long.
    """
    text, notes = _decoded(data)
    return list(_rows(text)), notes


def slug_of(text: str) -> str:
    """Return a name as the last part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:80].strip("-")


def cells_name(cells: Sequence[str], columns: Mapping[int, Column]) -> str:
    """The name in a row, as printed."""
    return next(
        (cells[p].strip() for p, c in columns.items() if c.key == "name" and p < len(cells)), ""
    )


def _decoded(data: bytes) -> tuple[str, list[Problem]]:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("this is no table of text: save it as CSV in your spreadsheet program")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = Problem(1, "the table is not in UTF-8; it was read as Latin-1: check the accents")
        return data.decode("cp1252", errors="replace"), [note]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row that is not empty; the separator is that of the first line."""
    first = text.lstrip().partition("\n")[0]
    separator = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"line {reader.line_num} cannot be read: {error}") from error


def _columns(headers: Sequence[str], form: TableForm) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for position, header in enumerate(headers):
        column = form.column_of(header)
        if column is not None:
            if any(column.key == each.key for each in found.values()):
                raise TableError(f"two columns mean “{column.key}”; remove one")
            found[position] = column
    for column in form.columns:
        if column.required and column.key not in {each.key for each in found.values()}:
            raise TableError(f"the column “{column.headers[0]}” ({column.headers[-1]}) is missing")
    return found


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Turns rows into sheets; ValueError with a plain sentence for one that is wrong."""

    form: TableForm
    columns: Mapping[int, Column]
    source: str
    known: KnownNames

    def sheet(self, line: int, cells: Sequence[str]) -> Sheet:
        said = {
            c.key: " ".join(cells[p].split()) for p, c in self.columns.items() if p < len(cells)
        }
        raw = {c.key: cells[p] for p, c in self.columns.items() if p < len(cells)}
        for column in self.form.columns:
            if column.required and not said.get(column.key):
                raise ValueError(f"“{column.headers[0]}” is empty")
        name = said["name"]
        slug = slug_of(name)
        if not slug:
            raise ValueError(f"“{name}” is no name")
        citation = Citation(self.source, f"{line}", fingerprint(" ".join(cells)))
        facts = [
            Fact(column.predicate, value, (citation,), line=line)
            for column in self.form.columns
            if column.predicate is not None and said.get(column.key)
            for value in self._values(column, raw[column.key])
        ]
        self._check_order(said)
        labels = {"fr": name, "en": said.get("name_en") or name}
        if self.form.kind == "figure":
            facts.append(Fact(mln.measure, Literal(name), (citation,), line=line))
        return Sheet(
            kind=self.form.kind,
            slug=slug,
            cls=self._cls(said),
            labels=labels,
            alternatives=self._alternatives(said),
            facts=tuple(dict.fromkeys(facts)),
            prose={lang: said[lang] for lang in ("fr", "en") if said.get(lang)},
            file=self.source,
        )

    def _cls(self, said: Mapping[str, str]) -> str:
        column = next((c for c in self.form.columns if c.classes is not None), None)
        text = said.get(column.key, "") if column else ""
        if column is None or column.classes is None or not text:
            return self.form.cls
        cls = column.classes.get(fold(text))
        if cls is None:
            raise ValueError(
                f"the type “{text}” is unknown; types are "
                + ", ".join(sorted(set(column.classes.values())))
            )
        return cls

    def _alternatives(self, said: Mapping[str, str]) -> tuple[SheetName, ...]:
        acronym = said.get("acronym", "")
        return (SheetName(acronym, "", LabelRole.ACRONYM),) if acronym else ()

    def _values(self, column: Column, cell: str) -> Iterator[Value]:
        texts = [cell]
        if column.several:
            texts = [t for part in _SEVERAL_LINES.split(cell) for t in _LIST.split(part)]
        for text in (" ".join(each.split()) for each in texts):
            if text:
                yield self._value(column, text)

    def _value(self, column: Column, text: str) -> Value:
        if column.scheme or column.entities:
            scopes = [f"concept/{column.scheme}"] if column.scheme else list(column.entities)
            found = self.known.find(scopes, text)
            if len(found) == 1:
                return Reference(found.pop())
            means = f"could be {', '.join(sorted(found))}" if found else "is not known"
            raise ValueError(f"“{text}” ({column.headers[0]}) {means}")
        return _READ[column.value](text)

    def _check_order(self, said: Mapping[str, str]) -> None:
        for first, last in (("opens", "closes"), ("starts", "ends"), ("minimum", "maximum")):
            if said.get(first) and said.get(last):
                read = _number if first == "minimum" else _date
                low, high = read(said[first]), read(said[last])
                ordered = (
                    Decimal(low.value) <= Decimal(high.value)
                    if first == "minimum"
                    else low.value[: len(high.value)] <= high.value[: len(low.value)]
                )
                if not ordered:
                    raise ValueError(f"{said[first]} comes after {said[last]}")


def _date(text: str) -> Literal:
    french = _FRENCH_DATE.fullmatch(text)
    if french:
        text = f"{french[3]}-{int(french[2]):02d}-{int(french[1]):02d}"
    if re.fullmatch(r"\d{4}", text):
        return Literal(text, XSD_G_YEAR)
    if _MONTH.fullmatch(text):
        return Literal(text, XSD_G_YEAR_MONTH)
    try:
        return Literal(date.fromisoformat(text).isoformat(), XSD_DATE)
    except ValueError:
        raise ValueError(f"“{text}” is no date; write 2026-05-20 or 20/05/2026") from None


def _year(text: str) -> Literal:
    if not re.fullmatch(r"1[5-9]\d{2}|20\d{2}", text):
        raise ValueError(f"“{text}” is no year of four digits")
    return Literal(text, XSD_G_YEAR)


def _number(text: str) -> Literal:
    plain = _SPACES.sub("", text).rstrip("€%")
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):  # 1.234,5
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain) and plain.count(",") > 1:
        plain = plain.replace(",", "")
    elif re.fullmatch(r"-?\d{1,3},\d{3}", plain):
        raise ValueError(f"“{text}” may mean thousands or decimals; write it without a comma")
    elif re.fullmatch(r"-?\d+,\d+", plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", plain):
        raise ValueError(f"“{text}” is no number")
    return Literal(format(Decimal(plain).normalize(), "f"), XSD_DECIMAL)


def _amount(text: str) -> Literal:
    return _number(re.sub(r"(?i)\s*(?:€|euros?|eur)\s*", "", text))


def _url(text: str) -> Iri:
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        good = False
    if not good or re.search(r"[\x00-\x20<>\"{}|^`\\]", address):
        raise ValueError(f"“{text}” is no web address")
    return Iri(address)


def _word(text: str) -> Literal:
    return Literal(text)


_READ: Mapping[str, Callable[[str], Iri | Literal]] = {
    "date": _date, "year": _year, "number": _number, "amount": _amount, "url": _url, "word": _word,
}  # fmt: skip


def _source_sheet(source: str, title: str, file: str) -> Sheet:
    """The table as a publication, so that its facts have something to cite."""
    labels = {"fr": title, "en": title}
    return Sheet("publication", source, "Publication", labels, (), (), {}, file=file)
