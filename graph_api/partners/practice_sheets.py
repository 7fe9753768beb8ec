"""The field's own form, the practice sheet of twelve questions, as statements of a partner.

A practice is ``{prefix}practice/{slug}``, an answer ``…#{question}``; under a prefix that ends in ``#``
both are addresses of their own. What the sheet says in words stays in its language; nothing is guessed.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import pyoxigraph as ox

from corpus.practice_sheet import LEAST, QUESTIONS, PracticeForm, load_practice_form
from graph_api.partners.practice_entries import Entry, entries_of
from graph_api.partners.rules import Finding, Refusal, in_words
from ontology import terms as mln
from ontology.folding import slugify
from ontology.iris import Iris
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    DCTERMS_MODIFIED,
    DCTERMS_SOURCE,
    RDF_TYPE,
    SKOS_PREF_LABEL,
    XSD_DATE,
    XSD_INTEGER,
)

__all__ = ["SheetOrigin", "read_practices"]

_CREATOR = (
    "http://purl.org/dc/elements/1.1/creator"  # its value is a text, other than dcterms:creator's
)
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\.?")
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


@dataclass(frozen=True, slots=True)
class SheetOrigin:
    """Whose sheet it is: the partner's ``prefixes`` and ``languages``; ``base`` is that of our IRIs."""

    prefixes: Sequence[str]
    languages: Sequence[str]
    base: str


@dataclass(slots=True)
class _Practice:
    lang: str
    said: dict[str, str]
    title: str
    unread: list[Entry]
    line: int


def read_practices(
    data: bytes, syntax: str, origin: SheetOrigin, most_bytes: int
) -> tuple[list[ox.Triple], list[Finding]]:
    """Return what the sheets in a file say, and remarks on them.

    Raises:
        Refusal: it cannot be read, is no practice sheet, or holds two where one is meant.
    """
    form = load_practice_form()
    practices = [
        _practice(entries, form, origin.languages)
        for entries in entries_of(data, syntax, form, most_bytes)
        if entries
    ]
    triples: list[ox.Triple] = []
    notes: list[Finding] = []
    taken: dict[str, int] = {}
    for practice in practices:
        record = _address(practice, origin.prefixes)
        if record in taken:
            raise Refusal(
                "no-sheet",
                f"The practices in lines {taken[record]} and {practice.line} have the same name.",
            )
        taken[record] = practice.line
        triples += _statements(practice, record, data, origin)
        notes += _notes(practice, record)
    if not triples:
        raise Refusal("empty", "The file says nothing.")
    return triples, notes


def _practice(entries: list[Entry], form: PracticeForm, preferred: Sequence[str]) -> _Practice:
    headings = [entry.heading for entry in entries]
    lang = form.language(headings, preferred)
    practice = _Practice(lang, {}, "", [], entries[0].line)
    for entry, key in zip(entries, form.keys(headings, lang), strict=True):
        if not key:
            if entry.heading and entry.level and not practice.title:
                practice.title = entry.heading
                entry = Entry("", entry.line, texts=entry.texts)
            if entry.text:
                practice.unread.append(entry)
        elif key in practice.said:
            raise Refusal(
                "no-sheet",
                f"The question in line {entry.line} is answered twice: send each practice in a file of its own.",
            )
        elif entry.text:
            practice.said[key] = entry.text
    found = len(practice.said.keys() & set(QUESTIONS))
    if found < LEAST:
        raise Refusal(
            "no-sheet",
            f"The file is no practice sheet: from line {practice.line} on, {found} of the twelve questions "
            f"were found with an answer; at least {LEAST} are needed.",
        )
    return practice


def _labels(practice: _Practice) -> dict[str, str]:
    labels = {practice.lang: " ".join((practice.said.get("name") or practice.title).split())}
    for lang in ("fr", "en"):
        if f"name-{lang}" in practice.said:
            labels[lang] = " ".join(practice.said[f"name-{lang}"].split())
    return {lang: label for lang, label in labels.items() if label}


def _address(practice: _Practice, prefixes: Sequence[str]) -> str:
    labels = _labels(practice)
    own = labels.get(practice.lang, "")
    name = own or next(iter(labels.values()), "")
    if not name:
        raise Refusal(
            "no-sheet",
            f"The practice in line {practice.line} has no name: write it as the title of the document or "
            "under “Name”.",
        )
    # Letters of other scripts cannot be folded; the name's hash lasts as long as the name.
    slug = slugify(name)
    if len(slug) < len(name) / 2:
        slug = hashlib.sha256(name.encode()).hexdigest()[:16]
    prefix = next((each for each in prefixes if each.endswith("/")), "")
    return f"{prefix}practice/{slug}" if prefix else f"{prefixes[0]}practice-{slug}"


def _statements(
    practice: _Practice, record: str, data: bytes, origin: SheetOrigin
) -> Iterator[ox.Triple]:
    said, lang = practice.said, practice.lang
    yield _link(record, RDF_TYPE, mln.GoodPractice)
    for tag, label in _labels(practice).items():
        yield _text(record, SKOS_PREF_LABEL, label, tag)
    if "summary" in said:
        yield _text(record, DCTERMS_DESCRIPTION, said["summary"], lang)
    yield _link(record, DCTERMS_SOURCE, _web(said.get("source", "")) or _named_by_hash(data))
    if day := _day(said.get("date", "")):
        yield _literal(record, DCTERMS_MODIFIED, day, XSD_DATE)
    if actor := said.get("actor"):
        address = _web(actor)
        yield (
            _link(record, mln.implementedBy, address)
            if address
            else _text(record, _CREATOR, " ".join(actor.split()), lang)
        )
    iris = Iris(origin.base)
    for position, question in enumerate(QUESTIONS, start=1):
        if question not in said:
            continue
        part = f"{record}-{question}" if "#" in record else f"{record}#{question}"
        yield _link(record, mln.hasPracticePart, part)
        yield _link(part, RDF_TYPE, mln.PracticePart)
        yield _link(part, mln.question, iris.concept("practice-questions", question))
        yield _literal(part, mln.position, str(position), XSD_INTEGER)
        yield _text(part, mln.answer, said[question], lang)


def _notes(practice: _Practice, record: str) -> Iterator[Finding]:
    for entry in practice.unread:
        yield _remark(
            record,
            "unread",
            "warning",
            f"What stands from line {entry.line} on is under none of the sheet's headings: it was not taken in.",
        )
    if "date" in practice.said and not _day(practice.said["date"]):
        yield _remark(
            record, "no-date", "warning", "The date cannot be read: write it as 2026-03-12."
        )
    if "source" in practice.said and not _web(practice.said["source"]):
        yield _remark(
            record, "no-source", "warning", "The source is no web address: write it with https://."
        )
    if missing := [str(QUESTIONS.index(q) + 1) for q in QUESTIONS if q not in practice.said]:
        sentence = f"Questions without an answer: {', '.join(missing)}."
        yield _remark(record, "unanswered", "info", sentence)


def _remark(record: str, rule: str, severity: str, sentence: str) -> Finding:
    """A remark quotes nothing: a record that is left out is not told in a report."""
    return Finding(record, rule, severity, messages=in_words(sentence))


def _web(text: str) -> str:
    """The address that a text is; empty if it is none."""
    address = text.strip().strip("<>")
    if _NO_IRI.search(address):
        return ""
    try:
        parts = urlsplit(address)
        return address if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _named_by_hash(data: bytes) -> str:
    """The name of a file that has no address (RFC 6920, 3)."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"ni:///sha-256;{digest}"


def _day(text: str) -> str:
    text = text.strip()
    if found := _DAY.fullmatch(text):
        text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _link(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def _text(subject: str, predicate: str, value: str, lang: str) -> ox.Triple:
    literal = ox.Literal(value, language=lang)
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), literal)


def _literal(subject: str, predicate: str, value: str, datatype: str) -> ox.Triple:
    literal = ox.Literal(value, datatype=ox.NamedNode(datatype))
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), literal)
