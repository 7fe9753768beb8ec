"""Evaluates a query tree over posting lists, for an engine that has lists but no fitting queries.

Scores are those of BM25 as tantivy counts them (k1 1.2, b .75, the sum of the words' weights for a
phrase), so that the ranking's weights mean the same in every engine.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Protocol

from search.engines.base import (
    Boost,
    Constant,
    DisMax,
    Exclude,
    MatchAll,
    MatchNone,
    Must,
    PhraseQuery,
    Query,
    Should,
    Term,
    TermSet,
)

__all__ = ["Lists", "Scores", "evaluate"]

Scores = dict[int, float]
"""The matching entries' numbers and scores."""

_K1 = 1.2
_B = 0.75


class Lists(Protocol):
    """What is read of an index."""

    def everything(self) -> Iterable[int]:
        """Return the numbers of all entries."""
        ...

    def frequencies(self, field: str, text: str) -> Mapping[int, float]:
        """Return how often each entry holds a token; entries without it are left out."""
        ...

    def positions(self, field: str, text: str) -> Mapping[int, tuple[int, ...]]:
        """Return where each entry holds a token."""
        ...

    def lengths(self, field: str) -> Mapping[int, int]:
        """Return the number of tokens of each entry that has the field."""
        ...

    def average_length(self, field: str) -> float:
        """Return the mean number of tokens over all entries."""
        ...

    def count(self) -> int:
        """Return the number of entries."""
        ...


def evaluate(query: Query, lists: Lists) -> Scores:
    """Return the entries that match, with their scores."""
    match query:
        case Term(field, text):
            found = lists.frequencies(field, text)
            return _scored(found, _rarity(len(found), lists.count()), field, lists)
        case TermSet(field, texts):
            return dict.fromkeys((n for t in texts for n in lists.frequencies(field, t)), 1.0)
        case PhraseQuery():
            return _phrase(query, lists)
        case DisMax(queries):
            return _merged(queries, lists, best=True)
        case Should(queries):
            return _merged(queries, lists, best=False)
        case Must(queries):
            return _all(queries, lists)
        case Exclude(inner, excluded):
            without = evaluate(excluded, lists)
            return {n: s for n, s in evaluate(inner, lists).items() if n not in without}
        case Boost(inner, weight):
            return {n: weight * s for n, s in evaluate(inner, lists).items()}
        case Constant(inner, score):
            return dict.fromkeys(evaluate(inner, lists), score)
        case MatchAll():
            return dict.fromkeys(lists.everything(), 1.0)
        case MatchNone():
            return {}


def _merged(queries: Iterable[Query], lists: Lists, *, best: bool) -> Scores:
    scores: Scores = {}
    for query in queries:
        for number, score in evaluate(query, lists).items():
            before = scores.get(number)
            if before is None:
                scores[number] = score
            else:
                scores[number] = max(before, score) if best else before + score
    return scores


def _all(queries: tuple[Query, ...], lists: Lists) -> Scores:
    parts = sorted((evaluate(query, lists) for query in queries), key=len)
    if not parts:
        return {}
    first, *others = parts
    return {
        number: score + sum(other[number] for other in others)
        for number, score in first.items()
        if all(number in other for other in others)
    }


def _phrase(query: PhraseQuery, lists: Lists) -> Scores:
    if not query.tokens:
        return {}
    field = query.field
    columns = [(shift, lists.positions(field, text)) for shift, text in query.tokens]
    rarity = sum(_rarity(len(column), lists.count()) for _, column in columns)
    shift, rarest = min(columns, key=lambda each: len(each[1]))
    found: dict[int, float] = {}
    for number, places in rarest.items():
        starts = {place - shift for place in places}
        for other_shift, column in columns:
            starts &= {place - other_shift for place in column.get(number, ())}
        if starts:
            found[number] = float(len(starts))
    return _scored(found, rarity, field, lists)


def _rarity(frequency: int, count: int) -> float:
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _scored(found: Mapping[int, float], rarity: float, field: str, lists: Lists) -> Scores:
    if not found:
        return {}
    lengths, average = lists.lengths(field), lists.average_length(field) or 1.0
    factor = rarity * (_K1 + 1)
    return {
        number: factor * often / (often + _K1 * (1 - _B + _B * lengths.get(number, 1) / average))
        for number, often in found.items()
    }
