"""``text:query`` in Jena's shape, rewritten to ``VALUES`` before a worker sees the query.

https://jena.apache.org/documentation/query/text-query.html: ``?s text:query "words"`` or
``(?s ?score ?literal) text:query (property "words" limit "lang:fr")``. The engine has no property
functions, and a function in a FILTER would be called for every row; a list of hits joins in a few
milliseconds. The rewriting works on tokens: each statement of a group pattern that has the property
is replaced by its hits, in its place, so OPTIONAL, UNION and subqueries keep their meaning.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from graph_api.errors import BadQueryError
from graph_api.sparql.tokens import Token, TokenKind, locate, tokenize
from ontology.vocabularies import OA_EXACT, SKOS_ALT_LABEL, SKOS_PREF_LABEL

__all__ = ["PROPERTY", "Found", "TextCall", "TextHit", "TextNote", "rewrite_text_queries"]

PROPERTY = "http://jena.apache.org/text#query"
NAMES = (str(SKOS_PREF_LABEL), str(SKOS_ALT_LABEL))
"""Properties whose values are searched as names of entities."""
QUOTE = str(OA_EXACT)
"""The property that stands for passages: it finds documents by their text."""

_NAMESPACE = PROPERTY.removesuffix("query")
_ENDED_BY_BRACE = frozenset({"OPTIONAL", "GRAPH", "MINUS", "UNION", "VALUES", "EXISTS", "WHERE"})
_PATH = frozenset("/|^!*+?")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_LANGUAGE = re.compile(r"lang:([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\Z")


@dataclass(frozen=True, slots=True)
class TextCall:
    """What one use asks: words in our query language, properties (IRIs), most hits, language."""

    words: str
    properties: tuple[str, ...] = ()
    limit: int | None = None
    lang: str = ""

    @property
    def passages(self) -> bool:
        """Whether documents are found by their passages, not entities by their names."""
        return QUOTE in self.properties


@dataclass(frozen=True, slots=True)
class TextHit:
    """A subject that was found, its score, and the text that matched (None: may not be shown)."""

    subject: str
    score: float
    text: str | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a call, best first, and how many there are in all."""

    total: int
    hits: tuple[TextHit, ...]


@dataclass(frozen=True, slots=True)
class TextNote:
    """What is told about a call: ``hits`` of ``total`` were taken; ``capped`` by the service."""

    words: str
    hits: int
    total: int
    capped: bool


LookUp = Callable[[TextCall, int], Found]
"""Finds at most so many hits of a call."""


def rewrite_text_queries(text: str, look_up: LookUp, most: int) -> tuple[str, tuple[TextNote, ...]]:
    """Return the query with every ``text:query`` replaced by its hits, and a note for each.

    A query without any comes back as it is. Line numbers stay what they were.

    Raises:
        BadQueryError: a use that is none of the shapes above, with line and column.
    """
    if _NAMESPACE not in text:
        return text, ()
    notes: list[TextNote] = []
    parts: list[str] = []
    done = 0
    for statement in _Scanner(text).statements():
        said = _replace(text, statement, look_up, most, notes)
        parts += [text[done : statement.start], said]
        done = statement.end
    return "".join((*parts, text[done:])), tuple(notes)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A subject with its text calls and the rest of its property list; offsets into the text."""

    start: int
    end: int
    subject: tuple[Token, ...]
    calls: tuple[TextCall, ...]
    kept: tuple[str, ...]


@dataclass(slots=True)
class _Frame:
    """An open bracket: where the statement under way starts, and the keyword that came last."""

    bracket: str
    start: int
    pattern: bool = True
    keyword: str = ""


@dataclass(slots=True)
class _Scanner:
    """Finds the statements of group patterns that use the property."""

    text: str
    tokens: list[Token] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)

    def statements(self) -> Iterator[_Statement]:
        self.tokens = list(tokenize(self.text))
        self._read_prefixes()
        frames = [_Frame("{", 0, pattern=False)]
        for index, token in enumerate(self.tokens):
            frame = frames[-1]
            if token.kind is TokenKind.OPEN:
                pattern = token.text == "{" and frame.keyword not in ("VALUES", "CONSTRUCT")
                frames.append(_Frame(token.text, index + 1, pattern))
            elif token.kind is TokenKind.CLOSE:
                yield from self._ended(frame, index)
                if len(frames) > 1:
                    frames.pop()
                self._resume(frames[-1], token, index)
            elif frame.bracket == "[" and self._is_property(token):
                raise self._error(token, "text:query needs a variable as subject, not a blank node")
            elif frame.bracket == "{" and token.kind is TokenKind.WORD and not _is_value(token):
                yield from self._ended(frame, index)
                frame.keyword, frame.start = token.text.upper(), index + 1
            elif frame.bracket == "{" and token.text == ".":
                yield from self._ended(frame, index)
                frame.keyword, frame.start = "", index + 1

    def _resume(self, frame: _Frame, closed: Token, index: int) -> None:
        """After a bracket: where a keyword's part ends, or a bare group, a statement may begin."""
        if frame.bracket != "{":
            return
        ends = closed.text == "}" or (
            bool(frame.keyword) and closed.text == ")" and frame.keyword not in _ENDED_BY_BRACE
        )
        if ends:
            frame.keyword, frame.start = "", index + 1

    def _read_prefixes(self) -> None:
        for before, name, iri in zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False):
            if before.text.upper() == "PREFIX" and iri.kind is TokenKind.IRI:
                self.prefixes[name.text.removesuffix(":")] = iri.text[1:-1]

    def _iri(self, token: Token) -> str:
        if token.kind is TokenKind.IRI:
            return token.text[1:-1]
        if token.kind is TokenKind.PREFIXED_NAME:
            prefix, _, local = token.text.partition(":")
            if prefix in self.prefixes:
                return self.prefixes[prefix] + local.replace("\\", "")
        return ""

    def _is_property(self, token: Token) -> bool:
        return self._iri(token) == PROPERTY

    def _ended(self, frame: _Frame, end: int) -> Iterator[_Statement]:
        """Read the statement that ends before token ``end``, if it uses the property."""
        tokens = self.tokens[frame.start : end]
        if frame.bracket != "{" or not frame.pattern or frame.keyword:
            return
        if not any(self._is_property(token) for token in tokens[1:]):
            return
        size = _closed(tokens, 0) + 1
        subject, rest = tokens[:size], tokens[size:]
        calls: list[TextCall] = []
        kept: list[str] = []
        for segment in _split(rest):
            if self._is_property(segment[0]):
                calls.append(self._call(segment))
            else:
                self._refuse_path(segment)
                last = segment[-1]
                kept.append(self.text[segment[0].start : last.start + len(last.text)])
        if not calls:
            return
        self._check_subject(subject, bool(kept))
        last = tokens[-1]
        yield _Statement(
            tokens[0].start, last.start + len(last.text), tuple(subject), tuple(calls), tuple(kept)
        )

    def _check_subject(self, subject: Sequence[Token], others: bool) -> None:
        first = subject[0]
        if first.kind is TokenKind.VARIABLE:
            return
        if first.text != "(":
            raise self._error(first, "text:query needs a variable as subject")
        inside = subject[1:-1]
        if not 1 <= len(inside) <= 3 or any(t.kind is not TokenKind.VARIABLE for t in inside):
            raise self._error(first, "before text:query stands (?subject ?score ?literal)")
        if others:
            raise self._error(
                first,
                "the list (?subject ?score ?literal) is for text:query alone: end it with '.'",
            )

    def _refuse_path(self, segment: Sequence[Token]) -> None:
        for number, token in enumerate(segment):
            beside = (*segment[max(0, number - 1) : number], *segment[number + 1 : number + 2])
            if self._is_property(token) and any(each.text in _PATH for each in beside):
                raise self._error(token, "text:query cannot be part of a path")

    def _call(self, segment: Sequence[Token]) -> TextCall:
        """Read the object of the property."""
        verb, rest = segment[0], segment[1:]
        shape = 'after text:query stands "words" or (property "words" limit "lang:fr")'
        if not rest:
            raise self._error(verb, shape)
        if rest[0].text == "(" and _closed(rest, 0) == len(rest) - 1:
            return self._arguments(rest[0], rest[1:-1], shape)
        if rest[0].kind is TokenKind.VARIABLE:
            raise self._error(rest[0], "the words of text:query are written in the query")
        tagged = len(rest) == 2 and rest[1].kind is TokenKind.LANGUAGE_TAG
        if rest[0].kind is not TokenKind.STRING or not (len(rest) == 1 or tagged):
            raise self._error(rest[0], shape)
        return TextCall(self._words(rest[0]), lang=rest[1].text[1:] if tagged else "")

    def _arguments(self, place: Token, inside: Sequence[Token], shape: str) -> TextCall:
        properties: list[str] = []
        position = 0
        while position < len(inside) and (iri := self._iri(inside[position])):
            if iri not in (*NAMES, QUOTE):
                raise self._error(
                    inside[position],
                    "text:query searches skos:prefLabel and skos:altLabel (names of entities) and "
                    "oa:exact (passages: their documents)",
                )
            properties.append(iri)
            position += 1
        if QUOTE in properties and len(properties) > 1:
            raise self._error(place, "oa:exact cannot be searched together with names")
        if position == len(inside) or inside[position].kind is not TokenKind.STRING:
            raise self._error(inside[position] if position < len(inside) else place, shape)
        words = self._words(inside[position])
        limit, lang = None, ""
        for token in inside[position + 1 :]:
            said = _LANGUAGE.match(_unquote(token.text)) if token.kind is TokenKind.STRING else None
            if token.kind is TokenKind.LANGUAGE_TAG:
                lang = token.text[1:]
            elif token.kind is TokenKind.NUMBER and token.text.isdigit() and limit is None:
                limit = int(token.text)
            elif said:
                lang = said[1]
            else:
                raise self._error(token, shape)
        return TextCall(words, tuple(properties), limit, lang)

    def _words(self, token: Token) -> str:
        words = _unquote(token.text)
        if not words.strip():
            raise self._error(token, "text:query needs words")
        return words

    def _error(self, token: Token, what: str) -> BadQueryError:
        line, column = locate(self.text, token.start)
        return BadQueryError(f"At line {line}, column {column}: {what}.", line=line, column=column)


def _replace(
    text: str,
    statement: _Statement,
    look_up: LookUp,
    most: int,
    notes: list[TextNote],
) -> str:
    """Return what stands for a statement: its hits, then what else it says."""
    parts = []
    for call in statement.calls:
        wanted = most if call.limit is None else min(call.limit, most)
        found = look_up(call, wanted)
        capped = found.total > len(found.hits) and (call.limit is None or call.limit > most)
        notes.append(TextNote(call.words, len(found.hits), found.total, capped))
        parts.append(_values(statement.subject, found))
    if statement.kept:
        subject = " ".join(token.text for token in statement.subject)
        parts.append(f"{subject} {' ; '.join(statement.kept)}")
    said = " ".join(parts)
    lines = text[statement.start : statement.end].count("\n") - said.count("\n")
    return said + "\n" * max(0, lines)


def _values(subject: Sequence[Token], found: Found) -> str:
    names = [t.text for t in (subject[1:-1] if subject[0].text == "(" else subject)]
    rows = dict.fromkeys(
        " ".join((f"<{hit.subject}>", f"{hit.score:.6e}", _literal(hit))[: len(names)])
        for hit in found.hits
    )
    return f"VALUES ({' '.join(names)}) {{ {' '.join(f'({row})' for row in rows)} }}"


def _literal(hit: TextHit) -> str:
    if hit.text is None:
        return "UNDEF"
    escaped = hit.text.replace("\\", "\\\\").replace('"', '\\"')
    quoted = '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'
    return f"{quoted}@{hit.lang}" if hit.lang else quoted


def _split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Cut a property list at its semicolons, brackets left whole."""
    segment: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token.kind is TokenKind.OPEN) - (token.kind is TokenKind.CLOSE)
        if token.text == ";" and depth == 0:
            if segment:
                yield segment
            segment = []
        else:
            segment.append(token)
    if segment:
        yield segment


def _closed(tokens: Sequence[Token], start: int) -> int:
    """Return where the bracket at ``start`` closes; ``start`` itself for any other token."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].kind is TokenKind.OPEN
        depth -= tokens[index].kind is TokenKind.CLOSE
        if depth <= 0:
            return index
    return len(tokens) - 1


def _is_value(token: Token) -> bool:
    return token.text == "a" or token.text.lower() in ("true", "false")


def _unquote(text: str) -> str:
    size = 3 if len(text) >= 6 and text[:3] in ('"""', "'''") else 1

    def replace(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] in "uU" and len(code) > 1:
            number = int(code[1:], 16)
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
        return _CONTROLS.get(code, code)

    return _ESCAPE.sub(replace, text[size:-size])
