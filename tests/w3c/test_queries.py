"""The W3C's query and results suites through our endpoint: evaluation, syntax, JSON, CSV, TSV."""

import csv
import re
from collections import Counter
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic

from tests.conftest import SHARED
from tests.w3c.manifests import BASE, Case, read_cases
from tests.w3c.results import read_graph, read_result, same_result

pytestmark = pytest.mark.service

ROOT = SHARED / "conformance" / "sparql11"
MANIFESTS = {
    "query": "manifest-sparql11-query.ttl",
    "results": "manifest-sparql11-results.ttl",
}
CASES = (
    {suite: read_cases(ROOT, manifest) for suite, manifest in MANIFESTS.items()}
    if ROOT.is_dir()
    else {}
)
COLLECTED = {
    "query": {
        "QueryEvaluationTest": 225,
        "PositiveSyntaxTest11": 63,
        "NegativeSyntaxTest11": 40,
    },
    "results": {"QueryEvaluationTest": 7, "CSVResultFormatTest": 3},
}
with (Path(__file__).parent / "known_failures.tsv").open(encoding="utf-8", newline="") as file:
    KNOWN = {row["case"]: row["reason"] for row in csv.DictReader(file, delimiter="\t")}

ACCEPT = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle, application/sparql-results+json",
}


@pytest.mark.parametrize("suite", COLLECTED)
def test_all_cases_are_collected(conformance: Path, suite: str) -> None:
    assert Counter(case.kind for case in CASES[suite]) == COLLECTED[suite]


def test_known_failures_are_of_the_suite_and_few(conformance: Path) -> None:
    names = {suite: {case.name for case in cases} for suite, cases in CASES.items()}
    assert set(KNOWN) <= names["query"] | names["results"]
    assert len(KNOWN.keys() & names["query"]) <= 328 - 312
    assert len(KNOWN.keys() & names["results"]) <= 10 - 8
    assert all(KNOWN.values())


@pytest.mark.parametrize(
    "case",
    [case for cases in CASES.values() for case in cases],
    ids=lambda case: case.name,
)
def test_case(service: httpx.Client, case: Case) -> None:
    failure = run(service, case)
    if case.name in KNOWN:
        assert failure, "passes now: take it out of known_failures.tsv"
    else:
        assert not failure, f"{case.name}: {failure}"


def run(service: httpx.Client, case: Case) -> str:
    """Run a case; return what is wrong, empty where it passes."""
    text = (ROOT / case.query).read_bytes().decode("utf-8")
    if "Syntax" in case.kind:
        return run_syntax(service, case, text)
    form = case.result.rpartition(".")[2]
    response = service.post(
        "/sparql",
        params=dataset(case, text),
        headers={"Accept": ACCEPT[form], "Content-Type": "application/sparql-query"},
        content=f"BASE <{BASE}{case.query}>\n{text}".encode(),
    )
    if response.status_code != 200:
        return response.text
    return compare(case, response, form)


def dataset(case: Case, text: str) -> dict[str, list[str]]:
    """Return the parameters that name a case's data; what a query itself says stands.

    A case without data asks the server's default graph, which is empty.
    """
    if re.search(r"^FROM\b", text, re.MULTILINE):
        return {}
    return {
        "default-graph-uri": [BASE + each for each in case.data],
        "named-graph-uri": [BASE + each for each in case.named],
    }


def run_syntax(service: httpx.Client, case: Case, text: str) -> str:
    """A query that is not SPARQL is refused as such; any other is answered.

    One calls a function that nobody has: it is refused, too, but not for a place in its text.
    """
    response = service.post("/sparql", data={"query": text})
    if case.kind == "PositiveSyntaxTest11":
        unknown = response.status_code == 400 and "line" not in response.json()
        return "" if response.status_code == 200 or unknown else response.text
    refused = response.status_code == 400 and response.json()["type"].endswith("#bad-query")
    return "" if refused else f"{response.status_code}: {response.text[:300]}"


def compare(case: Case, response: httpx.Response, form: str) -> str:
    """Compare with the expected result, whose format was asked for."""
    expected = (ROOT / case.result).read_bytes().decode("utf-8")
    if form == "ttl":
        graph = rdflib.Graph().parse(data=expected, format="turtle", publicID=BASE + case.result)
        table = read_graph(graph)
        if table is None:
            got = rdflib.Graph().parse(data=response.text, format="turtle")
            return "" if isomorphic(graph, got) else f"not the expected graph:\n{response.text}"
        actual = read_result(response.text, "srj")
        return "" if same_result(table, actual) else f"not the expected rows:\n{response.text}"
    assert response.headers["Content-Type"].partition(";")[0] == ACCEPT[form]
    if same_result(read_result(expected, form), read_result(response.text, form)):
        return ""
    return f"expected\n{expected}\ngot\n{response.text}"
