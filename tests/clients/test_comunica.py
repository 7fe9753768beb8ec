"""Comunica 4, a query engine in JavaScript, through its own command.

Its packages are pinned in ``comunica/package-lock.json``: see :mod:`tests.clients.node`.
``package.json`` overrides one of them: Comunica 4.5 loses every language tag with sparqljson-parse 3,
whoever answers.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.clients.node import installed

pytestmark = pytest.mark.service

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Runs Comunica on a source and a query, and returns what it prints."""
    modules = installed(Path(__file__).parent / "comunica")
    command = modules / "@comunica" / "query-sparql" / "bin" / "query.js"

    def run(source: str, query: str, form: str = "application/sparql-results+json") -> str:
        done = subprocess.run(
            ["node", str(command), source, "--query", query, "--outputType", form],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def bindings(printed: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(printed)["results"]["bindings"]
    return found


JOIN = """PREFIX e: <http://e/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?programme ?budget ?whole {
  ?programme a e:Programme ; e:budget ?budget ; e:partOf ?house .
  ?house skos:prefLabel ?whole FILTER(LANG(?whole) = "en")
  OPTIONAL { ?programme e:note ?note }
} ORDER BY DESC(?budget)"""


@pytest.mark.parametrize("prefix", ["sparql@", ""], ids=["told", "found-out"])
def test_a_join(endpoint: str, ask: Ask, prefix: str) -> None:
    """Told that it is an endpoint, or left to find out by our service description."""
    rows = bindings(ask(prefix + endpoint, JOIN))
    assert [row["budget"]["value"] for row in rows] == ["1200", "800"]
    assert {plain(row["whole"]) for row in rows} == {("The house", "en")}


def plain(term: dict[str, str]) -> tuple[str, str]:
    assert "xml:lang" in term, term
    return term["value"], term["xml:lang"]


def test_paths_and_aggregates(endpoint: str, ask: Ask) -> None:
    query = "SELECT (COUNT(?s) AS ?n) { ?s <http://e/partOf>* <http://e/house> }"
    (row,) = bindings(ask(f"sparql@{endpoint}", query))
    assert row["n"]["value"] == "4"


def test_named_graphs(endpoint: str, ask: Ask) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s a <http://e/Programme> } } ORDER BY ?g"
    rows = bindings(ask(f"sparql@{endpoint}", query))
    assert [row["g"]["value"] for row in rows] == ["http://e/graph-sheets", "http://e/graph-tables"]


def test_construct(endpoint: str, ask: Ask) -> None:
    query = "CONSTRUCT { ?s <http://e/in> ?o } WHERE { ?s <http://e/partOf> ?o }"
    printed = ask(f"sparql@{endpoint}", query, "application/n-triples")
    assert len(printed.splitlines()) == 3
    assert "<http://e/third> <http://e/in> <http://e/loan> ." in printed


def test_ask(endpoint: str, ask: Ask) -> None:
    assert ask(f"sparql@{endpoint}", "ASK { <http://e/relay> ?p true }", "simple").strip() == "true"


def test_federation_in_the_client(endpoint: str, ask: Ask) -> None:
    """What our refusal of SERVICE advises: here a file, which our link makes, and the endpoint."""
    construct = "CONSTRUCT { ?s <http://e/budget> ?o } WHERE { ?s <http://e/budget> ?o }"
    file = f"file@{endpoint}?{urlencode({'query': construct, 'format': 'ttl'})}"
    query = f"""SELECT ?label {{
      ?s <http://e/budget> 800
      SERVICE <{endpoint}> {{ ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }}
    }}"""
    (row,) = bindings(ask(file, query))
    assert plain(row["label"]) == ("Prêt, dit « le petit »", "fr")
