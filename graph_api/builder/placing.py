"""Where things lie: a territory with all that it is a part of, and the countries among them."""

from collections.abc import Iterable

from graph_api.builder.inference import is_inferred
from graph_api.store.base import View
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import RDF_TYPE, SKOS_NOTATION

__all__ = ["are_moved", "countries_of", "places_around"]


def places_around(places: Iterable[str], view: View, iris: Iris) -> tuple[str, ...]:
    """Return the territories and all that they are parts of, each once, the narrow ones first."""
    found: dict[str, None] = dict.fromkeys(places)
    waiting = list(found)
    while waiting:
        place = Iri(waiting.pop(0))
        wider = {
            quad.object
            for quad in view.quads(subject=place, predicate=mln.partOf)
            if not is_inferred(quad.graph, iris)
        }
        for each in sorted(each for each in wider if isinstance(each, Iri)):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return tuple(found)


def countries_of(places: Iterable[str], view: View) -> tuple[str, ...]:
    """Return the codes (ISO 3166) of the countries among territories."""
    found: dict[str, None] = {}
    for place in map(Iri, places):
        if any(view.quads(subject=place, predicate=RDF_TYPE, object=mln.Country)):
            codes = (q.object for q in view.quads(subject=place, predicate=SKOS_NOTATION))
            found |= {code.value: None for code in codes if isinstance(code, Literal)}
    return tuple(found)


def are_moved(changed: Iterable[Quad], iris: Iris) -> bool:
    """Whether a territory is a part of others than before: all that lies in it is then found anew."""
    return any(
        quad.predicate == mln.partOf and (iris.split(quad.subject) or ("",))[0] == "territory"
        for quad in changed
    )
