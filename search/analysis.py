"""Text to tokens, the same for every engine: fold (accents, case, ligatures), then stem by language.

Folding comes before stemming, so that a query typed without accents meets the same stems as one
with them. Tokens carry offsets into the text as it was given, whatever its Unicode form.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from Stemmer import Stemmer

__all__ = [
    "ANALYSIS_VERSION",
    "QUERY_LANGUAGES",
    "Token",
    "analyse",
    "fold_word",
    "is_question_word",
    "is_stop_word",
    "name_key",
]

ANALYSIS_VERSION = 1
"""Raised when the same text would give other tokens: an older index is then rebuilt."""

QUERY_LANGUAGES = ("fr", "en")
"""A query is read in each of these: its words may stand in a passage of another language."""

_STEMMERS = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "nb": "norwegian", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "sv": "swedish",
}  # fmt: skip
"""Snowball's stemmer of each language; any other language is folded only."""

_FRENCH_STOP_WORDS = (
    "a au aux avec c ce ces cet cette d dans de des du elle elles en entre est et il ils je l la le"
    " les leur leurs lui mais n ne nous on ou par pas pour qu que qui s sa se ses son sont sur un"
    " une vous y"
)
_ENGLISH_STOP_WORDS = (
    "a an and are as at be been but by for from has have he in is it its of on or s she that the"
    " their there these they this to was were which will with"
)
_STOP_WORDS = {
    "fr": frozenset(_FRENCH_STOP_WORDS.split()),
    "en": frozenset(_ENGLISH_STOP_WORDS.split()),
}
_ALL_STOP_WORDS = frozenset().union(*_STOP_WORDS.values())
"""Acronyms of the field (SI, IT, ETS …) are left out of both lists: case must not change results."""

_FRENCH_QUESTION_WORDS = (
    "avoir combien comment doit doivent ete etre faut laquelle lequel lesquelles lesquels ont peut"
    " peuvent pourquoi quand quel quelle quelles quels quoi soit t"
)
_ENGLISH_QUESTION_WORDS = (
    "can could did do does how i may must should what when where which who whom whose why you"
)
_QUESTION_WORDS = frozenset(_FRENCH_QUESTION_WORDS.split() + _ENGLISH_QUESTION_WORDS.split())
"""Words that ask: left out of a query that has others, kept in texts and phrases."""

_KEPT = frozenset({"innov'up", "p'ins", "aujourd'hui"})
"""Words with an apostrophe that are one word. "R&D" and "FSE+" are kept by their form."""
_UNSTEMMED = frozenset({"ccis", "esus", "ess", "sse", *_KEPT})
"""Acronyms that a stemmer would take for plurals."""
_SHORTEST_STEMMED = 4

_APOSTROPHES = "'\u2019\u2018\u02bc\u2032\u00b4\u0060\uff07"
_ELIDED = frozenset({*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"})
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_NOT_LETTERS = "_\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089"  # index digits mark footnotes
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o"})


class Token(NamedTuple):
    """A searchable word: ``text`` (folded, stemmed) at ``position``, read from ``[start:end]``.

    Positions count words; stop words are left out but keep theirs, so that phrases stay exact.
    ``word`` is the word folded but not stemmed, for prefixes and spelling.
    """

    text: str
    position: int
    start: int
    end: int
    word: str


def analyse(text: str, lang: str, *, stop_words: bool = False) -> list[Token]:
    """Return the tokens of ``text`` in its language (BCP 47; unknown or "": folded only).

    Accents, case, kind of apostrophe, elided articles and NFC or NFD never change the tokens'
    texts and positions. Offsets count code points of ``text`` and exclude an elided article.
    ``stop_words`` keeps them.
    """
    language = lang.partition("-")[0].lower()
    dropped = frozenset() if stop_words else _STOP_WORDS.get(language, frozenset())
    return [
        Token(_stem(word, language), position, start, end, word)
        for position, (start, end, word) in enumerate(_words(text))
        if word not in dropped
    ]


def name_key(name: str) -> str:
    """Return the words of a name without articles and link words: equal keys are the same name.

    "le Dispositif local d’accompagnement" and "dispositif local accompagnement" have one key.
    """
    words = [word for _, _, word in _words(name)]
    return " ".join([w for w in words if not is_stop_word(w)] or words)


def is_stop_word(word: str) -> bool:
    """Whether a folded word is left out of names and passages in any query language."""
    return word in _ALL_STOP_WORDS


def is_question_word(word: str) -> bool:
    """Whether a folded word of a query asks for something and is not what is looked for."""
    return word in _QUESTION_WORDS


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """Return ``word`` without accents, case, ligatures and marks; may be empty.

    Letters of any script, digits, ``&``, ``+`` and an inner apostrophe are kept.
    """
    decomposed = unicodedata.normalize("NFKD", word.translate(_LIGATURES))
    folded = unicodedata.normalize("NFKD", decomposed.casefold())
    kept = "".join("'" if c in _APOSTROPHES else c for c in folded if _is_kept(c))
    return kept.strip("'")


def _is_kept(char: str) -> bool:
    return char.isalnum() or char in "&+" or char in _APOSTROPHES


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, folded word) of each word, an elided article before it taken off."""
    for match in _pattern().finditer(text):
        chunk = match.group()
        kind = match.lastgroup
        if kind == "joined":
            yield from _apostrophe_parts(chunk, match.start())
            continue
        word = fold_word(chunk.replace(".", "") if kind == "dotted" else chunk)
        if word:
            yield match.start(), match.end(), word


def _apostrophe_parts(chunk: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Split "l'innovation", "Avise's" and "entr'aide"; keep "aujourd'hui" and "P'INS" whole."""
    parts = [(m.start() + start, m.end() + start, m.group()) for m in _parts().finditer(chunk)]
    folded = [*(fold_word(part) for _, _, part in parts), ""]
    at = 0
    while at < len(parts):
        first, word, following = at, folded[at], folded[at + 1]
        at += 1
        if f"{word}'{following}" in _KEPT:
            word = f"{word}'{following}"
            at += 1
        elif following and word in _ELIDED:
            continue
        if word:
            yield parts[first][0], parts[at - 1][1], word
        if at == len(parts) - 1 and following == "s":
            return  # the English possessive


@lru_cache(maxsize=65_536)
def _stem(word: str, language: str) -> str:
    algorithm = _STEMMERS.get(language)
    if algorithm is None or len(word) < _SHORTEST_STEMMED or word in _UNSTEMMED:
        return word
    if not word.isalpha():
        return word
    # A stemmer object must not be shared between threads; the cache makes a new one cheap enough.
    return str(Stemmer(algorithm).stemWord(word))


@cache
def _marks() -> str:
    """Combining marks and invisible characters, as the inside of a character class.

    Python's ``\\w`` leaves them out, so a decomposed "é" would end the word.
    """
    ranges: list[tuple[int, int]] = []
    for code in range(0x300, 0x1_0000):
        if unicodedata.category(chr(code)).startswith("M"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = (ranges[-1][0], code)
            else:
                ranges.append((code, code))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges) + _INVISIBLE


@cache
def _pattern() -> re.Pattern[str]:
    """Words; quantifiers are possessive, so that no text makes the search step back."""
    char, marks = rf"[^\W{_NOT_LETTERS}{_APOSTROPHES}]", rf"[{_marks()}]"
    run = rf"{char}++(?:{marks}++{char}*+)*+"
    letter = rf"[^\W\d{_NOT_LETTERS}{_APOSTROPHES}]{marks}*+"
    few = rf"(?:{char}{marks}*+){{1,3}}+"
    plus = rf"(?:\+(?!{char}|\+))?"
    plain = r"[A-Za-zÀ-ÖØ-öø-ÿ]{2,}+(?=[\s,;:!?)])"  # nearly every word: tried first
    return re.compile(
        rf"(?P<plain>{plain})"
        rf"|(?P<dotted>{letter}(?:\.{letter})++\.?(?!{char}))"
        rf"|(?P<linked>{few}(?:&{few})++(?!{char}))"
        rf"|(?P<joined>{run}(?:[{_APOSTROPHES}]{run})++{plus})"
        rf"|(?P<word>{run}{plus})"
    )


@cache
def _parts() -> re.Pattern[str]:
    return re.compile(rf"[^{_APOSTROPHES}]+")
