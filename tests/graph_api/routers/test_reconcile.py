"""/reconcile over the sample: manifest, batches, suggestions, rubbish."""

import asyncio
import json
from urllib.parse import quote, urlencode

import httpx
import pytest

from tests.graph_api.local import Client, Sample, make_app


def batch(client: Client, queries: object) -> httpx.Response:
    return client.get("/reconcile?queries=" + quote(json.dumps(queries)), accept="*/*")


def test_manifest(client: Client) -> None:
    answer = client.get("/reconcile", accept="*/*")
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest = answer.json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["view"]["url"] == "http://portal.test/id/{{id}}"
    service = manifest["suggest"]["entity"]
    path = (service["service_url"] + service["service_path"]).removeprefix("http://portal.test")
    found = client.get(f"{path}?prefix=blue+coun", accept="*/*").json()["result"]
    assert found[0]["id"] == "actor/relais-pays-bleu"
    kinds = client.get("/reconcile/suggest/type?prefix=Pro", accept="*/*").json()["result"]
    assert [each["id"] for each in kinds] == ["programme"]


def test_a_batch(client: Client) -> None:
    queries = {
        "q0": {"query": "RELAIS DU PAYS BLEU"},
        "q1": {"query": "local springbord", "type": "programme", "limit": 1},
        "q2": {"query": "qqqq"},
    }
    found = {key: value["result"] for key, value in batch(client, queries).json().items()}
    assert found["q0"][0]["id"] == "actor/relais-pays-bleu"
    assert found["q0"][0]["match"] is True
    assert {each["id"]: each["value"] for each in found["q0"][0]["features"]} == {
        "name_equal": True,
        "name_words": 1.0,
        "name_letters": 1.0,
    }
    assert [each["id"] for each in found["q1"]] == ["programme/tremplin-local"]
    assert found["q1"][0]["type"][0] == {"id": "programme", "name": "programme"}
    assert found["q2"] == []


@pytest.mark.parametrize(
    "queries",
    [
        [],
        7,
        {"q": 7},
        {"q": {}},
        {"q": {"query": 1}},
        {"q": {"query": "x", "type": 4}},
        {"q": {"query": "x", "limit": 0}},
        {"q": {"query": "x", "limit": True}},
        {"q": {"query": "x", "properties": 4}},
        {"q": {"query": "x", "properties": [{"pid": "operates"}]}},
        {"q": {"query": "x", "properties": [{"pid": 1, "v": 2}]}},
        {"q": {"properties": []}},
    ],
)
def test_rubbish(client: Client, queries: object) -> None:
    assert batch(client, queries).status_code == 422


def test_limits(client: Client) -> None:
    assert client.get("/reconcile?queries=%7B", accept="*/*").status_code == 422
    deep = "[" * 20_000
    assert client.get(f"/reconcile?queries={deep}", accept="*/*").status_code in (422, 414)
    assert batch(client, {str(n): {"query": "x"} for n in range(101)}).status_code == 413
    assert batch(client, {"q": {"query": "x" * 501}}).status_code == 413


def test_by_form(portal: Sample) -> None:
    async def post(body: str) -> httpx.Response:
        transport = httpx.ASGITransport(make_app(portal.services))
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            return await client.post("/reconcile", content=body.encode())

    form = urlencode({"queries": json.dumps({"q0": {"query": "Relais du Pays bleu"}})})
    assert asyncio.run(post(form)).json()["q0"]["result"][0]["match"] is True
    assert asyncio.run(post("other=1")).status_code == 422
    assert asyncio.run(post("queries=" + "x" * 1_000_001)).status_code == 413


@pytest.mark.parametrize(
    "asked",
    [
        "{",
        "[" * 20_000,
        [],
        {"ids": ["actor/a"]},
        {"ids": "actor/a", "properties": []},
        {"ids": [1], "properties": []},
        {"ids": [], "properties": {}},
        {"ids": [], "properties": ["operates"]},
        {"ids": [], "properties": [{"id": "nothing"}]},
        {"ids": [], "properties": [{"id": "Actor"}]},
        {"ids": [], "properties": [{"id": "operates", "settings": [1]}]},
        {"ids": [], "properties": [{"id": "operates", "settings": {"limit": "many"}}]},
        {"ids": [], "properties": [{"id": "operates", "settings": {"limit": -1}}]},
        {"ids": [], "properties": [{"id": "operates", "settings": {"limit": 1e999}}]},
    ],
)
def test_extension_rubbish(client: Client, asked: object) -> None:
    text = asked if isinstance(asked, str) else json.dumps(asked)
    answer = client.get("/reconcile?extend=" + quote(text), accept="*/*")
    assert answer.status_code in (422, 414)


def test_extension_limits(client: Client) -> None:
    many = {"ids": [f"actor/a{n}" for n in range(201)], "properties": []}
    wide = {"ids": ["actor/a"], "properties": [{"id": "operates"}] * 21}
    for asked in (many, wide):
        answer = client.get("/reconcile?extend=" + quote(json.dumps(asked)), accept="*/*")
        assert answer.status_code == 413
    wide_query = {"q": {"query": "x", "properties": [{"pid": "operates", "v": 1}] * 21}}
    assert batch(client, wide_query).status_code == 413


def test_identifiers_that_would_end_a_query(client: Client) -> None:
    hostile = "actor/a> } UNION { ?s ?p ?o } #"
    asked = {"ids": [hostile], "properties": [{"id": "name"}]}
    answer = client.get("/reconcile?extend=" + quote(json.dumps(asked)), accept="*/*")
    assert answer.json()["rows"] == {hostile: {"name": []}}
    for place in ("preview", "flyout/entity"):
        found = client.get(f"/reconcile/{place}?id=" + quote(hostile, safe=""), accept="*/*")
        assert found.status_code == 404
