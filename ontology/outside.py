"""Which terms of outside vocabularies exist: a term that nobody defined is a silent mistake."""

from collections.abc import Iterable
from importlib.resources import files

from rdflib import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    QB,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    VANN,
    VOID,
    XSD,
    URIRef,
)
from rdflib.namespace import GEO

from ontology.vocabularies import PREFIXES

__all__ = ["missing_terms"]

_CLOSED = {
    "rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "skos": SKOS, "dcterms": DCTERMS,
    "foaf": FOAF, "prov": PROV, "org": ORG, "geo": GEO, "vann": VANN, "qb": QB, "sh": SH,
    "dcat": DCAT, "void": VOID,
}  # fmt: skip


def missing_terms(iris: Iterable[str]) -> list[str]:
    """Return, sorted, those IRIs of a vocabulary we use that name no term of it.

    IRIs outside ``ontology.vocabularies.PREFIXES`` are not judged.
    """
    listed = _listed_terms()
    missing = set()
    for iri in iris:
        prefix = next((p for p, namespace in PREFIXES.items() if iri.startswith(namespace)), None)
        if prefix is not None and iri != PREFIXES[prefix] and not _exists(iri, prefix, listed):
            missing.add(iri)
    return sorted(missing)


def _exists(iri: str, prefix: str, listed: dict[str, frozenset[str]]) -> bool:
    if prefix == "schema":  # the data use http, rdflib's list has https: one vocabulary
        return URIRef(iri.replace("http:", "https:", 1)) in SDO
    if prefix in _CLOSED:
        return URIRef(iri) in _CLOSED[prefix]
    return iri.removeprefix(PREFIXES[prefix]) in listed[prefix]


def _listed_terms() -> dict[str, frozenset[str]]:
    text = (files("ontology") / "outside_terms.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rows = (line.split(": ", 1) for line in lines)
    return {prefix: frozenset(names.split()) for prefix, names in rows}
