"""The service description: what the endpoint offers and where its limits are.

https://www.w3.org/TR/sparql11-service-description/
"""

from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef

from graph_api.settings import Settings
from graph_api.sparql.negotiation import GRAPH_TYPES, RESULT_TYPES
from graph_api.sparql.text_query import PROPERTY

__all__ = ["describe_service"]

_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
_SERIALISERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}


def describe_service(endpoint: str, media_type: str, settings: Settings) -> bytes:
    """Return the description of the service at ``endpoint`` in one of GRAPH_TYPES."""
    graph = Graph()
    graph.bind("sd", _SD)
    service, dataset, default = URIRef(endpoint), BNode(), BNode()
    graph.add((service, RDF.type, _SD.Service))
    graph.add((service, _SD.endpoint, service))
    graph.add((service, _SD.supportedLanguage, _SD.SPARQL11Query))
    for name in (*RESULT_TYPES, *GRAPH_TYPES):
        graph.add((service, _SD.resultFormat, URIRef(_FORMATS + _FORMAT_NAMES[name])))
    if settings.union_default_graph:
        graph.add((service, _SD.feature, _SD.UnionDefaultGraph))
    graph.add((service, _SD.propertyFeature, URIRef(PROPERTY)))
    graph.add((URIRef(PROPERTY), RDF.type, _SD.Feature))
    graph.add((service, _SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, _SD.Dataset))
    graph.add((dataset, _SD.defaultGraph, default))
    graph.add((default, RDF.type, _SD.Graph))
    graph.add((service, RDFS.comment, Literal(_limits_in_english(settings), lang="en")))
    graph.add((service, RDFS.comment, Literal(_limits_in_french(settings), lang="fr")))
    return graph.serialize(format=_SERIALISERS[media_type], encoding="utf-8")


def _limits_in_english(settings: Settings) -> str:
    default = "the union of all public graphs but mappings" if settings.union_default_graph else (
        "empty: name graphs with FROM or GRAPH"
    )  # fmt: skip
    return (
        f"Read-only. Limits: {settings.query_bytes} bytes and {settings.query_nesting} levels of "
        f"brackets a query; {settings.slow_seconds:g} seconds from its arrival (beyond "
        f"{settings.fast_seconds:g} at low priority); {settings.result_bytes} bytes of result; "
        f"{settings.worker_memory} bytes of working memory; {settings.queue_per_client} queries a "
        f"client at once; {settings.text_hits} hits of a text:query. SERVICE, LOAD and updates are not "
        f"offered. The default graph is {default}."
    )


def _limits_in_french(settings: Settings) -> str:
    default = "l’union de tous les graphes publics sauf mappings" if settings.union_default_graph else (
        "vide : nommez les graphes par FROM ou GRAPH"
    )  # fmt: skip
    return (
        f"En lecture seule. Limites : {settings.query_bytes} octets et {settings.query_nesting} "
        f"niveaux de parenthèses par requête ; {settings.slow_seconds:g} secondes dès son arrivée "
        f"(au-delà de {settings.fast_seconds:g}, en priorité basse) ; {settings.result_bytes} octets "
        f"de résultat ; {settings.worker_memory} octets de mémoire de travail ; "
        f"{settings.queue_per_client} requêtes à la fois par client ; {settings.text_hits} résultats par "
        f"text:query. SERVICE, LOAD et les mises à "
        f"jour ne sont pas offerts. Le graphe par défaut est {default}."
    )
