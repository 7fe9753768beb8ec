"""Names that no list has, spotted by the form they are printed in, and the IRIs they get."""

from dataclasses import dataclass

from ingest.extract.classes import family_of, kind_of
from ingest.extract.tokens import fold_words
from ontology.folding import slugify
from ontology.iris import Iris
from ontology.model import Iri

__all__ = ["SpottedName", "minted_here", "minted_iri", "name_key"]


@dataclass(frozen=True, slots=True, order=True)
class SpottedName:
    """A name as printed at ``start``–``end``, its class, and the rule that takes it for one.

    ``local`` for names that mean something else elsewhere ("Executive Board"): they count in this
    document only, and the document's hash is part of their IRI. ``here`` for words that are a name
    only where they are printed as one (the title "Social innovation").
    """

    text: str
    cls: str
    lang: str
    start: int
    end: int
    rule: str
    local: bool = False
    here: bool = False


def name_key(text: str, cls: str = "") -> str:
    """Return what two prints of one name share: folded words without plural endings.

    Persons and titles have no plural: their words stay whole.
    """
    if family_of(cls) in ("Person", "Publication"):
        return " ".join(fold_words(text))
    return " ".join(w[:-1] if len(w) > 3 and w[-1] in "sx" else w for w in fold_words(text))


def minted_iri(iris: Iris, cls: str, key: str, document: str = "") -> Iri:
    """Return the IRI of a minted entity: its class and name key alone decide it.

    So it stays the same whatever other documents print. ``document`` (a hash) makes it local.
    """
    slug = slugify(key)
    return iris.entity(kind_of(cls), f"{slug}-{document[:8]}" if document else slug)


def minted_here(name: SpottedName, document: str, iris: Iris) -> Iri:
    """Return the IRI of the entity that a spotted name mints in ``document`` (a hash)."""
    return minted_iri(iris, name.cls, name_key(name.text, name.cls), document if name.local else "")
