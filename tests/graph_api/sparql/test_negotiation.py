"""Negotiation: the most specific range decides, then q, then our own order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.errors import NotOfferedError
from graph_api.sparql.negotiation import (
    GRAPH_TYPES,
    RESULT_TYPES,
    choose,
    choose_for,
    parse_accept,
)
from graph_api.sparql.tokens import Form

JSON, XML, CSV, TSV = RESULT_TYPES
TURTLE, NT, JSONLD, RDFXML = GRAPH_TYPES


@pytest.mark.parametrize(
    ("accept", "form", "expected"),
    [
        ("", Form.SELECT, JSON),
        ("*/*", Form.SELECT, JSON),
        ("application/json", Form.SELECT, JSON),
        ("application/json", Form.CONSTRUCT, JSONLD),
        ("text/csv", Form.ASK, CSV),
        ("TEXT/CSV ; q=0.5 , text/tab-separated-values;q=0.9", Form.SELECT, TSV),
        ("text/*", Form.SELECT, CSV),
        ("text/*;q=0.9, */*;q=0.1", Form.SELECT, CSV),
        ("*/*, application/sparql-results+json;q=0", Form.SELECT, XML),
        ("application/xml", Form.SELECT, XML),
        ("application/xml", Form.DESCRIBE, RDFXML),
        ("text/html, application/xhtml+xml, */*;q=0.8", Form.SELECT, JSON),
        ("application/sparql-results+xml;q=0.9, application/sparql-results+json;q=0.8", Form.SELECT,
         XML),
        ("text/turtle;q=0.5, application/ld+json", Form.CONSTRUCT, JSONLD),
        ("text/turtle, application/rdf+xml", Form.CONSTRUCT, TURTLE),
        ("application/n-triples;q=1.0, */*;q=0.9", Form.DESCRIBE, NT),
        ("text/csv;q=nonsense, rubbish, text/csv", Form.SELECT, CSV),
    ],
)  # fmt: skip
def test_table(accept: str, form: Form, expected: str) -> None:
    assert choose_for(form, accept) == expected


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("image/png", Form.SELECT),
        ("text/turtle", Form.SELECT),
        ("text/csv", Form.CONSTRUCT),
        ("application/sparql-results+json;q=0", Form.ASK),
        ("rubbish", Form.SELECT),
    ],
)
def test_what_is_not_offered_is_refused(accept: str, form: Form) -> None:
    with pytest.raises(NotOfferedError) as caught:
        choose_for(form, accept)
    assert caught.value.extra["offered"]


def test_ranges_are_read_with_their_weights() -> None:
    ranges = parse_accept("a/b;q=0.25;x=y, c/*, */*;level=1;q=0")
    assert [(r.main, r.sub, r.quality) for r in ranges] == [
        ("a", "b", 0.25),
        ("c", "*", 1.0),
        ("*", "*", 0.0),
    ]


@given(st.text(max_size=100))
def test_any_header_is_answered(header: str) -> None:
    assert choose(header, RESULT_TYPES) in (None, *RESULT_TYPES)
