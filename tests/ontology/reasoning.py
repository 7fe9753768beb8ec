"""What the tests of rules and of HermiT share: a small world made by numbers, and an in-memory graph."""

from collections.abc import Iterable, Iterator
from functools import cache

from rdflib import OWL, RDF, RDFS, Graph

from ontology.load import ontology_graph, term
from ontology.model import Iri, Triple
from ontology.validate import graph_of

PREFIXES = """
@prefix mln: <https://w3id.org/maillon/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <https://maillon.example/id/x/> .
"""


def graph(text: str) -> Graph:
    """Return a graph of Turtle with the prefixes above."""
    return Graph().parse(data=PREFIXES + text, format="turtle")


@cache
def ontology() -> Graph:
    """Return the ontology; read once and not to be changed."""
    return ontology_graph()


@cache
def axioms() -> Graph:
    """Return what rules ask of the ontology: inverses, kinds of properties, properties above."""
    asked = Graph()
    for row in ontology():
        if row[1] in (OWL.inverseOf, RDFS.subPropertyOf) or (
            row[1] == RDF.type and row[2] in (OWL.TransitiveProperty, OWL.SymmetricProperty)
        ):
            asked.add(row)
    return asked


class Known:
    """A graph that answers queries and takes conclusions."""

    def __init__(self, data: Graph) -> None:
        self.graph = data

    def construct(self, query: str) -> Iterator[Triple]:
        """Evaluate a CONSTRUCT query."""
        for subject, predicate, value in list(self.graph.query(query)):  # type: ignore[misc]
            yield Triple(Iri(str(subject)), Iri(str(predicate)), term(value))

    def add(self, triples: Iterable[Triple]) -> None:
        """Make conclusions visible to the next query."""
        self.graph += graph_of(triples)


def small_world(size: int) -> Graph:
    """Return about ``size`` individuals: territories in a tree, actors, programmes, laws, awards."""
    lines = []
    for n in range(size // 5):
        lines += [
            f"e:t{n} a mln:Territory .",
            f"e:a{n} a mln:Actor ; mln:locatedIn e:t{n} ; mln:operates e:p{n} .",
            f"e:p{n} a mln:SupportScheme ; mln:theme e:theme{n % 3} .",
            f"e:l{n} a mln:Plan .",
            f"e:f{n} a mln:FundingAward ; mln:awardedBy e:a{n} ; mln:awardedTo e:p{(n + 1) % (size // 5)} .",
        ]
        if n:
            lines += [
                f"e:t{n} mln:partOf e:t{n // 4} .",
                f"e:a{n} mln:partnerOf e:a{n // 2} ; mln:memberOf e:a{n // 3} .",
                f"e:l{n} mln:adoptedBy e:a{n} ; mln:basedOn e:l{n // 2} .",
            ]
    return graph("\n".join(lines))
