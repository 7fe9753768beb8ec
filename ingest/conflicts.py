"""How two statements about the same thing stand: do they contradict, follow or back each other?

A pure function over values; nothing is averaged, and nothing is dropped. The five classes are those
of the vocabulary ``comparison-classes``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import combinations

from ontology.folding import fold
from ontology.model import Iri

__all__ = [
    "Bound",
    "Comparison",
    "Stand",
    "Value",
    "bound_of",
    "compare",
    "compare_all",
    "decimal_of",
    "measure_key",
]

_CLOSE = Decimal("0.1")  # "about 30" says 27 to 33
_COUNTED_ALIKE = (
    frozenset({"organisations", "structures", "enterprises", "associations", "bodies"}),
    frozenset({"members", "partners", "incubators", "stakeholders"}),
    frozenset({"persons", "employees", "consultants"}),
    frozenset({"schemes", "DLA", "operators"}),
)
"""Units that reports use for the same things: a difference of words is none of values."""


class Stand(StrEnum):
    """The classes, the gravest first."""

    CONFLICT = "conflict"
    MALFORMED = "malformed"
    SUCCESSION = "succession"
    COMPATIBLE = "compatible"
    CORROBORATION = "corroboration"


_RANK = list(Stand)


class Bound(StrEnum):
    """What a source says of its number."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"


@dataclass(frozen=True, slots=True)
class Value:
    """A statement to be compared. ``key`` names it; ``measure`` is what is counted, folded.

    ``number`` is None for a malformed one. ``period`` is a year or "2002-2019", ``as_of`` when it was
    so, ``published`` the year of the source; each ``""`` where nothing says it. ``scope`` narrows what
    the value is about (a payer, a part of the whole). ``functional`` says that there can be only one
    true value: the year of a creation.
    """

    key: str
    subject: Iri
    measure: str
    number: Decimal | None
    unit: str = ""
    bound: Bound = Bound.EXACT
    period: str = ""
    as_of: str = ""
    published: str = ""
    scope: str = ""
    sources: frozenset[str] = frozenset()
    functional: bool = False

    @property
    def time(self) -> str:
        """The period, or the year in which it was so; ``""`` where the source says neither."""
        return self.period or self.as_of[:4]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Values of one thing side by side: ``stand`` is the gravest of their pairs."""

    subject: Iri
    measure: str
    stand: Stand
    values: tuple[Value, ...]
    pairs: tuple[tuple[str, str, Stand], ...]


def compare_all(values: Iterable[Value]) -> tuple[Comparison, ...]:
    """Put together what speaks of the same thing, and say how it stands.

    A single value is left out, unless it is malformed. A value without a measure backs a measured
    one of the same number and unit, and is compared with nothing else: two counts of structures need
    not count the same. The result depends on the set of values alone, not on their order.
    """
    groups: dict[tuple[Iri, str, str], list[Value]] = defaultdict(list)
    ordered = sorted(set(values), key=lambda each: each.key)
    for value in ordered:
        if value.measure:
            groups[value.subject, value.measure, _unit_group(value.unit)].append(value)
    for value in ordered:
        if not value.measure:
            for (subject, _, unit), members in groups.items():
                alike = (subject, unit) == (value.subject, _unit_group(value.unit))
                if alike and any(_backs(value, each) for each in members):
                    members.append(value)
    found = []
    for (subject, measure, _), members in sorted(groups.items()):
        pairs = tuple(
            (a.key, b.key, compare(a, b))
            for a, b in combinations(members, 2)
            if (a.measure and b.measure) or _backs(a, b)
        )
        stands = {stand for *_, stand in pairs}
        stands |= {Stand.MALFORMED} if any(each.number is None for each in members) else set()
        if stands:
            found.append(
                Comparison(subject, measure, min(stands, key=_RANK.index), tuple(members), pairs)
            )
    return tuple(sorted(found, key=lambda c: (_RANK.index(c.stand), c.subject, c.measure)))


def compare(first: Value, second: Value) -> Stand:
    """Say how two values of the same thing stand to each other; the order does not matter."""
    if first.number is None or second.number is None:
        return Stand.MALFORMED
    if first.functional and second.functional:
        return Stand.CORROBORATION if first.number == second.number else Stand.CONFLICT
    if _same(first, second):
        return Stand.CORROBORATION
    if first.scope != second.scope:
        return Stand.COMPATIBLE
    times = _times(first, second)
    if _one_source(first, second) and "" in (first.time, second.time):
        return Stand.COMPATIBLE
    if all(times) and times[0] != times[1]:
        return Stand.SUCCESSION
    alike = _one_source(first, second) or _may_be_one(first, second)
    return Stand.COMPATIBLE if alike else Stand.CONFLICT


def measure_key(text: str) -> str:
    """Return a measure without what says how exact it is: "budget, about" and "budget" are one."""
    return fold(_HEDGE.sub(" ", text))


def bound_of(text: str) -> Bound:
    """Return what words before or in a number phrase say of it ("plus de 130", "nearly 130")."""
    said = fold(text)
    for bound, words in _BOUNDS:
        if re.search(rf"\b(?:{words})\b", said):
            return bound
    return Bound.EXACT


_BOUNDS = (
    (Bound.AT_LEAST, "at least|au moins|plus de|more than|over|au dela de|minimum|upwards of"),
    (Bound.AT_MOST, "at most|au plus|moins de|less than|fewer than|jusqu a|up to|maximum|under"),
    (
        Bound.ABOUT,
        "about|environ|nearly|pres de|pres d|almost|around|approximately|quelque|some|roughly"
        r"|une \w+aine",
    ),
)
_HEDGE = re.compile(
    r"[,(]?\s*\b(?:at least|au moins|at most|au plus|about|environ|nearly|almost|près de|more than"
    r"|plus de|in all|en tout|misprinted number|nombre mal imprimé)\b\)?",
    re.IGNORECASE,
)


def _unit_group(unit: str) -> str:
    return next((min(group) for group in _COUNTED_ALIKE if unit in group), unit)


def _same(first: Value, second: Value) -> bool:
    """Whether both may be prints of one number: equal, or one of them says "about" and is close."""
    assert first.number is not None  # noqa: S101 — malformed ones were told apart
    assert second.number is not None  # noqa: S101 — ditto
    if first.number == second.number:
        return {first.bound, second.bound} != {Bound.AT_LEAST, Bound.AT_MOST}
    about = Bound.ABOUT in (first.bound, second.bound)
    larger = max(abs(first.number), abs(second.number))
    return about and abs(first.number - second.number) <= larger * _CLOSE


def _backs(value: Value, measured: Value) -> bool:
    """Whether another source gives the same number: one source that repeats itself backs nothing."""
    return value.number == measured.number and not _one_source(value, measured)


def _one_source(first: Value, second: Value) -> bool:
    """Whether one and the same source gives both: it then means two things by them."""
    return len(first.sources) == 1 and first.sources == second.sources


def _may_be_one(first: Value, second: Value) -> bool:
    """Whether one number fits both: "more than 5,000" and "6,000"."""
    low_a, high_a = _range(first)
    low_b, high_b = _range(second)
    return low_a <= high_b and low_b <= high_a


def _range(value: Value) -> tuple[Decimal, Decimal]:
    assert value.number is not None  # noqa: S101 — malformed ones were told apart
    number = value.number
    if value.bound is Bound.AT_LEAST:
        return number, Decimal("Infinity")
    if value.bound is Bound.AT_MOST:
        return Decimal("-Infinity"), number
    if value.bound is Bound.ABOUT:
        return number - abs(number) * _CLOSE, number + abs(number) * _CLOSE
    return number, number


def _times(first: Value, second: Value) -> tuple[str, str]:
    """The times of two values at one precision: their own where both have one, else years.

    The year of the source stands in for a value that says no time itself.
    """
    if first.time and second.time:
        return first.time, second.time
    return (first.time or first.published)[-4:], (second.time or second.published)[-4:]


def decimal_of(text: str) -> Decimal | None:
    """Return a printed decimal as a number, None for anything else."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
