"""Correction of words that the index does not know: the commonest word one edit away."""

import string
from collections.abc import Callable, Iterator

__all__ = ["correct", "neighbours"]

_LETTERS = string.ascii_lowercase + string.digits
_SHORTEST = 4
_LONGEST = 32


def correct(word: str, frequency: Callable[[str], int]) -> str | None:
    """Return the most frequent neighbour of a folded word, or None.

    ``frequency`` tells how many entries hold a word. Words of fewer than four letters, and numbers,
    are left alone: nearly everything is their neighbour.
    """
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
        return None
    best, best_frequency = None, 0
    for candidate in sorted(set(neighbours(word))):
        found = frequency(candidate)
        if found > best_frequency:
            best, best_frequency = candidate, found
    return best


def neighbours(word: str) -> Iterator[str]:
    """Yield the words one deletion, swap, replacement or insertion away, some more than once."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
