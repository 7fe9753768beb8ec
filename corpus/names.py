"""Names of one entity, ready for the recogniser."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ontology.folding import fold
from ontology.model import LabelRole, Name

__all__ = ["without_repeated_spellings"]


def without_repeated_spellings(names: Iterable[Name]) -> Iterator[Name]:
    """Yield one entity's names without spellings that recognition takes for another of them.

    Names are compared folded, so "Ile-de-France" adds nothing to "Île-de-France". Where the other
    name counts only as printed or behind a cue, so does the spelling.
    """
    names = list(names)
    contexts = {fold(n.text): n.context for n in names if n.role is not LabelRole.SPELLING}
    for n in names:
        context = contexts.get(fold(n.text))
        if n.role is not LabelRole.SPELLING or context is None:
            yield n
        elif context:
            yield replace(n, context=context)
