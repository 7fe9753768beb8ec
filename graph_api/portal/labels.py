"""Which of an entity's texts a reader sees: one chain for pages, API and exports."""

from collections.abc import Iterable
from dataclasses import dataclass

from ontology.model import Iri, Literal, Term

__all__ = [
    "CHAINS",
    "Text",
    "choose_label",
    "choose_text",
    "known_language",
    "local_name",
    "text_of",
]

CHAINS = {"fr": ("fr", "en"), "en": ("en", "fr")}
"""Interface language to the content languages that may stand in for it, best first."""

_NEUTRAL = ("", "mul", "und", "zxx")


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people. ``lang`` is ``""`` where the text belongs to no language.

    ``fallback`` says that it is not in the language of the page, so that the page can tell.
    """

    text: str
    lang: str = ""
    fallback: bool = False

    def __str__(self) -> str:
        return self.text


def choose_text(literals: Iterable[Literal], lang: str) -> Text | None:
    """Return the best literal for the interface language ``lang``, or None where there is none.

    The chain: exact tag, same base language, the languages of :data:`CHAINS`, no language or
    ``mul``, then any by the order of tags. The result does not depend on the input's order.
    """
    best = min(literals, key=lambda literal: _rank(literal, lang), default=None)
    if best is None:
        return None
    tag = known_language(best.lang or "")
    return Text(best.value, tag, tag != "" and _base(tag) != _base(lang))


def choose_label(iri: Iri, literals: Iterable[Literal], lang: str) -> Text:
    """Return the label of ``iri`` as :func:`choose_text`, at worst the last part of the IRI."""
    return choose_text(literals, lang) or Text(local_name(iri))


def text_of(term: Term | None) -> str:
    """The characters of a term of a result, ``""`` where there is none."""
    return "" if term is None else term.value if isinstance(term, Literal) else str(term)


def known_language(tag: str) -> str:
    """Return the tag, or ``""`` where it names no language (``und``, ``mul``)."""
    return "" if tag.lower() in _NEUTRAL else tag


def local_name(iri: str) -> str:
    """Return what follows the last ``#`` or ``/`` of an IRI, or the IRI if nothing does."""
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or iri


def _rank(literal: Literal, lang: str) -> tuple[int, str, int, str]:
    tag = (literal.lang or "").lower()
    chain = CHAINS.get(_base(lang), (_base(lang), "en", "fr"))
    if tag == lang.lower():
        place = 0
    elif tag and _base(tag) == _base(lang):
        place = 1
    elif _base(tag) in chain:
        place = 2 + chain.index(_base(tag))
    elif tag in _NEUTRAL:
        place = 2 + len(chain)
    else:
        place = 3 + len(chain)
    return place, tag, len(literal.value), literal.value


def _base(tag: str) -> str:
    return tag.lower().partition("-")[0]
