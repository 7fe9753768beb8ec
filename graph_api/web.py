"""The web process: services put together, one uvicorn on a socket that the supervisor opened."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from graph_api.app import create_app
from graph_api.client import AsyncBuilderClient
from graph_api.documents import DocumentFolder
from graph_api.folder import DataFolder
from graph_api.logs import configure_logging
from graph_api.search_index import GenerationIndex
from graph_api.services import Services
from graph_api.settings import Settings
from graph_api.workers.pool import WorkerPool
from ontology.iris import Iris

__all__ = ["make_app", "run_web"]

_SHUTDOWN_SECONDS = 5


def make_app(settings: Settings) -> FastAPI:
    """Return the application over the data folder; its lifespan starts and stops the query workers."""
    folder = DataFolder(settings.data)
    pool = WorkerPool(settings)
    services = Services(
        settings=settings,
        iris=Iris(settings.base),
        queries=pool,
        index=GenerationIndex(folder.root),
        documents=DocumentFolder(folder, settings.rights),
        builder=AsyncBuilderClient(folder),
    )

    @asynccontextmanager
    async def run_pool(app: FastAPI) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            await pool.stop()
            await run_in_threadpool(app.state.usage.save)

    return create_app(settings, services, run_pool)


def run_web(settings: Settings, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    configure_logging(settings)
    config = uvicorn.Config(
        make_app(settings),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # done by graph_api.proxies, which believes trusted proxies only
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])
