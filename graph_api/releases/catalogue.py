"""What the site says about its data: a DCAT-AP 3.0.1 catalogue and a VoID description.

Written with rdflib, so that every literal has the datatype that its property declares
(``xsd:nonNegativeInteger``, ``xsd:hexBinary``), which the store would not keep. Concepts of the EU's
authority tables come with their class, so that a validator needs no other file.
"""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from rdflib import (
    DCTERMS,
    FOAF,
    PROV,
    RDF,
    SKOS,
    VOID,
    XSD,
    Graph,
    Literal,
    Namespace,
    URIRef,
)

from graph_api.releases.dumps import FORMATS
from graph_api.releases.shelf import DumpFile, Release, release_iri
from graph_api.settings import Settings
from ontology.iris import ONTOLOGY, Iris
from ontology.vocabularies import PREFIXES

__all__ = ["Facts", "describe_catalogue", "describe_release", "describe_void"]

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_SPDX = Namespace("http://spdx.org/rdf/terms#")
# DCAT-AP's shapes ask for this form of the address; SPDX's own begins with http.
_SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own list is that of version 2
_ADMS = Namespace("http://www.w3.org/ns/adms#")
_FILE_TYPES = MappingProxyType(
    {"nq": "RDF_N_QUADS", "trig": "RDF_TRIG", "ttl": "RDF_TURTLE", "jsonld": "JSON_LD"}
)
_LANGUAGES = ("FRA", "ENG")
_THEMES = MappingProxyType(
    {
        "SOCI": {"en": "Population and society", "fr": "Population et société"},
        "ECON": {"en": "Economy and finance", "fr": "Économie et finances"},
    }
)
_TITLES = MappingProxyType(
    {
        "catalogue": {
            "en": "Data on social innovation",
            "fr": "Données sur l’innovation sociale",
        },
        "dataset": {
            "en": "Knowledge graph of social innovation",
            "fr": "Graphe de connaissances de l’innovation sociale",
        },
        "sparql": {"en": "SPARQL endpoint", "fr": "Service SPARQL"},
        "series": {
            "en": "Releases of the knowledge graph",
            "fr": "Versions du graphe de connaissances",
        },
    }
)
_DESCRIPTIONS = MappingProxyType(
    {
        "catalogue": {
            "en": "What this site publishes: its graph, the releases of it, and the service to query it.",
            "fr": "Ce que ce site publie : son graphe, les versions de celui-ci et le service pour "
            "l’interroger.",
        },
        "dataset": {
            "en": "Actors, programmes, laws, territories, practices and figures of social innovation, "
            "each fact with the sentence or the place that it comes from.",
            "fr": "Acteurs, dispositifs, textes, territoires, pratiques et chiffres de l’innovation "
            "sociale, chaque fait avec la phrase ou l’endroit d’où il vient.",
        },
        "sparql": {
            "en": "SPARQL 1.1 queries over the graph and its latest releases, read-only.",
            "fr": "Requêtes SPARQL 1.1 sur le graphe et ses dernières versions, en lecture seule.",
        },
        "series": {
            "en": "The graph as it was on certain days, kept as files with checksums.",
            "fr": "Le graphe tel qu’il était certains jours, conservé en fichiers avec sommes de contrôle.",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a description is made of. ``origin`` is the site's public address, without a slash."""

    settings: Settings
    origin: str
    generation: int
    modified: datetime
    releases: tuple[Release, ...]
    graphs: tuple[tuple[str, int], ...] = ()
    classes: tuple[tuple[str, int], ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def iris(self) -> Iris:
        """The IRIs of the data."""
        return Iris(self.settings.base)


def describe_catalogue(facts: Facts) -> Graph:
    """Return the catalogue: the live dataset, the releases as a series, and the SPARQL service."""
    graph = _new_graph()
    base = facts.settings.base
    catalogue, dataset = URIRef(f"{base}/catalog"), URIRef(f"{base}/catalog#dataset")
    series, service = URIRef(f"{base}/catalog#releases"), URIRef(f"{base}/catalog#sparql")
    graph.add((catalogue, RDF.type, _DCAT.Catalog))
    _describe(graph, catalogue, "catalogue", facts)
    _add_typed(graph, catalogue, FOAF.homepage, URIRef(f"{facts.origin}/"), FOAF.Document)
    graph.add((catalogue, DCTERMS.modified, _moment(facts.modified)))
    for scheme in ("data-theme",):
        _add_scheme(graph, catalogue, scheme)
    graph.add((catalogue, _DCAT.dataset, dataset))
    graph.add((catalogue, _DCAT.service, service))
    graph.add((dataset, RDF.type, _DCAT.Dataset))
    _describe(graph, dataset, "dataset", facts)
    graph.add((dataset, DCTERMS.identifier, Literal(str(dataset))))
    graph.add((dataset, DCTERMS.modified, _moment(facts.modified)))
    graph.add((dataset, _DCAT.version, Literal(str(facts.generation))))
    _add_subjects(graph, dataset)
    _add_service(graph, service, dataset, facts)
    live = URIRef(f"{base}/catalog#live")
    graph.add((dataset, _DCAT.distribution, live))
    graph.add((live, RDF.type, _DCAT.Distribution))
    _add_texts(graph, live, "sparql")
    graph.add((live, _DCAT.accessURL, URIRef(f"{facts.origin}/sparql")))
    graph.add((live, _DCAT.accessService, service))
    _add_licence(graph, live, facts.settings)
    if facts.releases:
        graph.add((catalogue, _DCAT.dataset, series))
        graph.add((series, RDF.type, _DCAT.DatasetSeries))
        _describe(graph, series, "series", facts, licence=False)
        _add_subjects(graph, series)
    for release in facts.releases:
        node = _add_release(graph, release, facts, by_graph=False)
        graph.add((catalogue, _DCAT.dataset, node))
        graph.add((node, _DCAT.inSeries, series))
        graph.add((node, DCTERMS.isVersionOf, dataset))
    return graph


def describe_release(release: Release, facts: Facts) -> Graph:
    """Return what is said about one release, with all of its files."""
    graph = _new_graph()
    _add_release(graph, release, facts, by_graph=True)
    return graph


def describe_void(facts: Facts) -> Graph:
    """Return the VoID description (https://www.w3.org/TR/void/), one subset a named graph.

    ``void:triples`` of the whole is the sum of its graphs: what a dump holds.
    """
    graph = _new_graph()
    base = facts.settings.base
    document, dataset = URIRef(f"{base}/.well-known/void"), URIRef(f"{base}/catalog#dataset")
    graph.add((document, RDF.type, VOID.DatasetDescription))
    graph.add((document, FOAF.primaryTopic, dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    _describe(graph, dataset, "dataset", facts)
    graph.add((dataset, DCTERMS.modified, _moment(facts.modified)))
    graph.add((dataset, FOAF.homepage, URIRef(f"{facts.origin}/")))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(f"{facts.origin}/sparql")))
    graph.add((dataset, VOID.uriSpace, Literal(f"{base}/id/")))
    graph.add((dataset, VOID.triples, _integer(sum(count for _, count in facts.graphs))))
    for namespace in (
        f"{ONTOLOGY}#",
        *(PREFIXES[each] for each in ("skos", "dcterms", "oa", "prov")),
    ):
        graph.add((dataset, VOID.vocabulary, URIRef(namespace)))
    for name in ("Turtle", "N-Triples", "JSON-LD", "RDF_XML"):
        graph.add((dataset, VOID.feature, URIRef(f"http://www.w3.org/ns/formats/{name}")))
    for example in facts.examples:
        graph.add((dataset, VOID.exampleResource, URIRef(example)))
    for iri, count in facts.classes:
        part = URIRef(f"{base}/catalog#class-{iri.rpartition('#')[2].rpartition('/')[2]}")
        graph.add((dataset, VOID.classPartition, part))
        graph.add((part, VOID["class"], URIRef(iri)))
        graph.add((part, VOID.entities, _integer(count)))
    newest = facts.releases[0] if facts.releases else None
    dumps: dict[str, list[URIRef]] = {}
    for file in newest.files if newest else ():
        address = URIRef(f"{facts.origin}/dumps/{newest.id if newest else ''}/{file.name}")
        dumps.setdefault(file.graph or "", []).append(address)
    for address in dumps.get("", ()):
        graph.add((dataset, VOID.dataDump, address))
    for iri, count in facts.graphs:
        node = URIRef(iri)
        graph.add((dataset, VOID.subset, node))
        graph.add((node, RDF.type, VOID.Dataset))
        graph.add((node, VOID.triples, _integer(count)))
        for address in dumps.get(iri, ()):
            graph.add((node, VOID.dataDump, address))
    return graph


def _new_graph() -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "vcard": str(_VCARD), "spdx": str(_SPDX)}.items():
        graph.bind(prefix, namespace)
    return graph


def _describe(graph: Graph, node: URIRef, name: str, facts: Facts, *, licence: bool = True) -> None:
    _add_texts(graph, node, name)
    _add_publisher(graph, node, facts.settings)
    if licence:
        _add_licence(graph, node, facts.settings)
    for code in _LANGUAGES:
        language = URIRef(f"{_AUTHORITY}language/{code}")
        _add_typed(graph, node, DCTERMS.language, language, DCTERMS.LinguisticSystem)
        graph.add((language, SKOS.inScheme, URIRef(f"{_AUTHORITY}language")))


def _add_texts(graph: Graph, node: URIRef, name: str) -> None:
    for lang, text in _TITLES[name].items():
        graph.add((node, DCTERMS.title, Literal(text, lang=lang)))
    for lang, text in _DESCRIPTIONS[name].items():
        graph.add((node, DCTERMS.description, Literal(text, lang=lang)))


def _add_publisher(graph: Graph, node: URIRef, settings: Settings) -> None:
    publisher = URIRef(f"{settings.base}/catalog#publisher")
    _add_typed(graph, node, DCTERMS.publisher, publisher, FOAF.Agent)
    graph.add((publisher, FOAF.name, Literal(settings.publisher)))
    if settings.publisher_url:
        graph.add((publisher, FOAF.homepage, URIRef(settings.publisher_url)))


def _add_licence(graph: Graph, node: URIRef, settings: Settings) -> None:
    _add_typed(graph, node, DCTERMS.license, URIRef(settings.licence), DCTERMS.LicenseDocument)


def _add_typed(graph: Graph, node: URIRef, property_: URIRef, value: URIRef, kind: URIRef) -> None:
    graph.add((node, property_, value))
    graph.add((value, RDF.type, kind))


def _add_scheme(graph: Graph, node: URIRef, name: str) -> None:
    scheme = URIRef(_AUTHORITY + name)
    _add_typed(graph, node, _DCAT.themeTaxonomy, scheme, SKOS.ConceptScheme)
    graph.add((scheme, DCTERMS.title, Literal("Data theme", lang="en")))


def _add_subjects(graph: Graph, node: URIRef) -> None:
    for code, labels in _THEMES.items():
        theme = URIRef(f"{_AUTHORITY}data-theme/{code}")
        _add_typed(graph, node, _DCAT.theme, theme, SKOS.Concept)
        graph.add((theme, SKOS.inScheme, URIRef(f"{_AUTHORITY}data-theme")))
        for lang, label in labels.items():
            graph.add((theme, SKOS.prefLabel, Literal(label, lang=lang)))
    for lang, words in (
        ("en", ("social innovation", "social economy")),
        ("fr", ("innovation sociale", "économie sociale et solidaire")),
    ):
        for word in words:
            graph.add((node, _DCAT.keyword, Literal(word, lang=lang)))


def _add_service(graph: Graph, node: URIRef, dataset: URIRef, facts: Facts) -> None:
    graph.add((node, RDF.type, _DCAT.DataService))
    _add_texts(graph, node, "sparql")
    _add_publisher(graph, node, facts.settings)
    _add_licence(graph, node, facts.settings)
    endpoint = URIRef(f"{facts.origin}/sparql")
    graph.add((node, _DCAT.endpointURL, endpoint))
    graph.add((node, _DCAT.endpointDescription, endpoint))
    protocol = URIRef("https://www.w3.org/TR/sparql11-protocol/")
    _add_typed(graph, node, DCTERMS.conformsTo, protocol, DCTERMS.Standard)
    graph.add((node, _DCAT.servesDataset, dataset))
    if facts.settings.contact:
        contact = URIRef(f"{facts.settings.base}/catalog#contact")
        _add_typed(graph, node, _DCAT.contactPoint, contact, _VCARD.Organization)
        graph.add((contact, _VCARD.fn, Literal(facts.settings.publisher)))
        given = facts.settings.contact
        if "://" in given:
            graph.add((contact, _VCARD.hasURL, URIRef(given)))
        else:
            graph.add((contact, _VCARD.hasEmail, URIRef(f"mailto:{given}")))


def _add_release(graph: Graph, release: Release, facts: Facts, *, by_graph: bool) -> URIRef:
    node = URIRef(release_iri(facts.iris, release.id))
    graph.add((node, RDF.type, _DCAT.Dataset))
    for lang, text in _TITLES["dataset"].items():
        graph.add((node, DCTERMS.title, Literal(f"{text}, {release.id}", lang=lang)))
    for lang, text in _DESCRIPTIONS["dataset"].items():
        graph.add((node, DCTERMS.description, Literal(text, lang=lang)))
    if release.note:
        graph.add((node, _ADMS.versionNotes, Literal(release.note)))
    _add_publisher(graph, node, facts.settings)
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    graph.add((node, DCTERMS.issued, _moment(release.when)))
    graph.add((node, _DCAT.version, Literal(release.id)))
    graph.add((node, VOID.triples, _integer(release.quads)))
    _add_subjects(graph, node)
    if release.previous:
        graph.add((node, _DCAT.prev, URIRef(release_iri(facts.iris, release.previous))))
        graph.add((node, PROV.wasRevisionOf, URIRef(release_iri(facts.iris, release.previous))))
    for file in release.files:
        if by_graph or file.graph is None:
            graph.add((node, _DCAT.distribution, _add_file(graph, file, release, facts)))
    return node


def _add_file(graph: Graph, file: DumpFile, release: Release, facts: Facts) -> URIRef:
    node = URIRef(f"{facts.settings.base}/dumps/{release.id}/{file.name}")
    address = URIRef(f"{facts.origin}/dumps/{release.id}/{file.name}")
    extension = file.name.removesuffix(".gz").rpartition(".")[2]
    graph.add((node, RDF.type, _DCAT.Distribution))
    graph.add((node, DCTERMS.title, Literal(file.name)))
    graph.add((node, _DCAT.accessURL, address))
    graph.add((node, _DCAT.downloadURL, address))
    graph.add((node, _DCAT.byteSize, Literal(file.bytes, datatype=XSD.nonNegativeInteger)))
    graph.add((node, DCTERMS.issued, _moment(release.when)))
    if file.graph:
        graph.add((node, DCTERMS.subject, URIRef(file.graph)))
    _add_licence(graph, node, facts.settings)
    media_type = URIRef(_IANA + FORMATS[extension].media_type)
    _add_typed(graph, node, _DCAT.mediaType, media_type, DCTERMS.MediaType)
    _add_typed(
        graph, node, _DCAT.compressFormat, URIRef(_IANA + "application/gzip"), DCTERMS.MediaType
    )
    file_type = URIRef(f"{_AUTHORITY}file-type/{_FILE_TYPES[extension]}")
    _add_typed(graph, node, DCTERMS["format"], file_type, DCTERMS.MediaTypeOrExtent)
    graph.add((file_type, SKOS.inScheme, URIRef(f"{_AUTHORITY}file-type")))
    checksum = URIRef(f"{node}#sha256")
    graph.add((node, _SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, _SPDX.Checksum))
    graph.add((checksum, _SPDX.algorithm, _SHA256))
    graph.add((_SHA256, RDF.type, _SPDX.ChecksumAlgorithm))
    graph.add((_SHA256, SKOS.exactMatch, _SPDX.checksumAlgorithm_sha256))
    graph.add(
        (
            checksum,
            _SPDX.checksumValue,
            Literal(file.sha256, datatype=XSD.hexBinary, normalize=False),
        )
    )
    return node


def _moment(when: datetime) -> Literal:
    return Literal(when.replace(microsecond=0).isoformat(), datatype=XSD.dateTime)


def _integer(value: int) -> Literal:
    return Literal(value, datatype=XSD.integer)
