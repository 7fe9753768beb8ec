"""Suppressing a person or a document: out of the graph, its names blacked out in all that remains."""

from collections.abc import Iterable, Iterator

from graph_api.builder.review import Judge
from graph_api.builder.withdrawing import resolve, restore, withdraw
from graph_api.documents import DocumentFolder
from graph_api.errors import BadInputError
from graph_api.identities import IdentityLog
from graph_api.masking import Masks
from graph_api.store.base import View
from graph_api.suppressions import Suppression, SuppressionLog, new_suppression
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_HIDDEN_LABEL, SKOS_PREF_LABEL

__all__ = ["lift", "masked", "suppress"]

_LABELS = (SKOS_PREF_LABEL, SKOS_ALT_LABEL, SKOS_HIDDEN_LABEL)


def suppress(
    log: SuppressionLog,
    identities: IdentityLog,
    documents: DocumentFolder,
    view: View,
    iris: Iris,
    name: str,
    also: Iterable[str],
    judge: Judge,
) -> Suppression:
    """Suppress what ``name`` names: a document by its SHA-256, an entity by its IRI or kind/slug.

    The names of an entity, where they have several words, and those in ``also`` are blacked out
    wherever they are printed. What a person says of the reason stays in the log.

    Raises:
        BadInputError: it is neither, a name is none, or it was withdrawn before and ``also`` is empty.
        MissingError: there is no such thing.
    """
    if made := next((each for each in log.holding() if judge.job and each.id == judge.job), None):
        return made
    given = [each.strip() for each in also if each.strip()]
    if any(not fold(each) or len(each) > 200 for each in given):
        raise BadInputError("a name has between 1 and 200 characters, letters among them")
    iri = resolve(iris, name)
    names = sorted({*given, *_names(view, iri)})
    # The reason is not told at the address that is gone: it could say of whom.
    if iri not in identities.withdrawn():
        withdraw(identities, documents, view, iris, name, Judge(judge.who))
    elif not names:
        raise BadInputError(
            "it is withdrawn, and its names are not known any more: say them (--also)"
        )
    made = new_suppression(judge.who, why=judge.why, iri=iri, names=names, suppression_id=judge.job)
    log.append(made)
    return made


def lift(
    log: SuppressionLog, identities: IdentityLog, iris: Iris, suppression_id: str, judge: Judge
) -> Suppression:
    """Take a suppression back; a document has to be ingested again.

    Raises:
        MissingError: there is none of that id.
    """
    found = log.find(suppression_id)
    fate = identities.fates().get(found.iri)
    if fate is not None and fate.event == "withdrawn":
        restore(identities, iris, found.iri, Judge(judge.who))
    log.append(new_suppression(judge.who, why=judge.why, lifts=found.id))
    return found


def masked(quads: Iterable[Quad], masks: Masks) -> Iterator[Quad]:
    """Yield quads with the names in their texts blacked out."""
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal):
            hidden = masks.hide(value.value)
            if hidden != value.value:
                yield quad._replace(object=Literal(hidden, value.datatype, value.lang))
                continue
        yield quad


def _names(view: View, iri: Iri) -> set[str]:
    """The names of an entity that are hardly anything else: those of several words."""
    labels = (
        quad.object.value
        for predicate in _LABELS
        for quad in view.quads(subject=iri, predicate=predicate)
        if isinstance(quad.object, Literal)
    )
    return {label for label in labels if len(fold(label).split()) > 1}
