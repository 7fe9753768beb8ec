"""Entities that a document introduces itself: their class and labels, for its own graph."""

from collections.abc import Iterable, Sequence

from ingest.extract.acronyms import AcronymPair
from ingest.extract.classes import family_of, kind_of
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Mention, MintedEntity
from ingest.names import DocumentNames
from ontology.folding import slugify
from ontology.iris import Iris
from ontology.model import Iri, LabelRole

__all__ = ["minted_entities"]

_LAW_RULES = frozenset(("law-number", "law-date", "law-name", "law-article", "law-completed"))


def minted_entities(
    names: DocumentNames, mentions: Sequence[Mention], lexicon: Lexicon, lang: str, iris: Iris
) -> list[MintedEntity]:
    """Return the entities that need a type and labels from this document, sorted by IRI.

    These are the ones minted from its acronym pairs, and the laws it cites that no list has. A
    sheet's entity is never among them.
    """
    found = {entity.iri: entity for entity in _from_pairs(names.pairs, lexicon, iris)}
    for mention in mentions:
        if mention.entity is None or mention.rule not in _LAW_RULES or mention.entity in found:
            continue
        if _is_of_a_list(mention.entity, names, lexicon):
            continue
        label = _law_label(mention, lexicon, mentions)
        found[mention.entity] = MintedEntity(mention.entity, mention.cls, ((label, lang),))
    return [found[iri] for iri in sorted(found)]


def _from_pairs(
    pairs: Iterable[AcronymPair], lexicon: Lexicon, iris: Iris
) -> Iterable[MintedEntity]:
    for pair in pairs:
        for name in lexicon.named(pair.long_form):
            if name.role is not LabelRole.PREFERRED or family_of(name.cls) is None:
                continue
            # The names pass minted it if its IRI is the one that its only preferred name yields;
            # a sheet gives one in each language.
            preferred = [n for n in lexicon.names_of(name.entity) if n.role is LabelRole.PREFERRED]
            if len(preferred) > 1 or name.entity != iris.entity(
                kind_of(name.cls), slugify(name.text)
            ):
                continue
            others = tuple(
                (n.text, n.lang)
                for n in lexicon.names_of(name.entity)
                if n.role in (LabelRole.ACRONYM, LabelRole.ALTERNATIVE, LabelRole.TRANSLATION)
            )
            yield MintedEntity(name.entity, name.cls, ((name.text, name.lang), *others))


def _is_of_a_list(entity: Iri, names: DocumentNames, lexicon: Lexicon) -> bool:
    """Tell whether a sheet has the law: a name that no citation of this document gave it."""
    cited = {law.text for law in names.laws}
    return any(name.text not in cited for name in lexicon.names_of(entity))


def _law_label(mention: Mention, lexicon: Lexicon, mentions: Sequence[Mention]) -> str:
    name = lexicon.label(mention.entity, "") if mention.entity else None
    if name is not None:
        return name
    surface = " ".join(mention.surface.split())
    if mention.cls != "Article":
        return surface
    law = next((m for m in mentions if m.start >= mention.end and m.cls == "Law"), None)
    return f"{surface}, {law.label}" if law is not None else surface
