"""Python's usual clients, as their own documentation uses them: SPARQLWrapper, rdflib, pandas."""

import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed

pytestmark = pytest.mark.service

E = "http://e/"
LABELS = f"""PREFIX skos: <{SKOS}>
SELECT ?s ?label {{ ?s a <{E}Programme> ; skos:prefLabel ?label }} ORDER BY ?label"""
BUDGETS = f"SELECT ?s ?budget ?note {{ ?s <{E}budget> ?budget OPTIONAL {{ ?s <{E}note> ?note }} }}"
NOTE = 'two lines\nand a tab\t, a comma and "quotes" 😀'


@pytest.fixture
def wrapper(endpoint: str) -> SPARQLWrapper:
    return SPARQLWrapper(endpoint)


def convert(wrapper: SPARQLWrapper) -> Any:
    """Return what it makes of the answer: of which type depends on the format."""
    return wrapper.queryAndConvert()


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("encoding", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_selects(wrapper: SPARQLWrapper, method: str, encoding: str) -> None:
    wrapper.setMethod(method)
    wrapper.setRequestMethod(encoding)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(LABELS)
    rows = convert(wrapper)["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == [
        "Prêt, dit « le petit »",
        "Relais d’été",
        "Summer relay",
    ]
    assert rows[1]["label"]["xml:lang"] == "fr"


def test_sparqlwrapper_reads_every_format(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery(LABELS)
    wrapper.setReturnFormat(XML)
    assert len(convert(wrapper).getElementsByTagName("result")) == 3
    wrapper.setReturnFormat(CSV)
    assert len(convert(wrapper).splitlines()) == 4
    wrapper.setQuery(f"ASK {{ <{E}relay> <{E}open> true }}")
    wrapper.setReturnFormat(JSON)
    assert convert(wrapper)["boolean"] is True


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper makes one
@pytest.mark.parametrize("form", ["turtle", "rdf+xml", "json-ld", "n3"])
def test_sparqlwrapper_constructs_and_describes(wrapper: SPARQLWrapper, form: str) -> None:
    wrapper.setReturnFormat(form)
    wrapper.setQuery(f"CONSTRUCT {{ ?s <{E}in> ?o }} {{ ?s <{E}partOf>+ ?o }}")
    assert len(as_graph(convert(wrapper))) == 4
    wrapper.setQuery(f"DESCRIBE <{E}relay>")
    found = as_graph(convert(wrapper))
    assert (URIRef(f"{E}relay"), SKOS.prefLabel, Literal("Relais d’été", lang="fr")) in found


def as_graph(converted: Graph | bytes) -> Graph:
    """SPARQLWrapper converts some formats and hands on the bytes of Turtle."""
    if isinstance(converted, Graph):
        return converted
    return Graph().parse(data=converted, format=TURTLE)


def test_sparqlwrapper_is_told_what_is_wrong(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery("SELECT ?s {")
    with pytest.raises(QueryBadFormed, match="line"):
        wrapper.query()
    wrapper.setQuery("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises((QueryBadFormed, EndPointInternalError), match="federation-not-offered"):
        wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_store_selects(endpoint: str, method: str, form: str) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat=form))
    rows = list(graph.query(BUDGETS))
    assert {str(row["s"]) for row in rows} == {f"{E}relay", f"{E}loan"}  # type: ignore[call-overload,index]
    if form != "csv":  # which has no datatypes
        assert {row["budget"].value for row in rows} == {1200, 800}  # type: ignore[call-overload,index,union-attr]


def test_rdflib_store_is_a_graph(endpoint: str) -> None:
    """A graph's own methods become queries: patterns, values, counts, membership."""
    graph = Graph(SPARQLStore(endpoint))
    relay = URIRef(f"{E}relay")
    since = graph.value(relay, URIRef(f"{E}since"))
    assert isinstance(since, Literal)
    assert since.value == datetime.date(2021, 3, 1)
    share = graph.value(relay, URIRef(f"{E}share"))
    assert isinstance(share, Literal)
    assert share.value == Decimal("12.5")
    assert (relay, URIRef(f"{E}open"), Literal(True)) in graph
    assert len(list(graph.triples((None, URIRef(f"{E}partOf"), None)))) == 3
    assert len(graph) == len(list(graph)) == 18


def test_rdflib_store_asks_a_named_graph(endpoint: str) -> None:
    tables = Graph(SPARQLStore(endpoint), URIRef(f"{E}graph-tables"))
    assert len(list(tables.query("SELECT * { ?s ?p ?o }"))) == 3


def test_pandas_reads_csv(endpoint: str) -> None:
    """The address is all it takes: ``format=csv`` stands for the header that pandas cannot set."""
    table = pd.read_csv(f"{endpoint}?{urlencode({'query': BUDGETS, 'format': 'csv'})}")
    assert sorted(table.columns) == ["budget", "note", "s"]
    assert table["budget"].sum() == 2000
    by_name = table.set_index("s")
    # CSV ends its lines by CR LF, a text keeps its own.
    assert by_name.loc[f"{E}loan", "note"] == NOTE
    assert pd.isna(by_name.loc[f"{E}relay", "note"])


def test_pandas_reads_tsv_with_an_accept_header(endpoint: str) -> None:
    table = pd.read_csv(
        f"{endpoint}?{urlencode({'query': LABELS})}",
        sep="\t",
        storage_options={"Accept": "text/tab-separated-values"},
    )
    assert list(table.columns) == ["?s", "?label"]
    assert len(table) == 3
