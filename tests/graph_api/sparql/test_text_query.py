"""``text:query``: what is rewritten to what, and what is refused; then real hits of a real index."""

import asyncio

import pyoxigraph as ox
import pytest

from graph_api.errors import BadQueryError
from graph_api.services import QueryRequest
from graph_api.sparql.text_query import Found, TextCall, TextHit, rewrite_text_queries
from graph_api.sparql.text_search import ReleaseTextQueryError, prepare_query, tell_notes
from tests.graph_api.local import FONDS, LOI, RELAIS, TREMPLIN, Sample

PROLOGUE = """PREFIX text: <http://jena.apache.org/text#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX oa: <http://www.w3.org/ns/oa#>
"""
HITS = (TextHit("http://e/1", 2.5, 'the "first"', "en"), TextHit("http://e/2", 1.0))


def rewrite(body: str, total: int = 2) -> tuple[str, list[TextCall]]:
    calls: list[TextCall] = []

    def look_up(call: TextCall, most: int) -> Found:
        calls.append(call)
        return Found(total, HITS[:most])

    text, _ = rewrite_text_queries(PROLOGUE + body, look_up, 1000)
    ox.Store().query(text)  # what comes out is always SPARQL
    assert text.count("\n") == (PROLOGUE + body).count("\n")
    return text.removeprefix(PROLOGUE), calls


ONE = "VALUES (?s) { (<http://e/1>) (<http://e/2>) }"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('SELECT * { ?s text:query "a b" }', f"SELECT * {{ {ONE} }}"),
        ('SELECT * { ?s text:query "x" . ?s a ?t }', f"SELECT * {{ {ONE} . ?s a ?t }}"),
        ('SELECT * { ?s a ?t ; text:query "x" ; ?p ?o . }', f"SELECT * {{ {ONE} ?s a ?t ; ?p ?o . }}"),
        ('SELECT * { ?s text:query "x" ; ?p ?o }', f"SELECT * {{ {ONE} ?s ?p ?o }}"),
        ('SELECT * { ?a ?b ?c FILTER(?c > 1) ?s text:query "x" FILTER(?a) }',
         f"SELECT * {{ ?a ?b ?c FILTER(?c > 1) {ONE} FILTER(?a) }}"),
        ('SELECT * { ?a ?b ?c OPTIONAL { ?s text:query "x" } }',
         f"SELECT * {{ ?a ?b ?c OPTIONAL {{ {ONE} }} }}"),
        ('SELECT * { { ?s text:query "x" } UNION { ?s text:query "y" } }',
         f"SELECT * {{ {{ {ONE} }} UNION {{ {ONE} }} }}"),
        ('SELECT * { { SELECT ?s { ?s text:query "x" } LIMIT 1 } ?s ?p ?o }',
         f"SELECT * {{ {{ SELECT ?s {{ {ONE} }} LIMIT 1 }} ?s ?p ?o }}"),
        ('SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s text:query "x" } GRAPH ?g { ?s text:query "x" } }',
         f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {ONE} }} GRAPH ?g {{ {ONE} }} }}"),
        ('SELECT * { ?s <http://jena.apache.org/text#query> "x" }', f"SELECT * {{ {ONE} }}"),
        ('SELECT * { (?s ?score ?l) text:query ("x" 1) }',
         'SELECT * { VALUES (?s ?score ?l) { (<http://e/1> 2.500000e+00 "the \\"first\\""@en) } }'),
        ('SELECT * { (?s ?score ?l) text:query "x" . ?s a [ ?p (1 2) ] }',
         'SELECT * { VALUES (?s ?score ?l) { (<http://e/1> 2.500000e+00 "the \\"first\\""@en) '
         '(<http://e/2> 1.000000e+00 UNDEF) } . ?s a [ ?p (1 2) ] }'),
        ("SELECT * { ?s ?p text:query }", "SELECT * { ?s ?p text:query }"),
        ('SELECT ("text:query" AS ?x) { VALUES (?s ?p ?o) { (<u:a> text:query "x") } }',
         'SELECT ("text:query" AS ?x) { VALUES (?s ?p ?o) { (<u:a> text:query "x") } }'),
        ("SELECT * { ?s ?p ?o FILTER(?p = text:query) }", "SELECT * { ?s ?p ?o FILTER(?p = text:query) }"),
        ('CONSTRUCT { ?s text:query "x" } WHERE { ?s ?p ?o }',
         'CONSTRUCT { ?s text:query "x" } WHERE { ?s ?p ?o }'),
    ],
)  # fmt: skip
def test_rewriting(body: str, expected: str) -> None:
    assert rewrite(body)[0] == expected


def test_arguments() -> None:
    _, calls = rewrite(
        "SELECT * { ?s text:query (skos:prefLabel skos:altLabel 'a\\'s \\u00e9' 20 'lang:fr') .\n"
        '  ?d text:query (oa:exact """two\n"words\\"""") . ?t text:query "x"@en }'
    )
    names = tuple(f"http://www.w3.org/2004/02/skos/core#{n}" for n in ("prefLabel", "altLabel"))
    assert calls == [
        TextCall("a's é", names, 20, "fr"),
        TextCall('two\n"words"', ("http://www.w3.org/ns/oa#exact",)),
        TextCall("x", lang="en"),
    ]


@pytest.mark.parametrize(
    ("body", "said", "column"),
    [
        ("?s text:query ?words", "written in the query", 15),
        ('<http://e/1> text:query "x"', "variable as subject", 1),
        ('[] text:query "x"', "variable as subject", 1),
        ('?a ?b [ text:query "x" ]', "blank node", 9),
        ('?s text:query/skos:x "x"', "stands", 14),
        ('?s skos:x/text:query "x"', "path", 11),
        ('(?s ?a ?b ?c) text:query "x"', "?subject ?score ?literal", 1),
        ('(?s ?a) text:query "x" ; a ?t', "end it with", 1),
        ('?s text:query "x", "y"', "stands", 15),
        ('?s text:query (skos:note "x")', "prefLabel", 16),
        ('?s text:query (oa:exact skos:prefLabel "x")', "together", 15),
        ('?s text:query ("x" 1.5)', "stands", 20),
        ('?s text:query " "', "needs words", 15),
    ],
)  # fmt: skip
def test_refusals(body: str, said: str, column: int) -> None:
    with pytest.raises(BadQueryError) as caught:
        rewrite(f"SELECT * {{\n{body} }}")
    assert said in caught.value.detail
    assert caught.value.extra == {"line": 5, "column": column}


def test_what_is_not_sparql_is_left_to_the_engine() -> None:
    for body in ('{ ?s text:query "x" }}', 'SELECT { { (?s text:query "x" }', "text:query"):
        rewrite_text_queries(PROLOGUE + body, lambda call, most: Found(0, ()), 10)


def test_hits(portal: Sample) -> None:
    """Names, passages, limits and notes over the sample's index and engine."""

    def ask(body: str) -> tuple[list[dict[str, str]], str]:
        request = QueryRequest(PROLOGUE + body)
        asked, notes = asyncio.run(prepare_query(portal.services, request))
        rows = asyncio.run(portal.queries.select(asked.evaluated))
        return [{k: str(getattr(v, "value", v)) for k, v in r.items()} for r in rows], tell_notes(
            notes
        )

    rows, told = ask("SELECT * { (?s ?score ?name) text:query 'tremplin local' . ?s a ?type }")
    assert rows[0]["s"] == TREMPLIN
    assert rows[0]["name"].startswith("Tremplin local")
    assert float(rows[0]["score"]) > 0
    assert told == f"{len({row['s'] for row in rows})}/{len({row['s'] for row in rows})}"
    rows, told = ask(
        "SELECT ?d ?quote ?who { (?d ?score ?quote) text:query (oa:exact 'associations employeuses') "
        "OPTIONAL { ?d ?mentions ?who . ?who skos:prefLabel ?l } }"
    )
    assert {row["d"] for row in rows} == {portal.services.iris.document(portal.french.sha256)}
    assert "associations" in rows[0]["quote"]
    assert {RELAIS, TREMPLIN, LOI, FONDS} & {row.get("who", "") for row in rows}
    rows, told = ask("SELECT * { ?s text:query (skos:altLabel 'tremplin local') }")
    assert TREMPLIN not in {row["s"] for row in rows}
    rows, told = ask("SELECT * { ?s text:query ('local' 1) }")
    assert len(rows) == 1
    assert "capped" not in told
    hidden, _ = ask("SELECT * { (?d ?score ?quote) text:query (oa:exact 'secret') }")
    assert all("quote" not in row for row in hidden)


def test_old_release(portal: Sample) -> None:
    asked = QueryRequest(PROLOGUE + "ASK { ?s text:query 'x' }", store="/live/1")
    with pytest.raises(ReleaseTextQueryError) as caught:
        asyncio.run(prepare_query(portal.services, asked))
    assert caught.value.status == 400
