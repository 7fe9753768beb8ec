"""A relation as read from a text, and the arguments it is read between."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ingest.clauses import Argument
from ingest.extract.classes import family_of
from ingest.extraction import Mention
from ontology import terms as mln
from ontology.model import Iri, Term

__all__ = ["PREDICATES", "Relation", "arguments_of"]

PREDICATES: Final[Mapping[str, Iri]] = MappingProxyType({
    "operates": mln.operates, "createdBy": mln.createdBy, "funds": mln.funds,
    "supports": mln.supports, "adopts": mln.adopts, "memberOf": mln.memberOf,
    "partnerOf": mln.partnerOf, "createdInYear": mln.createdInYear,
    "adoptedInYear": mln.adoptedInYear, "partOf": mln.partOf, "locatedIn": mln.locatedIn,
    "appliesIn": mln.appliesIn, "publishedBy": mln.publishedBy,
    "publishedInYear": mln.publishedInYear, "holdsRoleAt": mln.holdsRoleAt,
    "beneficiaryOf": mln.beneficiaryOf, "hasStatus": mln.hasStatus, "definedBy": mln.definedBy,
    "cites": mln.cites, "offersSupportType": mln.offersSupportType,
})  # fmt: skip
"""What tables and templates call a relation → its property."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A fact as read: its evidence is ``text[start:end]``.

    ``year_span`` is where a year that is the object was printed; ``asserted`` is False for what a
    person should look at first.
    """

    subject: Iri
    predicate: Iri
    object: Term
    start: int
    end: int
    rule: str
    confidence: float
    qualifiers: tuple[tuple[Iri, Term], ...] = ()
    year_span: tuple[int, int] | None = None
    asserted: bool = True


def arguments_of(text: str, mentions: Sequence[Mention]) -> tuple[Argument, ...]:
    """Return the mentions as arguments, "Name (ACRONYM)" of one entity as a single one."""
    found: list[Argument] = []
    for mention in mentions:
        entity = mention.entity if mention.asserted else None
        family = family_of(mention.cls) or ""
        argument = Argument(mention.start, mention.end, entity, family, mention.cls)
        before = found[-1] if found else None
        if (
            before is not None
            and re.fullmatch(r"[\s*_»”\"]*\([^()]{0,80}?", text[before.end : mention.start])
            and (before.entity == entity or not mention.asserted)
        ):
            closing = re.match(r"[^()]{0,80}\)", text[mention.end : mention.end + 90])
            if closing is not None:
                found[-1] = replace(before, end=mention.end + closing.end())
                continue
        found.append(argument)
    return tuple(found)
