"""For operators: is it alive, can it answer, how is it doing."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from graph_api.errors import EngineDownError
from graph_api.services import Services

__all__ = ["router"]

router = APIRouter(tags=["operation"])


@router.get("/health")
async def health() -> dict[str, str]:
    """Say that the web process lives. Nothing else is looked at."""
    return {"status": "alive"}


@router.get("/ready")
async def ready(request: Request) -> Response:
    """Say whether a query and a search would be answered now; 503 with the reason otherwise.

    Raises:
        EngineDownError: no worker, or no index.
    """
    services: Services = request.app.state.services
    if not services.queries.ready:
        raise EngineDownError(
            "No query worker is ready: no generation is published yet, or its workers are starting.",
            retry_after=1,
        )
    services.index.current()
    return JSONResponse(
        {"status": "ready", "generation": services.queries.generation},
        headers={"Cache-Control": "no-store"},
    )


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Return the metrics in Prometheus' text format."""
    data = generate_latest(request.app.state.metrics.registry)
    return Response(data, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
