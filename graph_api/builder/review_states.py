"""How far people have judged facts: the review states of an entity's facts and of a document's passages."""

from collections.abc import Iterable, Iterator

from graph_api.store.base import View
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri, Quad
from ontology.vocabularies import RDF_SUBJECT

__all__ = ["judged_entities", "states_about", "states_within"]


def states_about(entity: Iri, view: View) -> tuple[str, ...]:
    """Return the states (``accepted``, ``corrected``, ``unreviewed``) of the facts about an entity."""
    said = {q.subject for q in view.quads(predicate=RDF_SUBJECT, object=entity)}
    return tuple(sorted({state for each in said for state in _states(each, view)}))


def states_within(sha256: str, view: View, iris: Iris) -> list[tuple[int, str]]:
    """Return (offset, state) of each fact that a passage of the document proves, in order."""
    graph, prefix = iris.graph(f"document/{sha256}"), f"{iris.document(sha256)}/p/"
    found: set[tuple[int, str]] = set()
    for quad in view.quads(predicate=mln.passage, graph=graph):
        span = str(quad.object).removeprefix(prefix).partition("-")[0]
        if span.isdigit():
            found |= {(int(span), state) for state in _states(quad.subject, view)}
    return sorted(found)


def judged_entities(changed: Iterable[Quad], view: View) -> Iterator[Iri]:
    """Yield the subjects of the facts whose state is among the quads."""
    for quad in changed:
        if quad.predicate == mln.reviewState:
            for said in view.quads(subject=quad.subject, predicate=RDF_SUBJECT):
                if isinstance(said.object, Iri):
                    yield said.object


def _states(assertion: Iri, view: View) -> Iterator[str]:
    for quad in view.quads(subject=assertion, predicate=mln.reviewState):
        yield str(quad.object).removeprefix(f"{ONTOLOGY}#")
