"""The Lexicon: the names that are known, found in a text by longest match.

A Lexicon is a frozen value. Two Lexicons of the same names are equal and have the same hash,
whatever order the names came in, so that an extraction can be cached by it.
"""

import hashlib
import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from ingest.extract.boundaries import (
    continues_after,
    continues_before,
    is_hyphenated,
    is_title_line,
)
from ingest.extract.classes import family_of
from ingest.extract.data import cue_patterns, head_classes, small_words
from ingest.extract.tokens import Token, fold_words, tokenize
from ontology.model import Iri, LabelRole, Name

__all__ = ["Lexicon", "Match"]

_ORDER = attrgetter("text", "lang", "entity", "cls", "role", "context")
_SHORT = 4
"""A single word of at most this many letters counts only with its case."""
_LONGEST_GAP = 40
_PLAIN_GAPS = frozenset(("", " ", "'", "’", "-", "\n"))
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_HARD = re.compile(r"[,;:.!?()\[\]{}|/\t•…\\]")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,40}>")
_PROPER = frozenset(("Actor", "Person", "Territory"))

_Node = dict[str, Any]  # word → deeper node; "" → the entries that end here


@dataclass(frozen=True, slots=True)
class Match:
    """A slice of a text that is a known name, with every name it can be.

    ``names`` is sorted and never empty; several entities among them make the match ambiguous.
    """

    start: int
    end: int
    names: tuple[Name, ...]

    @property
    def entities(self) -> tuple[Iri, ...]:
        """The entities it can stand for, each once, sorted."""
        return tuple(sorted({name.entity for name in self.names}))


class Lexicon:
    """All known names. :meth:`find` tells where a text uses them."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self._names = tuple(sorted(set(names), key=_ORDER))
        self._grown: tuple[Lexicon, tuple[Name, ...]] | None = None

    @property
    def names(self) -> tuple[Name, ...]:
        """The names, sorted, each once."""
        return self._names

    @cached_property
    def hash(self) -> str:
        """A SHA-256 of the names that does not depend on the order they were given in."""
        rows = [[str(value) for value in _ORDER(name)] for name in self._names]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and self._names == other._names

    def __hash__(self) -> int:
        return hash(self.hash)

    def __len__(self) -> int:
        return len(self._names)

    def with_names(self, names: Iterable[Name]) -> "Lexicon":
        """Return a Lexicon of these names as well; it shares with this one what is the same."""
        added = tuple(sorted(set(names).difference(self._set), key=_ORDER))
        if not added:
            return self
        wider = Lexicon()
        wider._names = tuple(sorted((*self._names, *added), key=_ORDER))
        wider._grown = (self, added)
        return wider

    def named(self, text: str) -> tuple[Name, ...]:
        """Return the names that read as ``text`` does, whatever its case, accents and plurals."""
        words = fold_words(text)
        for trie, key in ((self._exact, words), (self._singular, _singulars(words))):
            entries = next((e for n, e in _walk(trie, key, 0) if n == len(key)), ())
            if entries:
                return tuple(entries)
        return ()

    def names_of(self, entity: Iri) -> tuple[Name, ...]:
        """Return all names of ``entity``, none where it is unknown."""
        return self._by_entity.get(entity, ())

    def label(self, entity: Iri, lang: str) -> str | None:
        """Return the preferred name of ``entity``, in ``lang`` where there is one."""
        name = self.preferred(entity, lang)
        return name.text if name else None

    def preferred(self, entity: Iri, lang: str) -> Name | None:
        """Return the preferred :class:`Name` of ``entity``, in ``lang`` where there is one."""
        preferred = [n for n in self.names_of(entity) if n.role is LabelRole.PREFERRED]
        ranked = sorted(preferred, key=lambda n: (n.lang != lang, n.lang != "", n.lang, n.text))
        return ranked[0] if ranked else None

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Match]:
        """Return the longest names in ``text[start:end]``, in reading order, without overlaps.

        ``text[match.start:match.end]`` is the name as printed: line breaks and bold marks inside
        it included, elision, possessive and footnote marks outside. A name is not found inside a
        longer one that is printed with capitals or hyphens and is in no list.
        """
        tokens = tokenize(text, start, end)
        words = [token.word for token in tokens]
        singulars = _singulars(words)
        found: list[Match] = []
        position = 0
        while position < len(tokens):
            step = self._longest_at(text, tokens, words, singulars, position)
            if step is None:
                position += 1
            else:
                length, match = step
                found.append(match)
                position += length
        return _drop_fragments(text, found)

    def relevant_to(self, text: str) -> "Lexicon":
        """Return the Lexicon of the names that an extraction of ``text`` can depend on.

        These are the names whose words stand in the text in this order (whether or not they count
        there), all names of laws (they link by number and date) and the preferred names of all
        these entities. Extraction with it yields what the whole Lexicon does.
        """
        words = [token.word for token in tokenize(text)]
        singulars = _singulars(words)
        kept = {name for name in self._names if family_of(name.cls) == "LegalFramework"}
        for position in range(len(words)):
            for trie, key in ((self._exact, words), (self._singular, singulars)):
                for _, names in _walk(trie, key, position):
                    kept.update(names)
        for entity in {name.entity for name in kept}:
            kept.update(n for n in self.names_of(entity) if n.role is LabelRole.PREFERRED)
        return Lexicon(kept)

    @cached_property
    def _set(self) -> frozenset[Name]:
        return frozenset(self._names)

    @cached_property
    def _exact(self) -> _Node:
        base, added = self._grown or (None, self._names)
        rows = ((fold_words(name.text), name) for name in added)
        return _grow(base._exact if base else {}, rows)

    @cached_property
    def _singular(self) -> _Node:
        base, added = self._grown or (None, self._names)
        # Only names of several words take a plural: a single word would meet common ones.
        rows = ((fold_words(name.text), name) for name in added)
        plural = (
            (_singulars(words), name)
            for words, name in rows
            if len(words) > 1 and family_of(name.cls) not in ("Person", "Territory")
        )
        return _grow(base._singular if base else {}, plural)

    @cached_property
    def _by_entity(self) -> dict[Iri, tuple[Name, ...]]:
        grouped: dict[Iri, list[Name]] = {}
        for name in self._names:
            grouped.setdefault(name.entity, []).append(name)
        return {entity: tuple(names) for entity, names in grouped.items()}

    def _longest_at(
        self,
        text: str,
        tokens: Sequence[Token],
        words: Sequence[str],
        singulars: Sequence[str],
        position: int,
    ) -> tuple[int, Match] | None:
        candidates = [
            *_walk(self._exact, words, position),
            *_walk(self._singular, singulars, position),
            *_plural_acronyms(self._exact, text, tokens[position]),
        ]
        candidates.sort(key=lambda candidate: -candidate[0])  # stable: exact before plural
        for length, names in candidates:
            printed = tokens[position : position + length]
            fitting = tuple(name for name in names if _fits(text, printed, name))
            if fitting:
                return length, Match(printed[0].start, printed[-1].end, fitting)
        return None


def _grow(root: _Node, rows: Iterable[tuple[Sequence[str], Name]]) -> _Node:
    """Return ``root`` with these entries as well; nodes that change are copied, none is changed."""
    grown = dict(root)
    ours = {id(grown)}
    for words, name in rows:
        if not words:
            continue
        node = grown
        for word in words:
            child = node.get(word)
            if child is None or id(child) not in ours:
                child = node[word] = dict(child or ())
                ours.add(id(child))
            node = child
        entries = node.get("", ())
        node[""] = sorted((*entries, name), key=_ORDER) if entries else [name]
    return grown


def _walk(root: _Node, words: Sequence[str], position: int) -> Iterator[tuple[int, list[Name]]]:
    """Yield (number of words, names) for every key that ``words`` spell from ``position`` on."""
    node = root
    for index in range(position, len(words)):
        node = node.get(words[index], _NOTHING)
        if node is _NOTHING:
            return
        if "" in node:
            yield index - position + 1, node[""]


_NOTHING: _Node = {}


def _plural_acronyms(root: _Node, text: str, token: Token) -> Iterator[tuple[int, list[Name]]]:
    """Yield what "PTCEs" is the plural of: capitals and one small s."""
    surface = text[token.start : token.end]
    if len(surface) > 2 and surface[-1] == "s" and surface[:-1].isupper():
        node = root.get(token.word[:-1], _NOTHING)
        if "" in node:
            yield 1, node[""]


def _singulars(words: Sequence[str]) -> list[str]:
    return [_singular(word) for word in words]


def _singular(word: str) -> str:
    if len(word) < 4:
        return word
    if word.endswith("aux"):
        return word[:-3] + "al"
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word[-1] in "sx" and not word.endswith("ss") else word


def _fits(text: str, printed: Sequence[Token], name: Name) -> bool:
    """Tell whether the words printed there can be this name: gaps, capitals and context."""
    return (
        _gaps_fit(text, printed, name.text)
        and _case_fits(text, printed, name)
        and (name.context != "cue" or _is_announced(text, printed, name))
    )


def _gaps_fit(text: str, printed: Sequence[Token], name: str) -> bool:
    for i in range(len(printed) - 1):
        gap = text[printed[i].end : printed[i + 1].start]
        if gap in _PLAIN_GAPS:
            continue
        if len(gap) > _LONGEST_GAP or _BLANK_LINE.search(gap):
            return False
        if _HARD.search(_TAG.sub("", gap)) and not _HARD.search(name):
            return False
    return True


def _case_fits(text: str, printed: Sequence[Token], name: Name) -> bool:
    surfaces = [text[token.start : token.end] for token in printed]
    if name.context == "capital":
        return _cased("".join(surfaces)) == _cased("".join(_letters(name.text)))
    if len(printed) == 1 and sum(c.isalnum() for c in name.text) <= _SHORT:
        return _cased(surfaces[0]) in (_cased(name.text), _cased(name.text) + "s")
    content = [i for i, t in enumerate(printed) if not _is_small(t.word)]
    named = [w for w in _letters(name.text) if not _is_small(w.casefold())]
    if not content or not any(c.isupper() for c in name.text):
        return True
    if family_of(name.cls) == "Publication" and name.text[:1].isupper():
        return surfaces[0][:1].isupper()  # a title, not the same words in a sentence
    if len(content) == 1:
        return any(c.isupper() for c in surfaces[content[0]])
    # "commission européenne", "ville de …": a generic head may be printed small.
    if family_of(name.cls) in _PROPER and printed[content[0]].word not in head_classes():
        brand = len(printed) == 2 and all(w[0].isupper() for w in named)
        needed = content if brand else content[:1]
        return all(any(c.isupper() for c in surfaces[i]) for i in needed) or not (
            named and named[0][0].isupper()
        )
    return True


def _is_small(word: str) -> bool:
    return word in small_words() or word.isdigit()


def _letters(name: str) -> list[str]:
    return [name[token.start : token.end] for token in tokenize(name)]


def _cased(surface: str) -> str:
    decomposed = unicodedata.normalize("NFKD", surface)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _is_announced(text: str, printed: Sequence[Token], name: Name) -> bool:
    family = family_of(name.cls)
    if family is None or family not in cue_patterns():
        return False
    before, after = cue_patterns()[family]
    start, end = printed[0].start, printed[-1].end
    return bool(
        before.search(text[max(0, start - 60) : start]) or after.match(text[end : end + 20])
    )


def _drop_fragments(text: str, found: list[Match]) -> list[Match]:
    starts = [match.start for match in found]

    def taken(offset: int) -> bool:
        index = bisect_right(starts, offset) - 1
        return index >= 0 and offset < found[index].end

    return [match for match in found if not _is_fragment(text, match, taken)]


def _is_fragment(text: str, match: Match, taken: Any) -> bool:
    families = {family_of(name.cls) for name in match.names}
    if " " not in text[match.start : match.end] and is_hyphenated(text, match.start, match.end):
        return True
    if not families <= {"Actor", "Territory", "Programme"} or is_title_line(text, match.start):
        return False
    if families != {"Programme"} and continues_before(text, match.start, taken):
        return True
    return continues_after(text, match.end, taken)
