"""Entities that a document introduces itself: their class and labels, for its own graph."""

from collections.abc import Iterable, Sequence

from ingest.document import Document
from ingest.extract.classes import family_of
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Mention, MintedEntity
from ingest.names import DocumentNames
from ingest.spotted import minted_here, minted_iri, name_key
from ontology.iris import Iris
from ontology.model import Iri, LabelRole

__all__ = ["minted_entities"]

_LAW_RULES = frozenset(("law-number", "law-date", "law-name", "law-article", "law-completed"))


def minted_entities(
    document: Document,
    names: DocumentNames,
    mentions: Sequence[Mention],
    lexicon: Lexicon,
    iris: Iris,
) -> list[MintedEntity]:
    """Return the entities that need a type and labels from this document, sorted by IRI.

    These are the ones minted from its acronym pairs and telling forms, and the laws it cites that no list has. A
    sheet's entity is never among them.
    """
    forms = [(pair.long_form, pair.lang) for pair in names.pairs]
    forms += [(name.text, name.lang) for name in names.spotted]
    found = {entity.iri: entity for entity in _from_forms(forms, document.sha256, lexicon, iris)}
    # A name bound to its place is in no Lexicon: its mention is all there is.
    here = {(name.start, name.end): name for name in names.spotted if name.here}
    for mention in mentions:
        bound = here.get((mention.start, mention.end))
        if bound is not None and mention.entity == minted_here(bound, document.sha256, iris):
            found.setdefault(
                mention.entity, MintedEntity(mention.entity, bound.cls, ((bound.text, bound.lang),))
            )
            continue
        if mention.entity is None or mention.rule not in _LAW_RULES or mention.entity in found:
            continue
        if _is_of_a_list(mention.entity, names, lexicon):
            continue
        label = _law_label(mention, lexicon, mentions)
        found[mention.entity] = MintedEntity(mention.entity, mention.cls, ((label, document.lang),))
    return [found[iri] for iri in sorted(found)]


def _from_forms(
    forms: Sequence[tuple[str, str]], sha256: str, lexicon: Lexicon, iris: Iris
) -> Iterable[MintedEntity]:
    printed = frozenset(forms)
    for form, _ in forms:
        for name in lexicon.named(form):
            if name.role is not LabelRole.PREFERRED or family_of(name.cls) is None:
                continue
            # The names pass minted it if its IRI is the one that its only preferred name yields;
            # a sheet gives one in each language, or one without a language.
            if not name.lang and (name.text, name.lang) not in printed:
                continue
            preferred = [n for n in lexicon.names_of(name.entity) if n.role is LabelRole.PREFERRED]
            key = name_key(name.text, name.cls)
            if len(preferred) > 1 or name.entity not in (
                minted_iri(iris, name.cls, key), minted_iri(iris, name.cls, key, sha256)
            ):  # fmt: skip
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
