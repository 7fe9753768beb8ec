"""Prints the fingerprint of a report's sentence, for editors of sheets; writes nothing.

Run ``python -m corpus.cite REPORT.txt "some words"``: every sentence or list item that holds the
words is shown with its fingerprint and its offsets.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ontology.folding import fingerprint, fold

__all__ = ["Sentence", "find_sentences", "main", "split_sentences"]

_BLOCK = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z)|(?<=[\w,’'][\n])\n(?=[a-zà-ÿœ]))+")
_LINE_START = re.compile(r"\n(?=[ \t]*(?:[-•*➤>o✓]|\d+[.)°]|#+|\|)[ \t])")
_MARKER = re.compile(r"[ \t]*(?:(?:[-•*➤>o✓#|]+|\d+[.)])[ \t]+)*")
_END = re.compile(r"[.!?…]+(?:[\"”»’)\]*_]|<[^>]*>|\[[^\]]*\])*(?=\s+[\"“«‘(\[*]*[A-ZÀ-ÝŒ0-9])")
_FOOTNOTE = re.compile(r"(?:<sup>\[?\d+\]?</sup>|[⁰¹²³⁴-⁹])+$")
_ABBREVIATIONS = frozenset(
    {"M", "Mme", "MM", "Dr", "St", "cf", "e.g", "i.e", "ex", "etc", "vs", "sq", "n", "no", "p"}
    | {"pp", "art", "Art", "L", "R", "D", "Tél"}
)


class Sentence(NamedTuple):
    """A slice of the report: code-point offsets, and the text between them."""

    start: int
    end: int
    text: str

    @property
    def fingerprint(self) -> str:
        """As a sheet's citation writes it."""
        return fingerprint(self.text)


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences, headings and list items of a text, in its order.

    A sentence may run over a line's end; over an empty line only where a page was broken in the
    middle of it (no full stop before, a small letter after). List markers, heading marks and the
    footnote mark behind a full stop stay outside.
    """
    for block in _BLOCK.finditer(text):
        edges = [block.start(), *(m.end() for m in _LINE_START.finditer(block.group()))]
        edges[1:] = [edge + block.start() for edge in edges[1:]]
        for start, end in zip(edges, [*edges[1:], block.end()], strict=True):
            yield from _sentences_of(text, start, end)


def _sentences_of(text: str, start: int, end: int) -> Iterator[Sentence]:
    marker = _MARKER.match(text, start, end)
    begin = marker.end() if marker else start
    for stop in _END.finditer(text, begin, end):
        if not _ends_in_abbreviation(text, begin, stop.start()):
            yield from _trimmed(text, begin, stop.end())
            begin = stop.end()
    yield from _trimmed(text, begin, end)


def _ends_in_abbreviation(text: str, begin: int, stop: int) -> bool:
    word = re.search(r"([\w.]+)$", text[begin:stop])
    return word is not None and word.group(1) in _ABBREVIATIONS


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    end -= len(text[start:end]) - len(_FOOTNOTE.sub("", text[start:end]))
    if fold(text[start:end]):
        yield Sentence(start, end, text[start:end])


def find_sentences(text: str, words: str) -> list[Sentence]:
    """Return the sentences whose folded text holds the folded words, in the text's order."""
    wanted = fold(words)
    return [s for s in split_sentences(text) if wanted in fold(s.text)]


def main(arguments: Sequence[str]) -> int:
    """Print one block a match. Returns 0, 1 when no sentence holds the words, 2 on misuse."""
    if len(arguments) != 2:
        sys.stderr.write('usage: python -m corpus.cite REPORT.txt "some words"\n')
        return 2
    try:
        text = Path(arguments[0]).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{arguments[0]}: cannot be read: {error}\n")
        return 2
    found = find_sentences(text, arguments[1])
    for sentence in found:
        sys.stdout.write(f"{sentence.fingerprint}\n  {sentence.start}-{sentence.end}\n")
        sys.stdout.write(f"  {' '.join(sentence.text.split())}\n\n")
    if not found:
        sys.stderr.write("no sentence holds these words\n")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
