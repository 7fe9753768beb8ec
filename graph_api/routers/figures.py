"""Figures and years that several sources give, side by side: as a page, as JSON, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.errors import MissingError
from graph_api.folder import DataFolder
from graph_api.linked_data import identities_of
from graph_api.portal.bars import Amount, Bar, draw_bars
from graph_api.portal.details import Details, load_details
from graph_api.portal.display import literal_text, money_text
from graph_api.portal.figures import YEARS, Figure, FigureReader
from graph_api.portal.labels import Text, choose_text
from graph_api.portal.page_cache import cache_of
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.portal.wording import Wording
from graph_api.routers.pages import wording_of
from graph_api.settlements import Settled, SettlementLog, settled
from ingest.conflicts import Comparison, Stand
from ontology.model import Iri, Literal
from ontology.vocabularies import XSD_DECIMAL

__all__ = [
    "PAGE_SIZE",
    "Group",
    "figure_reader",
    "load_groups",
    "router",
    "settled_about",
    "settlements_of",
]

router = APIRouter(route_class=PageRoute)

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """One value as the page shows it."""

    figure: Figure
    key: str
    text: Text
    label: Text


@dataclass(frozen=True, slots=True)
class Group:
    """What is said of one thing, in words."""

    subject: Iri
    subject_label: Text
    measure: Text
    measured: str
    stand: Stand
    values: tuple[Shown, ...]
    settled: Settled | None
    bars: tuple[Bar, ...]
    """The values as bars, in the order of their time, where they are numbers of one unit."""


@router.get("/api/conflicts")
async def conflicts(
    request: Request,
    stand: Annotated[str, Query(alias="class", title="only this class of comparison")] = "",
) -> Response:
    """Return what several sources say of the same thing, with the class of the comparison.

    Classes: ``conflict``, ``malformed``, ``succession``, ``compatible``, ``corroboration``; the class
    of a group is the gravest among its pairs, which are listed too. ``settled`` is what a curator found:
    ``verdict`` (``prefer``, ``both``, ``error``), the ``key`` of the preferred or wrong value, the moment, and
    the keys of values that came ``later``; null where nobody did.

    Raises:
        MissingError: no such class.
        EngineDownError, DeadlineError, BusyError
    """
    reader = figure_reader(request)
    figures = await reader.figures()
    chosen = _chosen(await reader.comparisons(), stand)
    found = [
        {
            "subject": comparison.subject,
            "property": figures[comparison.values[0].key].property,
            "measure": comparison.measure,
            "class": comparison.stand.value,
            "values": [_said(figures[value.key], value.key) for value in comparison.values],
            "pairs": [
                {"first": first, "second": second, "class": each.value}
                for first, second, each in comparison.pairs
            ],
            "settled": _how(how),
        }
        for comparison, how in zip(chosen, await settlements_of(request, chosen), strict=True)
    ]
    return JSONResponse(found, headers={"Cache-Control": "no-cache"})


@router.get("/{lang}/figures", include_in_schema=False)
async def figures_page(
    request: Request,
    lang: str,
    stand: Annotated[str, Query(alias="class")] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show figures of the same thing side by side, disagreements first."""
    reader = figure_reader(request)
    everything = await reader.comparisons()
    chosen = _chosen(everything, stand)
    shown = chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if not shown and page > 1:
        raise MissingError(f"there is no page {page}")
    groups, details = await load_groups(request, reader, shown, lang)
    links = links_for(request, lang)
    return render(
        request,
        "figures.html",
        groups=groups,
        counts={each: sum(c.stand is each for c in everything) for each in Stand},
        chosen=stand,
        page=page,
        pages=max(1, -(-len(chosen) // PAGE_SIZE)),
        publication=lambda iri: details.label(iri, lang),
        page_href=lambda n: links.page("figures", class_=stand, page=n),
    )


@router.get("/{lang}/figures.csv", include_in_schema=False)
async def figures_table(
    request: Request, lang: str, stand: Annotated[str, Query(alias="class")] = ""
) -> Response:
    """Return the same as a table that French and English spreadsheets open (UTF-8 with a mark)."""
    reader = figure_reader(request)
    groups, details = await load_groups(
        request, reader, _chosen(await reader.comparisons(), stand), lang
    )
    head = (
        "class", "subject", "label", "measure", "value", "printed", "unit", "period", "publication",
        "quote",
    )  # fmt: skip
    rows = []
    for group in groups:
        for value in group.values:
            figure = value.figure
            source = figure.sources[0] if figure.sources else None
            known = source.publication if source else None
            rows.append(
                (
                    group.stand.value, group.subject, group.subject_label.text,
                    group.measure.text, figure.number, figure.printed, figure.unit, figure.period,
                    details.label(known, lang).text if known else "", source.quote if source else "",
                )
            )  # fmt: skip
    return spreadsheet("maillon-figures", head, rows, lang)


async def settled_about(request: Request, iri: Iri, lang: str) -> list[Group]:
    """Return the comparisons about a thing, or with a figure, that somebody settled, in words."""
    if not await run_in_threadpool(_log_of(request).in_force):
        return []  # most sites, most of the time: no figure has to be read
    reader = figure_reader(request)
    figures = await reader.figures()
    about = tuple(
        each
        for each in await reader.comparisons()
        if iri == each.subject or any(figures[value.key].iri == iri for value in each.values)
    )
    groups, _ = await load_groups(request, reader, about, lang)
    return [group for group in groups if group.settled]


def _log_of(request: Request) -> SettlementLog:
    """The log of the app that serves this request, made at its first use: entity pages ask it."""
    state = request.app.state
    if not hasattr(state, "settlements"):
        state.settlements = SettlementLog(DataFolder(services_of(request).settings.data).decisions)
    log: SettlementLog = state.settlements
    return log


async def settlements_of(
    request: Request, comparisons: tuple[Comparison, ...]
) -> list[Settled | None]:
    """Return how each comparison was settled, None for those that were not."""
    in_force = await run_in_threadpool(_log_of(request).in_force)
    if not in_force:
        return [None] * len(comparisons)
    merged = await run_in_threadpool(identities_of(request).merged)
    return [
        settled(in_force, merged, each.subject, each.measure, [v.key for v in each.values])
        for each in comparisons
    ]


def figure_reader(request: Request) -> FigureReader:
    """The figures of what this request asks for."""
    services = services_of(request)
    return FigureReader(services.queries, services.iris, cache_of(request))


def _chosen(found: tuple[Comparison, ...], stand: str) -> tuple[Comparison, ...]:
    if not stand:
        return found
    if stand not in set(Stand):
        raise MissingError(f"the classes are {', '.join(Stand)}")
    return tuple(each for each in found if each.stand == stand)


async def load_groups(
    request: Request, reader: FigureReader, comparisons: tuple[Comparison, ...], lang: str
) -> tuple[list[Group], Details]:
    """Put comparisons into words, with the names of what they speak of."""
    figures = await reader.figures()
    wanted: set[Iri] = set()
    for comparison in comparisons:
        wanted.add(comparison.subject)
        for value in comparison.values:
            figure = figures[value.key]
            wanted |= {figure.iri, *(s.publication for s in figure.sources if s.publication)}
    details, word = await load_details(services_of(request).queries, wanted), wording_of(lang)
    how = await settlements_of(request, comparisons)
    groups = [
        _group(each, figures, details, word, lang, one)
        for each, one in zip(comparisons, how, strict=True)
    ]
    return groups, details


def _group(
    comparison: Comparison,
    figures: Mapping[str, Figure],
    details: Details,
    word: Wording,
    lang: str,
    how: Settled | None,
) -> Group:
    shown = [figures[value.key] for value in comparison.values]
    first = shown[0]
    measures = [m for figure in shown for m in figure.measures]
    measure = choose_text(measures, lang) or Text(comparison.measure)
    if first.property in YEARS:
        measure = details.label(first.property, lang)
    values = tuple(
        Shown(f, value.key, _text(f, word, lang), details.label(f.iri, lang))
        for f, value in zip(shown, comparison.values, strict=True)
    )
    return Group(
        comparison.subject,
        details.label(comparison.subject, lang),
        measure,
        comparison.measure,
        comparison.stand,
        values,
        how,
        _bars(values, word),
    )


def _bars(values: tuple[Shown, ...], word: Wording) -> tuple[Bar, ...]:
    """The values as bars; none for years, for several units, or where one is no number."""
    figures = [value.figure for value in values]
    if len({figure.unit for figure in figures}) > 1 or figures[0].property in YEARS:
        return ()
    if not all(figure.number for figure in figures):
        return ()

    def newest(figure: Figure) -> str:
        return max((source.year for source in figure.sources), default="")

    ordered = sorted(values, key=lambda v: (v.figure.period or newest(v.figure), v.key))
    return draw_bars(
        Amount(
            Text(word.time(value.figure.period, newest(value.figure))),
            float(value.figure.number),
            Text(f"{word.bound(value.figure.bound)} {value.text.text}".strip(), value.text.lang),
        )
        for value in ordered
    )


def _text(figure: Figure, word: Wording, lang: str) -> Text:
    """The value in words: the number as the language writes it, with its unit."""
    if not figure.number:
        return Text(figure.printed)
    if figure.property in YEARS:
        return Text(figure.number)
    number = Literal(figure.number, XSD_DECIMAL)
    if figure.unit in ("EUR", "USD", "GBP"):
        return money_text(number, Literal(figure.unit), lang)
    if figure.unit == "%":
        return Text(
            f"{literal_text(number, lang).text}\u202f%" if lang == "fr" else f"{figure.number}%"
        )
    return Text(f"{literal_text(number, lang).text} {word.unit(figure.unit)}".strip())


def _how(how: Settled | None) -> dict[str, Any] | None:
    if how is None:
        return None
    told = {"verdict": how.verdict, "key": how.value or None, "at": how.at}
    return {**told, "later": sorted(how.later)}


def _said(figure: Figure, key: str) -> dict[str, Any]:
    return {
        "key": key,
        "figure": figure.iri,
        "value": figure.number or None,
        "text": figure.printed,
        "unit": figure.unit,
        "period": figure.period,
        "bound": figure.bound.value,
        "sources": [
            {
                "publication": source.publication,
                "year": source.year,
                "place": source.place,
                "document": source.passage.document if source.passage else None,
                "start": source.passage.start if source.passage else None,
                "end": source.passage.end if source.passage else None,
                "quote": source.quote,
                "rule": source.rule,
            }
            for source in figure.sources
        ],
    }
