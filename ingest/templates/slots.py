"""What stands in a slot: the slice without its marks, and whether it can be a name."""

import re

from ingest.extract.data import head_classes, small_words
from ontology.folding import fold

__all__ = ["DEFINITE", "bare", "before_bracket", "looks_like_name"]

Span = tuple[int, int]
DEFINITE = re.compile(r"(?:les?|la|the|l[’'])\s*", re.IGNORECASE)
"""A definite article and the space behind it."""
_WORD = re.compile(r"[^\W_][\w’'&.+-]*")
_LONGEST_ITEM = 10


def before_bracket(text: str, span: Span) -> Span:
    """Return a slice up to its bracket."""
    bracket = text.find("(", *span)
    return bare(text, (span[0], bracket)) if bracket > span[0] else span


def bare(text: str, span: Span) -> Span:
    """Leave out white space, marks of bold, quotes and closing punctuation around a slice."""
    start, end = span
    tag = re.compile(r"</?[a-z]{1,6}>|[\s*_«“\"#]|[-–—:]\s")
    while start < end and (match := tag.match(text, start, end)):
        start = match.end()
    while end > start:
        close = re.search(r"(?:</?[a-z]{1,6}>|[\s*_»”\",;.:]|\\)\Z", text[start:end])
        if close is None:
            break
        end = start + close.start()
    return start, end


_NOT_NAMES = re.compile(
    r"^(?:représentants?|membres?|un|une|des|autres?|others?|members?|représentant|other|several|various"
    r"|plusieurs|certains?|any|all|tous?|toutes?|nos|our|their|leurs?|above|the above)\b",
    re.IGNORECASE,
)
_VERBAL = re.compile(
    r"\b(?:est|sont|a|ont|qui|que|dont|pour|is|are|has|have|which|that|who|will|can|be|to|by|par)\b"
)


def looks_like_name(printed: str) -> bool:
    """Tell whether a short text can be a name: capitalised, few words, no verb, no generic noun alone."""
    printed = DEFINITE.sub("", printed.strip(" *_"), count=1) or printed
    words = _WORD.findall(printed)
    if not words or len(words) > _LONGEST_ITEM or len(printed) > 90:
        return False
    if not (words[0][:1].isupper() or words[0][:1].isdigit()) or _NOT_NAMES.match(printed):
        return False
    if printed.rstrip().endswith("?") or _VERBAL.search(printed):
        return False
    content = [w for w in words if fold(w) not in small_words()]
    if not content or all(
        fold(w) in head_classes() or fold(w).rstrip("s") in head_classes() for w in content
    ):
        return False
    return (
        len(content) <= 2
        or sum(w[:1].isupper() for w in content) >= 2
        or fold(words[0]) in head_classes()
    )
