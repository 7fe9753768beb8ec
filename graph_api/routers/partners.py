"""Our partners: who they are, what they sent and what came of it; pages, JSON and SHACL."""

import contextlib
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from babel import Locale
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.access import Token, require_partner
from graph_api.errors import MissingError, TooLargeError, UnsupportedMediaError
from graph_api.folder import DataFolder
from graph_api.linked_data import identities_of, raise_recorded
from graph_api.partners.copies import Copies
from graph_api.partners.records import record_of
from graph_api.partners.registry import Partner, PartnerFolder
from graph_api.partners.runs import Run, RunLog
from graph_api.partners.shacl import shacl_report
from graph_api.partners.syntax import MEDIA_TYPES, syntax_of
from graph_api.portal.details import load_details
from graph_api.portal.elsewhere import same_here
from graph_api.portal.exchange_indicators import count_exchange
from graph_api.portal.partner_records import load_record, load_records
from graph_api.portal.rendering import PageRoute, language_of, links_for, render, services_of
from graph_api.portal.views import Reference
from graph_api.releases.rdf_answers import file_response, graph_response
from graph_api.routers.mappings import mappings_of, told_elsewhere
from graph_api.uploads import take_body
from ontology.iris import Iris
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class _Known:
    """A partner with what is live of it, its last run that was no preview, and whether
    all that it sent was withdrawn."""

    partner: Partner
    note: dict[str, Any]
    last: Run | None
    withdrawn: bool


@router.get("/{lang}/partners", include_in_schema=False)
async def partners_page(request: Request, lang: str) -> Response:
    """Show the partners with their countries, languages, licences, prefixes and last runs, and how much is
    exchanged.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    known = await run_in_threadpool(_all, request)
    services = services_of(request)
    return render(
        request,
        "partners.html",
        indicators=await count_exchange(services.queries, services.iris),
        graph_of={
            each.partner.id: services.iris.graph(f"partner/{each.partner.id}") for each in known
        },
        partners=[each.partner for each in known],
        live={each.partner.id: each.note for each in known},
        last={each.partner.id: each.last for each in known},
        withdrawn={each.partner.id for each in known if each.withdrawn},
        names=Locale.parse(lang),
    )


@router.get("/api/partners")
async def partners_data(request: Request) -> JSONResponse:
    """Return the partners: who, country (ISO 3166-1), languages (BCP 47), licence, prefixes of their IRIs,
    feeds, graph; records and triples that are live; the last run. ``indicators`` count what is exchanged, each
    with its SPARQL."""
    known = await run_in_threadpool(_all, request)
    services = services_of(request)
    found = [_told(each, services.iris) for each in known]
    counted = await count_exchange(services.queries, services.iris)
    told = {"partners": found, "indicators": [asdict(each) for each in counted]}
    return JSONResponse(told, headers={"Cache-Control": "no-cache"})


@router.post("/api/partners/{partner}/import", status_code=202)
async def send_file(
    request: Request,
    partner: str,
    token: Annotated[Token, Depends(require_partner)],
    name: Annotated[str, Query(title="File name", max_length=255)] = "",
    dry_run: Annotated[bool, Query(title="Change nothing, only report")] = False,
    shrink: Annotated[bool, Query(title="Take it however many records are missing")] = False,
) -> JSONResponse:
    """Take in all that a partner has to say, as the body; answer with a job, whose report names the run.

    The syntax is told by ``Content-Type``, or by the name's extension. Needs a token with the scope
    ``partner:{id}`` of that partner.

    Raises:
        MissingError: there is no such partner.
        GoneError: its data were withdrawn.
        UnsupportedMediaError: a syntax that is not read here.
        TooLargeError: more than ``MAILLON_PARTNER_BYTES``.
    """
    services = services_of(request)
    known = await run_in_threadpool(_folder(request).get, partner)
    _raise_withdrawn(request, known.id)
    media_type = request.headers.get("content-type", "")
    syntax = syntax_of(name, media_type)
    if syntax is None:
        types = ", ".join(MEDIA_TYPES.values())
        raise UnsupportedMediaError(f"a partner's data are sent as one of {types}")
    limit = services.settings.partner_bytes
    folder = DataFolder(services.settings.data)
    async with contextlib.AsyncExitStack() as undo:
        try:
            file = await take_body(request, folder, name or f"data.{syntax}", limit, undo)
        except TooLargeError:
            raise TooLargeError(
                f"the file is larger than {limit} bytes (MAILLON_PARTNER_BYTES)"
            ) from None
        arguments: dict[str, object] = {
            "partner": known.id, "files": [file], "media_type": MEDIA_TYPES[syntax],
            "dry_run": dry_run, "shrink": shrink, "who": token.name,
        }  # fmt: skip
        job = await services.builder.submit({"kind": "partner", "arguments": arguments})
        undo.pop_all()  # the file belongs to the job now
    location = f"{request.scope.get('root_path', '')}/api/jobs/{job}"
    return JSONResponse({"job": job, "location": location}, 202, {"location": location})


@router.get("/api/partners/{partner}/runs")
async def list_runs(request: Request, partner: str) -> JSONResponse:
    """Return what came of the files of a partner, the newest first; each report is at ``location``.

    Raises:
        MissingError: there is no such partner.
        GoneError: its data were withdrawn.
    """
    _raise_withdrawn(request, partner)

    def read() -> list[Run]:
        partners = _folder(request)
        return list(RunLog(partners.place(partners.get(partner).id)).all())

    links = links_for(request, "en")
    told = []
    for run in await run_in_threadpool(read):
        said = {k: v for k, v in run.to_json(public=True).items() if k != "findings"}
        told.append({**said, "location": links.to(f"/partners/{partner}/runs/{run.id}")})
    return JSONResponse({"runs": told}, headers=_NO_INDEX)


@router.get("/{lang}/partners/{partner}", include_in_schema=False)
async def partner_page(
    request: Request,
    lang: str,
    partner: str,
    page: Annotated[int, Query(title="page of the records", ge=1, le=100_000)] = 1,
) -> Response:
    """Show a partner, what it says, fifty records a page, and its last runs.

    Raises:
        MissingError: there is no such partner or page.
        GoneError: its data were withdrawn.
        EngineDownError, DeadlineError, BusyError
    """
    _raise_withdrawn(request, partner)

    def read() -> tuple[Partner, dict[str, Any], list[Run]]:
        partners = _folder(request)
        found = partners.get(partner)
        place = partners.place(found.id)
        runs = [run for run, _ in zip(RunLog(place).all(), range(_SHOWN), strict=False)]
        return found, Copies(place).note(), runs

    found, note, runs = await run_in_threadpool(read)
    services = services_of(request)
    graph = services.iris.graph(f"partner/{found.id}")
    records, total = await load_records(services.queries, graph, lang, (page - 1) * _SHOWN, _SHOWN)
    pages = max(1, -(-total // _SHOWN))
    if page > pages:
        raise MissingError(f"there are {pages} pages")
    return render(
        request,
        "partner.html",
        partner=found,
        note=note,
        runs=runs,
        names=Locale.parse(lang),
        records=records,
        total=total,
        page=page,
        pages=pages,
        page_href=lambda number: links_for(request, lang).page(f"partners/{found.id}", page=number),
    )


@router.get("/{lang}/partners/{partner}/record", include_in_schema=False)
async def record_page(
    request: Request,
    lang: str,
    partner: str,
    iri: Annotated[str, Query(title="Address of the record", max_length=2_000)],
) -> Response:
    """Show what a partner says of one of its records.

    Raises:
        MissingError: there is no such partner, or it says nothing of that.
        GoneError: it was withdrawn.
        EngineDownError, DeadlineError, BusyError
    """
    _raise_withdrawn(request, partner)
    found = await run_in_threadpool(_folder(request).get, partner)
    record = record_of(iri, found.prefixes)
    if not found.owns(record):
        raise MissingError("this is none of the partner's addresses")
    raise_recorded(request, Iri(record))
    services = services_of(request)
    graph = services.iris.graph(f"partner/{found.id}")
    parts = await load_record(services.queries, graph, found, record, lang)
    if not parts:
        raise MissingError(f"nothing is known about {record[:200]}")
    here = same_here(await mappings_of(request), services.iris, record)
    details = await load_details(services.queries, here)
    elsewhere = await told_elsewhere(request, record, lang)
    return render(
        request,
        "partner_record.html",
        partner=found,
        iri=record,
        parts=parts,
        here=[Reference(each, details.label(each, lang)) for each in here],
        elsewhere=elsewhere,
        names=Locale.parse(lang),
    )


@router.get("/{lang}/partners/{partner}/runs/{run}", include_in_schema=False)
async def run_page(request: Request, lang: str, partner: str, run: str) -> Response:
    """Show the report of a run: each record that was left out, the rule and the remedy.

    Raises:
        MissingError: there is no such partner or run.
        GoneError: its data were withdrawn.
    """
    _raise_withdrawn(request, partner)
    who, found = await run_in_threadpool(_run, request, partner, run)
    address = f"/partners/{who.id}/runs/{found.id}"
    return render(request, "partner_run.html", partner=who, run=found, address=address)


@router.get("/partners/{partner}/runs/{run}")
async def run_report(request: Request, partner: str, run: str) -> Response:
    """The report of a run, at a stable address: a page, or a SHACL validation report by Accept; with
    ``.json`` or ``.ttl`` behind it in that form. What left-out records say is in none.

    Raises:
        MissingError: there is no such partner or run.
        GoneError: its data were withdrawn.
        NotOfferedError: the client takes none of the forms.
    """
    name, _, extension = run.partition(".")
    _raise_withdrawn(request, partner)
    who, found = await run_in_threadpool(_run, request, partner, name)
    iri = f"{services_of(request).iris.base}/partners/{who.id}/runs/{found.id}"
    if extension == "json":
        return JSONResponse(found.to_json(public=True), headers=_NO_INDEX)
    if extension == "ttl":
        body = shacl_report(found, iri).serialize(format="turtle", encoding="utf-8")
        response = file_response(request, body, "text/turtle")
        response.headers.update(_NO_INDEX)
        return response
    if extension:
        raise MissingError("a report is there as .json or .ttl")
    if "text/html" in request.headers.get("accept", ""):
        page = links_for(request, language_of(request)).page(f"partners/{who.id}/runs/{found.id}")
        return RedirectResponse(page, 303, {"Vary": "Accept, Accept-Language"})
    return graph_response(request, shacl_report(found, iri), **_NO_INDEX)


_SHOWN = 50  # records, and runs, on the page of a partner
_NO_INDEX = {"X-Robots-Tag": "noindex", "Cache-Control": "no-cache"}


def _folder(request: Request) -> PartnerFolder:
    services = services_of(request)
    return PartnerFolder(DataFolder(services.settings.data), services.iris)


def _all(request: Request) -> list[_Known]:
    partners, iris = _folder(request), services_of(request).iris
    fates = identities_of(request).fates()
    found = []
    for each in partners.all():
        place = partners.place(each.id)
        withdrawn = iris.graph(f"partner/{each.id}") in fates
        found.append(_Known(each, Copies(place).note(), RunLog(place).last(), withdrawn))
    return found


def _raise_withdrawn(request: Request, partner: str) -> None:
    raise_recorded(request, services_of(request).iris.graph(f"partner/{partner}"))


def _run(request: Request, partner: str, run: str) -> tuple[Partner, Run]:
    partners = _folder(request)
    found = partners.get(partner)
    return found, RunLog(partners.place(found.id)).get(run)


def _told(known: _Known, iris: Iris) -> dict[str, Any]:
    told = {**asdict(known.partner), "graph": iris.graph(f"partner/{known.partner.id}")}
    told["withdrawn"] = known.withdrawn
    told["records"], told["triples"] = (known.note.get(n, 0) for n in ("records", "triples"))
    if known.last is not None:
        last = known.last
        told["last_run"] = {"id": last.id, "at": last.at, "state": last.state}
        told["last_run"] |= {"kept": last.kept, "left_out": last.left_out}
    return told
