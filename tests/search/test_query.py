"""The query language: what reads how, what is capped, and that nothing ever fails."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query import (
    AllOf,
    AnyOf,
    In,
    Limits,
    Node,
    Not,
    Phrase,
    Prefix,
    Word,
    parse_query,
    render,
)

FIELDS = {"title": "title", "titre": "title", "lang": "lang"}
A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("DLA", Word("DLA")),
        ("a b", AnyOf((A, B))),
        ("a OR b", AnyOf((A, B), typed=True)),
        ("a AND b AND c", AllOf((A, B, C))),
        ("a b AND c", AnyOf((A, AllOf((B, C))))),
        ("a NOT b", AnyOf((A, Not(B)))),
        ("a AND NOT (b c)", AllOf((A, Not(AnyOf((B, C)))))),
        ("NOT NOT a", A),
        ("(a OR b) AND c", AllOf((AnyOf((A, B), typed=True), C))),
        ('"local support" a', AnyOf((Phrase("local support"), A))),
        ("« économie sociale »", Phrase("économie sociale")),
        ("“x y”", Phrase("x y")),
        ("innov*", Prefix("innov")),
        ("titre:innov* lang:fr", AnyOf((In("title", Prefix("innov")), In("lang", Word("fr"))))),
        ('TITLE:"a b"', In("title", Phrase("a b"))),
        ("l'innovation R&D FSE+", AnyOf((Word("l'innovation"), Word("R&D"), Word("FSE+")))),
        ("https://example.org/a 10:30", AnyOf((Word("https://example.org/a"), Word("10:30")))),
        ("and or not", AnyOf((Word("and"), Word("or"), Word("not")))),
    ],
)
def test_reads(text: str, tree: Node) -> None:
    parsed = parse_query(text, FIELDS)
    assert parsed.root == tree
    assert parsed.notes == ()


@pytest.mark.parametrize(
    ("text", "read_as", "key"),
    [
        ("foo:bar", "foo bar", "query.field"),
        ("NOT:AND", "not and", "query.field"),
        ("ab:b:c", "ab b c", "query.field"),
        ("in*", "in", "query.prefix"),
        ("OR*", "or", "query.prefix"),
        ("*e*", "e", "query.wildcard"),
        ("inn*ion", "inn-ion", "query.wildcard"),
        ('"open', '"open"', "query.quote"),
        ("(a b", "a b", "query.bracket"),
        ("a) b", "a b", "query.bracket"),
        ("a AND", "a", "query.operator"),
        ("OR a", "a", "query.operator"),
        ("a AND AND b", "a b", "query.operator"),
        ("AND OR NOT", "", "query.operator"),
        ("a NOT", "a", "query.operator"),
    ],
)
def test_says_how_a_wrong_query_was_read(text: str, read_as: str, key: str) -> None:
    parsed = parse_query(text, FIELDS)
    assert parsed.read_as == read_as
    assert key in {note.key for note in parsed.notes}


@pytest.mark.parametrize("text", ["", "   ", "()", '""', "?!", "***", "\x00\u202e", "« »"])
def test_nothing_to_search(text: str) -> None:
    assert parse_query(text, FIELDS).root is None


def test_caps() -> None:
    assert {n.key for n in parse_query("x" * 257).notes} == {"query.cut"}
    many = parse_query("a " * 40)
    assert isinstance(many.root, AnyOf)
    assert len(many.root.nodes) == 32
    assert {n.key for n in many.notes} == {"query.terms"}
    deep = parse_query("(" * 9 + "a" + ")" * 9)
    assert deep.root == A
    assert "query.nesting" in {n.key for n in deep.notes}
    assert parse_query("a b c", limits=Limits(terms=2)).read_as == "a b"


def test_invisible_characters_do_not_split_words() -> None:
    assert parse_query("inno\u200bva\u00adtion\u202e").root == Word("innovation")
    assert parse_query("a\x00b\ud800c").root == AnyOf((A, B, C))


@example(text='AA:"A*:A')
@given(st.text(alphabet='ab "():*AND ORNOT«»“”title:lang:\n\x00é', max_size=300))
def test_any_query_reads_as_a_query_that_reads_the_same(text: str) -> None:
    parsed = parse_query(text, FIELDS)
    again = parse_query(parsed.read_as, FIELDS, Limits(characters=10_000))
    assert again.read_as == parsed.read_as
    if parsed.root is not None:
        assert render(parsed.root) == parsed.read_as


@given(st.text())
def test_never_fails(text: str) -> None:
    parse_query(text, FIELDS)


@pytest.mark.parametrize(
    "text", ["(" * 20_000, ")" * 20_000, "NOT " * 5_000, "é" * 10_000_000, '"' * 100_000]
)
def test_hostile_queries_end_at_once(text: str) -> None:
    started = time.process_time()
    parse_query(text, FIELDS)
    assert time.process_time() - started < 0.5
