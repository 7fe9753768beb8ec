"""Words of a text as names are compared by, each with the place it was printed at.

The words are those of :func:`ontology.folding.fold`: apostrophes, hyphens, bold marks and tags lie
between words, so elisions ("l'Avise") and possessives ("EML's") stay outside a name by
themselves, and typographic variants are the same name.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ontology.folding import fold

__all__ = ["Token", "fold_words", "tokenize"]

_SUPERSCRIPT = "¹²³⁰⁴⁵⁶⁷⁸⁹"
# A footnote mark glued to a word, printed as a superscript, <sup>1</sup> or [1], is no word.
_SKIP_OR_WORD = re.compile(
    r"<sup>\s*\[?\d{1,3}\]?\s*</sup>"
    r"|(?<=[^\s\[])\[\d{1,3}\]"
    r"|</?[A-Za-z][^<>\n]{0,40}>"
    rf"|(?P<word>(?:[^\W_{_SUPERSCRIPT}]|[&+\u0300-\u036f])+)"
)


class Token(NamedTuple):
    """One folded word and the slice of the original text it stands for."""

    word: str
    start: int
    end: int


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words of ``text[start:end]`` with offsets in ``text``, in reading order."""
    tokens: list[Token] = []
    known: dict[str, tuple[str, ...]] = {}
    for match in _SKIP_OR_WORD.finditer(text, start, len(text) if end is None else end):
        surface = match["word"]
        if surface is None:
            continue
        words = known.get(surface)
        if words is None:
            words = known[surface] = _fold_surface(surface)
        tokens.extend(Token(word, match.start(), match.end()) for word in words)
    return tokens


def fold_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as :func:`tokenize` finds them in running text."""
    if name.isascii() and "<" not in name and "[" not in name:
        return tuple(_ASCII_WORD.findall(name.lower()))
    return tuple(token.word for token in tokenize(name))


_ASCII_WORD = re.compile(r"[a-z0-9&+]+")


def _fold_surface(surface: str) -> tuple[str, ...]:
    if surface.isascii():
        return (surface.lower(),)
    folded = fold(surface)
    # Greek or Cyrillic words have no folded letters; they still separate what stands around them.
    return tuple(folded.split()) or tuple(_other_script(surface))


def _other_script(surface: str) -> Iterator[str]:
    bare = unicodedata.normalize("NFC", surface).casefold()
    if any(c.isalnum() for c in bare):
        yield bare
