"""Amounts of money and counted things: a number, its value and its unit, with exact offsets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ingest.extract.data import load_table
from ingest.extract.dates import find_dates
from ingest.extract.numbers import MAGNITUDE, NUMBER, NUMBER_WORD, parse_number
from ontology.folding import fold

__all__ = ["Quantity", "find_quantities"]

_SPACE = "[ \u00a0\u202f\u2009]"
_EURO = r"(?:€|[Ee]uros?\b|EUR\b)"
_END = r"(?![\w.,]?\d)"
_MONEY = re.compile(
    rf"€{_SPACE}?(?P<before>{NUMBER}){_SPACE}?(?P<m1>{MAGNITUDE}(?![\w]))?"
    rf"|(?<![\w.,-])(?P<after>{NUMBER}){_SPACE}?(?P<m2>{MAGNITUDE})?{_SPACE}?(?:d[’'])?{_EURO}"
    rf"|\b(?P<word>{NUMBER_WORD}|one|an?|une?)\s+(?P<m3>millions?|milliards?|billions?|thousand|mille)\s+(?:d[’'])?{_EURO}",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\w.,-])(?P<number>{NUMBER}){_SPACE}?(?:%|pour cent\b|per ?cent\b)")
_COUNT = re.compile(
    rf"(?<![\w.,/#°-])(?P<number>{NUMBER})(?:{_SPACE}?(?P<m>millions?|milliards?|billions?|thousand)"
    rf"(?:\s+(?:de|d[’']|of))?)?(?P<rest>(?:[\s\u00a0]+|{_SPACE}?(?=m²))(?:sq\.? ?m\b|[^\W\d_][\w’'²-]*|m²)"
    rf"(?:[ \u00a0][^\W\d_][\w’'-]*){{0,3}})",
)
_WORD_COUNT = re.compile(
    rf"(?<![\w-])(?P<number>{NUMBER_WORD})(?P<rest>\s+(?:[^\W\d_][\w’'-]*)"
    rf"(?:[ \u00a0][^\W\d_][\w’'-]*){{0,3}})",
    re.IGNORECASE,
)
_NOT_COUNTED_BEFORE = re.compile(
    r"(?:\b(?:article|articles|art\.|page|pages|p\.|n[°ºo]|no\.?|number|annexe|annex|figure|table|"
    r"axe|axis|action|proposition|chapter|chapitre|section|part|partie|phase|level|niveau|round|"
    r"loi|law|vol\.?|volume|tome|étape|step|#|§)\s*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number phrase: ``text[start:end]`` is "6,000 companies", "€24.5m" or "80 %".

    ``value`` is None for a malformed number; ``unit`` a key of the table of units
    (``"organisations"``, ``"EUR"``, ``"%"``) or the counted noun as printed; ``currency`` an
    ISO 4217 code for money, else ``""``.
    """

    start: int
    end: int
    value: Decimal | None
    unit: str
    currency: str = ""


def find_quantities(text: str, start: int, end: int, lang: str) -> list[Quantity]:
    """Return amounts, shares and counts in ``text[start:end]``, in order, without overlaps.

    Years, dates, numbers of articles, pages and headings are no quantities.
    """
    taken = [(date.start, date.end) for date in find_dates(text, start, end)]
    found: list[Quantity] = []
    for finder in (_money, _percentages, _counts, _word_counts):
        for quantity in finder(text, start, end, lang):
            if all(quantity.end <= s or quantity.start >= e for s, e in taken):
                found.append(quantity)
                taken.append((quantity.start, quantity.end))
    return sorted(found, key=lambda q: q.start)


def _money(text: str, start: int, end: int, lang: str) -> Iterator[Quantity]:
    for match in _MONEY.finditer(text, start, end):
        printed = match["before"] or match["after"] or match["word"]
        magnitude = match["m1"] or match["m2"] or match["m3"] or ""
        number = parse_number(printed, magnitude, lang)
        yield Quantity(match.start(), match.end(), number.value, "EUR", "EUR")


def _percentages(text: str, start: int, end: int, lang: str) -> Iterator[Quantity]:
    for match in _PERCENT.finditer(text, start, end):
        value = parse_number(match["number"], "", lang).value
        if value is None:  # "66,667 %" has three decimals, not thousands
            value = parse_number(match["number"], "%", "fr").value
        yield Quantity(match.start(), match.end(), value, "%")


def _counts(text: str, start: int, end: int, lang: str) -> Iterator[Quantity]:
    for match in _COUNT.finditer(text, start, end):
        if _NOT_COUNTED_BEFORE.search(text[max(start, match.start() - 14) : match.start()]):
            continue
        yield from _counted(match, parse_number(match["number"], match["m"] or "", lang).value)


def _word_counts(text: str, start: int, end: int, lang: str) -> Iterator[Quantity]:
    for match in _WORD_COUNT.finditer(text, start, end):
        yield from _counted(match, parse_number(match["number"], "", lang).value)


def _counted(match: re.Match[str], value: Decimal | None) -> Iterator[Quantity]:
    """Yield the number with its unit: the first of the next four words that the table knows."""
    words = list(re.finditer(r"[^\W\d_][\w’'²-]*", match["rest"]))
    for word in words:
        unit = _units().get(_unit_key(word[0]))
        if unit is not None:
            end = match.start("rest") + word.end()
            if _THEMATIC.search(match["rest"], 0, word.end() + 4):
                unit = "themes"
            yield Quantity(match.start(), end, value, unit)
            return
        if fold(word[0]) in _UNIT_STOPS:
            return


# "two key areas", "four areas of cooperation" are no places.
_THEMATIC = re.compile(r"\b(?:focus|main|key|priority|thematic|work) areas\b|\bareas of\b", re.I)
_UNIT_STOPS = frozenset((
    "and", "et", "or", "ou", "to", "a", "in", "en", "the", "le", "la", "les", "by", "par", "of",
    "de", "des", "du", "is", "est", "are", "sont", "with", "avec", "for", "pour", "on", "sur",
    "chaque", "per", "each", "every",
))  # fmt: skip


def _unit_key(word: str) -> str:
    return fold(word.replace("²", "2")).replace(" ", "")


@cache
def _units() -> dict[str, str]:
    """Return folded unit word → key of the unit."""
    return {_unit_key(word): unit for unit, words in load_table("units").items() for word in words}
