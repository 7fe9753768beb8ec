"""What one client may ask for in a while, behind a proxy too."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from starlette.requests import Request

from graph_api.budgets import Budget, client_of, count_facets
from graph_api.errors import TooManyError
from graph_api.settings import Settings
from tests.graph_api.local import Client, Sample, make_app


def test_a_bucket_fills_again_and_belongs_to_one_client() -> None:
    now = [0.0]
    budget = Budget(per_minute=6, burst=2, clock=lambda: now[0])
    budget.spend("a")
    budget.spend("a")
    with pytest.raises(TooManyError) as refused:
        budget.spend("a")
    assert refused.value.extra["retry_after"] == 10
    budget.spend("b")
    now[0] = 10.0
    budget.spend("a")
    with pytest.raises(TooManyError):
        budget.spend("a")


def test_an_ipv6_subscriber_is_one_client() -> None:
    def asked_by(host: str) -> str:
        return client_of(Request({"type": "http", "headers": [], "client": (host, 0)}))

    assert asked_by("2001:db8::1") == asked_by("2001:db8::ffff:1") != asked_by("2001:db9::1")
    assert asked_by("192.0.2.1") != asked_by("192.0.2.2")


@pytest.mark.parametrize(
    ("path", "query", "count"),
    [
        ("/fr/search", "q=x&type=actor&lang=fr", 2),
        ("/fr/search", "q=x&type=actor&page=3", 1),
        ("/fr/search", "q=x&type=actor&type=law", 2),
        ("/en/laws.json", "theme=a&place=b", 2),
        ("/api/search", "theme=a&year=", 1),
        ("/sparql", "a=b&c=d", 0),
        ("/fr/document/x", "mark=1-2&part=3", 0),
    ],
)  # fmt: skip
def test_filters_are_counted(path: str, query: str, count: int) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    assert count_facets(scope) == count
    assert count_facets({**scope, "method": "POST"}) == 0


def test_one_robot_behind_a_proxy_is_refused_and_others_are_not(portal: Sample) -> None:
    settings = replace(
        portal.services.settings, facet_burst=3, facet_per_minute=1.0, trusted_proxies="127.0.0.1"
    )
    app = make_app(replace(portal.services, settings=settings))

    async def ask(visitor: str, path: str, accept: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            headers = {"x-forwarded-for": visitor, "accept": accept}
            return await client.get(path, headers=headers)

    def get(visitor: str, path: str, accept: str = "text/html") -> httpx.Response:
        return asyncio.run(ask(visitor, path, accept))

    many = "/en/laws?theme=concept/themes/a&place=territory/b"
    answers = [get("192.0.2.9", f"{many}{n}") for n in range(5)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert all(each.headers["x-robots-tag"] == "noindex, nofollow" for each in answers)
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Too many requests" in answers[-1].text
    refused = get("192.0.2.9", "/api/search?q=x&theme=a&year=2020", "application/json")
    assert refused.status_code == 429
    assert refused.json()["retry_after"] > 0
    assert get("192.0.2.10", many).status_code == 200
    assert get("192.0.2.9", "/en/laws").status_code == 200
    assert "x-robots-tag" not in get("192.0.2.9", "/en/laws").headers


def test_a_visitor_who_uses_filters_is_not_refused(portal: Sample) -> None:
    usual = replace(portal.services.settings, facet_burst=Settings().facet_burst)
    client = Client(make_app(replace(portal.services, settings=usual)))
    for n in range(20):
        path = f"/en/laws?theme=concept/themes/a&place=territory/{n}"
        assert client.get(path).status_code == 200
