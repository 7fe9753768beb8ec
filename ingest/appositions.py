"""Relations between two names that stand side by side: possessives, brackets, places in names.

"X's Y programme", "X (groupe Y)", "the X guide “Y”", "In PLACE, the Y programme …", "CRESS PLACE".
Each pattern is what may stand between the two names, and nothing else may.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ingest.clauses import Argument
from ingest.document import SKIPPED, BlockKind, Document
from ingest.extract.lexicon import Lexicon
from ingest.extract.triggers import allowed_arguments, lexis_of
from ingest.extraction import Mention
from ingest.relation import PREDICATES, Relation, arguments_of
from ontology.folding import fold
from ontology.model import Iri

__all__ = ["relate_neighbours"]

_IN_NAME: Final = "locatedIn-in-name"  # one of publishing.PROPOSING_RULES


@dataclass(frozen=True, slots=True)
class _Between:
    """A gap that relates the names around it; ``turned`` when the second one is the subject."""

    rule: str
    predicate: str
    gap: re.Pattern[str]
    first: str
    second: str
    turned: bool = False
    confidence: float = 0.8


def _gap(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"[*_\s]*{pattern}[*_\s«“\"]*\Z", re.IGNORECASE)


_PUBLICATION = (
    r"(?:guide|report|study|handbook|manual|book|newsletter|rapport|étude|ouvrage|panorama|toolkit)"
)
_BETWEEN: Final = (
    _Between("group-bracket", "partOf", _gap(r"\(\s*(?:groupe|group|filiale d[eu]|subsidiary of(?: the)?)"
                                            r"\s*(?:la\s+|l[’'])?"), "Actor", "Actor"),
    _Between("part-of", "partOf",
             _gap(r",?\s*(?:which\s+is\s+|qui\s+est\s+)?(?:part\s+of(?:\s+the)?|une?\s+filiale\s+d[eu](?:\s+la|\s+l[’'])?"
                  r"|a\s+subsidiary\s+of(?:\s+the)?|(?:et\s+)?qui\s+fait\s+partie\s+du\s+groupe|sous\s+l[’']égide\s+d[eu]"
                  r"(?:\s+la|\s+l[’'])?|under\s+the\s+aegis\s+of(?:\s+the)?)"), "Actor", "Actor"),
    _Between("possessive", "operates", _gap(r"[’']s?"), "Actor", "Programme"),
    _Between("guide-of", "publishedBy", _gap(_PUBLICATION), "Actor", "Publication", turned=True),
    _Between("title-of", "publishedBy",
             _gap(r"[»”\"*]*\s*(?:,\s*)?(?:published\s+by|publié\s+par|édité\s+par|réalisé\s+par)(?:\s+the|\s+la|\s+le)?"
                  r"(?:\s*l[’'])?"), "Publication", "Actor"),
    _Between("seat", "locatedIn",
             _gap(r",?\s*(?:basée?|située?|implantée?|installée?|based|located|established|headquartered)\s+"
                  r"(?:à|en|dans|au|in|at)(?:\s+the|\s+la|\s+le|\s+les)?(?:\s*l[’'])?"), "Actor", "Territory",
             confidence=0.85),
    _Between("seat-bracket", "locatedIn", _gap(r"\("), "Actor", "Territory", confidence=0.75),
    _Between("launched-in-place", "appliesIn",
             _gap(r",?\s*(?:une?|an?)?\s*(?:[\w-]+\s+){0,3}(?:launched|deployed|tested|lancée?|déployée?|expérimentée?)"
                  r"(?:\s+(?:in|en)\s+(?:1[89]|20)\d{2})?\s+(?:in|en|à|dans)(?:\s+the|\s+la|\s+le)?"),
             "Programme", "Territory"),
    _Between("programme-in-place", "appliesIn", _gap(r"(?:in|en|à)(?:\s+the)?"), "Programme", "Territory",
             confidence=0.78),
)  # fmt: skip
_IN_PLACE = re.compile(
    r"[\s*\-–•]*(?:In|En|À|Dans|Across)\s+(?:the\s+|la\s+|le\s+|les\s+|l[’'])?\Z"
)
_AFTER_PLACE = re.compile(
    r"[*_\s]*,\s*(?:the|le|la|l[’'])?\s*[*«“\"\s\u00a0\u202f]*"
    r"(?:programmes?\s+|dispositif\s+|scheme\s+)?[*«“\"\s]*\Z",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"[\s*\-–•]*(?:Through|With|Via|Avec|Grâce\s+à|À\s+travers|Par)\s+(?:its|son|sa)\s+(?:[\w-]+\s+){0,2}[«“\"*]*\Z"
)
_THEN = re.compile(
    r"[»”\"*]*(?:\s+(?:programme|program|scheme|fund|label))?\s*,\s*(?:the|la|le|l[’'])?\s*[*]*\Z"
)
_SMALLER = frozenset(("Region", "Department", "Commune", "Intercommunality"))
_AUTHORITY = re.compile(
    r"(?:ville|city|region|departement|department|metropole|metropolis|commune|conseil|council|mairie|prefecture"
    r"|communaute|eurometropole|grand|regional|greater|metropolitan|county|pays|agglomeration)\b"
)  # fmt: skip
_OF_PLACE = 0.75


def relate_neighbours(
    document: Document, mentions: Sequence[Mention], lexicon: Lexicon
) -> list[Relation]:
    """Return what names say of their neighbours, in reading order.

    Not from headings, and not from sentences with a negation, condition or wish before the names.
    """
    arguments = [a for a in arguments_of(document.text, mentions) if a.entity]
    found = [
        *_between(document, arguments),
        *_named_after_places(document, mentions, lexicon),
    ]
    return sorted(found, key=lambda relation: (relation.start, relation.end))


def _between(document: Document, arguments: Sequence[Argument]) -> Iterator[Relation]:
    for block in document.blocks:
        if block.kind in SKIPPED or block.kind is BlockKind.HEADING:
            continue
        blocked = lexis_of(block.lang or document.lang).blocked
        for start, end in document.sentences(block):
            inside = [a for a in arguments if start <= a.start and a.end <= end]
            for one, other in pairwise(inside):
                if blocked.search(document.text[start : one.start]):
                    break
                yield from _pair(document.text, start, end, one, other)


def _pair(text: str, start: int, end: int, one: Argument, other: Argument) -> Iterator[Relation]:
    gap = text[one.end : other.start]
    if len(gap) > 90 or one.entity == other.entity:
        return
    for pattern in _BETWEEN:
        if (one.family, other.family) == (pattern.first, pattern.second) and pattern.gap.match(gap):
            subject, object_ = (other, one) if pattern.turned else (one, other)
            yield from _relation(subject, pattern.predicate, object_, start, end, pattern.rule,
                                 pattern.confidence)  # fmt: skip
            return
    before = text[start : one.start]
    there = (one.family, other.family) == ("Territory", "Programme") and _IN_PLACE.fullmatch(before)
    if there and _AFTER_PLACE.match(gap):
        yield from _relation(other, "appliesIn", one, start, end, "fronted-place", 0.8)
    own = (one.family, other.family) == ("Programme", "Actor") and _OWN.fullmatch(before)
    if own and _THEN.match(gap):
        yield from _relation(other, "operates", one, start, end, "own-programme", 0.8)


def _relation(
    subject: Argument, predicate: str, object_: Argument, start: int, end: int, rule: str,
    confidence: float,
) -> Iterator[Relation]:  # fmt: skip
    allowed = (subject.family, object_.family) in allowed_arguments()[predicate]
    if allowed and subject.entity and object_.entity:
        yield Relation(
            subject.entity, PREDICATES[predicate], object_.entity, start, end,
            f"{predicate}-{rule}", confidence,
        )  # fmt: skip


def _named_after_places(
    document: Document, mentions: Sequence[Mention], lexicon: Lexicon
) -> Iterator[Relation]:
    """Yield where a regional branch is, from its name ("CRESS Bretagne"), once for each."""
    done: set[Iri] = set()
    sentences = document.sentences()
    for mention in mentions:
        if mention.entity is None or not mention.asserted or mention.entity in done:
            continue
        place = _place_in(mention, lexicon)
        if place is None:
            continue
        span = next((s for s in sentences if s[0] <= mention.start < s[1]), None)
        if span is None or span[1] < mention.end:
            continue
        done.add(mention.entity)
        yield Relation(
            mention.entity, PREDICATES["locatedIn"], place, *span, _IN_NAME, _OF_PLACE,
            asserted=False,
        )  # fmt: skip


def _place_in(mention: Mention, lexicon: Lexicon) -> Iri | None:
    words = " ".join(mention.surface.split())
    if mention.cls in _SMALLER or _AUTHORITY.match(fold(words)):
        return None
    if not mention.cls or mention.rule.startswith("law") or mention.cls == "PublicBody":
        return None
    pieces = words.split(" ")
    for first in range(1, len(pieces)):
        names = lexicon.named(" ".join(pieces[first:]))
        places = {n.entity for n in names if n.cls in _SMALLER and n.context != "cue"}
        if (
            names
            and len(places) == 1
            and all(n.cls in _SMALLER for n in names if n.context != "cue")
        ):
            from_actor = mention.cls not in _NOT_BODIES
            return next(iter(places)) if from_actor else None
    return None


_NOT_BODIES = frozenset((
    "Programme", "Fund", "Label", "Award", "CallForProjects", "Project", "Publication", "Person",
    "Law", "Plan", "Article", "LegalStatus", "Report", "Guide", "Study", "Event", "SupportScheme",
    "PublicProgramme", "Training", "Community", "WebPage", "Country", "Zoning", "Territory",
))  # fmt: skip
