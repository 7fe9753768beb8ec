"""The queries that all servers are asked: small ones about one entity, and such as touch much."""

import random

from tests.bench.synthetic import BASE, document_count

__all__ = ["HEAVY", "light_queries"]

_PREFIXES = """PREFIX mln: <https://w3id.org/maillon/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_LIGHT = {
    "point": "SELECT * { <%s> ?p ?o }",
    "star": "SELECT * { ?x mln:providedBy ?actor ; skos:prefLabel ?name ; mln:validIn ?place ; "
    "mln:startDate ?day . <%s> mln:providedBy ?actor }",
    "two steps": "SELECT ?other ?name { <%s> mln:theme ?theme . ?other mln:theme ?theme ; "
    "skos:prefLabel ?name } LIMIT 20",
    "class": "SELECT ?class { <%s> a/rdfs:subClassOf* ?class }",
    "evidence": "SELECT ?rule ?quote { ?claim rdf:subject <%s> ; mln:rule ?rule ; "
    "mln:passage/oa:hasSelector/oa:exact ?quote }",
    "place": "SELECT ?place ?name { <%s> mln:validIn/mln:partOf* ?place . "
    "?place skos:prefLabel ?name }",
    "graph": "SELECT ?graph ?p ?o { GRAPH ?graph { <%s> ?p ?o } }",
}
HEAVY = {
    name: _PREFIXES + text
    for name, text in {
        "path": "SELECT (COUNT(*) AS ?n) { ?x mln:validIn/mln:partOf* "
        f"<{BASE}/id/territory/reg-3> }}",
        "themes": "SELECT DISTINCT ?actor { ?actor a mln:Association ; mln:theme/skos:broader* "
        f"<{BASE}/id/concept/theme/1> }}",
        "average": "SELECT ?class (AVG(?amount) AS ?mean) { ?x a ?class ; mln:budget ?amount } "
        "GROUP BY ?class",
        "sum": "SELECT ?actor (SUM(?amount) AS ?total) { ?x mln:providedBy ?actor ; "
        "mln:budget ?amount } GROUP BY ?actor ORDER BY DESC(?total) ?actor LIMIT 20",
        "regex": "SELECT ?x ?name { ?x a mln:Fund ; skos:prefLabel ?name "
        'FILTER(REGEX(STR(?name), "forêt|santé.*commune")) }',
        "contains": "SELECT (COUNT(*) AS ?n) { ?x oa:exact ?quote "
        'FILTER(CONTAINS(?quote, "village commune")) }',
        "dates": "SELECT ?x ?day { ?x mln:startDate ?day "
        'FILTER(?day >= "2015-01-01"^^xsd:date) } ORDER BY ?day ?x LIMIT 50',
        "rows": "SELECT ?claim ?subject { ?claim rdf:subject ?subject } LIMIT 10000",
    }.items()
}


def light_queries(quads: int, rounds: int = 40) -> list[tuple[str, str]]:
    """Return (name, query) about programmes spread over the graph; the same for each server."""
    draw = random.Random(11)  # noqa: S311 - not for secrets
    documents = document_count(quads)
    queries = []
    for _ in range(rounds):
        for name, text in _LIGHT.items():
            # Twelve programmes a document; the last one may be missing from a small graph.
            programme = f"p{draw.randrange(max(1, documents - 1) * 12)}"
            queries.append((name, _PREFIXES + text % f"{BASE}/id/programme/{programme}"))
    return queries
