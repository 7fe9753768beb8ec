"""Key figures: number phrases with value, unit and period, and what is measured by them."""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ingest.clauses import Argument, Clause
from ingest.document import Block, Document
from ingest.extract.amounts import Quantity, find_quantities
from ingest.extract.classes import family_of
from ingest.extract.dates import find_dates
from ingest.extract.lexicon import Lexicon
from ingest.extract.triggers import lexis_of
from ingest.extraction import Figure, Mention
from ingest.names import SKIPPED
from ingest.relation import Relation, arguments_of
from ingest.templates.filling import Sheet
from ingest.topics import Topics
from ontology import terms as mln
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Claim, Iri

__all__ = ["figure_claims", "find_figures"]

_SUBJECTS = frozenset(("Actor", "Programme", "Event"))
_CONFIDENCE: Final = 0.8
_LEAD = re.compile(r"[\W_]*")
_OF = re.compile(
    r"\s*(?:of|de|du|des|d[’']|in|at|from)\s*(?:the\s+|la\s+|le\s+|l[’'])?(?:programme\s+)?[*«“\"]*",
    re.IGNORECASE,
)
_RULE: Final = "figure-sentence"


def find_figures(
    document: Document,
    mentions: Sequence[Mention],
    relations: Sequence[Relation],
    lexicon: Lexicon,
    sheets: Sequence[Sheet],
    iris: Iris,
) -> list[Figure]:
    """Return the figures of ``document`` in reading order, the years of relations among them.

    ``mentions`` are in reading order. A figure is of the one body, programme or event that its
    sentence names; where the sentence names none, of the sheet's or the heading's.
    """
    found: dict[tuple[int, int], Figure] = {}
    for relation in relations:
        if relation.year_span is not None:
            start, end = relation.year_span
            year = document.text[start:end]
            label = lexicon.label(relation.subject, document.lang) or ""
            found[start, end] = Figure(start, end, year, year, "year", "", relation.subject, label)
    reader = _Reader(document, mentions, lexicon, sheets, iris)
    for block in document.blocks:
        if block.kind not in SKIPPED:
            for figure in reader.block(block):
                found.setdefault((figure.start, figure.end), figure)
    return [found[span] for span in sorted(found)]


def figure_claims(document: Document, figures: Sequence[Figure]) -> list[Claim]:
    """Return one claim for each figure that has a subject: its passage is its sentence."""
    claims: list[Claim] = []
    spans = sorted(document.sentences())
    starts = [start for start, _ in spans]
    for figure in figures:
        if figure.iri is None or figure.subject is None:
            continue
        at = bisect_left(starts, figure.start + 1) - 1
        start, end = spans[at] if at >= 0 else (figure.start, figure.end)
        claims.append(
            Claim(
                figure.iri, mln.figureOf, figure.subject,
                document.passage(start, max(end, figure.end)), _RULE, _CONFIDENCE,
            )
        )  # fmt: skip
    return claims


class _Reader:
    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        lexicon: Lexicon,
        sheets: Sequence[Sheet],
        iris: Iris,
    ) -> None:
        self._document = document
        self._mentions = mentions
        self._starts = [mention.start for mention in mentions]
        self._lexicon = lexicon
        self._iris = iris
        self._topics = Topics(document, arguments_of(document.text, mentions), sheets)

    def block(self, block: Block) -> Iterator[Figure]:
        """Yield the figures of a block."""
        text, lang = self._document.text, block.lang or self._document.lang
        for start, end in self._document.sentences(block):
            quantities = find_quantities(text, start, end, lang)
            if not quantities:
                continue
            first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
            inside = self._mentions[first:last]
            dates = {date.iso + (f"-{date.until}" if date.until else "")
                     for date in find_dates(text, start, end)}  # fmt: skip
            period = next(iter(dates)) if len(dates) == 1 else ""
            topic = self._topic(start, end, lang)
            for quantity in quantities:
                named, label = self._subject(quantity, inside, topic, lang)
                yield self._figure(quantity, named, label, period, text[start:end])

    def _figure(
        self, q: Quantity, subject: Iri | None, label: str, period: str, sentence: str
    ) -> Figure:
        surface = self._document.text[q.start : q.end]
        value = None if q.value is None else str(q.value)
        iri = self._iri(subject, surface, sentence) if subject and q.unit else None
        return Figure(
            q.start, q.end, surface, value, q.unit, q.currency, subject, label, period, iri
        )

    def _iri(self, subject: Iri, surface: str, sentence: str) -> Iri:
        """Name a figure by what it says and where, never at which offset."""
        known = self._iris.split(subject)
        said = "\n".join((self._document.sha256, fold(surface), fold(sentence)))
        mark = hashlib.sha256(said.encode()).hexdigest()[:12]
        return self._iris.entity("figure", f"{known[1] if known else 'figure'}-{mark}")

    def _subject(
        self, q: Quantity, mentions: Sequence[Mention], topic: Argument | None, lang: str
    ) -> tuple[Iri | None, str]:
        """Return the only thing named before the figure, or behind "of", else the topic."""
        fitting = [m for m in mentions if family_of(m.cls) in _SUBJECTS]
        before = [m for m in fitting if m.end <= q.start]
        behind = [
            m for m in fitting
            if m.start >= q.end and _OF.fullmatch(self._document.text[q.end : m.start])
        ]  # fmt: skip
        pronoun = topic is not None and topic.start < 0
        for group in (behind, [] if pronoun else before):
            labels = {m.entity: m.label for m in group if m.entity is not None and m.asserted}
            if len(labels) == 1:
                return next(iter(labels.items()))
            if group:
                return None, ""
        if topic is None or topic.entity is None or (fitting and not pronoun):
            return None, ""
        return topic.entity, self._lexicon.label(topic.entity, lang) or ""

    def _topic(self, start: int, end: int, lang: str) -> Argument | None:
        """Return what "this scheme" at the head of a sentence means (with a negative start), else
        what the sheet or the heading is about."""
        clause = Clause(self._document.text, start, end, (), lexis_of(lang))
        lead = _LEAD.match(self._document.text, start, end)
        at = lead.end() if lead else start
        for kind, pattern in clause.lexis.topics.items():
            if pattern.match(self._document.text, at, end):
                topic = self._topics.resolve(kind, clause)
                # Unknown what it means: nothing else in the sentence is the subject instead.
                return replace(topic, start=-1) if topic else Argument(-1, 0, None, "")
        return self._topics.sheet_at(start) or self._topics.of_list(
            start, None, _SUBJECTS, loose=False
        )
