"""Forms of lines: text with slots, compiled to a pattern with one group a slot.

``"{person}, {role}, {body}"``: literal text matches itself with any spacing around punctuation and
bold marks anywhere; ``¶`` is a line break. A slot's name up to a digit says what may stand in it
(``name2`` is a ``name``).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["SLOTS", "compile_form"]

_MARK = r"(?:\*\*|__|\*|_|</?[a-z]{1,6}>)*"
_GAP = rf"[ \t\u00a0\u202f]*{_MARK}[ \t\u00a0\u202f]*"
_MONTH = (
    r"(?i:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)"
)
_CAP = r"[A-ZÀ-ÞŒ]"
SLOTS: Final[Mapping[str, str]] = MappingProxyType({
    # two to five capitalised words, with particles
    "person": rf"{_CAP}[\w’'.-]+(?:\s+(?:(?:de|du|des|la|le|d[’']|van|von|El|Ben)\s*)*{_CAP}[\w’'.-]*){{1,4}}",
    "role": r"[^\W\d][^:;()\t\n*<]{2,120}?",
    "body": r"[\w«“\"][^,;:()\t\n*<]{1,90}",
    "name": r"[\wÀ-ÿ«“\"][^:;()\t\n*<]{1,80}?",
    "title": r"[\w«“\"’'‘][^\t\n*<|]{5,220}?",
    "amount": r"(?:€\s?)?\d[\d.,\s\u00a0]*\s*(?:M€|k€|K€|€|euros?|millions? d[’']euros|million euros?|m)",
    "date": rf"(?:(?:updated|mis à jour(?: en)?)\s+)?(?:(?:\d{{1,2}}(?:er)?\s+)?{_MONTH}\s+)?(?:1[89]|20)\d{{2}}",
    "year": r"(?:1[89]|20)\d{2}",
    "text": r"[^\n]*?",
    "label": r"[\w’' -]{2,30}?",
    "number": r"\d{1,3}",
})  # fmt: skip
"""What may stand in a slot, as patterns without groups."""

_SLOT = re.compile(r"\{(?P<name>[a-z]+)\d?\}")


def compile_form(form: str) -> re.Pattern[str]:
    """Return the pattern of a form, to be matched against a whole line (or lines, with ``¶``).

    Raises ``ValueError`` for a slot of unknown kind.
    """
    parts: list[str] = []
    position = 0
    for slot in _SLOT.finditer(form):
        parts.append(_literal(form[position : slot.start()]))
        if slot["name"] not in SLOTS:
            raise ValueError(f"no slot {slot[0]}")
        parts.append(f"(?P<{slot[0][1:-1]}>{SLOTS[slot['name']]})")
        position = slot.end()
    parts.append(_literal(form[position:]))
    # No case is ignored: capitals are what tells names from words.
    return re.compile(rf"{_GAP}{''.join(parts)}{_GAP}\Z")


def _literal(text: str) -> str:
    """Return the pattern of text between slots: words whole, spacing free, a tab as a tab."""
    found: list[str] = []
    for piece in re.split(r"(\t|[^\S\t]+|¶)", text):
        if piece == "¶":
            found.append(rf"{_GAP}\n{_GAP}")
        elif piece == "\t":
            found.append(rf"{_GAP}\t{_GAP}")
        elif piece.isspace():
            found.append(_GAP)
        elif piece.isalnum():
            found.append(rf"{_MARK}(?<!\w)(?i:{re.escape(piece)})(?!\w)")
        elif piece:
            found.append(rf"{_GAP}(?i:{re.escape(piece)}){_GAP}")
    return "".join(found)
