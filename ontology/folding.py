"""Folding: the one way names, quotes and slugs are compared, whatever their accents or typography."""

import hashlib
import re
import unicodedata

__all__ = ["fingerprint", "fold", "fold_letters", "slugify"]

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"}
)
_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,40}>")
_WORD = re.compile(r"[a-z0-9&+]+")


def fold(text: str) -> str:
    """Return the words of ``text`` without accents, case, ligatures or punctuation, single-spaced.

    Words keep ``&`` and ``+``, so that "R&D" and "FSE+" stay different from "RD" and "FSE".
    The result does not depend on the Unicode form (NFC, NFD, NFKC) of the input.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join(_WORD.findall(bare))


def fold_letters(text: str) -> str:
    """Return only the folded letters and digits of ``text``, nothing between them.

    Inline tags and superscript digits (footnote marks) are dropped before: the same sentence gives
    the same letters in a text file, a PDF with hyphenation and an HTML page.
    """
    untagged = _MARKUP.sub("", text)
    bare = "".join(c for c in untagged if not _is_superscript(c))
    return re.sub(r"[^a-z0-9]", "", fold(bare))


def fingerprint(sentence: str) -> str:
    """Return ``"{n}-{hex}"``: how many letters the folded sentence has, and their SHA-256.

    The length lets a reader look for the sentence in a stream of letters without knowing where
    that document's sentences end; see :mod:`ingest.anchors`.
    """
    letters = fold_letters(sentence)
    return f"{len(letters)}-{hashlib.sha256(letters.encode()).hexdigest()}"


def slugify(name: str) -> str:
    """Return ``name`` as the last segment of an IRI: folded, hyphens between words, at most 80 letters."""
    words = fold(name.replace("+", " plus ").replace("&", " et ")).split()
    return "-".join(words)[:80].strip("-")


def _is_superscript(char: str) -> bool:
    return unicodedata.decomposition(char).startswith("<super>")
