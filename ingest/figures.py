"""Key figures: number phrases with value and unit, and what the sentence says them of."""

from bisect import bisect_left
from collections.abc import Sequence

from ingest.document import Document
from ingest.extract.amounts import find_quantities
from ingest.extract.classes import family_of
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Figure, Mention
from ingest.names import SKIPPED
from ingest.relations import Relation
from ontology.model import Iri

__all__ = ["find_figures"]

_SUBJECTS = frozenset(("Actor", "Programme", "Event"))


def find_figures(
    document: Document, mentions: Sequence[Mention], relations: Sequence[Relation], lexicon: Lexicon
) -> list[Figure]:
    """Return the figures of ``document`` in reading order, the years of relations among them.

    ``mentions`` are in reading order. A figure has a subject only when its sentence names just one
    body, programme or event.
    """
    text = document.text
    found: dict[tuple[int, int], Figure] = {}
    for relation in relations:
        if relation.year_span is not None:
            start, end = relation.year_span
            year = text[start:end]
            label = lexicon.label(relation.subject, document.lang) or ""
            figure = Figure(start, end, year, year, "year", "", relation.subject, label)
            found[start, end] = figure
    starts = [mention.start for mention in mentions]
    for block in document.blocks:
        if block.kind in SKIPPED:
            continue
        for start, end in document.sentences(block):
            inside = mentions[bisect_left(starts, start) : bisect_left(starts, end)]
            subject, label = _only_subject(inside)
            for q in find_quantities(text, start, end, block.lang or document.lang):
                value = None if q.value is None else str(q.value)
                surface = text[q.start : q.end]
                found.setdefault(
                    (q.start, q.end),
                    Figure(q.start, q.end, surface, value, q.unit, q.currency, subject, label),
                )
    return [found[span] for span in sorted(found)]


def _only_subject(mentions: Sequence[Mention]) -> tuple[Iri | None, str]:
    """Return the one body, programme or event among ``mentions``, if there is just one."""
    labels = {
        mention.entity: mention.label
        for mention in mentions
        if mention.entity is not None and mention.asserted and family_of(mention.cls) in _SUBJECTS
    }
    return next(iter(labels.items())) if len(labels) == 1 else (None, "")
