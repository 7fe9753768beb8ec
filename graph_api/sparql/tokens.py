"""A tokenizer for SPARQL 1.1, and the checks made on its tokens before a worker sees a query.

It reads the terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, so that a word is
told from the same word inside a string, an IRI, a comment, a variable or a prefixed name. It does
not parse: the engine says what is a syntax error. Where the two could read a text differently, the
tokenizer must see more keywords than the engine, never fewer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from graph_api.errors import BadQueryError
from graph_api.sparql.refusals import (
    NestingError,
    QueryTooLongError,
    ServiceRefusedError,
    UpdateRefusedError,
)

__all__ = ["Form", "Query", "Token", "TokenKind", "check_query", "locate", "tokenize"]


class TokenKind(Enum):
    """Kinds of token; blanks and comments are not given out."""

    IRI = "iri"
    STRING = "string"
    VARIABLE = "variable"
    BLANK_NODE = "blank node"
    LANGUAGE_TAG = "language tag"
    NUMBER = "number"
    PREFIXED_NAME = "prefixed name"
    WORD = "word"
    OPEN = "open"
    CLOSE = "close"
    SYMBOL = "symbol"


class Form(Enum):
    """The four query forms."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True, slots=True)
class Token:
    """A terminal: its kind, its text and where it starts (code points from 0)."""

    kind: TokenKind
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Query:
    """A query that passed the checks."""

    text: str
    form: Form
    has_dataset: bool
    """Whether it says ``FROM``: the engine's union of all graphs would override that."""


_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHAR = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = (
    rf"(?:(?:[{_BASE}_0-9:]|{_ESCAPED})(?:[{_CHAR}:]|{_ESCAPED})*+"
    rf"(?:\.++(?:[{_CHAR}:]|{_ESCAPED})++)*+)?+"
)

# Quantifiers are possessive so that matching stays linear, whatever is sent. For the same reason a
# run of words and dots is taken whole, and cut into words afterwards if no colon follows it.
_TERMINALS = re.compile(
    rf"""
    (?P<blank> (?: [\x20\t\r\n] | \#[^\r\n]*+ )++ )
  | (?P<string> \"\"\"(?: \"{{0,2}} (?: [^\"\\] | \\. ) )*+\"\"\"
              | \'\'\'(?: \'{{0,2}} (?: [^\'\\] | \\. ) )*+\'\'\'
              | \"(?: [^\"\\\r\n] | \\[^\r\n] )*+\"
              | \'(?: [^\'\\\r\n] | \\[^\r\n] )*+\' )
  | (?P<iri> <(?: [^<>\"{{}}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{{4}} | \\U[0-9A-Fa-f]{{8}} )*+> )
  | (?P<variable> [?$][{_BASE}_0-9][{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040]*+ )
  | (?P<bnode> _:[{_BASE}_0-9][{_CHAR}]*+(?: \.++[{_CHAR}]++ )*+ )
  | (?P<run> (?: [{_BASE}] | _(?!:) )[{_CHAR}]*+(?: \.++[{_CHAR}]++ )*+ ) (?P<tail> :{_LOCAL} )?+
  | (?P<local> :{_LOCAL} )
  | (?P<lang> @[A-Za-z]++(?: -[A-Za-z0-9]++ )*+ )
  | (?P<number> (?: [0-9]++(?: \.[0-9]++ )?+ | \.[0-9]++ )(?: [eE][+-]?[0-9]++ )?+ )
  | (?P<open> [({{\[] | << )
  | (?P<close> [)}}\]] | >> )
  | (?P<symbol> \^\^ | && | \|\| | != | <= | >= | [\^|/*+?!=<>.,;\-&~%@$] )
    """,
    re.DOTALL | re.VERBOSE,
)

_KINDS = {
    "string": TokenKind.STRING,
    "iri": TokenKind.IRI,
    "variable": TokenKind.VARIABLE,
    "bnode": TokenKind.BLANK_NODE,
    "tail": TokenKind.PREFIXED_NAME,
    "local": TokenKind.PREFIXED_NAME,
    "lang": TokenKind.LANGUAGE_TAG,
    "number": TokenKind.NUMBER,
    "open": TokenKind.OPEN,
    "close": TokenKind.CLOSE,
    "symbol": TokenKind.SYMBOL,
}
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text``.

    Raises:
        BadQueryError: a character that starts no token, or a string that does not end.
    """
    position = 0
    while position < len(text):
        match = _TERMINALS.match(text, position)
        if match is None:
            raise _error_at(text, position, f"{text[position]!r} starts nothing that SPARQL knows")
        yield from _tokens_of(match)
        position = match.end()


def _tokens_of(match: re.Match[str]) -> Iterator[Token]:
    group = match.lastgroup or ""
    if group == "blank":
        return
    if group == "run":
        start = match.start()
        for word in re.finditer(r"[^.]+|\.", match.group()):
            kind = TokenKind.SYMBOL if word.group() == "." else TokenKind.WORD
            yield Token(kind, word.group(), start + word.start())
        return
    yield Token(_KINDS[group], match.group(), match.start())


def check_query(text: str, *, max_bytes: int, max_nesting: int) -> Query:
    """Return the query if a worker may see it.

    Raises:
        BadQueryError: no query form, ``SERVICE``, an update, nesting past ``max_nesting``.
        QueryTooLongError: more than ``max_bytes`` bytes of UTF-8.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise QueryTooLongError(
            f"The query has {size} bytes, {max_bytes} are allowed. Long lists of VALUES can be sent "
            "in several queries.",
            limit=max_bytes,
            reached=size,
        )
    tokens = list(_bound_nesting(text, max_nesting))
    _check_federation(text, tokens)
    has_dataset = any(
        t.kind is TokenKind.WORD and t.text.upper().startswith("FROM") for t in tokens
    )
    return Query(text, _find_form(text, tokens), has_dataset)


def _bound_nesting(text: str, limit: int) -> Iterator[Token]:
    """Yield the tokens of ``text``; stop at the first bracket that is nested too deep."""
    depth = 0
    for token in tokenize(text):
        if token.kind is TokenKind.OPEN:
            depth += 1
        elif token.kind is TokenKind.CLOSE:
            depth = max(0, depth - 1)
        if depth > limit:
            place = _place(text, token.start)
            raise NestingError(
                f"Brackets are nested more than {limit} deep at line {place['line']}, column "
                f"{place['column']}; {limit} is the limit. Flatten the query or split it.",
                limit=limit,
                **place,
            )
        yield token


def _check_federation(text: str, tokens: list[Token]) -> None:
    """Refuse SERVICE, also where it is glued to its neighbours.

    The engine needs no blank between a keyword and what surrounds it: it reads ``SERVICEx:y{}`` and
    ``trueSERVICE<…>{}``. No other word of SPARQL contains ``SERVICE``; a prefix may, but a prefixed
    name is followed by a brace only after GRAPH.
    """
    for number, token in enumerate(tokens):
        if "SERVICE" not in token.text.upper():
            continue
        following = tokens[number + 1].text if number + 1 < len(tokens) else ""
        before = tokens[number - 1].text.upper() if number else ""
        in_prefix = (
            token.kind is TokenKind.PREFIXED_NAME
            and "SERVICE" in token.text.partition(":")[0].upper()
            and following == "{"
            and before != "GRAPH"
        )
        if token.kind is TokenKind.WORD or in_prefix:
            raise ServiceRefusedError(
                "SERVICE is not offered: this server asks no other server. Run the federated query "
                "in a client of your own.",
                **_place(text, token.start),
            )


def _find_form(text: str, tokens: list[Token]) -> Form:
    """Return the form named by the first word after the prologue."""
    words = iter(tokens)
    for token in words:
        word = token.text.upper()
        if token.kind is TokenKind.WORD and word in ("BASE", "VERSION"):
            next(words, None)
        elif token.kind is TokenKind.WORD and word == "PREFIX":
            next(words, None)
            next(words, None)
        elif token.kind is TokenKind.WORD and word in Form.__members__:
            return Form[word]
        elif token.kind is TokenKind.WORD and word in _UPDATES:
            raise UpdateRefusedError(
                f"{word} is SPARQL Update, which is not offered: what is in the graph comes from its "
                "sources. See the documentation on adding documents and corrections.",
                **_place(text, token.start),
            )
        else:
            raise _error_at(text, token.start, "expected SELECT, ASK, CONSTRUCT or DESCRIBE")
    raise _error_at(text, len(text), "the query ends before SELECT, ASK, CONSTRUCT or DESCRIBE")


def locate(text: str, position: int) -> tuple[int, int]:
    """Return line and column, both from 1."""
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _place(text: str, position: int) -> dict[str, int]:
    line, column = locate(text, position)
    return {"line": line, "column": column}


def _error_at(text: str, position: int, what: str) -> BadQueryError:
    line, column = locate(text, position)
    detail = f"Syntax error at line {line}, column {column}: {what}."
    return BadQueryError(detail, line=line, column=column)
