"""Where a known name stops being one: inside a longer name that nobody has listed.

"Orly" in "Grand Orly Seine Bièvre", "Rhône" in "Auvergne-Rhône-Alpes", "Macif" in "Fondation
Macif": a word printed with a capital directly beside a name, or joined to it by a hyphen, means
that something else is named.
"""

import re
from collections.abc import Callable

from ingest.extract.data import head_classes, small_words
from ontology.folding import fold

__all__ = ["continues_after", "continues_before", "is_hyphenated", "is_title_line"]

_WORD_BEFORE = re.compile(r"([^\W\d_][\w&+’'.]*)( |\*\* | \*\*)$")
_WORD_AFTER = re.compile(r"( |\*\* | \*\*)([^\W\d_][\w&+]*)")
_HYPHENS = "-‐‑"
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•\n\t»”\"]|[-–—*]\s?|\d[.)]\s?)[\s*#>«“]*$")
_BULLET = re.compile(r"[-–—•*➤▪○]\s")
_ARTICLES = frozenset(("La", "Le", "Les", "L’", "L'"))
_OF = frozenset(("de", "la", "du", "des", "l"))
_HEAD_BEFORE_OF = re.compile(r"\b([A-ZÀ-Þ]\w+)\s+(?:de|du|des)\s+(?:la\s+|l[’'])?\Z")
_ENDS_ELIDED = re.compile(r"(?:\b[ldLDnNsSjJ]|\b[Qq]u)[’']")


def is_hyphenated(text: str, start: int, end: int) -> bool:
    """Tell whether hyphens join ``text[start:end]`` to other words ("FEDER-FSE")."""
    return _joined(text, start - 1, -1) or _joined(text, end, 1)


def continues_before(text: str, start: int, taken: Callable[[int], bool]) -> bool:
    """Tell whether the name that starts at ``start`` is the rest of a longer one.

    ``taken(offset)`` says whether a known name covers the offset. "La France s'engage" and "Institut
    de la Banque X" are longer names, too: a capitalised article inside a sentence, a capitalised
    head noun before "de".
    """
    window = text[max(0, start - 60) : start]
    match = _WORD_BEFORE.search(window)
    if match is None:
        return False
    word_start = start - len(window) + match.start(1)
    word = _ENDS_ELIDED.sub("", match[1])
    sentence_initial = _SENTENCE_START.search(text[max(0, word_start - 8) : word_start]) is not None
    if word in _ARTICLES:
        return not sentence_initial
    if fold(word) in _OF:
        head = _HEAD_BEFORE_OF.search(window)
        return head is not None and fold(head[1]) in head_classes()
    if not word[:1].isupper() or fold(word) in small_words() or taken(word_start):
        return False
    if word.endswith("."):
        return False
    return not sentence_initial or fold(word) in head_classes()


def continues_after(text: str, end: int, taken: Callable[[int], bool]) -> bool:
    """Tell whether the name that ends at ``end`` is the beginning of a longer one.

    A capitalised head noun may follow ("the DLA Programme"): it says what is named.
    """
    match = _WORD_AFTER.match(text, end)
    if match is None:
        return False
    word = match[2]
    folded = fold(word)
    if not word[0].isupper() or folded in small_words() or folded in head_classes():
        return False
    return not taken(match.start(2))


def is_title_line(text: str, start: int) -> bool:
    """Tell whether the line around ``start`` is set in capitals or in title case.

    There a capital says nothing about where a name ends.
    """
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", start)
    line = text[left : right if right >= 0 else len(text)].strip()
    if len(line) > 120 or line.endswith((".", ";", ",")) or _BULLET.match(line):
        return False
    if next((c for c in line if c.isalpha()), "a").islower():
        return False
    words = [w for w in re.findall(r"[^\W\d_]{3,}", line) if fold(w) not in small_words()]
    capitals = sum(w[0].isupper() for w in words)
    return len(words) >= 3 and capitals >= 0.8 * len(words)


def _joined(text: str, hyphen: int, step: int) -> bool:
    if not 0 <= hyphen < len(text) or text[hyphen] not in _HYPHENS:
        return False
    beyond = hyphen + step
    return 0 <= beyond < len(text) and text[beyond].isalpha()
