"""How the portal is used: a page, JSON, a table."""

from collections import Counter
from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.portal.bars import Amount, Bar, draw_bars
from graph_api.portal.details import load_details
from graph_api.portal.labels import Text
from graph_api.portal.rendering import PageRoute, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.portal.wording import Wording
from graph_api.routers.pages import wording_of
from graph_api.usage import DIMENSIONS, Day, UsageLog
from ontology.iris import KINDS

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

DAYS_SHOWN = 30
"""Days that the page adds up; the table and the JSON have them all."""

MOST_SHOWN = 20
"""Values of one dimension on the page, the most common first."""

SCHEMES = {"theme": "themes", "need": "needs", "stage": "stages"}
"""The vocabularies of which dimensions are values."""


@router.get("/{lang}/usage", include_in_schema=False)
async def usage_page(request: Request, lang: str) -> Response:
    """Show views and visitor-days of the last days, and what they were about."""
    days = await _days(request, DAYS_SHOWN)
    sums = {each: Counter[str]() for each in DIMENSIONS}
    for day in days:
        for dimension, counts in day.counts.items():
            sums[dimension].update(counts)
    iris = services_of(request).iris
    concepts = {
        (dimension, value): iris.concept(scheme, value)
        for dimension, scheme in SCHEMES.items()
        for value in sums[dimension]
    }
    details = await load_details(services_of(request).queries, concepts.values())
    word = wording_of(lang)

    def label(dimension: str, value: str) -> Text:
        if (dimension, value) in concepts:
            return details.label(concepts[dimension, value], lang)
        return Text(_word(word, dimension, value), lang)

    return render(
        request,
        "usage.html",
        days=days,
        by_day=draw_bars(Amount(Text(day.day), day.visitors) for day in days),
        visitors=sum(day.visitors for day in days),
        views=sum(day.views for day in days),
        robots=sum(day.robots for day in days),
        cut=any(day.cut for day in days),
        sums={
            dimension: _bars([(label(dimension, v), n) for v, n in several.most_common(MOST_SHOWN)])
            for dimension, several in sums.items()
        },
    )


@router.get("/{lang}/usage.csv", include_in_schema=False)
async def usage_table(request: Request, lang: str) -> Response:
    """Return all counts: a line for each day, dimension and value."""
    rows = []
    for day in await _days(request):
        for name in ("visitors", "views", "robots"):
            rows.append((day.day, name, "", str(getattr(day, name))))
        for dimension, counts in day.counts.items():
            rows += [(day.day, dimension, value, str(n)) for value, n in counts.items()]
    return spreadsheet("maillon-usage", ("day", "dimension", "value", "count"), rows, lang)


@router.get("/api/usage")
async def usage_data(request: Request) -> Response:
    """Return the counts of each day (UTC): visitor-days, views, requests of robots, and views by type of
    page, theme, need, stage and use of the guide. ``cut``: more visitors came than were told apart."""
    found = [asdict(day) for day in await _days(request)]
    return JSONResponse({"days": found}, headers={"Cache-Control": "no-cache"})


async def _days(request: Request, last: int = 0) -> tuple[Day, ...]:
    log: UsageLog = request.app.state.usage
    return await run_in_threadpool(log.days, last)


def _bars(counted: list[tuple[Text, int]]) -> tuple[Bar, ...]:
    """Bars, also where all are alike: here the numbers are what is asked for."""
    amounts = [Amount(label, number) for label, number in counted]
    return draw_bars(amounts) or tuple(Bar(each, 100.0) for each in amounts)


def _word(word: Wording, dimension: str, value: str) -> str:
    if dimension == "guide":
        return word.guide_use(value)
    return word.kinds(value) if value in (*KINDS, "concept", "document") else word.page(value)
