"""Update and federation of the W3C's suite are not offered: every case of theirs is refused by name.

Nor are the Graph Store Protocol (``graph-store-protocol``, ``http-rdf-update``: writing means adding
a source) and the entailment regimes: those suites are not run at all.
"""

from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.w3c.manifests import Case, read_cases

pytestmark = pytest.mark.service

UPDATES = {
    "UpdateEvaluationTest": 94,
    "PositiveUpdateSyntaxTest11": 42,
    "NegativeUpdateSyntaxTest11": 13,
    "NegativeSyntaxTest11": 8,
}
FEDERATION = {"QueryEvaluationTest": 7, "PositiveSyntaxTest11": 3}


def refusal(response: httpx.Response) -> str:
    """Return the name of the problem that the answer tells of."""
    assert response.status_code == 400, response.text
    return str(response.json()["type"]).rpartition("#")[2]


def test_updates_are_refused(service: httpx.Client, suite: Path) -> None:
    cases = read_cases(suite, "manifest-sparql11-update.ttl")
    assert Counter(case.kind for case in cases) == UPDATES
    for case in cases:
        text = (suite / case.query).read_bytes().decode("utf-8")
        by_type = service.post(
            "/sparql", content=text, headers={"Content-Type": "application/sparql-update"}
        )
        assert refusal(by_type) == "update-not-offered", case.name
        assert refusal(service.post("/sparql", data={"update": text})) == "update-not-offered"
        assert_no_query(service, case, text)


def assert_no_query(service: httpx.Client, case: Case, text: str) -> None:
    """An update sent as a query is refused, by the name of an update where it is one."""
    refused = refusal(service.post("/sparql", data={"query": text}))
    # Some are no SPARQL at all, some are empty.
    expected = {"update-not-offered"}
    if "Negative" in case.kind or not _is_operation(text):
        expected.add("bad-query")
    assert refused in expected, f"{case.name}: {refused}"


def _is_operation(text: str) -> bool:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return any(not line.upper().startswith(("PREFIX", "BASE")) for line in lines if line)


def test_federated_queries_are_refused(service: httpx.Client, suite: Path) -> None:
    cases = read_cases(suite, "manifest-sparql11-fed.ttl")
    assert Counter(case.kind for case in cases) == FEDERATION
    for case in cases:
        text = (suite / case.query).read_bytes().decode("utf-8")
        response = service.post("/sparql", data={"query": text})
        assert refusal(response) == "federation-not-offered", case.name
