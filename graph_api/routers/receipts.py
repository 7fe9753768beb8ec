"""Receipts: when something was suppressed, which channels were cleaned, and never of whom."""

from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.folder import DataFolder
from graph_api.portal.rendering import PageRoute, render, services_of
from graph_api.suppressions import Receipt, ReceiptLog

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)


@router.get("/api/receipts/{receipt}")
async def receipt_data(request: Request, receipt: str) -> Response:
    """Return a receipt: its moment, and for each channel how much was cleaned and how much was left.

    Raises:
        MissingError: there is none of this number.
    """
    found = await _find(request, receipt)
    return JSONResponse(asdict(found), headers={"Cache-Control": "no-cache"})


@router.get("/{lang}/receipts/{receipt}", include_in_schema=False)
async def receipt_page(request: Request, lang: str, receipt: str) -> Response:
    """The same for people. Raises MissingError."""
    return render(request, "receipt.html", indexed=False, receipt=await _find(request, receipt))


async def _find(request: Request, receipt: str) -> Receipt:
    folder = DataFolder(services_of(request).settings.data)
    return await run_in_threadpool(ReceiptLog(folder.access).get, receipt)
