"""Constants of the outside vocabularies that code names; our own terms are in ``ontology.terms``.

A test checks that each of them exists wherever rdflib has the closed list of its vocabulary.
"""

from ontology.model import Iri

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
GEO = "http://www.opengis.net/ont/geosparql#"
VANN = "http://purl.org/vocab/vann/"
BIBO = "http://purl.org/ontology/bibo/"
ELI = "http://data.europa.eu/eli/ontology#"
CV = "http://data.europa.eu/m8g/"
CPSV = "http://purl.org/vocab/cpsv#"
SCHEMA = "http://schema.org/"
QB = "http://purl.org/linked-data/cube#"
SH = "http://www.w3.org/ns/shacl#"
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
DQV = "http://www.w3.org/ns/dqv#"

PREFIXES = {
    "rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "skos": SKOS, "dcterms": DCTERMS,
    "foaf": FOAF, "prov": PROV, "oa": OA, "org": ORG, "geo": GEO, "vann": VANN, "bibo": BIBO,
    "eli": ELI, "cv": CV, "cpsv": CPSV, "schema": SCHEMA, "qb": QB, "sh": SH, "dcat": DCAT,
    "void": VOID, "dqv": DQV,
}  # fmt: skip
"""Prefix to namespace, as every file, query and page of the project writes them (beside ``mln``)."""

RDF_TYPE = Iri(RDF + "type")
RDF_STATEMENT = Iri(RDF + "Statement")
RDF_SUBJECT = Iri(RDF + "subject")
RDF_PREDICATE = Iri(RDF + "predicate")
RDF_OBJECT = Iri(RDF + "object")
RDF_VALUE = Iri(RDF + "value")
RDF_LANG_STRING = Iri(RDF + "langString")
RDF_FIRST = Iri(RDF + "first")
RDF_REST = Iri(RDF + "rest")
RDF_NIL = Iri(RDF + "nil")

RDFS_LABEL = Iri(RDFS + "label")
RDFS_COMMENT = Iri(RDFS + "comment")
RDFS_SUB_CLASS_OF = Iri(RDFS + "subClassOf")
RDFS_SUB_PROPERTY_OF = Iri(RDFS + "subPropertyOf")
RDFS_DOMAIN = Iri(RDFS + "domain")
RDFS_RANGE = Iri(RDFS + "range")
RDFS_SEE_ALSO = Iri(RDFS + "seeAlso")
RDFS_IS_DEFINED_BY = Iri(RDFS + "isDefinedBy")
RDFS_LITERAL = Iri(RDFS + "Literal")
RDFS_DATATYPE = Iri(RDFS + "Datatype")

OWL_CLASS = Iri(OWL + "Class")
OWL_OBJECT_PROPERTY = Iri(OWL + "ObjectProperty")
OWL_DATATYPE_PROPERTY = Iri(OWL + "DatatypeProperty")
OWL_ANNOTATION_PROPERTY = Iri(OWL + "AnnotationProperty")
OWL_SYMMETRIC_PROPERTY = Iri(OWL + "SymmetricProperty")
OWL_TRANSITIVE_PROPERTY = Iri(OWL + "TransitiveProperty")
OWL_NAMED_INDIVIDUAL = Iri(OWL + "NamedIndividual")
OWL_ONTOLOGY = Iri(OWL + "Ontology")
OWL_INVERSE_OF = Iri(OWL + "inverseOf")
OWL_UNION_OF = Iri(OWL + "unionOf")
OWL_VERSION_IRI = Iri(OWL + "versionIRI")
OWL_VERSION_INFO = Iri(OWL + "versionInfo")
OWL_DEPRECATED = Iri(OWL + "deprecated")
OWL_SAME_AS = Iri(OWL + "sameAs")

XSD_STRING = Iri(XSD + "string")
XSD_INTEGER = Iri(XSD + "integer")
XSD_DECIMAL = Iri(XSD + "decimal")
XSD_DOUBLE = Iri(XSD + "double")
XSD_BOOLEAN = Iri(XSD + "boolean")
XSD_DATE = Iri(XSD + "date")
XSD_DATE_TIME = Iri(XSD + "dateTime")
XSD_G_YEAR = Iri(XSD + "gYear")
XSD_G_YEAR_MONTH = Iri(XSD + "gYearMonth")
XSD_ANY_URI = Iri(XSD + "anyURI")

SKOS_CONCEPT = Iri(SKOS + "Concept")
SKOS_CONCEPT_SCHEME = Iri(SKOS + "ConceptScheme")
SKOS_PREF_LABEL = Iri(SKOS + "prefLabel")
SKOS_ALT_LABEL = Iri(SKOS + "altLabel")
SKOS_HIDDEN_LABEL = Iri(SKOS + "hiddenLabel")
SKOS_DEFINITION = Iri(SKOS + "definition")
SKOS_SCOPE_NOTE = Iri(SKOS + "scopeNote")
SKOS_EXAMPLE = Iri(SKOS + "example")
SKOS_NOTATION = Iri(SKOS + "notation")
SKOS_IN_SCHEME = Iri(SKOS + "inScheme")
SKOS_TOP_CONCEPT_OF = Iri(SKOS + "topConceptOf")
SKOS_HAS_TOP_CONCEPT = Iri(SKOS + "hasTopConcept")
SKOS_BROADER = Iri(SKOS + "broader")
SKOS_NARROWER = Iri(SKOS + "narrower")
SKOS_RELATED = Iri(SKOS + "related")
SKOS_RELATED_MATCH = Iri(SKOS + "relatedMatch")
SKOS_EXACT_MATCH = Iri(SKOS + "exactMatch")
SKOS_CLOSE_MATCH = Iri(SKOS + "closeMatch")

DCTERMS_TITLE = Iri(DCTERMS + "title")
DCTERMS_DESCRIPTION = Iri(DCTERMS + "description")
DCTERMS_ABSTRACT = Iri(DCTERMS + "abstract")
DCTERMS_IDENTIFIER = Iri(DCTERMS + "identifier")
DCTERMS_LANGUAGE = Iri(DCTERMS + "language")
DCTERMS_FORMAT = Iri(DCTERMS + "format")
DCTERMS_CREATOR = Iri(DCTERMS + "creator")
DCTERMS_PUBLISHER = Iri(DCTERMS + "publisher")
DCTERMS_CREATED = Iri(DCTERMS + "created")
DCTERMS_ISSUED = Iri(DCTERMS + "issued")
DCTERMS_MODIFIED = Iri(DCTERMS + "modified")
DCTERMS_LICENSE = Iri(DCTERMS + "license")
DCTERMS_RIGHTS = Iri(DCTERMS + "rights")
DCTERMS_SOURCE = Iri(DCTERMS + "source")
DCTERMS_SPATIAL = Iri(DCTERMS + "spatial")
DCTERMS_SUBJECT = Iri(DCTERMS + "subject")
DCTERMS_TYPE = Iri(DCTERMS + "type")
DCTERMS_EXTENT = Iri(DCTERMS + "extent")
DCTERMS_IS_PART_OF = Iri(DCTERMS + "isPartOf")
DCTERMS_HAS_PART = Iri(DCTERMS + "hasPart")
DCTERMS_REFERENCES = Iri(DCTERMS + "references")
DCTERMS_IS_REPLACED_BY = Iri(DCTERMS + "isReplacedBy")

FOAF_AGENT = Iri(FOAF + "Agent")
FOAF_PERSON = Iri(FOAF + "Person")
FOAF_DOCUMENT = Iri(FOAF + "Document")
FOAF_NAME = Iri(FOAF + "name")
FOAF_HOMEPAGE = Iri(FOAF + "homepage")
FOAF_PAGE = Iri(FOAF + "page")
FOAF_FOCUS = Iri(FOAF + "focus")
FOAF_PRIMARY_TOPIC = Iri(FOAF + "primaryTopic")
FOAF_IS_PRIMARY_TOPIC_OF = Iri(FOAF + "isPrimaryTopicOf")

PROV_ENTITY = Iri(PROV + "Entity")
PROV_ACTIVITY = Iri(PROV + "Activity")
PROV_SOFTWARE_AGENT = Iri(PROV + "SoftwareAgent")
PROV_USED = Iri(PROV + "used")
PROV_GENERATED = Iri(PROV + "generated")
PROV_WAS_GENERATED_BY = Iri(PROV + "wasGeneratedBy")
PROV_WAS_ASSOCIATED_WITH = Iri(PROV + "wasAssociatedWith")
PROV_WAS_ATTRIBUTED_TO = Iri(PROV + "wasAttributedTo")
DQV_COMPUTED_ON = Iri(DQV + "computedOn")
DQV_EXPECTED_DATA_TYPE = Iri(DQV + "expectedDataType")
DQV_IS_MEASUREMENT_OF = Iri(DQV + "isMeasurementOf")
DQV_METRIC = Iri(DQV + "Metric")
DQV_QUALITY_MEASUREMENT = Iri(DQV + "QualityMeasurement")
DQV_QUALITY_MEASUREMENT_DATASET = Iri(DQV + "QualityMeasurementDataset")
DQV_VALUE = Iri(DQV + "value")

SCHEMA_MAX_VALUE = Iri(SCHEMA + "maxValue")
SCHEMA_MIN_VALUE = Iri(SCHEMA + "minValue")

PROV_WAS_DERIVED_FROM = Iri(PROV + "wasDerivedFrom")
PROV_HAD_PRIMARY_SOURCE = Iri(PROV + "hadPrimarySource")
PROV_STARTED_AT_TIME = Iri(PROV + "startedAtTime")
PROV_ENDED_AT_TIME = Iri(PROV + "endedAtTime")
PROV_GENERATED_AT_TIME = Iri(PROV + "generatedAtTime")

OA_SPECIFIC_RESOURCE = Iri(OA + "SpecificResource")
OA_TEXT_POSITION_SELECTOR = Iri(OA + "TextPositionSelector")
OA_TEXT_QUOTE_SELECTOR = Iri(OA + "TextQuoteSelector")
OA_HAS_SOURCE = Iri(OA + "hasSource")
OA_HAS_SELECTOR = Iri(OA + "hasSelector")
OA_START = Iri(OA + "start")
OA_END = Iri(OA + "end")
OA_EXACT = Iri(OA + "exact")
OA_PREFIX = Iri(OA + "prefix")
OA_SUFFIX = Iri(OA + "suffix")

ORG_ORGANIZATION = Iri(ORG + "Organization")
ORG_IDENTIFIER = Iri(ORG + "identifier")
GEO_FEATURE = Iri(GEO + "Feature")
GEO_SF_WITHIN = Iri(GEO + "sfWithin")
GEO_SF_CONTAINS = Iri(GEO + "sfContains")
VANN_PREFERRED_NAMESPACE_PREFIX = Iri(VANN + "preferredNamespacePrefix")
VANN_PREFERRED_NAMESPACE_URI = Iri(VANN + "preferredNamespaceUri")

__all__ = sorted(name for name in globals() if name.isupper())
