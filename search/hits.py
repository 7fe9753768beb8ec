"""Results: a found record with its label, snippet and the reasons it was found for."""

from collections.abc import Mapping

from search.analysis import QUERY_LANGUAGES, name_key
from search.protocol import Hit, SearchRequest
from search.ranking import Plan
from search.records import Record, RecordType, Rights
from search.snippets import find_marks, make_snippet, quote_matches

__all__ = ["SNIPPET_LENGTH", "make_hit"]

SNIPPET_LENGTH: Mapping[Rights, int] = {Rights.FULL: 300, Rights.QUOTES: 240, Rights.METADATA: 0}
"""Characters of a document's text that a result may show, by its rights policy."""

_MOST_LABELS = 20


def make_hit(record: Record, plan: Plan, request: SearchRequest, score: float) -> Hit:
    """Return a record as a result of a planned query, in the request's language of labels."""
    label, label_lang = _chosen(record.labels, request.ui)
    text, text_lang = record.text, record.lang
    if record.type is RecordType.ENTITY and record.summaries:
        text, text_lang = _chosen(record.summaries, request.ui)
    marks = find_marks(text, text_lang, plan.marks)
    name = _whole_name(record, plan)
    rights = Rights.FULL if record.type is RecordType.ENTITY else record.rights
    length = SNIPPET_LENGTH[rights]
    return Hit(
        id=record.id,
        type=record.type,
        kind=record.kind,
        label=label or record.section,
        lang=record.lang or label_lang,
        document=record.document,
        start=record.start,
        end=record.end,
        page=record.page,
        section=record.section,
        entity=record.entity,
        snippet=make_snippet(text, marks, length) if text and length else (),
        matched=_explained(record, plan, name, quote_matches(text, marks)),
        named=bool(name),
        year=record.year,
        publisher=record.publisher,
        score=score,
    )


def _whole_name(record: Record, plan: Plan) -> str:
    """Return the label that the whole query is, or ""."""
    if not plan.name or record.type is RecordType.PASSAGE:
        return ""
    return next((text for text, _ in record.labels if name_key(text) == plan.name), "")


def _explained(record: Record, plan: Plan, name: str, in_text: tuple[str, ...]) -> tuple[str, ...]:
    """Say what matched: the name, words of labels and section, of the text, then corrections."""
    matched = [name] if name else []
    if not name:
        # The label of a passage is its document's title: shown, but not searched with it.
        labels = () if record.type is RecordType.PASSAGE else record.labels[:_MOST_LABELS]
        for part, lang in (*labels, (record.section, record.lang)):
            languages = (lang,) if lang else QUERY_LANGUAGES
            for language in languages:
                matched += quote_matches(part, find_marks(part, language, plan.marks))
    matched += in_text
    for title in record.around:
        matched += quote_matches(title, find_marks(title, record.lang, plan.marks))
    if matched:
        matched += [f"{typed} → {used}" for typed, used in plan.corrections]
    said: dict[str, str] = {}
    for words in matched:
        said.setdefault(words.casefold(), words)
    return tuple(said.values())


def _chosen(texts: tuple[tuple[str, str], ...], lang: str) -> tuple[str, str]:
    """Return the first text in ``lang``, else one of no language, else English, else any."""
    for wanted in (lang, "", "en"):
        for text, text_lang in texts:
            if text_lang == wanted:
                return text, text_lang
    return texts[0] if texts else ("", "")
