"""Key figures and years as the sources give them, those of one thing side by side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_api.portal.evidence import PassageName, read_passage_name
from graph_api.portal.labels import text_of
from graph_api.portal.page_cache import GenerationCache
from graph_api.portal.queries import references
from graph_api.services import QueryService, Row
from ingest.conflicts import (
    Bound,
    Comparison,
    Value,
    bound_of,
    compare_all,
    decimal_of,
    measure_key,
)
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import (
    OA_EXACT,
    OA_HAS_SELECTOR,
    OA_HAS_SOURCE,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
)

__all__ = ["Figure", "FigureReader", "Source", "figures_query", "years_query"]

_SAID = (
    mln.figureOf, mln.value, mln.valueText, mln.unit, mln.measure, mln.period, mln.asOf,
    mln.approximation, mln.population,
)  # fmt: skip
YEARS = (mln.createdInYear, mln.adoptedInYear, mln.publishedInYear)
"""Years of which only one can be true."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is written; ``quote`` is empty where the rights or a missing file withhold it."""

    publication: Iri | None = None
    year: str = ""
    passage: PassageName | None = None
    quote: str = ""
    lang: str = ""
    place: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Figure:
    """A value as it is shown: the number or its print, unit, period, and where it is written.

    ``iri`` is the figure's own page, or that of the entity for a year of it.
    """

    iri: Iri
    subject: Iri | None
    property: Iri
    number: str
    printed: str
    unit: str
    measures: tuple[Literal, ...]
    period: str
    bound: Bound
    sources: tuple[Source, ...] = field(default=())


class FigureReader:
    """The figures of one generation."""

    def __init__(self, queries: QueryService, iris: Iris, cache: GenerationCache) -> None:
        self._queries = queries
        self._iris = iris
        self._cache = cache

    async def figures(self) -> Mapping[str, Figure]:
        """All figures and sourced years by key, in a stable order.

        Raises:
            EngineDownError, DeadlineError, BusyError
        """

        async def load() -> Mapping[str, Figure]:
            sources = read_sources(await self._queries.select(sources_query()), self._iris)
            found = read_figures(await self._queries.select(figures_query()), sources)
            years = await self._queries.select(years_query())
            return found | read_years(years, self._iris)

        return await self._cache.get(self._queries.generation, "figures/all", load)

    async def comparisons(self) -> tuple[Comparison, ...]:
        """What is said of the same thing by several figures, the gravest first."""

        async def compute() -> tuple[Comparison, ...]:
            figures = await self.figures()
            return compare_all(v for key, f in figures.items() if (v := _value(key, f)) is not None)

        return await self._cache.get(self._queries.generation, "figures/compared", compute)


def figures_query() -> str:
    """SELECT (s, p, o): all that key figures say of themselves."""
    said = references(_SAID)
    return f"""SELECT DISTINCT ?s ?p ?o WHERE {{
  GRAPH ?g {{ ?s a <{mln.KeyFigure}> }} FILTER(!CONTAINS(STR(?g), "/graph/partner/"))
  GRAPH ?h {{ ?s ?p ?o }} FILTER(?p IN ({said}))
}}"""


def sources_query() -> str:
    """SELECT (s, passage, quote, publication, year, place, rule): where figures are written."""
    return f"""SELECT DISTINCT ?s ?passage ?quote ?publication ?year ?place ?rule WHERE {{
  GRAPH ?g {{ ?s a <{mln.KeyFigure}> }}
  GRAPH ?h {{ ?claim <{RDF_SUBJECT}> ?s }}
  {_evidence()}
}} LIMIT 20000"""


def years_query() -> str:
    """SELECT (s, p, o, passage, quote, publication, year, place, rule): years that sources give."""
    years = references(YEARS)
    return f"""SELECT DISTINCT ?s ?p ?o ?passage ?quote ?publication ?year ?place ?rule WHERE {{
  GRAPH ?h {{ ?claim <{RDF_PREDICATE}> ?p ; <{RDF_SUBJECT}> ?s ; <{RDF_OBJECT}> ?o }}
  FILTER(?p IN ({years}))
  {_evidence()}
}} LIMIT 20000"""


def _evidence() -> str:
    return f"""OPTIONAL {{ GRAPH ?i {{ ?claim <{mln.passage}> ?passage }}
    GRAPH ?j {{ ?passage <{OA_HAS_SOURCE}> ?document }}
    OPTIONAL {{ GRAPH ?k {{ ?document <{mln.fileOf}> ?file }} }}
    OPTIONAL {{ GRAPH ?l {{ ?passage <{OA_HAS_SELECTOR}> ?selector . ?selector <{OA_EXACT}> ?quote }} }} }}
  OPTIONAL {{ GRAPH ?m {{ ?claim <{mln.citation}> ?citation . ?citation <{mln.citedPublication}> ?cited .
    OPTIONAL {{ ?citation <{mln.place}> ?place }} }} }}
  OPTIONAL {{ GRAPH ?n {{ ?claim <{mln.rule}> ?rule }} }}
  BIND(COALESCE(?file, ?cited) AS ?publication)
  OPTIONAL {{ GRAPH ?o2 {{ ?about <{mln.publishedInYear}> ?year }} FILTER(?about = ?publication) }}"""


def read_figures(
    rows: Iterable[Row], sources: Mapping[Iri, tuple[Source, ...]]
) -> dict[str, Figure]:
    """Make figures of the rows of :func:`figures_query`."""
    said: dict[Iri, dict[Iri, list[Iri | Literal]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if isinstance(row["s"], Iri) and isinstance(row["p"], Iri):
            said[row["s"]][row["p"]].append(row["o"])
    found = {}
    for iri, facts in sorted(said.items()):
        subjects = sorted(v for v in facts[mln.figureOf] if isinstance(v, Iri))
        measures = tuple(
            sorted((v for v in facts[mln.measure] if isinstance(v, Literal)), key=lambda v: v.value)
        )
        printed = _first(facts[mln.valueText])
        approximation = _first(facts[mln.approximation])
        words = " ".join([printed, *(each.value for each in measures)])
        found[str(iri)] = Figure(
            iri=iri,
            subject=subjects[0] if subjects else None,
            property=mln.value,
            number=_first(facts[mln.value]),
            printed=printed,
            unit=_first(facts[mln.unit]),
            measures=measures,
            period=_first(facts[mln.period]) or _first(facts[mln.asOf])[:4],
            bound=Bound(approximation) if approximation in set(Bound) else bound_of(words),
            sources=sources.get(iri, ()),
        )
    return found


def read_years(rows: Iterable[Row], iris: Iris) -> dict[str, Figure]:
    """Make one figure of each year that sources give of a thing."""
    grouped: dict[tuple[Iri, Iri, str], list[Row]] = defaultdict(list)
    for row in rows:
        subject, predicate, value = row["s"], row["p"], row["o"]
        if isinstance(subject, Iri) and isinstance(predicate, Iri) and isinstance(value, Literal):
            grouped[subject, predicate, value.value[:4]].append(row)
    return {
        f"{subject} {predicate.rpartition('#')[2]} {year}": Figure(
            iri=subject,
            subject=subject,
            property=predicate,
            number=year,
            printed="",
            unit="year",
            measures=(),
            period="",
            bound=Bound.EXACT,
            sources=_distinct(_source(row, iris) for row in several),
        )
        for (subject, predicate, year), several in sorted(grouped.items())
    }


def read_sources(rows: Iterable[Row], iris: Iris) -> dict[Iri, tuple[Source, ...]]:
    """Make the sources of figures, by figure."""
    found: dict[Iri, list[Source]] = defaultdict(list)
    for row in rows:
        if isinstance(row["s"], Iri):
            found[row["s"]].append(_source(row, iris))
    return {iri: _distinct(several) for iri, several in found.items()}


def _source(row: Row, iris: Iris) -> Source:
    publication, quote = row.get("publication"), row.get("quote")
    return Source(
        publication=publication if isinstance(publication, Iri) else None,
        year=text_of(row.get("year")),
        passage=read_passage_name(text_of(row.get("passage")), iris),
        quote=text_of(quote),
        lang=(quote.lang or "") if isinstance(quote, Literal) else "",
        place=text_of(row.get("place")),
        rule=text_of(row.get("rule")),
    )


def _distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    """One for each passage, or for each publication without one; those that open a sentence first."""
    chosen: dict[tuple[Iri | None, PassageName | None], Source] = {}
    for each in sorted(
        sources, key=lambda s: (s.passage is None, s.year, s.publication or "", s.place)
    ):
        opened = any(publication == each.publication for publication, _ in chosen)
        if each.passage is not None or not opened:
            chosen.setdefault((each.publication, each.passage), each)
    return tuple(chosen.values())


def _value(key: str, figure: Figure) -> Value | None:
    if figure.subject is None:
        return None
    functional = figure.property in YEARS
    english = [m.value for m in figure.measures if m.lang == "en"]
    measures = english or [m.value for m in figure.measures]
    measure = figure.property if functional else measure_key(measures[0]) if measures else ""
    return Value(
        key=key,
        subject=figure.subject,
        measure=measure,
        number=decimal_of(figure.number) if figure.number else None,
        unit=figure.unit,
        bound=figure.bound,
        period=figure.period,
        published=max((source.year for source in figure.sources), default=""),
        sources=frozenset(s.publication for s in figure.sources if s.publication is not None),
        functional=functional,
    )


def _first(values: list[Iri | Literal]) -> str:
    return min((text_of(value) for value in values), default="")
