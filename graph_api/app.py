"""The web application: routes, middleware and what stands behind them, put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_api.budgets import Budget, FacetBudget
from graph_api.folder import DataFolder
from graph_api.logs import AccessLog
from graph_api.metrics import Metrics
from graph_api.problems import ErrorBoundary, answer, install_handlers
from graph_api.proxies import ProxyHeaders, own_path, parse_networks
from graph_api.routers import (
    changes,
    citing,
    comparing,
    coverage,
    crawling,
    documents,
    entities,
    errata,
    feed,
    figures,
    guide,
    jobs,
    listings,
    mappings,
    maps,
    oai,
    ontology,
    operations,
    pages,
    partners,
    quality,
    receipts,
    reconcile,
    reconcile_values,
    releases,
    review,
    review_adding,
    review_entities,
    review_figures,
    search,
    search_exports,
    sparql_page,
    territories,
    themes,
    usage,
)
from graph_api.services import Services
from graph_api.settings import Settings
from graph_api.sparql.protocol import SparqlEndpoint
from graph_api.usage import UsageCounter, UsageLog

__all__ = ["ROUTERS", "Lifespan", "create_app"]

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

# Routes of machines come first: a page's ``/{lang}/…`` must never shadow them.
ROUTERS: tuple[APIRouter, ...] = (
    operations.router,
    jobs.router,
    search.router,
    search_exports.router,
    documents.router,
    releases.router,
    crawling.router,
    oai.router,
    feed.router,
    reconcile.router,
    reconcile_values.router,
    ontology.router,
    guide.router,
    coverage.router,
    quality.router,
    mappings.router,
    usage.router,
    partners.router,
    comparing.router,
    figures.router,
    territories.router,
    maps.router,
    themes.router,
    listings.router,
    errata.router,
    receipts.router,
    changes.router,
    review.router,
    review_entities.router,
    review_figures.router,
    review_adding.router,
    citing.router,
    entities.router,
    sparql_page.router,
    pages.router,
)

_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(settings: Settings, services: Services, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the application. ``lifespan`` starts and stops what the services need.

    Raises:
        SettingsError: the trusted proxies cannot be read.
    """
    trusted = parse_networks(settings.trusted_proxies)
    app = FastAPI(
        title="maillon",
        lifespan=lifespan or _no_lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,  # their pages load scripts of third parties
        redoc_url=None,
    )
    app.state.services = services
    app.state.metrics = Metrics(services.queries)
    app.router.routes.append(Route("/sparql", SparqlEndpoint(services), include_in_schema=False))
    for router in ROUTERS:
        app.include_router(router)
    install_handlers(app, pages.error_page)
    app.state.usage = UsageLog(DataFolder(settings.data).usage, settings.usage_visitors)
    app.state.report_budget = Budget(settings.report_per_minute, settings.report_burst)
    app.state.login_budget = Budget(settings.login_per_minute, settings.login_burst)
    app.state.change_budget = Budget(settings.change_per_minute, settings.change_burst)
    # The last added is the outermost.
    app.add_middleware(
        FacetBudget,
        budget=Budget(settings.facet_per_minute, settings.facet_burst),
        refuse=lambda request, error: answer(request, error, pages.error_page),
    )
    app.add_middleware(ErrorBoundary, error_page=pages.error_page)
    app.add_middleware(_HeadRequests)
    app.add_middleware(_Gzip)
    app.add_middleware(_SecurityHeaders)
    if settings.usage:
        app.add_middleware(UsageCounter, log=app.state.usage, seconds=settings.usage_seconds)
    app.add_middleware(AccessLog, on_finished=app.state.metrics.observe)
    app.add_middleware(ProxyHeaders, trusted=trusted, base_path=settings.base_path)
    return app


@asynccontextmanager
async def _no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


class _SecurityHeaders:
    """Adds the headers that an answer has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                names = {name.lower() for name, _ in headers}
                headers += [
                    (name.lower().encode(), value.encode())
                    for name, value in _SECURITY_HEADERS.items()
                    if name.lower().encode() not in names
                ]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, add if scope["type"] == "http" else send)


class _Gzip:
    """Compresses what the web process makes; results of queries are compressed by their workers."""

    def __init__(self, app: ASGIApp) -> None:
        self.plain = app
        self.gzip = GZipMiddleware(app, minimum_size=1_000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.plain if _is_sparql(scope) or _is_packed(scope) else self.gzip
        await app(scope, receive, send)


class _HeadRequests:
    """Answers HEAD as GET without the body; the SPARQL endpoint knows how to do so itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or _is_sparql(scope):
            await self.app(scope, receive, send)
            return

        async def drop_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, drop_body)


def _is_packed(scope: Scope) -> bool:
    """Whether a file is asked for that is compressed already, and may be asked for in parts."""
    return scope["type"] == "http" and own_path(scope).startswith("/dumps/")


def _is_sparql(scope: Scope) -> bool:
    return scope["type"] == "http" and own_path(scope) == "/sparql"
