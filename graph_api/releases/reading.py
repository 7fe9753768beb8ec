"""Asking a release instead of the newest generation: the same questions, another store."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import Request

from graph_api.folder import DataFolder
from graph_api.releases.shelf import Release, Shelf
from graph_api.services import Answer, QueryRequest, QueryService, Row, Services
from graph_api.workers.rows import parse_boolean, parse_rows

__all__ = ["ReleaseQueries", "release_asked", "services_at", "shelf_of"]


@dataclass(frozen=True)
class ReleaseQueries:
    """A :class:`graph_api.services.QueryService` over the store of a release."""

    queries: QueryService
    release: Release
    store: Path

    @property
    def generation(self) -> int:
        """The generation that the release is."""
        return self.release.generation

    @property
    def ready(self) -> bool:
        """Whether a query would be answered now."""
        return self.queries.ready

    async def run(self, request: QueryRequest) -> Answer:
        """Evaluate in a worker that reads the release."""
        return await self.queries.run(replace(request, store=str(self.store), min_generation=0))

    async def select(self, query: str) -> list[Row]:
        """Run a SELECT of ours in the reserved lane and return all rows."""
        return await asyncio.to_thread(parse_rows, await self._read(query))

    async def ask(self, query: str) -> bool:
        """Run an ASK of ours in the reserved lane."""
        return parse_boolean(await self._read(query))

    async def _read(self, query: str) -> bytes:
        answer = await self.run(QueryRequest(query, pages=True))
        return b"".join([chunk async for chunk in answer.chunks()])


def shelf_of(request: Request) -> Shelf:
    """The shelf of the app that serves this request, made at its first use."""
    state = request.app.state
    if not hasattr(state, "shelf"):
        services: Services = state.services
        state.shelf = Shelf(DataFolder(services.settings.data))
    shelf: Shelf = state.shelf
    return shelf


def release_asked(request: Request) -> Release | None:
    """The release that the address names by ``?release=``, or None.

    Raises:
        MissingError: there is no such release.
    """
    name = request.query_params.get("release", "")
    return shelf_of(request).get(name) if name else None


def services_at(request: Request) -> Services:
    """The services of the app; they read the release that the address names, if it names one.

    Raises:
        MissingError: there is no such release.
        NotLiveError: it does not answer any more.
    """
    services: Services = request.app.state.services
    name = request.query_params.get("release", "")
    if not name:
        return services
    release, store = shelf_of(request).live_store(name)
    return replace(services, queries=ReleaseQueries(services.queries, release, store))
