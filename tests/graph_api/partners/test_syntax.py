"""Which syntax a file has, and faults with their place."""

import pytest

from graph_api.partners.rules import Refusal, in_words
from graph_api.partners.syntax import parse, syntax_of

A = "https://lv.example/id/a"
FILES = {
    "ttl": f"<{A}> <https://p.example/q> 'x' .",
    "trig": f"<https://g.example/> {{ <{A}> <https://p.example/q> 'x' }}",
    "nt": f'<{A}> <https://p.example/q> "x" .\n',
    "nq": f'<{A}> <https://p.example/q> "x" <https://g.example/> .\n',
    "jsonld": f'{{"@context":{{"q":"https://p.example/q"}},"@id":"{A}","q":"x"}}',
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="https://p.example/">'
    f'<rdf:Description rdf:about="{A}"><p:q>x</p:q></rdf:Description></rdf:RDF>',
}


@pytest.mark.parametrize("syntax", FILES)
def test_every_syntax_says_the_same(syntax: str) -> None:
    (triple,) = parse(FILES[syntax].encode(), syntax, 10)
    assert str(triple) == f'<{A}> <https://p.example/q> "x"'


@pytest.mark.parametrize(
    ("name", "media_type", "syntax"),
    [
        ("a.ttl", "", "ttl"),
        ("a.TTL", "application/octet-stream", "ttl"),
        ("a.json", "", "jsonld"),
        ("a.xml", "", "rdf"),
        ("a", "application/ld+json; charset=utf-8", "jsonld"),
        ("a.ttl", "application/n-quads", "nq"),
        ("a.png", "", None),
        ("ttl", "", None),
    ],
)
def test_the_syntax_is_told_by_type_then_by_name(
    name: str, media_type: str, syntax: str | None
) -> None:
    assert syntax_of(name, media_type) == syntax


@pytest.mark.parametrize(
    ("data", "syntax", "rule", "said"),
    [
        (b"<https://a.example/> <https://p.example/q>\n .", "ttl", "syntax", "at line 2, column"),
        (b"\xff\xfe", "ttl", "syntax", "cannot be read at line 1"),
        (b"", "ttl", "empty", "says nothing"),
        (b"# only words\n", "ttl", "empty", "says nothing"),
        (
            b'{"@context":"https://c.example/c.jsonld"}',
            "jsonld",
            "remote-context",
            "is not fetched",
        ),
        (b'{"@id":', "jsonld", "syntax", "at line 1"),
        (b"<rdf:RDF>", "rdf", "syntax", "not well-formed"),
        (b"<a:a> <a:b> 'c', 'd', 'e', 'f' .", "ttl", "too-many", "more than 3 statements"),
    ],
)
def test_a_fault_is_named_in_both_languages(data: bytes, syntax: str, rule: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(data, syntax, 3)
    assert refused.value.rule == rule
    assert said in refused.value.detail
    words = in_words(refused.value.detail)
    assert words["fr"].startswith("Le fichier ")
    assert words["en"] == refused.value.detail
