"""Names that nothing is known by: each is proposed to people as an entity, and linked as they say.

A mention that no rule asserts (an acronym that a document alone explains, a name behind a head noun, a
name that several things have) is no fact. It becomes a candidate: that the document mentions an entity
of this name and class, which exists once a person accepts it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.claims import Sentences
from ingest.document import Document
from ingest.extract.classes import family_of
from ingest.extraction import Correction, Extraction, Mention, MintedEntity
from ingest.spotted import minted_iri, name_key
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Claim, Iri

__all__ = ["AMBIGUOUS", "judged_mentions", "proposed_names"]

AMBIGUOUS = "lexicon-ambiguous"
"""The rule of names that several known things have: which one is meant is not for it to say."""


def proposed_names(
    document: Document, mentions: Sequence[Mention], iris: Iris
) -> list[tuple[Claim, MintedEntity]]:
    """Return a candidate for each name that is only proposed: the first sentence with it proves it.

    The entity is local to the document: another one may mean something else by the name.
    """
    sentences = Sentences(document)
    found: dict[Iri, tuple[Claim, MintedEntity]] = {}
    for mention in mentions:
        entity = _proposal(mention, document.sha256, iris)
        if entity is None or entity in found:
            continue
        start, end = sentences.around(mention.start, mention.end)
        claim = Claim(
            iris.document(document.sha256), mln.mentions, entity, document.passage(start, end),
            mention.rule, mention.confidence,
        )  # fmt: skip
        label = " ".join(mention.label.split())
        found[entity] = claim, MintedEntity(entity, mention.cls, ((label, document.lang),))
    return list(found.values())


def judged_mentions(
    document: Document,
    extraction: Extraction,
    iris: Iris,
    states: Mapping[str, str],
    corrections: Mapping[str, Correction],
) -> tuple[Mention, ...]:
    """Return the mentions of an extraction as people judged what the document names.

    A rejected name is a mention of nothing, an accepted candidate one of its entity. Corrected, a mention
    is of what the person says, as wide as its name is printed there.
    """
    named = [c for c in (*extraction.claims, *extraction.candidates) if c.predicate == mln.mentions]
    judged = {c.object: c.hash for c in named if c.hash in states and isinstance(c.object, Iri)}
    if not judged:
        return extraction.mentions
    return tuple(_judged(document, extraction, iris, states, corrections, judged))


def _judged(
    document: Document,
    extraction: Extraction,
    iris: Iris,
    states: Mapping[str, str],
    corrections: Mapping[str, Correction],
    judged: Mapping[Iri, str],
) -> Iterator[Mention]:
    for mention in extraction.mentions:
        entity = mention.entity or _proposal(mention, document.sha256, iris)
        claim = judged.get(entity, "") if entity else ""
        state = states.get(claim, "")
        named = corrections[claim].named if claim in corrections else None
        if state in ("rejected", "voided"):
            yield replace(mention, entity=None, asserted=False)
        elif state == "accepted":
            yield replace(mention, entity=entity, asserted=True)
        elif state == "corrected" and named is not None:
            start, end = _printed(document.text, mention, named.label)
            yield replace(
                mention, start=start, end=end, surface=document.text[start:end],
                entity=named.iri, cls=named.cls, label=named.label, asserted=True,
            )  # fmt: skip
        else:
            yield mention


def _proposal(mention: Mention, sha256: str, iris: Iris) -> Iri | None:
    key = name_key(mention.label, mention.cls)
    if mention.asserted or mention.entity or family_of(mention.cls) is None or not key:
        return None
    return minted_iri(iris, mention.cls, key, sha256)


def _printed(text: str, mention: Mention, name: str) -> tuple[int, int]:
    """Return where the name stands at a mention; its own place where it is printed otherwise."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    start = max(0, mention.start - len(name) - 1)
    for match in re.compile(words).finditer(text, start, mention.end + len(name) + 1):
        if match.start() < mention.end and mention.start < match.end():
            return match.span()
    return mention.start, mention.end
