"""Report an error, without an account; the errata that curators accepted, as page, JSON and feed."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.budgets import client_of
from graph_api.error_reports import ErrorReport, ReportLog
from graph_api.errors import BadInputError
from graph_api.folder import DataFolder
from graph_api.forms import read_form
from graph_api.linked_data import last_modified
from graph_api.portal.facts import facts_in_words
from graph_api.portal.feeds import News, atom_feed
from graph_api.portal.i18n import catalogue
from graph_api.portal.rendering import Links, PageRoute, links_for, origin_of, render, services_of
from graph_api.routers.crawling import xml_response
from graph_api.suppressions import SuppressionLog

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_CLAIM = re.compile(r"[0-9A-Za-z_-]{1,80}")
_PAGE = re.compile(r"[^\s\x00-\x1f\\<>\"]{0,500}")
MOST_NEWS = 50


@router.get("/{lang}/report", include_in_schema=False)
async def report_page(
    request: Request,
    lang: str,
    page: Annotated[str, Query(max_length=500)] = "",
    fact: Annotated[str, Query(max_length=80)] = "",
    sent: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The form; after it was sent, what happens next."""
    return await _form(request, lang, page, fact, sent=sent)


@router.post("/{lang}/report", include_in_schema=False)
async def send_report(request: Request, lang: str) -> Response:
    """Keep a report for curators, and show its number.

    Raises:
        TooManyError: this client reported many, or many wait.
        TooLargeError, BadInputError
    """
    request.app.state.report_budget.spend(client_of(request))
    settings = services_of(request).settings
    given = dict(await read_form(request, most=settings.report_length * 4 + 8_000))
    page, fact, text = given.get("page", ""), given.get("fact", ""), given.get("text", "").strip()
    if not text or len(text) > settings.report_length:
        missing = "text" if not text else "length"
        return await _form(request, lang, page, fact, text=text, missing=missing)
    if not _PAGE.fullmatch(page) or (fact and not _CLAIM.fullmatch(fact)):
        raise BadInputError("the page or the fact is none of ours")
    if given.get("website"):  # a field that people do not see: a robot filled it in
        return RedirectResponse(links_for(request, lang).page("report", sent="ok"), 303)
    log = _log(request)
    made = await run_in_threadpool(log.add, page, fact, text, settings.reports_waiting)
    return RedirectResponse(links_for(request, lang).page("report", sent=made.id), 303)


@router.get("/{lang}/errata", include_in_schema=False)
async def errata_page(
    request: Request, lang: str, about: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """Errors that were reported and accepted, the newest first; ``about`` keeps those of one page."""
    found = await _accepted(request, about)
    return render(
        request,
        "errata.html",
        errata=[(each, datetime.fromisoformat(each.decided).date()) for each in found],
        facts=await facts_in_words(services_of(request), lang, [each.fact for each in found]),
        about=about,
    )


@router.get("/{lang}/errata.json", include_in_schema=False)
async def errata_data(
    request: Request, lang: str, about: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """Return the same as JSON. What the visitor wrote is for curators alone."""
    iris = services_of(request).iris
    return JSONResponse(
        [
            {
                "id": each.id,
                "reported": each.at,
                "accepted": each.decided,
                "page": each.page,
                "claim": iris.claim(each.fact) if each.fact else None,
                "note": each.note,
            }
            for each in await _accepted(request, about)
        ]
    )


@router.get("/{lang}/errata.atom", include_in_schema=False)
async def errata_feed(
    request: Request, lang: str, about: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """The same as an Atom feed."""
    links = links_for(request, lang)
    _ = catalogue("portal", lang).gettext
    found = (await _accepted(request, about))[:MOST_NEWS]
    base = f"{services_of(request).iris.base}/{lang}/errata"
    news = [
        News(
            f"{base}#{each.id}",
            datetime.fromisoformat(each.decided),
            _("Erratum on %(page)s") % {"page": f"/{each.page.partition('?')[0]}"},
            f"{links.page('errata')}#{each.id}",
            each.note,
        )
        for each in found
    ]
    root = atom_feed(
        lang=lang,
        iri=services_of(request).iris.base + Links("", lang, "").page("errata.atom", about=about),
        title=_("Errata"),
        author=services_of(request).settings.publisher,
        origin=origin_of(request),
        own=links.page("errata.atom", about=about),
        page=links.page("errata", about=about),
        updated=news[0].when if news else last_modified(request),
        entries=news,
    )
    return xml_response(request, root, "application/atom+xml")


def _log(request: Request) -> ReportLog:
    return ReportLog(DataFolder(services_of(request).settings.data).decisions)


async def _accepted(request: Request, about: str) -> list[ErrorReport]:
    """The accepted errors of all pages or one: none about what is suppressed, no name that is."""
    services = services_of(request)
    log = SuppressionLog(DataFolder(services.settings.data).access)

    def read() -> list[ErrorReport]:
        masks, gone = log.masks(), {services.iris.split(each.iri) for each in log.holding()}
        pages = {"/".join(split) for split in gone if split}
        return [
            replace(each, note=masks.hide(each.note))
            for each in _log(request).accepted()
            if each.page.partition("?")[0] not in pages
        ]

    found = await run_in_threadpool(read)
    return [each for each in found if not about or each.page.partition("?")[0] == about]


async def _form(
    request: Request, lang: str, page: str, fact: str, *, text: str = "", missing: str = "",
    sent: str = "",
) -> Response:  # fmt: skip
    page = page if _PAGE.fullmatch(page) else ""
    fact = fact if _CLAIM.fullmatch(fact) else ""
    facts = await facts_in_words(services_of(request), lang, [fact])
    return render(
        request,
        "report.html",
        status=422 if missing else 200,
        indexed=False,
        page=page,
        fact=fact if fact in facts else "",
        said=facts.get(fact),
        text=text,
        missing=missing,
        sent=sent,
        longest=services_of(request).settings.report_length,
    )
