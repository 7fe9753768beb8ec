"""Snippets: the best stretch of a text, what was found in it marked, and why it was found.

Made from our own analysis of the stored text, so that marks are the words that matched, whichever
engine matched them. Plain text: whoever shows it escapes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search.analysis import Token, analyse
from search.protocol import SnippetPart

__all__ = ["Mark", "Marks", "find_marks", "make_snippet", "quote_matches"]

_LONGEST_TEXT = 20_000
"""Of a longer text only the beginning is looked at, to bound the work for a page of results."""
_BEFORE_FIRST_MARK = 60


@dataclass(frozen=True, slots=True)
class Marks:
    """What a plan looks for: stems, prefixes, whole folded words and phrases of stems.

    Words and phrases map to the bridge they were found through, "" for what was typed.
    """

    stems: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[tuple[str, ...], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A found stretch ``[start:end]``; ``reason`` is the bridge it was found through, or ""."""

    start: int
    end: int
    key: str
    reason: str = ""


def find_marks(text: str, lang: str, marks: Marks) -> list[Mark]:
    """Return what of ``marks`` stands in ``text``, sorted, without overlap."""
    tokens = analyse(text[:_LONGEST_TEXT], lang)
    found = [
        Mark(token.start, token.end, token.text, marks.words.get(token.word, ""))
        for token in tokens
        if token.text in marks.stems
        or token.word in marks.words
        or token.word.startswith(marks.prefixes)
    ]
    for phrase, reason in marks.phrases.items():
        found.extend(_find_phrase(tokens, phrase, reason))
    disjoint: list[Mark] = []
    for mark in sorted(found, key=lambda m: (m.start, -m.end)):
        if not disjoint or mark.start >= disjoint[-1].end:
            disjoint.append(mark)
    return disjoint


def make_snippet(text: str, marks: Sequence[Mark], length: int) -> tuple[SnippetPart, ...]:
    """Return at most ``length`` characters of ``text`` with the most different marks in them.

    White space is shown as single spaces; an ellipsis (counted) stands where text was left out.
    """
    start, end = _best_window(text, marks, length - 2)
    parts: list[SnippetPart] = [("…", False)] if start > 0 else []
    at = start
    for mark in marks:
        if mark.start < start or mark.end > end:
            continue
        parts += [(text[at : mark.start], False), (text[mark.start : mark.end], True)]
        at = mark.end
    parts.append((text[at:end], False))
    if end < len(text.rstrip()):
        parts.append(("…", False))
    return _squeezed(parts)


def quote_matches(text: str, marks: Sequence[Mark], limit: int = 5) -> tuple[str, ...]:
    """Return different marked words as they stand in the text, then the bridges that led there."""
    words: dict[str, str] = {}
    for mark in marks:
        if not mark.reason:
            words.setdefault(mark.key, " ".join(text[mark.start : mark.end].split()))
    reasons = dict.fromkeys(mark.reason for mark in marks if mark.reason)
    return (*tuple(dict.fromkeys(words.values()))[:limit], *reasons)


def _find_phrase(tokens: Sequence[Token], phrase: tuple[str, ...], reason: str) -> list[Mark]:
    size = len(phrase)
    return [
        Mark(tokens[at].start, tokens[at + size - 1].end, " ".join(phrase), reason)
        for at in range(len(tokens) - size + 1)
        if tokens[at].text == phrase[0]
        and tuple(token.text for token in tokens[at : at + size]) == phrase
    ]


def _best_window(text: str, marks: Sequence[Mark], length: int) -> tuple[int, int]:
    """Return the stretch with the most different marks, cut between words."""
    if len(text) <= length:
        return 0, len(text)
    best, best_score = 0, 0
    for mark in marks:
        start = mark.start
        inside = [m for m in marks if m.start >= start and m.end <= start + length]
        score = 10 * len({m.key for m in inside}) + len(inside)
        if score > best_score:
            best, best_score = start, score
    start = min(max(0, best - _BEFORE_FIRST_MARK), len(text) - length)
    last = max((m.end for m in marks if best <= m.start and m.end <= best + length), default=best)
    start = max(start, min(last - length, best))
    if start > 0:
        space = text.find(" ", start, best)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", max(start, last), end)
        end = space if space > 0 else end
    return start, end


def _squeezed(parts: Sequence[SnippetPart]) -> tuple[SnippetPart, ...]:
    """Turn runs of white space into one space, also across parts, and drop empty parts."""
    squeezed: list[SnippetPart] = []
    for text, marked in parts:
        words = " ".join(text.split())
        before = " " if text[:1].isspace() and squeezed and not _ends_blank(squeezed) else ""
        after = " " if words and text[-1:].isspace() else ""
        shown = before + words + after
        if shown:
            squeezed.append((shown, marked))
    if squeezed:
        text, marked = squeezed[-1]
        squeezed[-1] = (text.rstrip(), marked)
    return tuple(part for part in squeezed if part[0])


def _ends_blank(parts: Sequence[SnippetPart]) -> bool:
    return parts[-1][0].endswith(" ")
