"""SPARQL JSON results to our own terms. https://www.w3.org/TR/sparql11-results-json/"""

import json
from typing import Any

from graph_api.services import Row
from ontology.model import Iri, Literal, Term

__all__ = ["parse_boolean", "parse_rows"]


def parse_rows(data: bytes) -> list[Row]:
    """Return the solutions of a SELECT.

    A blank node (only the ontology's graph has any) becomes ``Iri("_:label")``, good for comparing
    within this result and nothing else.
    """
    bindings = json.loads(data)["results"]["bindings"]
    return [{name: _parse_term(term) for name, term in row.items()} for row in bindings]


def parse_boolean(data: bytes) -> bool:
    """Return the answer to an ASK."""
    return bool(json.loads(data)["boolean"])


def _parse_term(term: dict[str, Any]) -> Term:
    match term["type"]:
        case "uri":
            return Iri(term["value"])
        case "bnode":
            return Iri(f"_:{term['value']}")
    if lang := term.get("xml:lang"):
        return Literal(term["value"], lang=lang)
    if datatype := term.get("datatype"):
        return Literal(term["value"], Iri(datatype))
    return Literal(term["value"])
