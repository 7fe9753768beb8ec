"""Sentence boundaries of French and English text, as exact slices of it.

Rules, no model: a boundary is a full stop, question or exclamation mark or ellipsis, with what
closes it (quotes, brackets, footnote marks), before white space and something that may open a
sentence. Abbreviations of both languages hold everywhere, because reports quote each other.
Linear in the length of the text.
"""

import re

__all__ = ["skip_marker", "split_sentences"]

# A mark of end, then what belongs to the sentence it ends, then the white space behind. The
# look-behind and the possessive quantifiers keep long runs of dots or brackets linear.
_END = re.compile(
    r"(?<![.!?…])(?P<mark>[.!?…]++)"
    r"(?P<closers>(?:[\"”’')\]*_⁰¹²³⁴-⁹]|[  \u202f]?»|</?[a-z]{1,4}>|\[\d{1,3}\]"
    r"|(?<=[^\W\d_][.])\d{1,2}(?=\s))*+)"
    r"(?P<space>\s++)"
)
_OPENERS = re.compile(r"(?:[\"«“‘'(\[*_\s]|</?[a-z]{1,4}>){0,12}")
_WORD_BEFORE = re.compile(r"[^\s(«“\"‘'’\[<>/]{1,20}\Z")
_ENUMERATOR = re.compile(r"(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])(?:\.\d{1,3})*\Z")
_MARKER = re.compile(
    r"(?:>\s?)*"
    r"(?:#{1,6}\s+|(?:[-*+–—→✓·]\s+|[•▪◦‣●○■□◼➢➤➔❖]\s*)(?:o\s+)?)?"
    r"(?:(?:\*\*)?\(?(?:\d{1,3}|[a-z])[.)](?:\*\*)?\s+|\d{1,2}°\s+)?\s*"
)

# Never the end of a sentence: something must follow.
_ALWAYS = frozenset(
    """
    mm mme mmes mlle mlles dr drs mgr st ste mr mrs prof
    art arts p pp vol cf ex p.ex par.ex e.g i.e eg ie viz vs resp env fig tab chap sect éd éds eds
    dir coord trad av bd tél tel réf approx n° nº c.-à-d c-à-d j.-c
    janv févr fév avr juil sept oct nov déc feb jan aug dec
    """.split()  # noqa: SIM905 - a list of words is read and changed more easily as words
)
# Only with a capital ("Me Dupont", "Pr. Durand"): in lower case these are common words.
_TITLES = frozenset(["M", "Me", "Pr", "Ms", "Gen", "Col", "Lt", "Hon", "Rev", "Ch"])
# Only before a number: "no. 5", "n. 12", "nos. 3", "No. 10".
_COUNTING = frozenset(["n", "no", "nos", "num", "l", "r", "d", "al", "op", "t", "col", "ch", "pg"])
_MANY_DOTS = re.compile(r"(?:[A-Za-z]\.-?)+[A-Za-z]\Z")


def split_sentences(
    text: str, start: int, end: int, lang: str = "", *, by_line: bool = False, whole: bool = False
) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]`` as sorted, disjoint, non-empty spans.

    Each span begins and ends with a character that is not white space; list bullets and heading
    marks in front of the first are left out. ``by_line`` takes each line for one sentence (table
    rows), ``whole`` the whole slice (headings). ``lang`` is there for languages whose marks differ;
    French and English share all rules.
    """
    if by_line:
        return _split_lines(text, start, end)
    start = skip_marker(text, start, end)
    spans: list[tuple[int, int]] = []
    if not whole:
        for match in _END.finditer(text, start, end):
            if match.end() < end and _is_boundary(text, start, end, match):
                _append(spans, text, start, match.start("space"))
                start = match.end()
    _append(spans, text, start, end)
    return spans


def skip_marker(text: str, start: int, end: int) -> int:
    """Return the offset behind the bullet, number or heading mark that opens ``text[start:end]``.

    A slice that is nothing but marks keeps them: the result is then ``start``.
    """
    match = _MARKER.match(text, start, end)
    return match.end() if match and match.end() < end else start


def _split_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        if any(map(str.isalnum, text[position:stop])):  # not the rule under a table's head
            _append(spans, text, position, stop)
        position = stop + 1
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _is_boundary(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    opened = _OPENERS.match(text, match.end(), end)
    following = opened.end() if opened else match.end()
    if following < end and text[following].islower():
        return False
    if match["mark"] != ".":
        return True
    before = _WORD_BEFORE.search(text[max(start, match.start() - 24) : match.start()])
    if before is None:
        return True
    word = before[0].strip("*_")
    if _is_abbreviation(word, text[following : following + 1]):
        return False
    # A number at the very start of a sentence counts what follows: "5.2.1. Actions".
    opening = text[max(start, match.start() - 24) : match.start()]
    alone = match.start() - start < 24 and opening.strip(" *_\t\n") == word
    return not (alone and _ENUMERATOR.match(word))


def _is_abbreviation(word: str, following: str) -> bool:
    """Tell whether the full stop behind ``word`` belongs to it."""
    key = word.lower()
    if key in _ALWAYS or word in _TITLES or (len(word) == 1 and word.isupper()):
        return True
    if key in _COUNTING:
        return following.isdigit()
    return bool(_MANY_DOTS.match(word)) and word.upper() == word  # U.S., J.-C.
