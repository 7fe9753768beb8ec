"""The guide: one question a page, its answer in the address, and the programmes that fit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from graph_api.guide.matching import Judgement, Match, Reason
from graph_api.guide.profile import ANY, QUESTIONS, Profile
from graph_api.guide.reader import SCHEMES, Evidence, GuideReader, Place, Sources, guide_of
from graph_api.portal.details import Details, load_details
from graph_api.portal.display import type_names
from graph_api.portal.labels import Text, local_name
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.usage import note_usage
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

SHOWN = {"fitting": 40, "possible": 20, "near": 20, "excluded": 60}
"""Programmes of each list that are shown with their reasons; the data twin has all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One reason in words: what the programme says, and where that is written."""

    question: str
    match: Match
    values: tuple[Text, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A programme as the guide shows it."""

    iri: Iri
    label: Text
    summary: Text | None
    lines: tuple[Line, ...]
    operators: tuple[tuple[Iri, Text], ...]
    closes: date | None
    year: str


@router.get("/{lang}/guide", include_in_schema=False)
async def ask(request: Request, lang: str) -> Response:
    """Ask the first question that has no answer yet, or the one named by ``ask``."""
    reader = guide_of(request)
    profile = Profile.read(request.query_params)
    links = links_for(request, lang)
    question = request.query_params.get("ask", "")
    found: tuple[Place, ...] = ()
    if profile.answer("place"):
        profile, found = await _settle_place(reader, profile)
        if not profile.place:
            question = "place"
    if question not in QUESTIONS:
        question = profile.next_question() or ""
    if question == QUESTIONS[0] and not profile.parameters():
        note_usage(request, "guide", "begun")
    if not question:
        return RedirectResponse(links.page("guide/results", **profile.parameters()), 303)
    details = await _details(request, [place.iri for place in found], _chosen(request, profile))
    return render(
        request,
        "guide.html",
        question=question,
        number=QUESTIONS.index(question) + 1,
        profile=profile,
        asked_place=request.query_params.get("place", ""),
        places=[
            (
                local_name(place.iri),
                details.label(place.iri, lang),
                type_names(details.types.get(place.iri, ()), "territory", lang),
                place.past,
            )
            for place in found[:30]
        ],
        options=await reader.options(SCHEMES[question], lang) if question != "place" else (),
        answers=_answers(request, profile, details, lang),
        any=ANY,
    )


@router.get("/{lang}/guide/results", include_in_schema=False)
async def results(request: Request, lang: str) -> Response:
    """What fits, what may, what would with another answer, what does not and why."""
    reader = guide_of(request)
    profile = Profile.read(request.query_params)
    if profile.answer("place"):
        profile, _ = await _settle_place(reader, profile)
        if not profile.place:
            asked = {**profile.parameters(), "place": request.query_params["place"]}
            return RedirectResponse(
                links_for(request, lang).page("guide", ask="place", **asked), 303
            )
    note_usage(request, "guide", "results")
    for name in ("need", "stage"):
        known = {option.slug for option in await reader.options(SCHEMES[name], lang)}
        note_usage(request, name, *({profile.answer(name)} & known))
    today = _today()
    guidance = await reader.guide(profile, today)
    shown = {name: getattr(guidance, name)[:most] for name, most in SHOWN.items()}
    judged = [each for several in shown.values() for each in several]
    sources = await reader.sources(each.offer.iri for each in judged)
    contacts = await reader.contacts(profile, guidance.fitting)
    details = await _details(
        request,
        _mentioned(judged, sources),
        [c.iri for c in contacts],
        [role for c in contacts for role in c.roles],
        _chosen(request, profile),
    )
    cards = {
        name: [_card(each, sources, details, lang) for each in several]
        for name, several in shown.items()
    }
    return render(
        request,
        "guide_results.html",
        profile=profile,
        cards=cards,
        totals={name: len(getattr(guidance, name)) for name in SHOWN},
        answers=_answers(request, profile, details, lang),
        contacts=[
            (c.iri, details.label(c.iri, lang), [details.label(r, lang) for r in c.roles], c.near)
            for c in contacts
        ],
        publication=lambda iri: details.label(iri, lang),
        query=await reader.query(profile, today),
        today=today,
    )


@router.get("/api/guide")
async def guide_data(request: Request) -> Response:
    """Return the guide's answer as JSON: every programme by list, with its reasons, and the SPARQL.

    Parameters as in the page's address: ``who``, ``stage``, ``need`` (slugs of concepts), ``place``
    (slug of a territory or a name that means one), ``age``, ``headcount``.
    """
    reader = guide_of(request)
    profile = Profile.read(request.query_params)
    if profile.answer("place"):
        profile, found = await _settle_place(reader, profile)
        if len(found) != 1:
            return JSONResponse(
                {"error": "place", "meant": [place.iri for place in found]}, status_code=400
            )
    today = _today()
    guidance = await reader.guide(profile, today)
    return JSONResponse(
        {
            "answers": profile.parameters(),
            **{name: [_said(each) for each in getattr(guidance, name)] for name in SHOWN},
            "query": await reader.query(profile, today),
        },
        headers={"Cache-Control": "no-cache"},
    )


def _said(judged: Judgement) -> dict[str, Any]:
    return {
        "programme": judged.offer.iri,
        "reasons": [
            {"question": r.question, "match": r.match.value, "values": list(r.values)}
            | ({"criterion": r.criterion} if r.criterion else {})
            for r in judged.reasons
        ],
    }


def _today() -> date:
    return datetime.now(UTC).date()


async def _settle_place(reader: GuideReader, profile: Profile) -> tuple[Profile, tuple[Place, ...]]:
    """Replace a name by the slug of the one territory that it means; by nothing where none or several do."""
    chosen = await reader.meant(profile.place)
    parameters = profile.parameters()
    parameters["place"] = local_name(chosen[0].iri) if len(chosen) == 1 else ""
    return Profile.read(parameters), chosen


def _chosen(request: Request, profile: Profile) -> list[Iri]:
    iris = services_of(request).iris
    schemes = {"who": "audiences", "stage": "stages", "need": "needs"}
    found = [iris.concept(s, profile.answer(q)) for q, s in schemes.items() if profile.answer(q)]
    if profile.answer("place"):
        found.append(iris.entity("territory", profile.place))
    return found


def _answers(
    request: Request, profile: Profile, details: Details, lang: str
) -> list[tuple[str, Text | None]]:
    """Question and answer in words; None for one that was skipped."""
    chosen = iter(_chosen(request, profile))
    return [
        (name, details.label(next(chosen), lang) if profile.answer(name) else None)
        for name in QUESTIONS
        if getattr(profile, name)
    ]


async def _details(request: Request, *groups: Iterable[Iri]) -> Details:
    return await load_details(services_of(request).queries, chain.from_iterable(groups))


def _mentioned(judged: Iterable[Judgement], sources: Sources) -> set[Iri]:
    found: set[Iri] = set()
    for each in judged:
        found |= {each.offer.iri, *each.offer.operators}
        for reason in each.reasons:
            found |= {*reason.values, *((reason.criterion,) if reason.criterion else ())}
    for several in sources.values():
        found |= {each.publication for each in several if each.publication}
    return found


def _card(judged: Judgement, sources: Sources, details: Details, lang: str) -> Card:
    offer = judged.offer
    lines = tuple(_line(offer.iri, reason, sources, details, lang) for reason in judged.reasons)
    years = [evidence.year for line in lines for evidence in line.evidence if evidence.year]
    return Card(
        iri=offer.iri,
        label=details.label(offer.iri, lang),
        summary=details.summary(offer.iri, lang),
        lines=lines,
        operators=tuple((each, details.label(each, lang)) for each in offer.operators[:3]),
        closes=offer.closes,
        year=max(years, default=""),
    )


def _line(programme: Iri, reason: Reason, sources: Sources, details: Details, lang: str) -> Line:
    values = (reason.criterion,) if reason.criterion else reason.values
    evidence: dict[Evidence, None] = {}
    for value in values:
        for each in sources.get((programme, value), ()):
            evidence[each] = None
    return Line(
        question=reason.question,
        match=reason.match,
        values=tuple(details.label(value, lang) for value in values),
        evidence=tuple(evidence)[:3],
    )
