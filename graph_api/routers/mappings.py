"""What is the same thing in other countries: the mapping set, as SSSOM and as JSON."""

from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.exchange.sssom import MEDIA_TYPE, write_sssom
from graph_api.folder import DataFolder
from graph_api.linked_data import conditional, identities_of
from graph_api.mappings import Mapping, MappingLog
from graph_api.partners.registry import Partner, PartnerFolder
from graph_api.portal.elsewhere import Elsewhere, load_elsewhere
from graph_api.portal.rendering import services_of

__all__ = ["mappings_of", "router", "told_elsewhere"]

router = APIRouter()
_OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}


@router.get("/mappings.sssom.tsv")
async def mapping_set(request: Request) -> Response:
    """Return all mappings that hold, as a table (https://w3id.org/sssom), with justification and author."""
    text = write_sssom(await mappings_of(request), services_of(request).iris.base)
    headers = {**_OPEN, "Content-Disposition": 'inline; filename="mappings.sssom.tsv"'}
    return conditional(request, Response(text, media_type=MEDIA_TYPE, headers=headers))


@router.get("/api/mappings")
async def mappings_data(request: Request) -> JSONResponse:
    """Return all mappings that hold: subject, predicate, object, justification, author, day, confidence."""
    told = [
        {k: v for k, v in asdict(each).items() if k not in ("event", "job")}
        for each in await mappings_of(request)
    ]
    return JSONResponse({"mappings": told}, headers=_OPEN)


async def mappings_of(request: Request) -> tuple[Mapping, ...]:
    """The mappings that hold; none with an end that was withdrawn."""
    log = _log_of(request)
    if not await run_in_threadpool(log.records):
        return ()
    return log.in_force(identities_of(request).withdrawn())


def _log_of(request: Request) -> MappingLog:
    """The log of the app that serves this request, made at its first use: entity pages ask it."""
    state = request.app.state
    if not hasattr(state, "mappings"):
        state.mappings = MappingLog(DataFolder(services_of(request).settings.data).decisions)
    log: MappingLog = state.mappings
    return log


async def told_elsewhere(request: Request, iri: str, lang: str) -> list[Elsewhere]:
    """What partners say of the same thing.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    mappings = await mappings_of(request)
    if not mappings:
        return []
    services = services_of(request)
    folder = PartnerFolder(DataFolder(services.settings.data), services.iris)
    partners: list[Partner] = await run_in_threadpool(lambda: list(folder.all()))
    return await load_elsewhere(services.queries, services.iris, partners, mappings, iri, lang)
