"""SPARQL JSON to our own terms."""

import json

from graph_api.workers.rows import parse_boolean, parse_rows
from ontology.model import Iri, Literal
from ontology.vocabularies import XSD_DECIMAL


def test_every_kind_of_term() -> None:
    row = {
        "iri": {"type": "uri", "value": "http://e/a"},
        "plain": {"type": "literal", "value": "a"},
        "lang": {"type": "literal", "value": "é", "xml:lang": "fr"},
        "typed": {"type": "literal", "value": "1.5", "datatype": str(XSD_DECIMAL)},
        "node": {"type": "bnode", "value": "b0"},
    }
    data = json.dumps({"head": {"vars": []}, "results": {"bindings": [row, {}]}}).encode()
    first, empty = parse_rows(data)
    assert first == {
        "iri": Iri("http://e/a"),
        "plain": Literal("a"),
        "lang": Literal("é", lang="fr"),
        "typed": Literal("1.5", XSD_DECIMAL),
        "node": Iri("_:b0"),
    }
    assert isinstance(first["iri"], Iri)
    assert empty == {}


def test_boolean() -> None:
    assert parse_boolean(b'{"head":{},"boolean":true}')
    assert not parse_boolean(b'{"head":{},"boolean":false}')
