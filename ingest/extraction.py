"""What extraction finds in one document: values, and their JSON for the cache."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from ontology.model import Claim, Iri, Literal, Passage, Term

__all__ = ["Correction", "Extraction", "Figure", "Mention", "MintedEntity", "Named"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the text names something: ``text[start:end] == surface``.

    ``cls`` is a class of the ontology, ``entity`` None for what no list or definition knows,
    ``label`` the entity's preferred name (or the surface). ``asserted`` is False for a candidate:
    likely, to be confirmed by a person, never public.
    """

    start: int
    end: int
    surface: str
    cls: str
    entity: Iri | None
    label: str
    rule: str
    confidence: float
    asserted: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A number phrase: ``text[start:end] == surface``.

    ``value`` is a plain decimal ("24500000"), None for a malformed number whose text is kept;
    ``unit`` a key of the table of units; ``subject`` what the sentence, the sheet or the heading says
    it of, if one thing. ``period`` is the only year or period of the sentence. ``iri`` names the
    figure as an entity where it has a subject; ``rule`` is what found that.
    """

    start: int
    end: int
    surface: str
    value: str | None
    unit: str
    currency: str
    subject: Iri | None
    label: str
    period: str = ""
    iri: Iri | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class MintedEntity:
    """An entity that the document itself introduces, with its (text, language) labels.

    The first label is the preferred one, the others are alternatives.
    """

    iri: Iri
    cls: str
    labels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What one end of a claim is, in a person's words.

    ``new`` where the document itself introduces it: it gets this class and this label from there.
    """

    iri: Iri
    cls: str
    label: str
    lang: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says the sentence says instead: other ends, or another relation between them.

    ``predicate`` None leaves the relation; ``named`` tells what the end is that was exchanged.
    """

    subject: Iri
    object: Term
    predicate: Iri | None = None
    named: Named | None = None

    def of(self, claim: Claim) -> Claim:
        """Return the claim as corrected, which has a hash of its own unless a class alone changed."""
        predicate = self.predicate or claim.predicate
        return replace(claim, subject=self.subject, predicate=predicate, object=self.object)


_NONE: Final[Mapping[str, Correction]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was found in one document, in the order of the text.

    ``candidates`` are claims that wait for a person: they are exported on demand, never published.
    ``proposed`` are the entities that there would be if some of them were accepted.
    """

    document: str
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    figures: tuple[Figure, ...]
    minted: tuple[MintedEntity, ...]
    candidates: tuple[Claim, ...] = ()
    proposed: tuple[MintedEntity, ...] = ()

    def judged(
        self, states: Mapping[str, str], corrections: Mapping[str, Correction] = _NONE
    ) -> "Extraction":
        """Return it as people judged it: rejected claims are gone, accepted candidates are claims.

        ``states`` gives claim hash → ``accepted``, ``rejected``, ``voided`` or ``corrected``; ``corrections``
        what the last say, by the hash of the claim that was read.
        """
        kept = {c.hash: c for c in self.claims if states.get(c.hash) not in _REPLACED}
        kept |= {c.hash: c for c in self.candidates if states.get(c.hash) == "accepted"}
        for claim in self.corrected(corrections):
            if states.get(claim.hash) not in _GONE:
                kept.setdefault(claim.hash, claim)
        waiting = tuple(c for c in self.candidates if c.hash not in states)
        minted = self._minted(corrections)
        return replace(self, claims=tuple(kept.values()), candidates=waiting, minted=minted)

    def _minted(self, corrections: Mapping[str, Correction]) -> tuple[MintedEntity, ...]:
        """The entities that the document introduces, with the names and classes that people gave."""
        minted = {entity.iri: entity for entity in (*self.proposed, *self.minted)}
        for claim in (*self.claims, *self.candidates):
            correction = corrections.get(claim.hash)
            named = correction.named if correction else None
            if named is not None and named.new:
                own = (named.label, named.lang)
                known = minted.get(named.iri)
                others = [e for e in known.labels if e[0] != named.label] if known else []
                minted[named.iri] = MintedEntity(named.iri, named.cls, (own, *others))
        return tuple(minted[iri] for iri in sorted(minted))

    def corrected(self, corrections: Mapping[str, Correction]) -> list[Claim]:
        """Return the claims that people put in the place of what was read."""
        read = (*self.claims, *self.candidates)
        return [corrections[c.hash].of(c) for c in read if c.hash in corrections]

    def to_json(self) -> dict[str, Any]:
        """Return the extraction as JSON values; :meth:`from_json` reads them back, equal."""
        return {
            "document": self.document,
            "mentions": [asdict(mention) for mention in self.mentions],
            "claims": [_claim_to_json(claim) for claim in self.claims],
            "candidates": [_claim_to_json(claim) for claim in self.candidates],
            "figures": [asdict(figure) for figure in self.figures],
            "minted": [_minted_to_json(entity) for entity in self.minted],
            "proposed": [_minted_to_json(entity) for entity in self.proposed],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Extraction":
        """Return the extraction that :meth:`to_json` described. Raises ``KeyError`` on other data."""
        return cls(
            document=data["document"],
            mentions=tuple(
                Mention(**{**m, "entity": _iri_or_none(m["entity"])}) for m in data["mentions"]
            ),
            claims=tuple(_claim_from_json(c) for c in data["claims"]),
            candidates=tuple(_claim_from_json(c) for c in data["candidates"]),
            figures=tuple(
                Figure(
                    **{**f, "subject": _iri_or_none(f["subject"]), "iri": _iri_or_none(f["iri"])}
                )
                for f in data["figures"]
            ),
            minted=tuple(_minted_from_json(e) for e in data["minted"]),
            proposed=tuple(_minted_from_json(e) for e in data["proposed"]),
        )


_GONE: Final = ("rejected", "voided")
_REPLACED: Final = (*_GONE, "corrected")


def _iri_or_none(value: str | None) -> Iri | None:
    return None if value is None else Iri(value)


def _minted_to_json(entity: MintedEntity) -> dict[str, Any]:
    return {
        "iri": entity.iri,
        "cls": entity.cls,
        "labels": [list(label) for label in entity.labels],
    }


def _minted_from_json(data: Mapping[str, Any]) -> MintedEntity:
    labels = tuple((text, lang) for text, lang in data["labels"])
    return MintedEntity(Iri(data["iri"]), data["cls"], labels)


def _claim_to_json(claim: Claim) -> dict[str, Any]:
    return {
        "subject": claim.subject,
        "predicate": claim.predicate,
        "object": _term_to_json(claim.object),
        "passage": asdict(claim.passage),
        "rule": claim.rule,
        "confidence": claim.confidence,
        "qualifiers": [[p, _term_to_json(value)] for p, value in claim.qualifiers],
    }


def _claim_from_json(data: Mapping[str, Any]) -> Claim:
    return Claim(
        subject=Iri(data["subject"]),
        predicate=Iri(data["predicate"]),
        object=_term_from_json(data["object"]),
        passage=Passage(**data["passage"]),
        rule=data["rule"],
        confidence=data["confidence"],
        qualifiers=tuple((Iri(p), _term_from_json(value)) for p, value in data["qualifiers"]),
    )


def _term_to_json(term: Term) -> dict[str, Any]:
    if isinstance(term, Iri):
        return {"iri": term}
    return {"value": term.value, "datatype": term.datatype, "lang": term.lang}


def _term_from_json(data: Mapping[str, Any]) -> Term:
    if "iri" in data:
        return Iri(data["iri"])
    return Literal(data["value"], Iri(data["datatype"]), data["lang"])
