"""The numbers that office programs compute for headings and list items and do not store as text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Counters", "LevelFormat", "format_number"]

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 4_000  # beyond it numbers are written as digits
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class LevelFormat:
    """How the items of a level are numbered: ``pattern`` has ``%1`` for the number of level 1.

    ``style`` is ``decimal``, ``lower-letter``, ``upper-letter``, ``lower-roman``, ``upper-roman``,
    ``bullet`` or ``none``.
    """

    style: str
    pattern: str
    start: int = 1


class Counters:
    """Counts the items of lists; one list is one key."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[int, int]] = {}

    def next(self, key: str, level: int, formats: Mapping[int, LevelFormat]) -> str:
        """Count one more item of a list at ``level`` (0 the outermost) and return its number as
        printed: ``""`` for none, and for bullets."""
        counts = self._counts.setdefault(key, {})
        for deeper in [depth for depth in counts if depth > level]:
            del counts[deeper]
        own = formats.get(level)
        counts[level] = counts[level] + 1 if level in counts else own.start if own else 1
        if own is None or own.style in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            form = formats.get(depth, own)
            return format_number(counts.get(depth, form.start), form.style)

        return _PLACE.sub(number, own.pattern).strip()[:_LONGEST_LABEL]


def format_number(number: int, style: str) -> str:
    """Return a number as a list prints it; digits for what has no such form."""
    if not 0 < number < _MOST or style not in _STYLES:
        return str(number)
    return _STYLES[style](number)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    letters = []
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters.append(sign * count)
    return "".join(letters)


def _upper_letter(number: int) -> str:
    return _letter(number).upper()


def _upper_roman(number: int) -> str:
    return _roman(number).upper()


_STYLES: dict[str, Callable[[int], str]] = {
    "lower-letter": _letter,
    "upper-letter": _upper_letter,
    "lower-roman": _roman,
    "upper-roman": _upper_roman,
}
