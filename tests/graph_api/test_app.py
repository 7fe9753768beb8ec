"""The application as a whole: what every answer carries, and what operators are told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.settings import Settings, SettingsError
from graph_api.web import make_app
from tests.graph_api.published import Loop, Publisher, Site, quads, running_site

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    Publisher(data, quads(30)).publish()
    return data


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[Site]:
    with running_site(Settings(data=data)) as site:
        yield site


@pytest.mark.parametrize("path", ["/health", "/metrics", "/sparql", "/nothing/here", "/fr/about"])
def test_security_headers_on_every_answer(site: Site, path: str) -> None:
    response = site.get(path)
    assert "default-src" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["x-request-id"]
    assert "set-cookie" not in response.headers
    assert "server" not in response.headers


def test_health(site: Site) -> None:
    assert site.get("/health").json() == {"status": "alive"}
    head = site.request("HEAD", "/health")
    assert head.status_code == 200
    assert head.content == b""


def test_not_ready_without_an_index(site: Site) -> None:
    response = site.get("/ready", headers={"Accept": "text/html"})
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert "index" in response.json()["detail"]


def test_not_ready_without_workers(data: Path) -> None:
    app = make_app(Settings(data=data))  # its lifespan has not begun: there are no workers
    other = Site(Loop(), app, Settings(data=data))
    try:
        response = other.get("/ready")
    finally:
        other.loop.close()
    assert response.status_code == 503
    assert response.json()["retry_after"] == 1


def test_metrics(site: Site) -> None:
    site.get("/sparql", params={"query": "ASK {}"})
    site.get("/sparql", params={"query": "ASK {"})
    text = site.get("/metrics").text
    assert 'maillon_queries_total{lane="fast",outcome="done"}' in text
    assert 'maillon_queries_total{lane="fast",outcome="bad-query"}' in text
    assert 'maillon_pool{lane="pages",what="workers"} 1.0' in text
    assert 'route="/sparql",status="200"' in text
    assert "maillon_generation 1.0" in text


def test_each_application_has_its_own_metrics(site: Site, data: Path) -> None:
    assert make_app(Settings(data=data)).state.metrics.registry is not (
        site.app.state.metrics.registry
    )


def test_gzip_of_pages(site: Site) -> None:
    assert site.get("/metrics").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in site.get("/health").headers


def test_no_scripts_of_third_parties(site: Site) -> None:
    assert site.get("/docs").status_code == 404
    assert site.get("/redoc").status_code == 404
    assert site.get("/api/openapi.json").json()["info"]["title"] == "maillon"


def test_an_error_page_for_browsers(site: Site) -> None:
    response = site.get("/fr/actor/nobody-at-all", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


def test_base_path(data: Path) -> None:
    with running_site(Settings(data=data, base_path="/graph")) as site:
        for path in ("/graph/health", "/health"):
            assert site.get(path).json() == {"status": "alive"}
        response = site.get("/graph/sparql", headers={"Accept": "text/html"})
        assert response.headers["location"] == "/graph/fr/sparql"
        assert site.get("/graph/sparql", params={"query": "ASK {}"}).json()["boolean"]
        assert "<http://site.test/graph/sparql>" in site.get("/sparql").text


def test_clients_behind_a_trusted_proxy_have_budgets_of_their_own(data: Path) -> None:
    settings = Settings(data=data, trusted_proxies="192.0.2.0/24", queue_per_client=1)
    with running_site(settings) as site:
        seen: list[str] = []
        admit = site.app.state.services.queries._admit

        def watch(request: object, *rest: object) -> object:
            seen.append(request.client)  # type: ignore[attr-defined]  # a QueryRequest
            return admit(request, *rest)

        site.app.state.services.queries._admit = watch
        for client in ("203.0.113.1", "203.0.113.2"):
            headers = {"X-Forwarded-For": f"{client}, 192.0.2.7"}
            site.get("/sparql", params={"query": "ASK {}"}, headers=headers)
        assert seen == ["203.0.113.1", "203.0.113.2"]


def test_settings_that_cannot_be_read_stop_the_start(data: Path) -> None:
    with pytest.raises(SettingsError):
        make_app(replace(Settings(data=data), trusted_proxies="everybody"))
