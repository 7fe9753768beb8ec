"""Metrics: each application counts for itself."""

from collections.abc import Mapping

from prometheus_client import generate_latest

from graph_api.metrics import Measured, Metrics
from graph_api.services import Answer, QueryRequest, Row


class Queries:
    """What a query service tells of itself, and nothing else."""

    generation = 7
    ready = True

    async def run(self, request: QueryRequest) -> Answer:
        raise AssertionError("metrics ask no queries")

    async def select(self, query: str) -> list[Row]:
        raise AssertionError("metrics ask no queries")

    async def ask(self, query: str) -> bool:
        raise AssertionError("metrics ask no queries")


class MeasuredQueries(Queries):
    outcomes: Mapping[tuple[str, str], int] = {("fast", "done"): 3}

    def gauges(self) -> Mapping[tuple[str, str], int]:
        return {("workers", "fast"): 2}


def page(metrics: Metrics) -> str:
    return generate_latest(metrics.registry).decode()


def test_requests_are_counted_by_route_and_status() -> None:
    metrics = Metrics(Queries())
    metrics.observe("GET", "/health", 200, 0.01)
    metrics.observe("GET", "/health", 200, 0.01)
    assert 'maillon_http_requests_total{method="GET",route="/health",status="200"} 2.0' in page(
        metrics
    )
    assert 'maillon_http_request_seconds_count{route="/health"} 2.0' in page(metrics)


def test_two_applications_do_not_share_their_counts() -> None:
    one, other = Metrics(Queries()), Metrics(Queries())
    one.observe("GET", "/ready", 503, 0.1)
    assert "/ready" in page(one)
    assert "/ready" not in page(other)


def test_the_generation_is_told_and_workers_where_they_are_known() -> None:
    assert not isinstance(Queries(), Measured)
    assert "maillon_generation 7.0" in page(Metrics(Queries()))
    told = page(Metrics(MeasuredQueries()))
    assert 'maillon_queries_total{lane="fast",outcome="done"} 3.0' in told
    assert 'maillon_pool{lane="fast",what="workers"} 2.0' in told
