"""Dates and periods in French and English text, from a year to a day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ontology.folding import fold

__all__ = ["DATE_EN", "DATE_FR", "MONTH_EN", "MONTH_FR", "DateSpan", "find_dates", "parse_date"]

_MONTHS = (
    ("janvier", "january", "jan"),
    ("fevrier", "february", "feb"),
    ("mars", "march", "mar"),
    ("avril", "april", "apr"),
    ("mai", "may", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "september", "sept"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
_YEAR = r"(?:1[89]|20)\d{2}"
MONTH_FR = r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre)"
MONTH_EN = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
DATE_FR = rf"(?:1\s?er|\d{{1,2}})\s+{MONTH_FR}\s+{_YEAR}"
"""A day in French, as a pattern without groups (to be compiled with ``re.IGNORECASE``)."""
DATE_EN = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH_EN}\.?,?\s+{_YEAR}"
    rf"|{MONTH_EN}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR})"
)
"""A day in English, British or American, as a pattern without groups."""

_ANY = re.compile(
    rf"(?<![\w/-])(?:(?P<period>{_YEAR}\s?[-–/]\s?{_YEAR})(?![\w-])"
    rf"|(?P<span>(?:de|from|entre|between)\s+{_YEAR}\s+(?:à|to|et|and|until)\s+{_YEAR})(?!\w)"
    rf"|(?P<day>{DATE_FR}|{DATE_EN})(?!\w)"
    rf"|(?P<numeric>\d{{1,2}}[/.]\d{{1,2}}[/.]{_YEAR})(?!\w)"
    rf"|(?P<month>(?:{MONTH_FR}|{MONTH_EN}),?\s+{_YEAR})(?!\w)"
    rf"|(?P<year>{_YEAR})(?![\w%€]|[-/]\d|[.,]\d|\s?(?:euros?|€|%)))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date as printed and as ISO 8601: ``2014``, ``2014-07`` or ``2014-07-31``.

    ``until`` is the end of a period ("2018-2020"), else ``None``.
    """

    start: int
    end: int
    iso: str
    until: str | None = None

    @property
    def year(self) -> str:
        """The year, or the first one of a period."""
        return self.iso[:4]


def find_dates(text: str, start: int = 0, end: int | None = None) -> list[DateSpan]:
    """Return the dates and periods in ``text[start:end]``, in reading order, without overlaps."""
    found: list[DateSpan] = []
    for match in _ANY.finditer(text, start, len(text) if end is None else end):
        if match["period"] or match["span"]:
            first, last = re.findall(_YEAR, match[0])
            if first < last:
                found.append(DateSpan(match.start(), match.end(), first, last))
            continue
        iso = parse_date(match[0])
        if iso is not None:
            found.append(DateSpan(match.start(), match.end(), iso))
    return found


def parse_date(printed: str) -> str | None:
    """Return a printed date in ISO 8601, at the precision it has, None where it is none."""
    numeric = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", printed.strip())
    if numeric:
        return _iso(numeric[3], int(numeric[2]), int(numeric[1]))
    year = re.search(_YEAR, printed)
    if year is None:
        return None
    words = fold(printed).split()
    month = next((_month_numbers()[w] for w in words if w in _month_numbers()), None)
    days = [re.sub(r"\D", "", w) for w in words if re.fullmatch(r"\d{1,2}(?:er|st|nd|rd|th)?", w)]
    return _iso(year[0], month, int(days[0]) if days and month else None)


def _iso(year: str, month: int | None, day: int | None) -> str | None:
    if month is None:
        return year
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return f"{year}-{month:02}" + (f"-{day:02}" if day is not None else "")


@cache
def _month_numbers() -> Mapping[str, int]:
    return MappingProxyType(
        {name: number for number, names in enumerate(_MONTHS, 1) for name in (*names, names[1][:3])}
    )
