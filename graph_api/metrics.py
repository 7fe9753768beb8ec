"""What is measured. One registry per application, none of the process's globals."""

from collections.abc import Iterator, Mapping
from typing import Protocol, runtime_checkable

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from graph_api.services import QueryService

__all__ = ["Measured", "Metrics"]


@runtime_checkable
class Measured(Protocol):
    """A query service that tells about its workers."""

    outcomes: Mapping[tuple[str, str], int]
    """(lane, outcome) → queries ended so, since the start."""

    def gauges(self) -> Mapping[tuple[str, str], int]:
        """Return (name, lane) → value."""
        ...


class Metrics:
    """The registry, and what is counted as requests are answered."""

    def __init__(self, queries: QueryService) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "maillon_http_requests", "Requests answered.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "maillon_http_request_seconds", "Time to the last byte.", ["route"],
            registry=self.registry,
        )  # fmt: skip
        self.registry.register(_QueryCollector(queries))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class _QueryCollector(Collector):
    def __init__(self, queries: QueryService) -> None:
        self.queries = queries

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "maillon_generation", "Generation that is served.", self.queries.generation
        )
        yield GaugeMetricFamily("maillon_ready", "1 if queries are answered.", self.queries.ready)
        if not isinstance(self.queries, Measured):
            return
        ended = CounterMetricFamily(
            "maillon_queries", "SPARQL queries ended.", labels=["lane", "outcome"]
        )
        for (lane, outcome), value in self.queries.outcomes.items():
            ended.add_metric([lane, outcome], value)
        yield ended
        state = GaugeMetricFamily("maillon_pool", "Workers and queues.", labels=["what", "lane"])
        for (name, lane), value in self.queries.gauges().items():
            state.add_metric([name, lane], value)
        yield state
