"""Every answer of ``/reconcile`` of a running server under the schemas of the Reconciliation API 0.2."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pyoxigraph as ox
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT7

from ontology import terms as mln
from ontology.iris import Iris
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    SKOS_PREF_LABEL,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_G_YEAR,
)
from tests.graph_api.published import Publisher
from tests.graph_api.served import serving

pytestmark = pytest.mark.service

IRIS = Iris()
NAMES = {
    "actor/relais": ("Relais d’été", "Summer relay"),
    "actor/maison": ("La maison", "The house"),
    "programme/relais": ("Programme des relais", "Relay programme"),
    "law/loi": ("Loi du 3 mai", "Act of 3 May"),
}
BATCHES: list[dict[str, Any]] = [
    {"q0": {"query": "relais d'ete"}},
    {"q0": {"query": "nothing like it"}, "q1": {"query": "", "limit": 1}},
    {"a": {"query": "house", "type": "actor"}, "b": {"query": "Relais", "type": ["law", "actor"]}},
    {"é/ü": {"query": "loi du 3 mai", "limit": 50, "type_strict": "any"}},
    {"a": {"query": "relais", "properties": [{"pid": "operatedBy", "v": {"id": "actor/maison"}}]}},
    {"a": {"properties": [{"pid": "operatedBy", "v": ["La maison", 3, True]}]}},
    {str(number): {"query": name} for number, name in enumerate(sum(NAMES.values(), ()))},
]


def entity(place: str) -> ox.NamedNode:
    return ox.NamedNode(f"{IRIS.base}/id/{place}")


class Schemas:
    """The schemas, which name each other by relative addresses."""

    def __init__(self, folder: Path) -> None:
        self._read = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
        assert len(self._read) == 11
        self._registry: Registry[Any] = Registry().with_resources(
            (schema["$id"], DRAFT7.create_resource(schema))
            for schema in self._read.values()
            if "$id" in schema
        )

    def problems(self, name: str, value: object) -> list[str]:
        """Return what is wrong with a value."""
        validator = jsonschema.Draft7Validator(self._read[f"{name}.json"], registry=self._registry)
        return [f"{list(each.path)}: {each.message}" for each in validator.iter_errors(value)]


@pytest.fixture(scope="module")
def schemas(conformance: Path) -> Schemas:
    return Schemas(conformance / "reconciliation-0.2" / "schemas")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("reconciled")
    label = ox.NamedNode(SKOS_PREF_LABEL)
    graph = ox.NamedNode(IRIS.graph("corpus"))
    Publisher(
        data,
        [
            ox.Quad(
                entity(place),
                label,
                ox.Literal(name, language=language),
                graph,
            )
            for place, names in NAMES.items()
            for language, name in zip(("fr", "en"), names, strict=True)
        ]
        + [
            ox.Quad(entity("actor/maison"), ox.NamedNode(mln.operates), value, graph)
            for value in (entity("programme/relais"), ox.NamedNode("http://elsewhere.example/x"))
        ]
        + [
            ox.Quad(entity("programme/relais"), ox.NamedNode(predicate), value, graph)
            for predicate, value in (
                (mln.createdInYear, ox.Literal("2002", datatype=ox.NamedNode(XSD_G_YEAR))),
                (mln.opensOn, ox.Literal("2021-03-01", datatype=ox.NamedNode(XSD_DATE))),
                (mln.amount, ox.Literal("12.5", datatype=ox.NamedNode(XSD_DECIMAL))),
                (DCTERMS_DESCRIPTION, ox.Literal("Un <relais> & plus", language="fr")),
            )
        ],
    ).publish()
    with serving(data) as web:
        yield f"{web.origin}/reconcile"


def test_the_schemas_tell_valid_from_invalid(schemas: Schemas, conformance: Path) -> None:
    """Their own examples: else what follows would prove nothing."""
    examples = conformance / "reconciliation-0.2" / "examples"
    judged = 0
    for name in (
        "reconciliation-result-batch",
        "reconciliation-query-batch",
        "manifest",
        "data-extension-query",
        "data-extension-response",
        "data-extension-property-proposal",
        "suggest-properties-response",
    ):
        for path in sorted((examples / name).glob("*/*.json")):
            if name == "manifest" and "authentication" in path.read_text():
                continue  # their schema asks the network for Swagger's
            found = schemas.problems(name, json.loads(path.read_text()))
            assert bool(found) is (path.parent.name == "invalid"), (path.name, found)
            judged += 1
    assert judged >= 6


def test_manifest(schemas: Schemas, service: str) -> None:
    answer = httpx.get(service)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert schemas.problems("manifest", answer.json()) == []
    assert schemas.problems("manifest", {**answer.json(), "versions": ["0.1"]})


@pytest.mark.parametrize("batch", BATCHES, ids=range(len(BATCHES)))
def test_every_batch(schemas: Schemas, service: str, batch: dict[str, Any]) -> None:
    assert schemas.problems("reconciliation-query-batch", batch) == []
    for answer in (
        httpx.get(service, params={"queries": json.dumps(batch)}),
        httpx.post(service, data={"queries": json.dumps(batch)}),
    ):
        assert answer.status_code == 200
        assert set(answer.json()) == set(batch)
        assert schemas.problems("reconciliation-result-batch", answer.json()) == []


def test_a_batch_finds_each_name(schemas: Schemas, service: str) -> None:
    answer = httpx.post(service, data={"queries": json.dumps(BATCHES[-1])}).json()
    best = [value["result"][0]["id"] for value in answer.values()]
    assert best == [place for place, names in NAMES.items() for _ in names]
    del answer["0"]["result"][0]["id"]
    assert schemas.problems("reconciliation-result-batch", answer)


@pytest.mark.parametrize(
    ("kind", "schema", "prefixes"),
    [
        ("entity", "suggest-entities-response", ("re", "maison", "zzz", "3")),
        ("type", "suggest-types-response", ("", "act", "zzz")),
        ("property", "suggest-properties-response", ("", "op", "name", "zzz")),
    ],
)
def test_what_the_manifest_says_of_suggestions(
    schemas: Schemas, service: str, kind: str, schema: str, prefixes: tuple[str, ...]
) -> None:
    place = httpx.get(service).json()["suggest"][kind]
    results = []
    for prefix in prefixes:
        answer = httpx.get(
            place["service_url"] + place["service_path"], params={"prefix": prefix}
        ).json()
        assert schemas.problems(schema, answer) == []
        results += answer["result"]
    assert results
    assert schemas.problems(schema, {"result": [{"name": "has no id"}]})


EXTENSIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {
            "ids": ["programme/relais", "actor/nobody", "rubbish"],
            "properties": [{"id": "operatedBy"}, {"id": "createdInYear"}, {"id": "amount"}],
        },
        {
            "programme/relais": {
                "operatedBy": [{"id": "actor/maison", "name": "La maison"}],
                "createdInYear": [{"int": 2002}],
                "amount": [{"float": 12.5}],
            },
            "actor/nobody": {"operatedBy": [], "createdInYear": [], "amount": []},
            "rubbish": {"operatedBy": [], "createdInYear": [], "amount": []},
        },
    ),
    (
        {
            "ids": ["actor/maison"],
            "properties": [{"id": "operates", "settings": {"content": "id"}}, {"id": "name"}],
        },
        {
            "actor/maison": {
                "operates": [{"str": "http://elsewhere.example/x"}, {"str": "programme/relais"}],
                "name": [{"str": "La maison"}],
            }
        },
    ),
    (
        {
            "ids": ["actor/maison", "programme/relais"],
            "properties": [{"id": "operates", "settings": {"limit": "1"}}, {"id": "opensOn"}],
        },
        {
            "actor/maison": {"operates": [{"str": "http://elsewhere.example/x"}], "opensOn": []},
            "programme/relais": {"operates": [], "opensOn": [{"date": "2021-03-01T00:00:00Z"}]},
        },
    ),
    ({"ids": [], "properties": []}, {}),
]


@pytest.mark.parametrize(("asked", "rows"), EXTENSIONS, ids=range(len(EXTENSIONS)))
def test_data_extension(
    schemas: Schemas, service: str, asked: dict[str, Any], rows: dict[str, Any]
) -> None:
    assert schemas.problems("data-extension-query", asked) == []
    french = {"Accept-Language": "fr"}
    for answer in (
        httpx.get(service, params={"extend": json.dumps(asked)}, headers=french),
        httpx.post(service, data={"extend": json.dumps(asked)}, headers=french),
    ):
        assert answer.status_code == 200
        assert schemas.problems("data-extension-response", answer.json()) == []
        assert answer.json()["rows"] == rows
        assert [each["id"] for each in answer.json()["meta"]] == [
            each["id"] for each in asked["properties"]
        ]


def test_what_can_be_extended_is_proposed(schemas: Schemas, service: str) -> None:
    """Each property that is proposed for a kind can be asked for."""
    manifest = httpx.get(service).json()["extend"]["propose_properties"]
    address = manifest["service_url"] + manifest["service_path"]
    proposed = httpx.get(address, params={"type": "programme", "limit": 50}).json()
    assert schemas.problems("data-extension-property-proposal", proposed) == []
    ids = [each["id"] for each in proposed["properties"]]
    assert set(ids) == {"name", "description", "createdInYear", "opensOn", "amount"}
    asked = {"ids": ["programme/relais"], "properties": [{"id": each} for each in ids]}
    answer = httpx.post(service, data={"extend": json.dumps(asked)}).json()
    assert all(answer["rows"]["programme/relais"].values())
    assert (
        len(httpx.get(address, params={"type": "programme", "limit": 2}).json()["properties"]) == 2
    )
    assert httpx.get(address, params={"type": "nothing"}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "known"), [("entity", "programme/relais"), ("property", "operates"), ("type", "law")]
)
def test_flyouts(service: str, kind: str, known: str) -> None:
    place = httpx.get(service).json()["suggest"][kind]
    template = place["flyout_service_url"] + place["flyout_service_path"]
    answer = httpx.get(template.replace("${id}", known)).json()
    assert set(answer) == {"id", "html"}
    assert answer["id"] == known
    assert answer["html"].startswith("<p>")
    assert "<relais>" not in answer["html"]
    assert httpx.get(template.replace("${id}", "no/thing")).status_code == 404


def test_preview_and_features(service: str) -> None:
    """Both are pages that another site may frame, and that run and load nothing."""
    manifest = httpx.get(service).json()
    preview = httpx.get(manifest["preview"]["url"].replace("{{id}}", "programme/relais"))
    assert "Un &lt;relais&gt; &amp; plus" in preview.text
    assert "frame-ancestors *" in preview.headers["content-security-policy"]
    assert "default-src 'none'" in preview.headers["content-security-policy"]
    assert httpx.get(manifest["preview"]["url"].replace("{{id}}", "actor/x")).status_code == 404
    batch = {"a": BATCHES[4]["a"]}
    answer = httpx.post(service, data={"queries": json.dumps(batch)}).json()
    for each in answer["a"]["result"][0]["features"]:
        page = httpx.get(manifest["feature_view"]["url"].replace("{{id}}", each["id"]))
        assert page.status_code == 200, each
    assert httpx.get(manifest["feature_view"]["url"].replace("{{id}}", "zz")).status_code == 404


def test_given_properties_decide_between_candidates(service: str) -> None:
    """Two things of nearly one name: the one whose operator agrees comes first."""
    queries = {
        key: {"query": "relais", "properties": [{"pid": "operatedBy", "v": value}]}
        for key, value in (("known", "the house"), ("other", "nobody"))
    }
    plain = {"plain": {"query": "relais"}}
    answer = httpx.post(service, data={"queries": json.dumps(queries | plain)}).json()
    scores = {
        key: {each["id"]: each["score"] for each in value["result"]}
        for key, value in answer.items()
    }
    gain = 0.8 * scores["plain"]["programme/relais"] + 20
    assert scores["known"]["programme/relais"] == pytest.approx(gain, abs=0.1)
    assert scores["other"]["programme/relais"] < scores["known"]["programme/relais"]
    assert not any(each["match"] for each in answer["other"]["result"])
