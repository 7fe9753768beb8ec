"""Key figures: number phrases with value, unit and period, and what is measured by them."""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ingest.clauses import Argument, Clause
from ingest.document import SKIPPED, Block, BlockKind, Document
from ingest.extract.amounts import Quantity, find_quantities
from ingest.extract.classes import family_of
from ingest.extract.dates import find_dates
from ingest.extract.lexicon import Lexicon
from ingest.extract.triggers import lexis_of
from ingest.extraction import Figure, Mention
from ingest.relation import Relation, arguments_of
from ingest.templates.filling import Sheet
from ingest.topics import Topics
from ontology import terms as mln
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Claim, Iri

__all__ = ["figure_claims", "find_figures"]

_OPENING_LETTERS = 25
"""A name that begins so soon in a sentence opens it: "In 2020, X ..."."""
_NEAR = 90
"""How far behind its subject a figure may stand, in characters."""
_SUBJECTS = frozenset(("Actor", "Programme", "Event"))
_CONFIDENCE: Final = 0.8
_LEAD = re.compile(r"[\W_]*")
_OF = re.compile(
    r"\s*(?:of|de|du|des|d[’']|in|at|from)\s*(?:the\s+|la\s+|le\s+|l[’'])?(?:programme\s+)?[*«“\"]*",
    re.IGNORECASE,
)
_BEHIND, _OPENING, _BEFORE, _PRONOUN, _LIST, _SHEET, _HEADING = (
    f"figure-{origin}"
    for origin in ("behind", "opening", "before", "pronoun", "list", "sheet", "heading")
)
"""The rules, by where the subject was found: how often they are right differs much."""


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
                document.passage(start, max(end, figure.end)), figure.rule, _CONFIDENCE,
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
        self._blocks = [block for block in document.blocks if block.kind not in SKIPPED]

    def block(self, block: Block) -> Iterator[Figure]:
        """Yield the figures of a block."""
        text, lang = self._document.text, block.lang or self._document.lang
        lead = self._lead(block)
        for start, end in self._document.sentences(block):
            quantities = find_quantities(text, start, end, lang)
            if not quantities:
                continue
            first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
            inside = self._mentions[first:last]
            dates = {date.iso + (f"-{date.until}" if date.until else "")
                     for date in find_dates(text, start, end)}  # fmt: skip
            period = next(iter(dates)) if len(dates) == 1 else ""
            topic = self._topic(block, start, end, lang, lead)
            for quantity in quantities:
                named, label, rule = self._subject(quantity, start, inside, topic, lang)
                yield self._figure(quantity, named, label, period, rule, text[start:end])

    def _figure(
        self, q: Quantity, subject: Iri | None, label: str, period: str, rule: str, sentence: str
    ) -> Figure:
        surface = self._document.text[q.start : q.end]
        value = None if q.value is None else str(q.value)
        iri = self._iri(subject, surface, sentence) if subject and q.unit else None
        return Figure(
            q.start, q.end, surface, value, q.unit, q.currency, subject, label, period, iri, rule
        )

    def _iri(self, subject: Iri, surface: str, sentence: str) -> Iri:
        """Name a figure by what it says and where, never at which offset."""
        known = self._iris.split(subject)
        said = "\n".join((self._document.sha256, fold(surface), fold(sentence)))
        mark = hashlib.sha256(said.encode()).hexdigest()[:12]
        return self._iris.entity("figure", f"{known[1] if known else 'figure'}-{mark}")

    def _subject(
        self,
        q: Quantity,
        start: int,
        mentions: Sequence[Mention],
        topic: "_Topic",
        lang: str,
    ) -> tuple[Iri | None, str, str]:
        """Return the only thing named before the figure, or behind "of", else the topic.

        With it come its name and the rule that found it. ``start`` is where the sentence does.
        """
        fitting = [m for m in mentions if family_of(m.cls) in _SUBJECTS]
        before = [m for m in fitting if m.end <= q.start]
        behind = [
            m for m in fitting
            if m.start >= q.end and _OF.fullmatch(self._document.text[q.end : m.start])
        ]  # fmt: skip
        pronoun = topic.rule == _PRONOUN
        for rule, group in ((_BEHIND, behind), (_BEFORE, [] if pronoun else before)):
            labels = {m.entity: m.label for m in group if m.entity is not None and m.asserted}
            if len(labels) == 1 and not any(self._merely_says(m, lang) for m in group):
                opening = group[0].start - start <= _OPENING_LETTERS
                near = q.start - group[-1].end <= _NEAR
                if rule == _BEFORE and opening and near:
                    rule = _OPENING
                return *next(iter(labels.items())), rule
            if group:
                return None, "", ""
        named = topic.argument
        if named is None or named.entity is None or (fitting and not pronoun):
            return None, "", ""
        return named.entity, self._lexicon.label(named.entity, lang) or "", topic.rule

    def _merely_says(self, mention: Mention, lang: str) -> bool:
        """Tell whether the sentence gives what follows as this body's words ("according to X")."""
        before, after = lexis_of(lang).reporting
        text = self._document.text
        return bool(
            before.search(text, max(0, mention.start - 30), mention.start)
            or after.match(text, mention.end)
        )

    def _topic(
        self, block: Block, start: int, end: int, lang: str, lead: tuple[int, int] | None
    ) -> "_Topic":
        """Return what "this scheme" at the head of a sentence means, else what the lead of its list,
        the sheet or the heading is about. An item that names something itself is about that."""
        clause = Clause(self._document.text, start, end, (), lexis_of(lang))
        opening = _LEAD.match(self._document.text, start, end)
        at = opening.end() if opening else start
        for kind, pattern in clause.lexis.topics.items():
            found = pattern.match(self._document.text, at, end)
            # "The fund" may be how a name begins.
            if found and not self._names_subject(found.start(), found.end()):
                # Unknown what it means: nothing else in the sentence is the subject instead.
                return _Topic(self._topics.resolve(kind, clause), _PRONOUN)
        if lead is not None and self._names_subject(block.start, start):
            return _Topic(None, _LIST)
        if lead is not None and self._names_subject(*lead):
            return _Topic(self._topics.of_list(start, lead, _SUBJECTS, loose=False), _LIST)
        sheet = self._topics.sheet_at(start)
        if sheet is not None:
            return _Topic(sheet, _SHEET)
        return _Topic(self._topics.of_list(start, None, _SUBJECTS, loose=False), _HEADING)

    def _names_subject(self, start: int, end: int) -> bool:
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return any(family_of(m.cls) in _SUBJECTS for m in self._mentions[first:last])

    def _lead(self, block: Block) -> tuple[int, int] | None:
        """Return the sentence with a colon that opens the list which ``block`` is an item of."""
        if block.kind is not BlockKind.ITEM:
            return None
        at = self._blocks.index(block)
        before = next((b for b in reversed(self._blocks[:at]) if b.kind is not block.kind), None)
        if before is None or before.kind is not BlockKind.PARAGRAPH:
            return None
        spans = self._document.sentences(before)
        last = spans[-1] if spans else (before.start, before.end)
        return last if self._document.text[slice(*last)].rstrip("*_ \n").endswith(":") else None


class _Topic(NamedTuple):
    argument: Argument | None
    rule: str
