"""The query language: what a visitor types becomes a frozen tree, and never an error.

Words and "phrases" side by side are alternatives that rank; ``AND``, ``OR`` and ``NOT`` (capital
letters) and parentheses bind them; ``field:word`` looks in one field; ``word*`` is a prefix.
What cannot be read so is read as words, and a note says so. No engine ever sees this text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from search.protocol import Note

__all__ = [
    "AllOf",
    "AnyOf",
    "In",
    "Limits",
    "Node",
    "Not",
    "ParsedQuery",
    "Phrase",
    "Prefix",
    "Word",
    "clean_text",
    "parse_query",
    "render",
]


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed; analysis may make several tokens of it ("savoir-faire")."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, at least ``Limits.prefix`` letters, without the asterisk."""

    text: str


@dataclass(frozen=True, slots=True)
class In:
    """A word, phrase or prefix to be found in one field (its English name)."""

    name: str
    node: "Word | Phrase | Prefix"


@dataclass(frozen=True, slots=True)
class Not:
    """What results must not match."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must match."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must match; more parts rank higher. ``typed`` when ``OR`` was written."""

    nodes: "tuple[Node, ...]"
    typed: bool = False


Node = Word | Phrase | Prefix | In | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on a query; what is beyond them is left out, with a note."""

    characters: int = 256
    terms: int = 32
    nesting: int = 8
    prefix: int = 3


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The tree (None for an empty query), the query as read, and remarks.

    Keys of the notes: ``query.cut`` (limit), ``query.terms`` (limit), ``query.nesting`` (limit),
    ``query.field`` (unknown name), ``query.prefix`` (word, shortest), ``query.wildcard`` (word),
    ``query.quote``, ``query.bracket``, ``query.operator`` (operator without its operand).
    """

    root: Node | None
    read_as: str
    notes: tuple[Note, ...] = ()
    text: str = ""
    """The typed text after cleaning, for comparison with names."""


_OPERATORS = frozenset({"AND", "OR", "NOT"})
_QUOTES = {'"': '"', "«": "»", "“": "”", "„": "”"}
_LEXEME = re.compile(
    r"""\s+
    | (?P<open>\() | (?P<close>\))
    | (?:(?P<field>[^\W\d_]{2,20}):(?=[^\s()/:]))?
      (?: (?P<quoted>["«“„])(?P<phrase>[^"»”]*)(?P<end>["»”]?) | (?P<word>[^\s()"«»“”„]+) )
    | (?P<stray>.)""",
    re.VERBOSE | re.DOTALL,
)
_CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_BEARS_TEXT = re.compile(r"[^\W_]")


def parse_query(
    text: str, fields: Mapping[str, str] | None = None, limits: Limits | None = None
) -> ParsedQuery:
    """Read a query. ``fields`` maps accepted field names (lower case) to their English names.

    Never raises and takes time linear in ``limits.characters``, whatever the length of ``text``.
    """
    limits = limits or Limits()
    reader = _Reader(fields or {}, limits)
    if len(text) > limits.characters:
        reader.note("query.cut", str(limits.characters))
    cleaned = clean_text(text[: limits.characters])
    lexemes = reader.lexemes(cleaned)
    root = _Parser(lexemes, reader).parse()
    return ParsedQuery(root, render(root) if root else "", tuple(reader.notes), cleaned)


def clean_text(text: str) -> str:
    """Return typed text without characters that are not seen or turn its direction, on one line."""
    return " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text)).split())


def render(node: Node) -> str:
    """Write a tree as a query that reads as the same tree."""
    match node:
        case Word(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case In(name, inner):
            return f"{name}:{render(inner)}"
        case Not(inner):
            return f"NOT {_bracketed(inner)}"
        case AllOf(nodes):
            return " AND ".join(_bracketed(n) for n in nodes)
        case AnyOf(nodes, typed):
            return (" OR " if typed else " ").join(
                _bracketed(n) if isinstance(n, AnyOf) else render(n) for n in nodes
            )


def _bracketed(node: Node) -> str:
    return f"({render(node)})" if isinstance(node, AllOf | AnyOf) else render(node)


@dataclass(slots=True)
class _Reader:
    """Splits text into operands, operators and brackets, and collects the notes."""

    fields: Mapping[str, str]
    limits: Limits
    notes: list[Note] = field(default_factory=list)
    _terms: int = 0

    def note(self, key: str, *values: str) -> None:
        note = Note(key, values)
        if note not in self.notes:
            self.notes.append(note)

    def lexemes(self, text: str) -> "list[Node | str]":
        found: list[Node | str] = []
        for match in _LEXEME.finditer(text):
            if match["open"] or match["close"]:
                found.append(match.group())
            elif match["word"] in _OPERATORS and not match["field"]:
                found.append(match["word"])
            elif match["quoted"] or match["word"]:
                found.extend(self._operand(match))
        return found

    def _operand(self, match: re.Match[str]) -> "list[Node]":
        node = self._phrase(match) if match["quoted"] else self._word(match["word"])
        if node is None:
            return []
        if self._terms >= self.limits.terms:
            self.note("query.terms", str(self.limits.terms))
            return []
        self._terms += 1
        if match["field"] is None:
            return [node]
        name = self.fields.get(match["field"].lower())
        if name is not None:
            return [In(name, node)]
        self.note("query.field", match["field"])
        # Further colons would make fields again when the query as read is read once more.
        *words, last = (part for part in node.text.split(":") if _BEARS_TEXT.search(part))
        # Nor may what stood in quotes turn into a prefix or a bracket.
        bare = re.sub(r"[()*?~^\\]", " ", " ".join((match["field"], *words)))
        before = [Word(_no_operator(word)) for word in bare.split() if _BEARS_TEXT.search(word)]
        return [*before, Word(_no_operator(last)) if isinstance(node, Word) else type(node)(last)]

    def _phrase(self, match: re.Match[str]) -> Phrase | Word | None:
        if not match["end"]:
            self.note("query.quote")
        text = match["phrase"].strip()
        return Phrase(text) if _BEARS_TEXT.search(text) else None

    def _word(self, text: str) -> Word | Prefix | None:
        bare = text.strip("*?~^\\")
        if bare != text:
            bare = bare.replace(":", "-")  # "*a:b" is no field, and must not look like one now
        if not _BEARS_TEXT.search(bare):
            return None
        if text[0] in "*?" or "*" in bare or "?" in bare.rstrip("?"):
            self.note("query.wildcard", text)
            return Word(_no_operator(re.sub(r"[*?]", "-", bare)))
        if text.endswith("*"):
            if len(bare) >= self.limits.prefix:
                return Prefix(bare)
            self.note("query.prefix", text, str(self.limits.prefix))
        return Word(_no_operator(bare))


def _no_operator(word: str) -> str:
    """Return a word in small letters if it would be read as an operator next time ("OR*")."""
    return word.lower() if word in _OPERATORS else word


class _Parser:
    """Reads lexemes by descent; its depth is capped, so its stack is too.

    ``any = all { ["OR"] all }``, ``all = unary { "AND" unary }``, ``unary = ["NOT"] operand``.
    """

    def __init__(self, lexemes: "list[Node | str]", reader: _Reader) -> None:
        self._lexemes = lexemes
        self._at = 0
        self._reader = reader

    def parse(self) -> Node | None:
        parts = []
        while self._at < len(self._lexemes):
            node = self._any(0)
            if node is not None:
                parts.append(node)
            if self._peek() == ")":
                self._reader.note("query.bracket")
                self._at += 1
        return _one_or(parts, AnyOf)

    def _peek(self) -> Node | str | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _any(self, depth: int) -> Node | None:
        nodes: list[Node] = []
        typed = False
        while (lexeme := self._peek()) is not None and lexeme != ")":
            if lexeme == "OR" or lexeme == "AND":
                self._at += 1
                if lexeme == "AND" or not nodes or self._peek() in (None, ")"):
                    self._reader.note("query.operator", str(lexeme))
                else:
                    typed = True
                continue
            node = self._all(depth)
            if node is not None:
                nodes.append(node)
        if len(nodes) == 1:
            return nodes[0]
        return AnyOf(tuple(nodes), typed) if nodes else None

    def _all(self, depth: int) -> Node | None:
        nodes = [self._unary(depth)]
        while self._peek() == "AND":
            self._at += 1
            if self._peek() in (None, ")", "AND", "OR"):
                self._reader.note("query.operator", "AND")
                break
            nodes.append(self._unary(depth))
        return _one_or([n for n in nodes if n is not None], AllOf)

    def _unary(self, depth: int) -> Node | None:
        negated = False
        while self._peek() == "NOT":
            negated = not negated
            self._at += 1
        if self._peek() in (None, ")", "AND", "OR"):
            if negated:
                self._reader.note("query.operator", "NOT")
            return None
        node = self._operand(depth)
        return Not(node) if negated and node is not None else node

    def _operand(self, depth: int) -> Node | None:
        lexeme = self._lexemes[self._at]
        self._at += 1
        if not isinstance(lexeme, str):
            return lexeme
        if depth >= self._reader.limits.nesting:
            self._reader.note("query.nesting", str(self._reader.limits.nesting))
            return None  # the bracket is dropped; what it holds is read at this level
        node = self._any(depth + 1)
        if self._peek() == ")":
            self._at += 1
        else:
            self._reader.note("query.bracket")
        return node


def _one_or(nodes: "list[Node]", several: type[AllOf] | type[AnyOf]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return several(tuple(nodes))
