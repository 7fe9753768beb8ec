"""Acronyms that a text defines, and the bracketed equivalents it gives.

``Long Form (ACR)``, ``ACR (Long Form)``, a table row ``ACR<tab>Long Form``, and
``English name (French name, ACR)``. A pair counts only when the acronym's letters are the initials
of the long form's words in their order; articles and prepositions may give one or be skipped.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.extract.classes import family_of
from ingest.extract.data import head_classes, small_words
from ingest.extract.tokens import Token, tokenize
from ontology.folding import fold

__all__ = ["AcronymPair", "Equivalent", "find_equivalents", "find_pairs", "long_form_class"]

_ACRONYM = r"[A-ZÀ-Þ][A-Za-zÀ-ÿ0-9&’'.-]{0,10}[A-Za-zÀ-ÿ0-9+]"
_IS_ACRONYM = re.compile(rf"{_ACRONYM}\Z")
_BRACKET = re.compile(r"\(([^()\n]{2,140})\)")
_TABLE_ROW = re.compile(
    rf"^[ |]*(?P<acronym>{_ACRONYM})[ ]*(?:\t|\|)[ ]*(?P<long>[^\t|\n]{{4,160}})", re.M
)
_BEFORE_BRACKET = re.compile(rf"(?<![\w’'-])(?P<acronym>{_ACRONYM})\s*$")
_PARTS = re.compile(r"\s*[,;:]\s*|\s+[–—-]\s+")
_WRAP = "«»\"“”'’*_ \u00a0"
_STOP = re.compile(r"[.;:!?()\[\]\t|•]|\n\s*\n")
_ROMAN = re.compile(r"[IVXLC]+\Z")
_ARTICLE = re.compile(r"(?:the|an?|les?|la|une?|des|du|of|de|aux?|to|as|by|with|par|avec)\Z")
_WINDOW = 220
_HEAD_WORDS = 6


@dataclass(frozen=True, slots=True, order=True)
class AcronymPair:
    """An acronym and its long form as the text prints them, with the long form's place.

    ``lang`` is the language of the block that defines it.
    """

    acronym: str
    long_form: str
    lang: str
    start: int
    end: int
    acronym_start: int
    acronym_end: int


@dataclass(frozen=True, slots=True, order=True)
class Equivalent:
    """A name that the text explains by another in brackets: the same thing in another language.

    ``head`` stands before the bracket, ``long_form`` and ``acronym`` (either may be ``""``) in it.
    """

    head: str
    long_form: str
    acronym: str
    lang: str
    start: int
    end: int


def find_pairs(text: str, start: int, end: int, lang: str) -> list[AcronymPair]:
    """Return the acronyms that ``text[start:end]`` defines, in reading order."""
    found = [
        *_bracketed(text, start, end, lang),
        *_tabulated(text, start, end, lang),
    ]
    return sorted(set(found), key=lambda pair: (pair.start, pair.end))


def find_equivalents(text: str, start: int, end: int, lang: str) -> list[Equivalent]:
    """Return the names that ``text[start:end]`` repeats in brackets in another language.

    Only brackets that hold a long form with its own acronym count; the head is the noun phrase
    before the bracket, back to its article.
    """
    found: list[Equivalent] = []
    for bracket in _BRACKET.finditer(text, start, end):
        pair = _pair_inside(text, bracket, lang)
        if pair is None:
            continue
        head = _noun_phrase_before(text, start, bracket.start())
        if head is not None:
            found.append(Equivalent(text[slice(*head)], pair.long_form, pair.acronym, lang, *head))
    return found


def long_form_class(long_form: str) -> str | None:
    """Return the class that the head noun of a long form gives it, None where none does.

    The head is the first word in French, the last one, or the one before "of" or "for", in English.
    """
    words = [t.word for t in tokenize(long_form)]
    heads = head_classes()
    if words and words[0] in heads:
        return heads[words[0]]
    if words and words[0].endswith("s") and words[0][:-1] in heads:
        cls = heads[words[0][:-1]]
        # "Établissements publics …": a kind of body, not one.
        return None if family_of(cls) == "Actor" else cls
    before_of = [words[i - 1] for i, w in enumerate(words) if w in ("of", "for") and i > 0][:1]
    french = any(w in ("de", "du", "des", "d", "l", "la", "le", "et", "pour") for w in words)
    last = before_of or ([] if french else words[-1:])
    return heads.get(last[0]) if last else None


def spells(acronym: str, words: Sequence[str], surfaces: Sequence[str]) -> bool:
    """Tell whether ``words`` have the letters of ``acronym`` as initials, all of them in order."""
    letters = _letters(acronym)
    if len(letters) < 2 or not words or words[0][0] != letters[0]:
        return False
    skips = 1 if len(letters) >= 4 else 0
    return _align(letters, 0, words, surfaces, 0, skips)


def _letters(acronym: str) -> str:
    """The letters that stand for words: the capitals of a mixed acronym, else all letters."""
    bare = re.sub(r"[^\w]", "", acronym)
    capitals = "".join(c for c in bare if c.isupper())
    mixed = bare != bare.upper() and not re.fullmatch(r"[A-ZÀ-Þ]+s", bare)
    return fold(capitals if mixed or bare.endswith("s") else bare).replace(" ", "")


def _align(
    letters: str, at: int, words: Sequence[str], surfaces: Sequence[str], index: int, skips: int
) -> bool:
    if at == len(letters):
        return all(word in small_words() for word in words[index:])
    if index == len(words):
        return False
    word = words[index]
    if word[0] == letters[at] and _align(letters, at + 1, words, surfaces, index + 1, skips):
        return True
    # "Conseil supérieur de l'ESS" (CSESS): a word in capitals may give all its letters.
    if (
        len(word) > 1
        and surfaces[index].isupper()
        and letters.startswith(word, at)
        and _align(letters, at + len(word), words, surfaces, index + 1, skips)
    ):
        return True
    if index == 0:
        return False
    if word in small_words():
        return _align(letters, at, words, surfaces, index + 1, skips)
    return skips > 0 and _align(letters, at, words, surfaces, index + 1, skips - 1)


def _is_acronym(text: str) -> bool:
    capitals = sum(c.isupper() for c in text)
    small = sum(c.islower() for c in text)
    return (
        bool(_IS_ACRONYM.match(text))
        and capitals >= 2
        and capitals >= small
        and not _ROMAN.match(text)
    ) or (bool(_IS_ACRONYM.match(text)) and " " not in text and capitals >= 3)


def _bracketed(text: str, start: int, end: int, lang: str) -> Iterator[AcronymPair]:
    for bracket in _BRACKET.finditer(text, start, end):
        inside = _pair_inside(text, bracket, lang)
        if inside is not None:
            yield inside
        first = _first_part(text, bracket)
        if _is_acronym(text[slice(*first)]):
            long_form = _long_form_before(text, start, bracket.start(), text[slice(*first)])
            if long_form is not None:
                yield _pair(text, first, long_form, lang)
        before = _BEFORE_BRACKET.search(text, max(start, bracket.start() - 14), bracket.start())
        if before is not None and _is_acronym(before["acronym"]):
            explained = _explained(text, first, bracket.end(1), before["acronym"])
            if explained is not None:
                yield _pair(text, before.span("acronym"), explained, lang)


def _tabulated(text: str, start: int, end: int, lang: str) -> Iterator[AcronymPair]:
    for row in _TABLE_ROW.finditer(text, start, end):
        if not _is_acronym(row["acronym"]):
            continue
        span = _trim(text, *row.span("long"))
        note = text.find("(", *span)
        if note > span[0]:
            span = _trim(text, span[0], note)
        if _spelled_prefix(text, span, row["acronym"], whole=True) is not None:
            yield _pair(text, row.span("acronym"), span, lang)


def _pair(
    text: str, acronym: tuple[int, int], long_form: tuple[int, int], lang: str
) -> AcronymPair:
    said = re.sub(r"\s+", " ", re.sub(r"\*\*|</?\w+>", "", text[slice(*long_form)]))
    return AcronymPair(
        text[slice(*acronym)].rstrip("s")
        if text[slice(*acronym)][:-1].isupper()
        else text[slice(*acronym)],
        said,
        lang,
        *long_form,
        *acronym,
    )


def _first_part(text: str, bracket: re.Match[str]) -> tuple[int, int]:
    separator = _PARTS.search(text, *bracket.span(1))
    return _trim(text, bracket.start(1), separator.start() if separator else bracket.end(1))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _WRAP:
        start += 1
    while end > start and text[end - 1] in _WRAP:
        end -= 1
    return start, end


def _pair_inside(text: str, bracket: re.Match[str], lang: str) -> AcronymPair | None:
    """Return the pair in ``(French name, ACR)`` or ``(ACR – French name)``."""
    parts: list[tuple[int, int]] = []
    position = bracket.start(1)
    for separator in _PARTS.finditer(text, *bracket.span(1)):
        parts.append(_trim(text, position, separator.start()))
        position = separator.end()
    parts.append(_trim(text, position, bracket.end(1)))
    for one, other in pairwise(parts):
        for acronym, long_form in ((one, other), (other, one)):
            if (
                _is_acronym(text[slice(*acronym)])
                and text[slice(*long_form)].count(" ")
                and _spelled_prefix(text, long_form, text[slice(*acronym)], whole=True)
            ):
                return _pair(text, acronym, long_form, lang)
    return None


def _explained(text: str, first: tuple[int, int], end: int, acronym: str) -> tuple[int, int] | None:
    """Return the long form at the beginning of a bracket, up to a comma where it needs no more."""
    for span in (first, _trim(text, first[0], end)):
        if _spelled_prefix(text, span, acronym, whole=True) is not None:
            return span
    return None


def _spelled_prefix(
    text: str, span: tuple[int, int], acronym: str, *, whole: bool
) -> tuple[int, int] | None:
    """Return the part of ``span`` that ``acronym`` stands for, without a leading article.

    With ``whole`` a complement may follow what the letters cover ("… de l'ESS"), three words long.
    """
    tokens = _tokens(text, *span)
    while len(tokens) > 1 and _ARTICLE.match(tokens[0].word):
        tokens = tokens[1:]
    words, surfaces = _forms(text, tokens)
    for length in range(len(words), max(1, len(words) - 4 if whole else len(words) - 1), -1):
        if spells(acronym, words[:length], surfaces[:length]) and (
            length == len(words) or words[length] in small_words()
        ):
            return tokens[0].start, tokens[-1].end
    return None


def _long_form_before(text: str, start: int, bracket: int, acronym: str) -> tuple[int, int] | None:
    """Return the shortest run of words before ``bracket`` that spells ``acronym``."""
    left = max(start, bracket - _WINDOW)
    stops = [m.end() for m in _STOP.finditer(text, left, bracket)]
    tokens = _tokens(text, stops[-1] if stops else left, bracket)
    if not tokens or text[tokens[-1].end : bracket].strip(_WRAP + "\n"):
        return None
    limit = 2 * len(_letters(acronym)) + 6
    words, surfaces = _forms(text, tokens)
    for first in range(len(tokens) - 2, max(-1, len(tokens) - limit), -1):
        if words[first] in small_words():
            continue
        if spells(acronym, words[first:], surfaces[first:]):
            return tokens[first].start, tokens[-1].end
    return None


def _noun_phrase_before(text: str, start: int, bracket: int) -> tuple[int, int] | None:
    """Return the noun phrase before a bracket: back to its article, or its capitalised words."""
    left = max(start, bracket - 90)
    stops = [m.end() for m in re.finditer(_STOP.pattern + r"|[,«»“”\"]", text[left:bracket])]
    tokens = _tokens(text, left + stops[-1] if stops else left, bracket)
    if not tokens or text[tokens[-1].end : bracket].strip(_WRAP + "\n"):
        return None
    for back in range(1, min(_HEAD_WORDS, len(tokens) - 1) + 1):
        token = tokens[-back - 1]
        if _ARTICLE.match(token.word) and not _is_inner(tokens, len(tokens) - back - 1):
            phrase = _without_container(text, tokens[-back:])
            return (phrase[0].start, phrase[-1].end) if len(phrase) > 1 else None
    return None


def _without_container(text: str, phrase: list[Token]) -> list[Token]:
    """Drop "framework of" from "framework of local hubs": the bracket explains what follows."""
    if text[phrase[0].start : phrase[-1].end].islower():
        links = [
            i for i, token in enumerate(phrase[:-2]) if token.word in ("of", "de", "des", "du")
        ]
        if links:
            return phrase[links[-1] + 1 :]
    return phrase


def _is_inner(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the word links two parts of one name ("Hubs *for* Cooperation", "Agence de")."""
    if tokens[index].word in ("the", "a", "an", "le", "les", "un", "une"):
        return index > 0 and tokens[index - 1].word in ("of", "de", "for", "pour")
    return tokens[index].word in ("of", "de", "du", "des", "la")


def _tokens(text: str, start: int, end: int) -> list[Token]:
    return [t for t in tokenize(text, start, end) if t.word[0].isalnum()]


def _forms(text: str, tokens: Sequence[Token]) -> tuple[list[str], list[str]]:
    return [t.word for t in tokens], [text[t.start : t.end] for t in tokens]
