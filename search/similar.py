"""More like this: a record's own rare words, and the things that it names, become a query.

Pure: records and a vocabulary in, a plan out. What the record names is looked for by its address too,
so that a text in the other language is found.
"""

import math
from collections import Counter
from collections.abc import Sequence

from search.analysis import analyse, is_stop_word
from search.engines.base import Boost, Exclude, MatchNone, Query, Should, Term, TermSet
from search.ranking import Plan, Vocabulary
from search.records import Record
from search.snippets import Marks
from search.thesaurus import Thesaurus

__all__ = ["MOST_PASSAGES", "plan_similar"]

MOST_PASSAGES = 40
"""Passages of a document that are read for its words."""

_MOST_TERMS = 25
_MOST_THINGS = 12
_MOST_CHARACTERS = 20_000
_NAMED_WITHIN = 4_000
"""Characters in which names are looked for."""
_THING = 2.0
"""What a thing that both name counts, beside the words."""


def plan_similar(
    records: Sequence[Record], thesaurus: Thesaurus, vocabulary: Vocabulary, entries: int
) -> Plan:
    """Plan a search for what resembles the records: one, or a document and its passages.

    ``entries`` is how many the index holds. Words that only the records themselves hold say nothing of
    others. The records are left out of what is found.
    """
    if not records:
        return Plan(MatchNone(), Marks(), scored=False)
    stems = _weighed(records, vocabulary, max(entries, 1))
    things = _named(records, thesaurus)
    parts: list[Query] = [Boost(Term("body", stem), weight) for stem, weight in stems]
    parts += [Boost(Term("label", stem), weight) for stem, weight in stems]
    parts += [Boost(Term("about", thing), _THING) for thing in things]
    first = records[0]
    itself = (
        TermSet("document", (first.document,)) if first.document else TermSet("id", (first.id,))
    )
    query: Query = Exclude(Should(tuple(parts)), itself) if parts else MatchNone()
    return Plan(query, Marks(frozenset(stem for stem, _ in stems)))


def _weighed(
    records: Sequence[Record], vocabulary: Vocabulary, entries: int
) -> list[tuple[str, float]]:
    """Return the stems that mark the records out, with their weights: the best has 1."""
    counts: Counter[str] = Counter()
    for text, lang in _texts(records):
        counts.update(t.text for t in analyse(text, lang) if not is_stop_word(t.word))
    scored: list[tuple[float, str]] = []
    for stem, often in counts.items():
        holding = vocabulary.frequency("body", stem) + vocabulary.frequency("label", stem)
        if holding > 1 and len(stem) > 1 and not stem.isdigit():
            rarity = math.log(1 + entries / holding)
            scored.append(((1 + math.log(often)) * rarity, stem))
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:_MOST_TERMS]
    return [(stem, score / best[0][0]) for score, stem in best]


def _named(records: Sequence[Record], thesaurus: Thesaurus) -> list[str]:
    """Return the things that the texts name, the most often named first."""
    counts: Counter[str] = Counter()
    left = _NAMED_WITHIN
    for text, _ in _texts(records):
        if left <= 0:
            break
        counts.update(thesaurus.mentioned(text[:left]))
        left -= len(text)
    own = {record.id for record in records}
    named = [thing for thing, _ in counts.most_common() if thing not in own]
    return named[:_MOST_THINGS]


def _texts(records: Sequence[Record]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    left = _MOST_CHARACTERS
    for record in records:
        # The labels of a passage are its document's.
        labels = () if record.type == "passage" else record.labels
        for text, lang in (*labels, *record.summaries, (record.text, record.lang)):
            if text and left > 0:
                found.append((text[:left], lang))
                left -= len(text)
    return found
