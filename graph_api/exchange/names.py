"""The names that lists are matched against: every name of every entity of the graph."""

from collections.abc import Iterable

from graph_api.exchange.reconciling import Named, NameTable
from graph_api.portal.labels import choose_label
from graph_api.store.base import View
from ontology.iris import KINDS, Iris
from ontology.model import Iri, Literal, Term
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_PREF_LABEL

__all__ = ["make_table", "names_query", "read_table"]


def names_query(iris: Iris) -> str:
    """SELECT (s, p, name): preferred and alternative names of all that has an IRI of ours."""
    return (
        f"SELECT DISTINCT ?s ?p ?name WHERE {{ GRAPH ?g {{ ?s ?p ?name }} "
        f"FILTER(?p IN (<{SKOS_PREF_LABEL}>, <{SKOS_ALT_LABEL}>)) "
        f'FILTER(STRSTARTS(STR(?s), "{iris.base}/id/")) }}'
    )


def make_table(names: Iterable[tuple[Term, Term, Term]], iris: Iris, lang: str = "fr") -> NameTable:
    """Make the table of (entity, property, name); the name that is shown is in ``lang``."""
    labels: dict[Iri, list[Literal]] = {}
    preferred: dict[Iri, list[Literal]] = {}
    for subject, predicate, value in names:
        if isinstance(subject, Iri) and isinstance(value, Literal):
            labels.setdefault(subject, []).append(value)
            if predicate == SKOS_PREF_LABEL:
                preferred.setdefault(subject, []).append(value)
    return NameTable(
        Named(
            f"{place[0]}/{place[1]}",
            place[0],
            (
                choose_label(iri, preferred.get(iri, known), lang).text,
                *sorted(name.value for name in known),
            ),
        )
        for iri, known in labels.items()
        if (place := iris.split(iri)) and place[0] in KINDS
    )


def read_table(view: View, iris: Iris) -> NameTable:
    """Make the table of a store, for commands that work without the portal."""
    quads = (q for p in (SKOS_PREF_LABEL, SKOS_ALT_LABEL) for q in view.quads(predicate=p))
    return make_table(((q.subject, q.predicate, q.object) for q in quads), iris)
