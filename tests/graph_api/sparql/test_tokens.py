"""The tokenizer: words are told from the same words elsewhere; what may not pass does not."""

import contextlib
import time

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_api.errors import BadQueryError
from graph_api.sparql.refusals import (
    NestingError,
    QueryTooLongError,
    ServiceRefusedError,
    UpdateRefusedError,
)
from graph_api.sparql.tokens import Form, Query, TokenKind, check_query, tokenize

K = TokenKind


def check(text: str) -> Query:
    return check_query(text, max_bytes=100_000, max_nesting=100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?x $y", [(K.VARIABLE, "?x"), (K.VARIABLE, "$y")]),
        ("<http://a/b#c>", [(K.IRI, "<http://a/b#c>")]),
        ("<http://a\\u0041>", [(K.IRI, "<http://a\\u0041>")]),
        ("a:b.c.", [(K.PREFIXED_NAME, "a:b.c"), (K.SYMBOL, ".")]),
        (":a x: x:%41\\,b", [(K.PREFIXED_NAME, t) for t in (":a", "x:", "x:%41\\,b")]),
        ("é.è:ü", [(K.PREFIXED_NAME, "é.è:ü")]),
        ("true.?x", [(K.WORD, "true"), (K.SYMBOL, "."), (K.VARIABLE, "?x")]),
        ("a.FILTER", [(K.WORD, "a"), (K.SYMBOL, "."), (K.WORD, "FILTER")]),
        ("_:b1.", [(K.BLANK_NODE, "_:b1"), (K.SYMBOL, ".")]),
        ("1 1.5 .5 1e3 1.5E-3", [(K.NUMBER, t) for t in ["1", "1.5", ".5", "1e3", "1.5E-3"]]),
        ("-1", [(K.SYMBOL, "-"), (K.NUMBER, "1")]),
        ("'a' \"b\\\"c\"", [(K.STRING, "'a'"), (K.STRING, '"b\\"c"')]),
        ("'''a'b''c\n'''", [(K.STRING, "'''a'b''c\n'''")]),
        ('"""" """', [(K.STRING, '"""" """')]),
        ("'a'@fr-CA", [(K.STRING, "'a'"), (K.LANGUAGE_TAG, "@fr-CA")]),
        ("'1'^^x:y", [(K.STRING, "'1'"), (K.SYMBOL, "^^"), (K.PREFIXED_NAME, "x:y")]),
        ("?a<?b", [(K.VARIABLE, "?a"), (K.SYMBOL, "<"), (K.VARIABLE, "?b")]),
        ("# all of it\n?x # rest", [(K.VARIABLE, "?x")]),
        ("#a\r?x", [(K.VARIABLE, "?x")]),
        ("<<?a>>", [(K.OPEN, "<<"), (K.VARIABLE, "?a"), (K.CLOSE, ">>")]),
        ("a||b&&!c", [(K.WORD, "a"), (K.SYMBOL, "||"), (K.WORD, "b"), (K.SYMBOL, "&&"),
                      (K.SYMBOL, "!"), (K.WORD, "c")]),
    ],
)  # fmt: skip
def test_terminals(text: str, expected: list[tuple[TokenKind, str]]) -> None:
    assert [(token.kind, token.text) for token in tokenize(text)] == expected


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT *\n{ \\u0053 }", 2, 3),  # an escape outside strings, IRIs and names
        ("ASK { ?s ?p 'open }", 1, 13),
        ("ASK { ?s ?p 'a\nb' }", 1, 13),
        ("ASK \x0b{}", 1, 5),
        ("\ufeffASK {}", 1, 1),
        ("", 1, 1),
        ("# nothing but this", 1, 19),
        ("PREFIX a: <b>", 1, 14),
        ("FIND ?x", 1, 1),
        ("{}", 1, 1),
    ],
)
def test_what_is_no_query_is_located(text: str, line: int, column: int) -> None:
    with pytest.raises(BadQueryError) as caught:
        check(text)
    assert (caught.value.extra["line"], caught.value.extra["column"]) == (line, column)


@pytest.mark.parametrize(
    ("text", "form", "has_dataset"),
    [
        ("SELECT * {}", Form.SELECT, False),
        ("select*{}", Form.SELECT, False),
        ("BASE <a:b> PREFIX x: <c:d> ASK {}", Form.ASK, False),
        ("#c\nPREFIX : <c:d>\nCONSTRUCT WHERE {}", Form.CONSTRUCT, False),
        ("DESCRIBE <a:b>", Form.DESCRIBE, False),
        ("SELECT * FROM <a:b> {}", Form.SELECT, True),
        ("SELECT * FROM NAMED <a:b> {}", Form.SELECT, True),
        ("SELECT * { ?s ?p 'FROM <a:b>' }", Form.SELECT, False),
        ("SELECT ?from { ?from ?p ?o }", Form.SELECT, False),
    ],
)
def test_form_and_dataset(text: str, form: Form, has_dataset: bool) -> None:
    assert check(text) == Query(text, form, has_dataset)


PREFIXES = "PREFIX x: <http://127.0.0.1:9/> PREFIX service: <http://e/> "


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> {} }",
        "SELECT * { service silent <http://127.0.0.1:9/> {} }",
        "SELECT * {SERVICEx:y{}}",
        "SELECT * {SERVICESILENTx:y{}}",
        "SELECT * {SERVICE?x{}}",
        "SELECT * {?s ?p trueSERVICEx:y{}}",
        "SELECT * {?s ?p 1SERVICEx:y{}}",
        "SELECT * {?s ?p <http://x>SERVICE x:y {}}",
        "SELECT * {?s ?p ?o.#c\rSERVICE x:y {} }",
        "SELECT * {?s ?p 'SERVICE'SERVICE x:y {} }",
        "SELECT * {OPTIONAL{SERVICE\n<http://127.0.0.1:9/> {}}}",
        "SELECT * {service:g{}}",
    ],
)
def test_service_is_refused_wherever_the_engine_would_see_it(text: str) -> None:
    with pytest.raises(ServiceRefusedError):
        check(PREFIXES + text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?service ?p 'SERVICE <http://x> {}' } # SERVICE",
        "SELECT * { ?s <http://e/SERVICE> '''SERVICE'''@en }",
        "SELECT * { service:foo ?p ?o ; service:bar service:baz . }",
        "SELECT * { GRAPH service:g { ?s ?p x:SERVICE } }",
        "SELECT * { _:SERVICE ?p ?o }",
    ],
)
def test_the_word_service_may_be_used_elsewhere(text: str) -> None:
    assert check(PREFIXES + text).form is Form.SELECT
    ox.Store().query(PREFIXES + text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:b> <a:b> 1 }",
        "PREFIX a: <b:> delete where { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/>",
        "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DROP ALL",
        "CLEAR DEFAULT",
    ],
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(UpdateRefusedError, match="not offered"):
        check(text)


def nested(opening: str, closing: str, depth: int) -> str:
    return "SELECT * {" + opening * depth + closing * depth + "}"


@pytest.mark.parametrize(("opening", "closing"), [("{", "}"), ("(", ")"), ("[", "]"), ("<<", ">>")])
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    assert check(nested(opening, closing, 99))
    with pytest.raises(NestingError) as caught:
        check(nested(opening, closing, 100))
    assert caught.value.extra["limit"] == 100
    with pytest.raises(NestingError):
        check(nested(opening, closing, 20_000))


def test_brackets_in_strings_do_not_count() -> None:
    assert check("ASK { ?s ?p '" + "{" * 500 + "' } #" + "(" * 500)


def test_size_is_counted_in_bytes() -> None:
    assert check_query("ASK {} #é", max_bytes=10, max_nesting=9)
    with pytest.raises(QueryTooLongError) as caught:
        check_query("ASK {} #éé", max_bytes=10, max_nesting=9)
    assert caught.value.extra == {"limit": 10, "reached": 12}


@pytest.mark.parametrize(
    "piece",
    ["a.", "a:b.", "'''x", '"""', "<", "<a", "x", "_", "a-", "\\", "@a-", "1.", "%41", "::"],
)
def test_hostile_input_takes_no_longer_than_it_is_long(piece: str) -> None:
    text = "ASK {" + piece * (90_000 // len(piece))
    started = time.process_time()
    with contextlib.suppress(BadQueryError):
        check(text)
    assert time.process_time() - started < 2.0  # quadratic behaviour takes minutes


@given(st.text(max_size=200))
def test_any_text_gives_tokens_or_a_located_error(text: str) -> None:
    position = 0
    located = True
    tokens = []
    try:
        tokens = list(tokenize(text))
    except BadQueryError as error:
        located = "line" in error.extra
    assert located
    for token in tokens:
        assert token.start >= position
        assert text[token.start : token.start + len(token.text)] == token.text
        position = token.start + len(token.text)


PIECES = [
    "SERVICE", "service", "SILENT", " ", "\n", "#", "x:y", ":", "?v", "<http://127.0.0.1:9/>", "{",
    "}", "{}", ".", "true", "1", "'", '"', "'''", '"""', "\\", "\\'", "@en", "^^", "<", ">", "&&", "(",
    ")", "FILTER", "OPTIONAL", "?s ?p ?o", "BIND(1 AS ?x)", "a", "_:b", "\\u0053", "GRAPH ", "\r", "=",
]  # fmt: skip


@settings(max_examples=600)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_the_engine_never_sees_a_service_that_the_tokenizer_passed(pieces: list[str]) -> None:
    text = PREFIXES + "SELECT * { " + "".join(pieces) + " }"
    try:
        check(text)
    except BadQueryError:
        return
    store = ox.Store()
    node = ox.NamedNode("http://e/a")
    store.add(ox.Quad(node, node, node))
    with contextlib.suppress(SyntaxError):
        result = store.query(text)
        assert isinstance(result, ox.QuerySolutions)
        result.serialize(format=ox.QueryResultsFormat.JSON)
    # Evaluating a SERVICE raises OSError (this port is refused) or RuntimeError: neither may happen.
