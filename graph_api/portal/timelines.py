"""Timelines: what is dated, in the order of its dates, and where each date stands on a common axis.

A date is drawn at the middle of what its source says: a year at the middle of the year. A period is drawn
only where sources give both ends; what has begun and has no end is a dot, never a line to today.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graph_api.portal.labels import Text
from graph_api.portal.queries import reference
from graph_api.portal.views import EntityView, Reference
from graph_api.services import Row as Answer
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT

__all__ = [
    "Dates", "Moment", "Row", "Tick", "Timeline", "adoptions_query", "draw_timeline", "moments_from",
    "moments_of", "read_adoptions", "read_period",
]  # fmt: skip

MOST_TICKS = 5
"""Years written along the axis: they fit beside each other on a narrow telephone."""

PERIODS = (
    (mln.inForceFrom, mln.inForceUntil), (mln.opensOn, mln.closesOn),
    (mln.startsOn, mln.endsOn), (mln.validFrom, mln.validUntil),
)  # fmt: skip
"""Properties that are the two ends of one period."""

_ASIDE = frozenset({mln.lastChecked, mln.asOf, mln.since, mln.year})
"""Dates of statements and of checks: nothing happened to the thing itself."""

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
_MARGIN = 3.0
"""Percent of the width that stay free at each end, so that no dot is cut."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something with a date (ISO 8601: year, month or day), or with both ends of a period.

    ``thing`` is what it happened with; ``sources`` are the numbers of the page's sources.
    """

    label: Text
    since: str
    until: str = ""
    thing: Reference | None = None
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Dates:
    """What is said of one property: each date (ISO 8601) with the numbers of its sources."""

    property: str
    label: Text
    values: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: where it begins and how long it is, in percent of the width; 0 long is a dot."""

    moment: Moment
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    """The first of January of a year, on the axis."""

    year: int
    x: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows in the order of their dates, and the years along the axis. ``today`` where it is on it."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    today: float | None = None


def read_period(text: str) -> tuple[date, date] | None:
    """First and last day of a year, a month or a day; None for what is no date."""
    parts = text[:10].split("-")
    try:
        numbers = [int(part) for part in parts]
        year = numbers[0]
        month = numbers[1] if len(numbers) > 1 else 0
        day = numbers[2] if len(numbers) > 2 else 0
        last = month or 12
        return (
            date(year, month or 1, day or 1),
            date(year, last, day or monthrange(year, last)[1]),
        )
    except ValueError:
        return None


def moments_of(view: EntityView) -> tuple[Moment, ...]:
    """The dates of a page: those of the thing, and those at which others did something with it.

    Of a property that sources disagree about every value stands there, as on the page.
    """
    own = [
        Dates(fact.property, fact.label, tuple((v.when, v.sources) for v in fact.values if v.when))
        for fact in view.facts
        if not fact.inverse
    ]
    with_others = [
        Moment(fact.label, each.when, thing=value.reference, sources=value.sources)
        for fact in view.relations
        for value in fact.values
        for each in value.qualifiers
        if each.when
    ]
    return tuple(dict.fromkeys([*moments_from(own), *with_others]))


def moments_from(dates: Iterable[Dates], thing: Reference | None = None) -> tuple[Moment, ...]:
    """Make moments of the dates of one thing: two properties that are the ends of a period are one."""
    several = {each.property: each for each in dates if each.property not in _ASIDE}
    found = []
    for start, end in PERIODS:
        first, last = several.get(start), several.get(end)
        if first and last and len(first.values) == len(last.values) == 1:
            (since, one), (until, two) = first.values[0], last.values[0]
            label = Text(f"{first.label.text} – {last.label.text.lower()}", first.label.lang)
            period = Moment(label, since, until, thing, tuple(sorted({*one, *two})))
            if _period(period) is not None:
                found.append(period)
                del several[start], several[end]
    days = [when for when, _ in several[mln.adoptedOn].values] if mln.adoptedOn in several else []
    found += [
        Moment(each.label, when, thing=thing, sources=sources)
        for each in several.values()
        for when, sources in each.values
        if not (each.property == mln.adoptedInYear and any(day.startswith(when) for day in days))
    ]
    return tuple(found)


def draw_timeline(
    moments: Iterable[Moment], today: date | None = None, *, alone: bool = False
) -> Timeline | None:
    """Place moments on an axis that holds them all, in the order of their dates.

    None where all could be of the same day: there is no order to show, unless ``alone`` wants it.
    ``today`` is marked where it lies within the axis.
    """
    dated = [(period, each) for each in moments if (period := _period(each)) is not None]
    if not dated or not (
        alone or max(begin for (begin, _), _ in dated) > min(end for (_, end), _ in dated)
    ):
        return None
    dated.sort(key=lambda pair: (pair[0], pair[1].label.text, str(pair[1].thing)))
    first = min(begin for (begin, _), _ in dated)
    last = max(end for (_, end), _ in dated)
    left = date(first.year, 1, 1).toordinal()
    span = date(last.year, 12, 31).toordinal() + 1 - left

    def at(ordinal: float) -> float:
        return round(_MARGIN + (100 - 2 * _MARGIN) * (ordinal - left) / span, 2)

    rows = []
    for (begin, end), each in dated:
        if each.until:
            x = at(begin.toordinal())
            rows.append(Row(each, x, round(at(end.toordinal() + 1) - x, 2)))
        else:
            rows.append(Row(each, at((begin.toordinal() + end.toordinal() + 1) / 2), 0.0))
    ticks = tuple(
        Tick(year, at(date(year, 1, 1).toordinal())) for year in _years(first.year, last.year)
    )
    shown = today is not None and first.year <= today.year <= last.year
    return Timeline(tuple(rows), ticks, at(today.toordinal()) if shown and today else None)


def adoptions_query(law: Iri) -> str:
    """SELECT (plan, who, year): who adopted the plans that rest on a law, and when."""
    return f"""SELECT DISTINCT ?plan ?who ?year WHERE {{
  GRAPH ?g {{ ?plan <{mln.basedOn}> {reference(law)} }}
  {{ GRAPH ?h {{ ?claim <{RDF_PREDICATE}> <{mln.adopts}> ; <{RDF_SUBJECT}> ?who ; <{RDF_OBJECT}> ?plan }} }}
  UNION
  {{ GRAPH ?h {{ ?claim <{RDF_PREDICATE}> <{mln.adoptedBy}> ; <{RDF_OBJECT}> ?who ; <{RDF_SUBJECT}> ?plan }} }}
  GRAPH ?i {{ ?claim <{mln.year}> ?year }}
}} LIMIT 2000"""


def read_adoptions(rows: Iterable[Answer]) -> dict[Iri, tuple[tuple[Iri, str], ...]]:
    """(who, year) by plan, of the rows of :func:`adoptions_query`."""
    found: dict[Iri, set[tuple[Iri, str]]] = defaultdict(set)
    for row in rows:
        plan, who, year = row["plan"], row["who"], row["year"]
        if isinstance(plan, Iri) and isinstance(who, Iri) and isinstance(year, Literal):
            found[plan].add((who, year.value[:4]))
    return {plan: tuple(sorted(several)) for plan, several in sorted(found.items())}


def _period(moment: Moment) -> tuple[date, date] | None:
    """From the first to the last day of a moment; None where it is no date or ends before it begins."""
    since = read_period(moment.since)
    until = read_period(moment.until) if moment.until else since
    if since is None or until is None or until[1] < since[0]:
        return None
    return since[0], until[1]


def _years(first: int, last: int) -> list[int]:
    """At most :data:`MOST_TICKS` round years from the first to the one after the last."""
    for step in _STEPS:
        years = [
            year for year in range(first, min(last + 1, date.max.year) + 1) if year % step == 0
        ]
        if len(years) <= MOST_TICKS:
            return years
    return []
