"""Fingerprints of sentences, found again in any edition of their report.

A sheet cites a sentence by the number and hash of its folded letters (``ontology.folding``). Here
the document becomes one stream of folded letters that remembers offsets, and windows of that many
letters are hashed wherever a sentence, clause or word may begin. A match is certain: the hash
covers every letter. What a page puts in the middle of a sentence (furniture, notes) is left out in
later tries; the slice then holds it.
"""

import hashlib
import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.document import BlockKind, Document
from ontology.folding import fold_letters

__all__ = ["LetterStream", "anchor"]

_FINGERPRINT = re.compile(r"(\d+)-([0-9a-f]{64})")
_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,40}>")  # as in ontology.folding.fold_letters
_NOTE_DIGITS = re.compile(r"(?<=[^\W\d_A-Z])\d{1,3}(?![\w])|(?<=[.!?»”)])\d{1,3}(?=\s)")
_OPENING = re.compile(r"(?:[\"“‘(\[*_]|«[  \u202f]?)+\Z")
_CLOSING = re.compile(r"(?:[\"”’)\]*_.…⁰¹²³⁴-⁹]|[  \u202f]?[»!?;:]|</[A-Za-z]{1,6}>)*")

_WORD, _CLAUSE = 1, 2
# Where a window may begin and end, from the likely to the possible.
_TRIES = ((_CLAUSE, _CLAUSE), (_CLAUSE, _WORD), (_WORD, _WORD))
_PAGE_ONLY = frozenset({BlockKind.FURNITURE, BlockKind.CONTENTS})


@dataclass(frozen=True, slots=True)
class LetterStream:
    """The folded letters of parts of a text: ``letters[i]`` comes from ``text[offsets[i]]``.

    ``borders[i]`` says what begins at letter ``i`` (1 a word, 2 also a clause, line or block);
    it has one entry more than there are letters.
    """

    letters: bytes
    offsets: "array[int]"
    borders: bytearray

    @classmethod
    def build(cls, text: str, parts: Iterable[tuple[int, int]]) -> "LetterStream":
        """Return the stream of these sorted, disjoint slices; the same letters as ``fold_letters``
        of their concatenation gives, when no tag crosses two of them."""
        letters: list[str] = []
        offsets = array("Q")
        borders = bytearray()
        table = _Table()
        pending = _WORD | _CLAUSE
        for start, end in parts:
            pending = _WORD | _CLAUSE
            for run_start, run_end in _outside_tags(text, start, end):
                for offset in range(run_start, run_end):
                    folded, border = table[text[offset]]
                    if not folded:
                        pending |= border
                        continue
                    letters.append(folded)
                    for _ in folded:
                        offsets.append(offset)
                        borders.append(pending)
                        pending = 0
        borders.append(_WORD | _CLAUSE)
        return cls("".join(letters).encode("ascii"), offsets, borders)

    def find(self, wanted: dict[int, set[str]]) -> Iterator[tuple[str, int, int]]:
        """Yield (fingerprint, start, end) of what is found, removing it from ``wanted``, which
        maps numbers of letters to hashes. Offsets are those of first letter and last letter + 1."""
        for begins, ends in _TRIES:
            starts = [i for i, border in enumerate(self.borders) if border & begins]
            for length in sorted(wanted):
                for first, digest in self._matches(starts, length, ends, wanted[length]):
                    wanted[length].discard(digest)
                    last = first + length - 1
                    yield f"{length}-{digest}", self.offsets[first], self.offsets[last] + 1
                if not wanted[length]:
                    del wanted[length]

    def _matches(
        self, starts: list[int], length: int, ends: int, digests: set[str]
    ) -> Iterator[tuple[int, str]]:
        letters, borders, total = self.letters, self.borders, len(self.letters)
        for first in starts:
            last = first + length
            if last > total:
                return
            if borders[last] & ends:
                digest = hashlib.sha256(letters[first:last]).hexdigest()
                if digest in digests:
                    yield first, digest


class _Table(dict[str, tuple[str, int]]):
    """Folded letters of a character, and the border it makes if it has none."""

    def __missing__(self, char: str) -> tuple[str, int]:
        folded = fold_letters(char)
        if folded or unicodedata.combining(char) or _is_raised(char):
            border = 0
        elif char in "\n\r\f\v\x85\u2028\u2029" or not (char.isspace() or char in "'’"):
            border = _WORD | _CLAUSE
        else:
            border = _WORD
        self[char] = (folded, border)
        return self[char]


def anchor(document: Document, fingerprints: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return, for each fingerprint found, the slice of the sentence in the document's text.

    The slice runs from the first letter (or the quote or bracket before it) to the last letter and
    the marks that close it. ``fold_letters`` of it has the fingerprint's letters, unless page
    furniture, notes or bare note numbers stand inside. A whole sentence of the document comes before
    a part of one, the first of several occurrences before the others. Raises ``ValueError`` for
    what is not a fingerprint.
    """
    wanted: dict[int, set[str]] = defaultdict(set)
    for fingerprint in fingerprints:
        match = _FINGERPRINT.fullmatch(fingerprint)
        if match is None:
            raise ValueError(f"not a fingerprint: {fingerprint!r}")
        if int(match[1]):
            wanted[int(match[1])].add(match[2])
    found = _whole_sentences(document, wanted)
    for parts in _editions(document):
        if not wanted:
            break
        stream = LetterStream.build(document.text, parts)
        for fingerprint, start, end in stream.find(wanted):
            found[fingerprint] = _widen(document.text, start, end)
    return found


def _whole_sentences(document: Document, wanted: dict[int, set[str]]) -> dict[str, tuple[int, int]]:
    """Return what matches a sentence of the document as a whole, removing it from ``wanted``."""
    found: dict[str, tuple[int, int]] = {}
    for start, end in document.sentences() if wanted else ():
        letters = fold_letters(document.text[start:end])
        digests = wanted.get(len(letters))
        digest = hashlib.sha256(letters.encode()).hexdigest() if digests else ""
        if digests and digest in digests:
            found[f"{len(letters)}-{digest}"] = start, end
            digests.discard(digest)
            if not digests:
                del wanted[len(letters)]
    return found


def _editions(document: Document) -> Iterator[list[tuple[int, int]]]:
    """Yield the parts of the text to look in: its running text; that without notes; with note
    numbers taken out; everything."""
    running = [(b.start, b.end) for b in document.blocks if b.kind not in _PAGE_ONLY]
    yield running
    without_notes = [
        (b.start, b.end)
        for b in document.blocks
        if b.kind not in _PAGE_ONLY and b.kind is not BlockKind.FOOTNOTE
    ]
    if len(without_notes) < len(running):
        yield without_notes
    without_numbers = _cut_out(document.text, without_notes, _NOTE_DIGITS)
    if len(without_numbers) > len(without_notes):
        yield without_numbers
    yield [(0, len(document.text))]


def _cut_out(
    text: str, parts: list[tuple[int, int]], pattern: re.Pattern[str]
) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in parts:
        for match in pattern.finditer(text, start, end):
            kept.append((start, match.start()))
            start = match.end()
        kept.append((start, end))
    return [(start, end) for start, end in kept if start < end]


def _outside_tags(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for tag in _MARKUP.finditer(text, start, end):
        yield start, tag.start()
        start = tag.end()
    yield start, end


def _is_raised(char: str) -> bool:
    return unicodedata.decomposition(char).startswith("<super>")


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    opening = _OPENING.search(text[max(0, start - 6) : start])
    closing = _CLOSING.match(text, end)
    return start - (len(opening[0]) if opening else 0), closing.end() if closing else end
