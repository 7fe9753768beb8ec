"""Suggestions while a visitor types: labels of entities, concepts and documents."""

from search.analysis import analyse
from search.engines.base import Constant, Must, Reader, Term, TermSet
from search.entries import read_payload
from search.protocol import Suggestion
from search.records import Record

__all__ = ["suggest"]

_LONGEST = 100
_MOST_ENDINGS = 200
_CANDIDATES = 10
"""Records looked at for each suggestion, the heaviest first."""

_Rank = tuple[bool, bool, float, int, str]


def suggest(reader: Reader, q: str, lang: str, limit: int) -> list[Suggestion]:
    """Return at most ``limit`` labels that hold all words of ``q``, the last one maybe unfinished.

    Labels in ``lang`` (or of no language) come first, then labels that begin with ``q``, then the
    heaviest records. A record is suggested once.
    """
    words = _words(q[:_LONGEST])
    if not words or limit < 1:
        return []
    endings = tuple(reader.words("label_words", words[-1], _MOST_ENDINGS))
    if not endings:
        return []
    whole = tuple(Constant(Term("label_words", word)) for word in words[:-1])
    query = Must((*whole, TermSet("label_words", endings)))
    found = reader.search(query, _CANDIDATES * limit, sort="weight")
    ranked = []
    for _, payload in found.entries:
        record = read_payload(payload)
        labels = [
            (_rank(record, label, label_lang, lang, words), label, label_lang)
            for label, label_lang in record.labels
            if _holds(label, words)
        ]
        if labels:
            rank, label, label_lang = min(labels)
            suggestion = Suggestion(label, label_lang, record.id, record.type, record.kind)
            ranked.append((rank, record.id, suggestion))
    ranked.sort(key=lambda row: row[:2])
    return [suggestion for _, _, suggestion in ranked[:limit]]


def _words(text: str) -> list[str]:
    return [token.word for token in analyse(text, "", stop_words=True)]


def _holds(label: str, words: list[str]) -> bool:
    found = _words(label)
    return any(word.startswith(words[-1]) for word in found) and set(words[:-1]) <= set(found)


def _rank(record: Record, label: str, label_lang: str, lang: str, words: list[str]) -> _Rank:
    found = _words(label)[: len(words)]
    begins = found[:-1] == words[:-1] and found[-1].startswith(words[-1])
    return (
        bool(lang) and label_lang not in (lang, ""),
        not begins,
        -record.weight,
        len(label),
        label,
    )
