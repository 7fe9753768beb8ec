"""The curators' workplace: log in, judge claims one by one or several at once, look back, take back."""

from collections.abc import Iterable
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.budgets import client_of
from graph_api.builder.decisions import Decision, DecisionLog, in_force
from graph_api.error_reports import STATES, ReportLog, State
from graph_api.errors import BadInputError, MissingError, NotAllowedError
from graph_api.forms import read_form
from graph_api.portal.details import load_details
from graph_api.portal.facts import facts_in_words
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.portal.reviewing import (
    around_query,
    curators,
    ends_to_choose,
    in_words,
    references,
    surround,
)
from graph_api.routers.curating import (
    FORM_BYTES,
    SCOPE,
    folder_of,
    job_status,
    own_form,
    private,
    session_of,
    session_or_none,
    sessions_of,
    to_login,
)
from graph_api.routers.reconcile import name_table
from graph_api.services import Services
from graph_api.sessions import COOKIE
from graph_api.settlements import Settlement, SettlementLog
from graph_api.workbench import Choice, Item, Workbench
from ingest.proposals import AMBIGUOUS
from ontology import terms as mln
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_PER_PAGE = 50
_ALIKE = 5  # things with a like name that are offered for an end
_DEEDS = ("accept", "reject", "correct", "void", "skip", "undo")
_WHAT = ("", "facts", "names")
_WISHES = ("subject", "object", "predicate", "side", "address", "name", "cls", "everywhere")
_WISH_LENGTH = 500  # characters of what a correction says, of each field
_CHOICES = {
    "unreviewed": "unreviewed", "accepted": "accepted", "rejected": "rejected",
    "corrected": "corrected", "voided": "voided", "all": "",
}  # fmt: skip


def _choice(
    state: Annotated[str, Query(max_length=20)] = "unreviewed",
    public: Annotated[str, Query(max_length=5)] = "",
    rule: Annotated[str, Query(max_length=200)] = "",
    document: Annotated[str, Query(max_length=64)] = "",
    what: Annotated[str, Query(max_length=5)] = "",
) -> Choice:
    """What of the workbench is looked at; ``public`` is ``yes``, ``no`` or empty, ``what`` is ``facts``,
    ``names``, or empty for facts and names that wait."""
    if state not in _CHOICES or public not in ("", "yes", "no") or what not in _WHAT:
        raise BadInputError("there is no such state")
    shown = {"yes": True, "no": False}.get(public)
    return Choice(_CHOICES[state], shown, rule, document, what=what)


Chosen = Annotated[Choice, Depends(_choice)]


@router.get("/{lang}/review/login", include_in_schema=False)
async def login_page(request: Request, lang: str) -> Response:
    """The form that a token goes into."""
    return private(render(request, "review_login.html", indexed=False, refused=""))


@router.post("/{lang}/review/login", include_in_schema=False)
async def log_in(request: Request, lang: str) -> Response:
    """Begin a session. A token that cannot be used is told on the form.

    Raises:
        TooManyError: this client tried often.
    """
    request.app.state.login_budget.spend(client_of(request))
    given = dict(await read_form(request, most=FORM_BYTES))
    sessions = sessions_of(request)
    try:
        cookie = await run_in_threadpool(sessions.begin, given.get("token", ""), SCOPE)
    except NotAllowedError as error:
        refused = error.problem
        page = render(
            request, "review_login.html", status=error.status, indexed=False, refused=refused
        )
        return private(page)
    answer = RedirectResponse(links_for(request, lang).page("review"), 303)
    answer.set_cookie(
        COOKIE, cookie, max_age=sessions.seconds, path=_cookie_path(request, lang),
        secure=_is_secure(request), httponly=True, samesite="strict",
    )  # fmt: skip
    return private(answer)


@router.post("/{lang}/review/logout", include_in_schema=False)
async def log_out(request: Request, lang: str) -> Response:
    """End the session of this browser."""
    await own_form(request)
    answer = RedirectResponse(links_for(request, lang).page("review/login"), 303)
    answer.delete_cookie(COOKIE, path=_cookie_path(request, lang))
    return private(answer)


@router.get("/{lang}/review", include_in_schema=False)
async def review_page(
    request: Request,
    lang: str,
    chosen: Chosen,
    claim: Annotated[str, Query(max_length=32)] = "",
    after: Annotated[str, Query(max_length=32)] = "",
    done: Annotated[str, Query(max_length=80)] = "",
    did: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """One claim with its sentence: the next of the choice, or the one named by ``claim``.

    ``done`` is the job of the last decision, so that it can be taken back; ``did`` what it was.
    """
    session = await session_or_none(request)
    if session is None:
        return to_login(request, lang)
    status = await job_status(request, done) if did == "correct" else {}
    bench = _workbench(request)
    named = [item for item in await run_in_threadpool(bench.find, claim) if item.hash == claim]
    if claim and not named:
        raise MissingError("no document makes this claim")
    following = await run_in_threadpool(bench.chosen, chosen, 1, after)
    item = next(iter(named or following), None)
    shown: dict[str, Any] = {"item": item}
    if item is not None:
        shown |= await _show(request, lang, item)
    page = render(
        request, "review.html", session=session, after=after, done=done,
        wrong=(status.get("report") or {}).get("failure", {}).get("detail", ""),
        did=did if did in _DEEDS else "", **await _queue(request, chosen), **shown,
    )  # fmt: skip
    return private(page)


@router.get("/{lang}/review/batch", include_in_schema=False)
async def batch_page(
    request: Request,
    lang: str,
    chosen: Chosen,
    done: Annotated[str, Query(max_length=80)] = "",
    did: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The claims of one rule or document in a list, to be judged together."""
    session = await session_or_none(request)
    if session is None:
        return to_login(request, lang)
    most = services_of(request).settings.review_batch
    bench = _workbench(request)
    items = await run_in_threadpool(bench.chosen, chosen, most)
    details = await load_details(services_of(request).queries, references(items))
    page = render(
        request, "review_batch.html", session=session, done=done,
        items=[(item, in_words(item, details, lang)) for item in items],
        did=did if did in _DEEDS else "", **await _queue(request, chosen),
    )  # fmt: skip
    return private(page)


@router.post("/{lang}/review/decide", include_in_schema=False)
async def decide(request: Request, lang: str, chosen: Chosen) -> Response:
    """Accept or reject the claims of the form, or go on without; then show what comes next.

    Raises:
        NotAllowedError, ForbiddenError, BadInputError, TooLargeError, EngineDownError
    """
    session, pairs = await own_form(request)
    given = dict(pairs)
    claims = list(dict.fromkeys(value for name, value in pairs if name == "claim"))
    settings = services_of(request).settings
    action, why = given.get("action", ""), given.get("why", "").strip()
    if action not in ("accept", "reject", "correct", "void", "skip"):
        raise BadInputError("a claim is accepted, rejected, corrected, voided or skipped")
    if action == "void" and not why:
        raise BadInputError("say why it is void")
    if len(why) > settings.note_length or len(claims) > settings.review_batch:
        raise BadInputError(
            f"a note has at most {settings.note_length} characters, a batch "
            f"{settings.review_batch} claims"
        )
    job = ""
    if claims and action != "skip":
        arguments: dict[str, object] = {"action": action, "claims": claims}
        arguments |= {"who": session.token.name, "why": why}
        if action == "correct":
            arguments |= {name: given.get(name, "")[:_WISH_LENGTH] for name in _WISHES}
        job = await services_of(request).builder.submit({"kind": "decide", "arguments": arguments})
    place = "review/batch" if given.get("batch") else "review"
    last = claims[-1] if claims and not given.get("batch") else ""
    did = action if claims else ""
    where = links_for(request, lang).page(place, **_query(chosen), after=last, done=job, did=did)
    return private(RedirectResponse(where, 303))


@router.post("/{lang}/review/undo", include_in_schema=False)
async def undo(request: Request, lang: str, chosen: Chosen) -> Response:
    """Take back a decision, it and all later ones, or those of one job; then show the claim or the log again."""
    session, pairs = await own_form(request)
    given = dict(pairs)
    named = {name: value for name in ("decision", "since", "job") if (value := given.get(name))}
    if len(named) != 1:
        raise BadInputError("say which decision is taken back")
    arguments = {"who": session.token.name, **named}
    await services_of(request).builder.submit({"kind": "undo", "arguments": arguments})
    links = links_for(request, lang)
    if claim := given.get("claim", ""):
        return private(RedirectResponse(links.page("review", claim=claim, did="undo"), 303))
    return private(RedirectResponse(links.page("review/log", did="undo"), 303))


@router.get("/{lang}/review/reports", include_in_schema=False)
async def reports_page(
    request: Request,
    lang: str,
    state: Annotated[str, Query(max_length=20)] = "new",
    did: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The errors that visitors reported: page, fact in question, what they wrote.

    Raises:
        BadInputError: no such state.
    """
    session = await session_or_none(request)
    if session is None:
        return to_login(request, lang)
    if state not in STATES:
        raise BadInputError("there is no such state")
    log = ReportLog(folder_of(request).decisions)
    found = [each for each in await run_in_threadpool(log.all) if each.state == state]
    part = found[:_PER_PAGE]
    bench = _workbench(request)
    page = render(
        request, "review_reports.html", indexed=False, session=session, state=state, reports=part,
        total=len(found), states=STATES, did=did if did in ("accepted", "rejected") else "",
        facts=await facts_in_words(services_of(request), lang, [each.fact for each in part]),
        read=await run_in_threadpool(lambda: {e.fact for e in part if e.fact and bench.find(e.fact)}),
        note_length=services_of(request).settings.note_length,
    )  # fmt: skip
    return private(page)


@router.post("/{lang}/review/reports", include_in_schema=False)
async def decide_report(request: Request, lang: str) -> Response:
    """Accept a report, whose note then shows among the errata, or reject it.

    Raises:
        NotAllowedError, ForbiddenError, BadInputError, MissingError, TooLargeError
    """
    _, pairs = await own_form(request)
    given = dict(pairs)
    state, note = given.get("state", ""), given.get("note", "").strip()
    longest = services_of(request).settings.note_length
    if state not in ("accepted", "rejected") or len(note) > longest:
        raise BadInputError(
            f"a report is accepted or rejected, with a note of {longest} characters"
        )
    log = ReportLog(folder_of(request).decisions)
    await run_in_threadpool(log.decide, given.get("report", ""), cast(State, state), note)
    where = links_for(request, lang).page("review/reports", did=state)
    return private(RedirectResponse(where, 303))


@router.get("/{lang}/review/log", include_in_schema=False)
async def log_page(
    request: Request,
    lang: str,
    who: Annotated[str, Query(max_length=200)] = "",
    action: Annotated[str, Query(max_length=20)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    did: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Every decision, the newest first; how curators and rules fare."""
    session = await session_or_none(request)
    if session is None:
        return to_login(request, lang)
    log, _ = await run_in_threadpool(_log(request).read)
    standing = {decision.id for decision in in_force(log, log)}
    found = [d for d in reversed(log) if who in ("", d.who) and action in ("", d.action)]
    part = found[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    bench = _workbench(request)
    items = await run_in_threadpool(_items, bench, part)
    details = await load_details(services_of(request).queries, references(items.values()))
    said = {claim: in_words(item, details, lang) for claim, item in items.items()}
    return private(
        render(
            request, "review_log.html", indexed=False, session=session, decisions=part,
            standing=standing, said=said, total=len(found), page=page,
            pages=-(-len(found) // _PER_PAGE), who=who, action=action,
            page_href=lambda number: links_for(request, lang).page(
                "review/log", who=who, action=action, page=number
            ),
            settlements=await _settlements(request, lang) if page == 1 and not who + action else [],
            curators=await run_in_threadpool(curators, log), did="undo" if did == "undo" else "",
            rules=[row for row in await run_in_threadpool(bench.judged_by_rule) if row[1] + row[2]],
        )
    )  # fmt: skip


async def _settlements(request: Request, lang: str) -> list[tuple[Settlement, str]]:
    """The settlements of figures that hold, the newest first, each with the name of its thing."""
    log = SettlementLog(folder_of(request).decisions)
    found = list(reversed(await run_in_threadpool(log.in_force)))[:_PER_PAGE]
    details = await load_details(
        services_of(request).queries, {Iri(each.subject) for each in found}
    )
    return [(each, details.label(Iri(each.subject), lang).text) for each in found]


@router.get("/{lang}/review/log.jsonl", include_in_schema=False)
async def log_export(request: Request, lang: str) -> Response:
    """The whole log, one decision a line, as it is kept."""
    await session_of(request)
    log, _ = await run_in_threadpool(_log(request).read)
    lines = "".join(f"{decision.to_json()}\n" for decision in log)
    return private(Response(lines, media_type="application/x-ndjson"))


async def _queue(request: Request, chosen: Choice) -> dict[str, Any]:
    """What a page tells of the queue: how long it is, and how it can be narrowed."""
    bench = _workbench(request)
    return {
        "indexed": False,
        "choice": chosen,
        "query": _query(chosen),
        "total": await run_in_threadpool(bench.count, chosen),
        "rules": await run_in_threadpool(
            bench.tally, "rule", Choice(chosen.state, chosen.public, what=chosen.what)
        ),
        "note_length": services_of(request).settings.note_length,
    }


async def _show(request: Request, lang: str, item: Item) -> dict[str, Any]:
    """What the page of one claim tells beside the claim itself."""
    services = services_of(request)
    bench = _workbench(request)
    near = await run_in_threadpool(bench.beside, item)
    asked = {Iri(e) for e in await _named_around(services, item)} | await _alike(request, item)
    details = await load_details(services.queries, references([item, *near]) | asked)
    document = await run_in_threadpool(services.documents.get, item.document)
    log, _ = await run_in_threadpool(_log(request).read)
    return {
        "statement": in_words(item, details, lang),
        "ends": ends_to_choose(item, asked, details, lang, await _spoken_of(bench, item)),
        "naming": item.predicate == mln.mentions,
        "ambiguous": item.predicate == mln.mentions and item.rule == AMBIGUOUS,
        "near": [(each, in_words(each, details, lang)) for each in near],
        "around": surround(document, item),
        "history": [d for d in log if d.claim and d.claim.hash == item.hash],
        "alike": await run_in_threadpool(
            bench.count, Choice(item.state, item.public, item.rule, what="all")
        ),
    }


async def _named_around(services: Services, item: Item) -> list[str]:
    """What the document names in the sentence and around it: what may have been meant."""
    rows = await services.queries.select(around_query(item, services.iris))
    return [str(row["e"]) for row in rows]


async def _alike(request: Request, item: Item) -> set[Iri]:
    """What is called like the ends of a claim: what may have been meant."""
    labels = {item.subject_label, "" if item.literal else item.object_label} - {""}
    table, iris = await name_table(request), services_of(request).iris

    def look_up() -> set[Iri]:
        return {
            iris.entity(*found.entity.id.split("/", 1))
            for label in labels
            for found in table.candidates(label, frozenset(), _ALIKE)
        }

    return await run_in_threadpool(look_up)


async def _spoken_of(bench: Workbench, item: Item) -> dict[str, int]:
    """How many claims of its document, not judged yet, speak of each end of a claim beside this one."""

    def count(end: str) -> int:
        everything = Choice(document=item.document, entity=end, what="all")
        return max(0, bench.count(everything) - 1)

    return {end: await run_in_threadpool(count, end) for end in (item.subject, item.object)}


def _items(bench: Workbench, decisions: Iterable[Decision]) -> dict[str, Item]:
    claims = {decision.claim.hash for decision in decisions if decision.claim}
    return {item.hash: item for claim in claims for item in bench.find(claim)}


def _query(choice: Choice) -> dict[str, str]:
    """The choice as parameters of an address."""
    public = "" if choice.public is None else "yes" if choice.public else "no"
    state = "" if choice.state == "unreviewed" else choice.state or "all"
    return {
        "state": state, "public": public, "rule": choice.rule, "document": choice.document,
        "what": choice.what,
    }  # fmt: skip


def _cookie_path(request: Request, lang: str) -> str:
    return links_for(request, lang).to("/")


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _workbench(request: Request) -> Workbench:
    return Workbench(folder_of(request))


def _log(request: Request) -> DecisionLog:
    return DecisionLog(folder_of(request).decisions)
