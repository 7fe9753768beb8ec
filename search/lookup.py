"""Ranked matches without facets, snippets of pages or paging: what a query language joins with."""

from dataclasses import dataclass

from search.analysis import QUERY_LANGUAGES
from search.entries import read_payload
from search.hits import SNIPPET_LENGTH
from search.ranking import Plan
from search.records import Record, RecordType
from search.snippets import find_marks, make_snippet

__all__ = ["Match", "Matches", "Said", "make_match"]


@dataclass(frozen=True, slots=True)
class Said:
    """A text that matched, its language ("" for any), and whether it is a preferred name."""

    text: str
    lang: str = ""
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One record that was found.

    ``said`` of an entity are its names that hold a word (none where its description does); of a
    passage the piece around the words, as long as its document's rights allow, else none.
    """

    id: str
    score: float
    said: tuple[Said, ...]
    label: Said
    document: str = ""


@dataclass(frozen=True, slots=True)
class Matches:
    """The best matches, best first, and how many there are in all."""

    total: int
    found: tuple[Match, ...]


def make_match(payload: bytes, score: float, plan: Plan, lang: str) -> Match:
    """Return a found payload as a match; ``lang`` is the language wanted of names, or ""."""
    record = read_payload(payload)
    names = [each for each in _names(record) if not lang or each.lang in (lang, "")]
    label = next(iter(names), Said(""))
    if record.type is RecordType.ENTITY:
        said = tuple(each for each in names if _holds(each, plan))
        return Match(record.id, score, said, label)
    return Match(record.id, score, _piece(record, plan), label, record.document)


def _names(record: Record) -> list[Said]:
    """The labels; the first of a language is the preferred one."""
    found: list[Said] = []
    languages: set[str] = set()
    for text, lang in record.labels:
        found.append(Said(text, lang, lang not in languages))
        languages.add(lang)
    return found


def _holds(name: Said, plan: Plan) -> bool:
    languages = (name.lang,) if name.lang else QUERY_LANGUAGES
    return any(find_marks(name.text, each, plan.marks) for each in languages)


def _piece(record: Record, plan: Plan) -> tuple[Said, ...]:
    length = SNIPPET_LENGTH[record.rights]
    if not record.text or not length:
        return ()
    marks = find_marks(record.text, record.lang, plan.marks)
    parts = make_snippet(record.text, marks, length)
    return (Said("".join(part for part, _ in parts), record.lang),)
