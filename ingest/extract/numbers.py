"""Numbers as French and English reports print them, with the value they have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from ontology.folding import fold

__all__ = ["MAGNITUDE", "NUMBER", "NUMBER_WORD", "ParsedNumber", "parse_number"]

_SPACE = "[ \u00a0\u202f\u2009]"
NUMBER = rf"\d+(?:{_SPACE}\d{{2,3}}(?!\d))*(?:[.,]\d+)*"
"""Digits with separators of thousands and decimals, as a pattern without groups."""

_WORDS: Final[Mapping[str, int]] = MappingProxyType({
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5,
    "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "one": 1,
    "a": 1, "an": 1, "un": 1, "une": 1,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "vingt": 20,
    "trente": 30, "quarante": 40, "cinquante": 50, "cent": 100, "dozen": 12,
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
})  # fmt: skip
_SINGULAR = ("one", "a", "an", "un", "une", "cent")  # numbers only before a magnitude
NUMBER_WORD = (
    r"(?:(?:une|a|one)\s+)?(?:"
    + "|".join(sorted((w for w in _WORDS if w not in _SINGULAR), key=len, reverse=True))
    + r"|cent)"
)
"""Number words from two to a hundred, as a pattern without groups (ignore case)."""
MAGNITUDE = r"(?:milliards?|billions?|bn|millions?|Md|Mds|M|m|k|K|thousand|mille|milliers?)"
"""What multiplies the number before it, as a pattern without groups."""

_FACTORS: Final[Mapping[str, int]] = MappingProxyType({
    "milliard": 10**9, "milliards": 10**9, "billion": 10**9, "billions": 10**9, "bn": 10**9,
    "md": 10**9, "mds": 10**9, "million": 10**6, "millions": 10**6, "m": 10**6,
    "k": 1000, "thousand": 1000, "mille": 1000, "millier": 1000, "milliers": 1000,
})  # fmt: skip
_GROUPED_BY_SPACE = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"\d+")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}|\d+[.,]\d{4,}")
_GROUPED = re.compile(r"\d{1,3}(?P<sep>[.,])\d{3}(?:(?P=sep)\d{3})*(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A number as printed; ``value`` is None where the print makes no number ("62 00")."""

    printed: str
    value: Decimal | None


def parse_number(printed: str, magnitude: str = "", lang: str = "") -> ParsedNumber:
    """Return the value of a printed number, multiplied by ``magnitude`` ("million", "k").

    A comma or point before exactly three digits separates thousands, except where a magnitude
    follows ("1,125 million" in French is decimal); before other digits it is a decimal sign.
    """
    value = _value(printed.strip(), bool(magnitude) and lang == "fr")
    factor = _FACTORS.get(fold(magnitude), 1) if magnitude else 1
    return ParsedNumber(printed, None if value is None else _plain(value * factor))


def _value(printed: str, decimal_comma: bool) -> Decimal | None:
    words = fold(printed).split()
    if words and words[-1] in _WORDS:
        return Decimal(_WORDS[words[-1]])
    if _PLAIN.fullmatch(printed):
        return Decimal(printed)
    if _GROUPED_BY_SPACE.fullmatch(printed):
        return Decimal(re.sub(_SPACE, "", printed).replace(",", "."))
    grouped = _GROUPED.fullmatch(printed)
    if grouped and not (decimal_comma and printed.count(",") == 1):
        whole, fraction = _split_fraction(printed, grouped["sep"])
        return Decimal(f"{whole}.{fraction}" if fraction else whole)
    if _DECIMAL.fullmatch(printed) or (decimal_comma and re.fullmatch(r"\d+,\d+", printed)):
        return Decimal(printed.replace(",", "."))
    return None


def _split_fraction(printed: str, separator: str) -> tuple[str, str]:
    other = "," if separator == "." else "."
    whole, _, fraction = printed.partition(other)
    return whole.replace(separator, ""), fraction


def _plain(value: Decimal) -> Decimal:
    """Write 2E+1 as 20 and 28.0 as 28, so that equal values are printed alike."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
