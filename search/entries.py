"""Records as an engine indexes them: the fields, their kinds, and what a match brings back.

Facets are counted on documents and entities, not on passages. An entity's facet values are counted
as they are (``tally``); a passage's and a document's carry their document (``share``), so that the
values listed, not the passages, are what is counted. Exact, in one pass, for every engine.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import blake2b

from search.analysis import QUERY_LANGUAGES, Token, analyse, name_key
from search.engines.base import Entry, FieldKind, Schema
from search.records import Record, RecordType, Rights

__all__ = [
    "SCHEMA",
    "SCHEMA_VERSION",
    "count_units",
    "facet_key",
    "facet_keys",
    "make_document_entries",
    "make_entry",
    "read_payload",
    "read_unit",
]

SCHEMA_VERSION = 3
"""Raised when fields change: an older index is then rebuilt."""

SCHEMA: Schema = {
    "body": FieldKind.TEXT,
    "heading": FieldKind.TEXT,
    "around": FieldKind.TEXT,
    "label": FieldKind.TEXT,
    "words": FieldKind.WORDS,
    "label_words": FieldKind.WORDS,
    "name": FieldKind.EXACT,
    "id": FieldKind.EXACT,
    "document": FieldKind.EXACT,
    "about": FieldKind.EXACT,
    "topic": FieldKind.EXACT,
    "facet": FieldKind.EXACT,
    "tally": FieldKind.COUNTED,
    "share": FieldKind.COUNTED,
    "weight": FieldKind.NUMBER,
}
"""``words`` and ``label_words`` hold folded, unstemmed words: prefixes, spelling, suggestions.

``name`` holds whole names (:func:`search.analysis.name_key`), ``about`` the IRIs of the entities
a record is or mentions, ``topic`` of those that its sections are titled after, ``facet`` pairs like
``theme=mobility`` to filter by. ``around`` holds the titles of the sections around a passage's own."""

_YEARS = re.compile(r"(1[89]\d\d|20\d\d)?\.\.(1[89]\d\d|20\d\d)?")
_FIRST_YEAR, _LAST_YEAR = 1800, 2099
_OWN = ("body", "heading", "label")
_UNIT_FACET = "unit"
_BUNDLED = "\x1e"
_UNIT_LENGTH = 17
"""A counted value of ``share`` ends with a separator and 16 digits that stand for its document."""


def make_document_entries(records: Iterable[Record]) -> list[Entry]:
    """Return the entries of all records of one document.

    What they have in common is one counted value instead of many: counting over many documents
    costs time for each value of each document.
    """
    whole = list(records)
    common = frozenset[tuple[str, str]]().union(*(_facets(record) for record in whole[:1]))
    for record in whole[1:]:
        common &= frozenset(_facets(record))
    return [make_entry(record, common) for record in whole]


def make_entry(record: Record, common: Set[tuple[str, str]] = frozenset()) -> Entry:
    """Return what is indexed for a record; a ``metadata`` document's text is found, never kept.

    ``common`` are the facet values that all records of its document have.
    """
    labels = [analyse(text, lang) for text, lang in record.labels]
    facets = list(_facets(record))
    values: dict[str, Iterable[str]] = {
        "id": [record.id],
        "about": dict.fromkeys(filter(None, (record.entity, *record.mentions))),
        "topic": dict.fromkeys(filter(None, (record.entity, *record.topics))),
        "facet": dict.fromkeys(key for name, value in facets for key in _filter_keys(name, value)),
    }
    if record.type is RecordType.ENTITY:
        values["tally"] = [f"{name}={value}" for name, value in facets]
    else:
        values["document"] = [record.document]
        values["share"] = _shares(record.document, facets, common)
    texts: dict[str, list[Token]] = {"body": _body(record)}
    words: dict[str, list[str]] = {}
    if record.type is RecordType.PASSAGE:
        texts["heading"] = analyse(record.section, record.lang)
        texts["around"] = _joined([analyse(title, record.lang) for title in record.around])
    else:
        texts["label"] = _joined(labels)
        # With stop words: who types a label has got as far as "économie sociale et".
        words["label_words"] = [
            token.word
            for text, lang in record.labels
            for token in analyse(text, lang, stop_words=True)
        ]
        values["name"] = dict.fromkeys(filter(None, (name_key(t) for t, _ in record.labels)))
    words["words"] = [token.word for name in _OWN if name in texts for token in texts[name]]
    return Entry(
        texts,
        words,
        {name: tuple(found) for name, found in values.items()},
        {"weight": record.weight},
        _payload(record),
    )


def facet_key(name: str, value: str) -> str:
    """Return the ``facet`` value that keeps entries with ``value``, a whole value or last segment."""
    return f"{name}={value.casefold()}"


def facet_keys(name: str, value: str) -> tuple[str, ...]:
    """Return the ``facet`` values of a filter: several for years from … to (``2019..2022``, ``2020..``)."""
    years = _YEARS.fullmatch(value.strip()) if name == "year" else None
    if years is None or value.strip() == "..":
        return (facet_key(name, value),)
    first, last = sorted((int(years[1] or _FIRST_YEAR), int(years[2] or _LAST_YEAR)))
    return tuple(facet_key(name, str(year)) for year in range(first, last + 1))


def count_units(
    tally: Mapping[str, int], share: Iterable[str]
) -> tuple[int, dict[str, dict[str, int]]]:
    """Return how many documents match, and per facet how many documents and entities have a value.

    ``tally`` and ``share`` are the counted values of those fields over the same matches.
    """
    counts = Counter(tally)
    for keys, count in Counter(key[:-_UNIT_LENGTH] for key in share).items():
        counts.update(dict.fromkeys(keys.split(_BUNDLED), count))
    documents = counts.pop(f"{_UNIT_FACET}=", 0)
    facets: dict[str, dict[str, int]] = {}
    for key, count in counts.items():
        name, _, value = key.partition("=")
        facets.setdefault(name, {})[value] = count
    return documents, facets


def read_payload(payload: bytes) -> Record:
    """Return the record as it was indexed, less what may not be shown."""
    found = json.loads(payload)
    for name in ("labels", "summaries"):
        found[name] = tuple((text, lang) for text, lang in found.get(name, ()))
    found["around"] = tuple(found.get("around", ()))
    found["type"] = RecordType(found["type"])
    found["rights"] = Rights(found["rights"])
    return Record(**found)


def read_unit(payload: bytes) -> tuple[str, bool]:
    """Return what a record is listed under when documents are listed once, and if it is a passage."""
    found = json.loads(payload)
    return str(found.get("document") or found["id"]), found["type"] == RecordType.PASSAGE


_ALWAYS_KEPT = ("id", "type", "kind", "weight", "rights")
_KEPT = (
    "labels", "text", "lang", "summaries", "document", "start", "end",
    "page", "section", "around", "entity", "year", "publisher",
)  # fmt: skip


def _payload(record: Record) -> bytes:
    kept = {name: getattr(record, name) for name in _ALWAYS_KEPT}
    for name in _KEPT:
        value = getattr(record, name)
        if value not in ("", (), None):
            kept[name] = value
    if record.rights is Rights.METADATA:
        kept.pop("text", None)
    return json.dumps(kept, ensure_ascii=True, separators=(",", ":")).encode()


def _facets(record: Record) -> Iterator[tuple[str, str]]:
    yield "type", record.type.value
    yield "kind", record.kind
    for lang in _languages(record):
        yield "lang", lang
    for name, values in (
        ("theme", record.themes),
        ("territory", record.territories),
        ("stage", record.stages),
        ("audience", record.audiences),
        ("support", record.supports),
        ("country", record.countries),
        ("review", record.reviews),
        ("publisher", (record.publisher,)),
    ):
        yield from ((name, value) for value in dict.fromkeys(values) if value)
    if record.year is not None:
        yield "year", str(record.year)


def _languages(record: Record) -> list[str]:
    """The record's language, or those of its labels; a name of no language is of all of them."""
    if record.lang:
        return [record.lang]
    found = {lang for _, lang in (*record.labels, *record.summaries) if lang}
    return sorted(found or QUERY_LANGUAGES)


def _shares(
    document: str, facets: Iterable[tuple[str, str]], common: Set[tuple[str, str]]
) -> list[str]:
    """Return the counted values of a record: those of its document in one, its own one by one."""
    unit = "\x1f" + blake2b(document.encode(), digest_size=8).hexdigest()
    bundle = [f"{name}={value}" for name, value in sorted(common)]
    own = [f"{name}={value}" for name, value in facets if (name, value) not in common]
    return [f"{key}{unit}" for key in (_BUNDLED.join((*bundle, f"{_UNIT_FACET}=")), *own)]


def _filter_keys(name: str, value: str) -> tuple[str, str]:
    segment = value.rstrip("/").rpartition("/")[2].rpartition("#")[2]
    return facet_key(name, value), facet_key(name, segment or value)


def _body(record: Record) -> list[Token]:
    parts = [(record.text, record.lang), *record.summaries]
    return _joined([analyse(text, lang) for text, lang in parts if text])


def _joined(parts: list[list[Token]]) -> list[Token]:
    """Lay texts behind each other, far enough apart that no phrase spans two."""
    joined: list[Token] = []
    offset = 0
    for tokens in parts:
        joined.extend(t._replace(position=t.position + offset) for t in tokens)
        if tokens:
            offset += tokens[-1].position + 10
    return joined
