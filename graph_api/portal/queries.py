"""The SPARQL behind pages. Every function is pure: IRIs and limits in, query text out.

All patterns stand in ``GRAPH``, so the result does not depend on what the default graph is, and
each row says in which graph it was found. Properties are chosen by FILTER, not by VALUES: the engine
joins VALUES by a scan of all statements with them (measured: 2.3 s instead of 10 ms).
"""

import re
from collections.abc import Iterable

from ontology import terms as mln
from ontology.iris import KINDS, Iris
from ontology.model import Iri
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    DCTERMS_LANGUAGE,
    DCTERMS_TITLE,
    FOAF_HOMEPAGE,
    OA_EXACT,
    OA_HAS_SELECTOR,
    OA_HAS_SOURCE,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_PREF_LABEL,
)

__all__ = [
    "CLAIM_LIMIT",
    "INCOMING_LIMIT",
    "INFERRED_LIMIT",
    "PART_TEXTS",
    "can_be_asked",
    "construct_query",
    "count_query",
    "details_query",
    "document_query",
    "documents_query",
    "entity_query",
    "exists_query",
    "figures_query",
    "iris_query",
    "kind_query",
    "publication_query",
    "reference",
    "references",
    "see_query",
    "things_filter",
]

CLAIM_LIMIT = 400
PART_TEXTS = (mln.criterionText, mln.answer, mln.tenureRole)
"""What stands for the name of a part: a node that hangs on its entity and has no page."""
INCOMING_LIMIT = 400
INFERRED_LIMIT = 300
_UNSAFE = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_STRUCTURE = (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT, mln.citedPublication, mln.via)


def reference(iri: str) -> str:
    """Return ``<iri>`` for a query.

    Raises:
        ValueError: a character that would end the reference.
    """
    if not can_be_asked(iri):
        raise ValueError(f"not an IRI: {iri[:80]!r}")
    return f"<{iri}>"


def can_be_asked(iri: str) -> bool:
    """Tell whether an IRI can stand in a query: it is something, and nothing in it ends it."""
    return bool(iri) and not _UNSAFE.search(iri)


def references(iris: Iterable[str]) -> str:
    """Return IRIs as a list for ``IN (…)``, in a stable order.

    Raises:
        ValueError: as :func:`reference`.
    """
    return ", ".join(reference(iri) for iri in sorted(iris))


def things_filter(iris: Iris, kinds: Iterable[str]) -> str:
    """FILTER ``?thing`` to whole entities of some kinds: parts, which hang on others, are left out."""
    starts = " || ".join(
        f'STRSTARTS(STR(?thing), "{_quoted(iris.entity(kind, ""))}")' for kind in kinds
    )
    return f'FILTER(({starts}) && !CONTAINS(STR(?thing), "#"))'


def exists_query(iri: Iri) -> str:
    """ASK whether anything is said about ``iri``."""
    return f"ASK {{ GRAPH ?g {{ {reference(iri)} ?p ?o }} }}"


def entity_query(iri: Iri, iris: Iris) -> str:
    """SELECT (s, p, o, g): all that the page of an entity shows, but for labels.

    What it says itself, what others say of it, the assertions of both with their citations, and
    of their passages the quote, page, section and language. At most :data:`INCOMING_LIMIT` and
    :data:`CLAIM_LIMIT` of the second and third; of conclusions about it :data:`INFERRED_LIMIT`.
    """
    entity = reference(iri)
    structure = references(_STRUCTURE)
    parts = references((mln.page, mln.section, DCTERMS_LANGUAGE))
    claims = _claims(entity, iris)
    stated, concluded = _stated(iris), _concluded(iris)
    return f"""SELECT DISTINCT ?s ?p ?o ?g WHERE {{
  {{ GRAPH ?g {{ {entity} ?p ?o }} {stated} BIND({entity} AS ?s) }}
  UNION
  {{ {{ SELECT ?p ?o ?g {{ GRAPH ?g {{ {entity} ?p ?o }} {concluded} }} LIMIT {INFERRED_LIMIT} }}
     BIND({entity} AS ?s) }}
  UNION
  {{ {{ SELECT ?s ?p ?g {{ GRAPH ?g {{ ?s ?p {entity} }} FILTER(?p NOT IN ({structure})) {stated} }}
       LIMIT {INCOMING_LIMIT} }} BIND({entity} AS ?o) }}
  UNION
  {{ {claims} GRAPH ?g {{ ?s ?p ?o }} {stated} }}
  UNION
  {{ {claims.replace("?s ", "?c ")} GRAPH ?h {{ ?c <{mln.citation}> ?s }} GRAPH ?g {{ ?s ?p ?o }} }}
  UNION
  {{ {claims.replace("?s ", "?c ")} GRAPH ?h {{ ?c <{mln.passage}> ?s }}
     GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({parts})) }}
  UNION
  {{ {claims.replace("?s ", "?c ")} GRAPH ?h {{ ?c <{mln.passage}> ?s }}
     GRAPH ?g {{ ?s <{OA_HAS_SELECTOR}> ?sel . ?sel <{OA_EXACT}> ?o }} BIND(<{OA_EXACT}> AS ?p) }}
  UNION
  {{ {claims.replace("?s ", "?c ")} GRAPH ?h {{ ?c <{mln.passage}> ?q }}
     GRAPH ?i {{ ?q <{OA_HAS_SOURCE}> ?s }} GRAPH ?g {{ ?s <{mln.fileOf}> ?o }}
     BIND(<{mln.fileOf}> AS ?p) }}
  UNION
  {{ {{ SELECT ?s ?o ?g {{ GRAPH ?g {{ ?c <{RDF_OBJECT}> {entity} ; <{RDF_SUBJECT}> ?s ;
       <{RDF_PREDICATE}> <{mln.mentions}> ; <{mln.passage}> ?o }} }} LIMIT {INCOMING_LIMIT} }}
     BIND(<{mln.passage}> AS ?p) }}
}}"""


def construct_query(iri: Iri, iris: Iris) -> str:
    """CONSTRUCT what :func:`entity_query` selects, with whole passages: an IRI's data twin.

    What sources say and nothing else: conclusions are a query away.
    """
    entity = reference(iri)
    structure = references(_STRUCTURE)
    claims = _claims(entity, iris)
    stated = _stated(iris)
    below = claims.replace("?s ", "?c ")
    return f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ GRAPH ?g {{ {entity} ?p ?o }} {stated} BIND({entity} AS ?s) }}
  UNION
  {{ {{ SELECT ?s ?p {{ GRAPH ?g {{ ?s ?p {entity} }} FILTER(?p NOT IN ({structure})) {stated} }}
       LIMIT {INCOMING_LIMIT} }} BIND({entity} AS ?o) }}
  UNION
  {{ {claims} GRAPH ?g {{ ?s ?p ?o }} {stated} }}
  UNION
  {{ {below} GRAPH ?h {{ ?c <{mln.citation}>|<{mln.passage}> ?s }} GRAPH ?g {{ ?s ?p ?o }} {stated} }}
  UNION
  {{ {below} GRAPH ?h {{ ?c <{mln.passage}> ?q }} GRAPH ?i {{ ?q <{OA_HAS_SELECTOR}> ?s }}
     GRAPH ?g {{ ?s ?p ?o }} {stated} }}
}}"""


def see_query(iri: Iri) -> str:
    """The query that "see the query" opens: the facts of an entity with their sentences."""
    entity = reference(iri)
    return f"""PREFIX mln: <{_namespace()}>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

SELECT DISTINCT ?property ?value ?quote ?passage ?publication ?place WHERE {{
  ?claim rdf:subject {entity} ;
         rdf:predicate ?property ;
         rdf:object ?value .
  OPTIONAL {{ ?claim mln:passage ?passage . ?passage oa:hasSelector/oa:exact ?quote }}
  OPTIONAL {{ ?claim mln:citation ?citation .
             ?citation mln:citedPublication ?publication ; mln:place ?place }}
}}
ORDER BY ?property ?value
LIMIT 1000"""


def details_query(iris: Iterable[Iri]) -> str:
    """SELECT (s, p, o): labels, types, summaries and display rights of several IRIs at once."""
    wanted = " ".join(sorted(reference(iri) for iri in set(iris)))
    properties = (
        SKOS_PREF_LABEL, DCTERMS_TITLE, RDFS_LABEL, RDF_TYPE, DCTERMS_DESCRIPTION, mln.rights,
        *PART_TEXTS,
    )  # fmt: skip
    values = references(properties)
    return (
        f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {wanted} }} "
        f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({values})) }}"
    )


def publication_query(iri: Iri) -> str:
    """SELECT (o): what the files of a publication mention."""
    return f"""SELECT DISTINCT ?o WHERE {{
  GRAPH ?g {{ ?s <{mln.fileOf}> {reference(iri)} }}
  GRAPH ?h {{ ?s <{mln.mentions}> ?o }}
}} LIMIT 1000"""


def document_query(document: Iri, passage: Iri | None) -> str:
    """SELECT (s, p, o): a document's node, its publication, its published passages (``s``
    ``oa:hasSource``), which of them facts rest on (``mln:passage``), and the statements of one.
    """
    node = reference(document)
    about = ", ".join(
        f"<{each}>"
        for each in (mln.publishedInYear, mln.publishedBy, mln.authoredBy, FOAF_HOMEPAGE)
    )
    said = ""
    if passage is not None:
        said = f"""
  UNION {{ GRAPH ?h {{ ?s <{mln.passage}> {reference(passage)} }} GRAPH ?g {{ ?s ?p ?o }} }}"""
    return f"""SELECT DISTINCT ?s ?p ?o WHERE {{
  {{ GRAPH ?g {{ {node} ?p ?o }} BIND({node} AS ?s) }}
  UNION {{ GRAPH ?g {{ ?s <{OA_HAS_SOURCE}> {node} }}
          BIND(<{OA_HAS_SOURCE}> AS ?p) BIND({node} AS ?o) }}
  UNION {{ GRAPH ?i {{ ?o <{OA_HAS_SOURCE}> {node} }} GRAPH ?g {{ ?s <{mln.passage}> ?o }}
          GRAPH ?j {{ ?s <{RDF_PREDICATE}> ?said }} FILTER(?said != <{mln.mentions}>)
          BIND(<{mln.passage}> AS ?p) }}
  UNION {{ GRAPH ?h {{ {node} <{mln.fileOf}> ?s }} GRAPH ?g {{ ?s ?p ?o }}
          FILTER(?p IN ({about})) }}{said}
}} LIMIT 20000"""


def documents_query() -> str:
    """SELECT (s, publication, year): documents, those of the newest publications first."""
    return f"""SELECT DISTINCT ?s ?publication ?year WHERE {{
  GRAPH ?g {{ ?s a <{mln.Document}> }}
  OPTIONAL {{ GRAPH ?i {{ ?s <{mln.fileOf}> ?publication }}
             OPTIONAL {{ GRAPH ?j {{ ?publication <{mln.publishedInYear}> ?year }} }} }}
}} ORDER BY DESC(?year) ?s LIMIT 50"""


def figures_query(limit: int = 60) -> str:
    """SELECT (s, value, unit, of, passage): figures that have a source, and what they measure."""
    return f"""SELECT DISTINCT ?s ?value ?unit ?of ?passage WHERE {{
  {{ SELECT DISTINCT ?s ?value {{ GRAPH ?g {{ ?s a <{mln.KeyFigure}> ; <{mln.value}> ?value }} }}
    ORDER BY ?s LIMIT {limit} }}
  GRAPH ?h {{ ?claim <{RDF_SUBJECT}> ?s }}
  OPTIONAL {{ GRAPH ?i {{ ?s <{mln.unit}> ?unit }} }}
  OPTIONAL {{ GRAPH ?j {{ ?s <{mln.figureOf}> ?of }} }}
  OPTIONAL {{ GRAPH ?l {{ ?claim <{mln.passage}> ?passage }} }}
}} LIMIT 500"""


def count_query(iris: Iris) -> str:
    """SELECT (kind, n): how many entities of each kind have a name."""
    return f"""SELECT ?kind (COUNT(DISTINCT ?s) AS ?n) WHERE {{
  GRAPH ?g {{ ?s <{SKOS_PREF_LABEL}> ?label }}
  FILTER(STRSTARTS(STR(?s), "{_quoted(iris.base)}/id/"))
  BIND(STRBEFORE(STRAFTER(STR(?s), "{_quoted(iris.base)}/id/"), "/") AS ?kind)
}} GROUP BY ?kind"""


def kind_query(iris: Iris, kind: str, limit: int = 20_000) -> str:
    """SELECT (s, label): the names of all entities of one of :data:`ontology.iris.KINDS`."""
    if kind not in KINDS:
        raise ValueError(f"no kind {kind[:80]!r}")
    return f"""SELECT DISTINCT ?s ?label WHERE {{
  GRAPH ?g {{ ?s <{SKOS_PREF_LABEL}> ?label }}
  FILTER(STRSTARTS(STR(?s), "{_quoted(iris.base)}/id/{kind}/"))
}} ORDER BY ?s LIMIT {limit}"""


def iris_query(iris: Iris, kind: str) -> str:
    """SELECT (s): all entities of a kind that have a name, or all concepts, in order."""
    return f"""SELECT DISTINCT ?s WHERE {{
  GRAPH ?g {{ ?s <{SKOS_PREF_LABEL}> ?label }}
  FILTER(STRSTARTS(STR(?s), "{_quoted(iris.base)}/id/{_quoted(kind)}/"))
}} ORDER BY ?s"""


def _concluded(iris: Iris) -> str:
    return f'FILTER(STRSTARTS(STR(?g), "{_quoted(iris.graph("inferred"))}"))'


def _stated(iris: Iris) -> str:
    """FILTER out what rules conclude and what partners say: neither is ours to repeat as stated."""
    concluded, partners = (_quoted(iris.graph(name)) for name in ("inferred", "partner/"))
    return f'FILTER(!STRSTARTS(STR(?g), "{concluded}") && !STRSTARTS(STR(?g), "{partners}"))'


def _claims(entity: str, iris: Iris) -> str:
    """Assertions about the entity, those of sheets first, so that they survive the limit.

    A mention is an assertion too, one a document: it has a branch of its own, without details.
    """
    pattern = f"?s <{RDF_SUBJECT}>|<{RDF_OBJECT}> {entity} ; <{RDF_PREDICATE}> ?said"
    return (
        f"{{ SELECT DISTINCT ?s {{ {{ GRAPH <{iris.graph('corpus')}> {{ {pattern} }} }} UNION "
        f"{{ GRAPH ?k {{ {pattern} }} }} FILTER(?said != <{mln.mentions}>) }} LIMIT {CLAIM_LIMIT} }}"
    )


def _namespace() -> str:
    return mln.mentions.rpartition("#")[0] + "#"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
