"""Names that may not be read any more: found however they are printed, and blacked out in place.

Pure. A blacked-out text has the length and the white space of the text it was, so every offset holds.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from ontology.folding import fold

__all__ = ["BLACK", "Masks"]

BLACK = "█"
"""What stands for each character of a name."""

_WORD = re.compile(r"[\w\u0300-\u036f]+")
_BETWEEN = re.compile(r"[^\w]{1,5}")
_LETTER = re.compile(r"\S")


class Masks:
    """Blacks out names: whole words, whatever their accents and capitals, also last name first."""

    def __init__(self, names: Iterable[str]) -> None:
        """Names of several words, or of one that a person gave for itself."""
        every = {tuple(fold(name).split()) for name in names}
        every |= {(*words[-1:], *words[:-1]) for words in every}
        self._names = sorted((words for words in every if words), key=lambda w: (-len(w), w))
        self._by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for words in self._names:
            self._by_first[words[0]].append(words)

    def __bool__(self) -> bool:
        return bool(self._names)

    @property
    def key(self) -> str:
        """Tells these names from others without telling them; empty where there are none."""
        if not self._names:
            return ""
        return hashlib.sha256(repr(self._names).encode()).hexdigest()[:16]

    def found(self, text: str) -> bool:
        """Whether a text names one of them."""
        return bool(self._names) and next(self._spans(text), None) is not None

    def hide(self, text: str) -> str:
        """Return a text with the names blacked out."""
        if not self._names:
            return text
        parts: list[str] = []
        done = 0
        for start, end in self._spans(text):
            parts += [text[done:start], _LETTER.sub(BLACK, text[start:end])]
            done = end
        return "".join([*parts, text[done:]]) if parts else text

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        tokens = [
            (word, match.start(), match.end())
            for match in _WORD.finditer(text)
            for word in fold(match[0]).split()
        ]
        at = 0
        while at < len(tokens):
            length = self._length(text, tokens, at)
            if length:
                yield tokens[at][1], tokens[at + length - 1][2]
            at += length or 1

    def _length(self, text: str, tokens: list[tuple[str, int, int]], at: int) -> int:
        """How many tokens from ``at`` are a name; 0 where none begins there."""
        for words in self._by_first.get(tokens[at][0], ()):
            here = tokens[at : at + len(words)]
            if tuple(word for word, _, _ in here) == words and all(
                before[1:] == after[1:] or _BETWEEN.fullmatch(text, before[2], after[1])
                for before, after in pairwise(here)
            ):
                return len(words)
        return 0
