"""Claims: what the mentions and relations of a document say, each with the passage it was read in."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ingest.document import Document
from ingest.extraction import Mention
from ingest.relations import Relation
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Claim, Iri

__all__ = ["MAX_QUALIFIERS", "Sentences", "mention_claims", "relation_claims"]

MAX_QUALIFIERS = 2
"""More would take a claim over its budget of twelve statements."""


def mention_claims(document: Document, mentions: Sequence[Mention], iris: Iris) -> list[Claim]:
    """Return one ``mentions`` claim for each entity: its passage is the first sentence naming it."""
    subject = iris.document(document.sha256)
    sentences = Sentences(document)
    found: dict[Iri, Claim] = {}
    for mention in mentions:
        if not mention.asserted or mention.entity is None or mention.entity in found:
            continue
        start, end = sentences.around(mention.start, mention.end)
        found[mention.entity] = Claim(
            subject, mln.mentions, mention.entity, document.passage(start, end),
            mention.rule, mention.confidence,
        )  # fmt: skip
    return list(found.values())


def relation_claims(document: Document, relations: Iterable[Relation]) -> list[Claim]:
    """Return the claims that relations make, the most confident one for each fact and passage."""
    best: dict[str, Claim] = {}
    for relation in relations:
        claim = Claim(
            relation.subject,
            relation.predicate,
            relation.object,
            document.passage(relation.start, relation.end),
            relation.rule,
            relation.confidence,
            relation.qualifiers[:MAX_QUALIFIERS],
        )
        known = best.get(claim.hash)
        if known is None or (known.confidence, len(known.qualifiers)) < (
            claim.confidence, len(claim.qualifiers)
        ):  # fmt: skip
            best[claim.hash] = claim
    return sorted(best.values(), key=lambda c: (c.passage.start, c.predicate, c.hash))


class Sentences:
    """Finds the sentence around a mention."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._spans = sorted(document.sentences())
        self._starts = [start for start, _ in self._spans]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the sentences from the one that holds ``start`` to the one that holds ``end``."""
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self._spans[first][1] <= start:
            return start, end
        last = max(first, bisect_right(self._starts, end - 1) - 1)
        return self._spans[first][0], max(end, self._spans[last][1])
