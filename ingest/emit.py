"""Claims as RDF: the document's graph, in which every fact leads to its passage.

Written for one document at a time, from values alone: the same input gives the same quads.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from ingest.document import Document
from ingest.extraction import Correction, Extraction, Figure, MintedEntity
from ingest.pipeline import VERSION
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Claim, Iri, Literal, Passage, Quad, Term, Triple
from ontology.vocabularies import (
    DCTERMS_FORMAT,
    DCTERMS_IDENTIFIER,
    DCTERMS_LANGUAGE,
    DCTERMS_TITLE,
    OA_END,
    OA_EXACT,
    OA_HAS_SELECTOR,
    OA_HAS_SOURCE,
    OA_SPECIFIC_RESOURCE,
    OA_START,
    OA_TEXT_POSITION_SELECTOR,
    OA_TEXT_QUOTE_SELECTOR,
    PROV_USED,
    PROV_WAS_GENERATED_BY,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_PREF_LABEL,
    XSD_DECIMAL,
    XSD_INTEGER,
)

__all__ = ["claim_triples", "passage_triples", "quads"]

METADATA = "metadata"  # the display policy under which no text of the document goes out

_STATES = {"accepted": mln.accepted, "corrected": mln.corrected}


def quads(
    document: Document,
    extraction: Extraction,
    iris: Iris,
    *,
    rights: str,
    publication: Iri | None,
    reviewed: Mapping[str, str],
    anchors: Mapping[Iri, Sequence[Passage]],
    corrections: Mapping[str, Correction] = MappingProxyType({}),
) -> Iterator[Quad]:
    """Yield the quads of a document's graph, each once, in an order that depends on nothing else.

    ``reviewed`` gives claim hash → state ("accepted", "rejected"): a rejected claim yields nothing,
    a fact that only rejected claims state is not written, an accepted candidate is, and a corrected claim as
    ``corrections`` say it. ``anchors`` gives assertion of a
    sheet → the passages here that its citations mean.
    """
    graph = iris.graph(f"document/{document.sha256}")
    seen: set[Triple] = set()
    states = {**{c.hash: "corrected" for c in extraction.corrected(corrections)}, **reviewed}
    judged = extraction.judged(reviewed, corrections)
    for triple in _triples(document, judged, iris, rights, publication, states, anchors):
        if triple not in seen:
            seen.add(triple)
            yield Quad(*triple, graph)


def claim_triples(claim: Claim, iris: Iris, state: str) -> list[Triple]:
    """Return the fact and its assertion, at most twelve statements; the passage comes apart."""
    node = iris.claim(claim.hash)
    passage = claim.passage
    return [
        Triple(claim.subject, claim.predicate, claim.object),
        Triple(node, RDF_TYPE, mln.Assertion),
        Triple(node, RDF_SUBJECT, claim.subject),
        Triple(node, RDF_PREDICATE, claim.predicate),
        Triple(node, RDF_OBJECT, claim.object),
        Triple(node, mln.passage, iris.passage(passage.document, passage.start, passage.end)),
        Triple(node, mln.rule, Literal(claim.rule)),
        Triple(node, mln.confidence, _decimal(claim.confidence)),
        Triple(node, mln.reviewState, _STATES.get(state, mln.unreviewed)),
        Triple(node, PROV_WAS_GENERATED_BY, _run(iris, passage.document)),
        *(Triple(node, qualifier, value) for qualifier, value in claim.qualifiers),
    ]


def passage_triples(passage: Passage, iris: Iris, *, quoted: bool = True) -> list[Triple]:
    """Return a passage with its position, quote, language, page and section.

    Where the document's policy shows metadata only, ``quoted`` is false and no text goes out.
    """
    node = iris.passage(passage.document, passage.start, passage.end)
    position, quote = Iri(f"{node}#position"), Iri(f"{node}#quote")
    triples = [
        Triple(node, RDF_TYPE, OA_SPECIFIC_RESOURCE),
        Triple(node, RDF_TYPE, mln.Passage),
        Triple(node, OA_HAS_SOURCE, iris.document(passage.document)),
        Triple(node, OA_HAS_SELECTOR, position),
        Triple(position, RDF_TYPE, OA_TEXT_POSITION_SELECTOR),
        Triple(position, OA_START, _integer(passage.start)),
        Triple(position, OA_END, _integer(passage.end)),
    ]
    if quoted:
        triples += [
            Triple(node, OA_HAS_SELECTOR, quote),
            Triple(quote, RDF_TYPE, OA_TEXT_QUOTE_SELECTOR),
            Triple(quote, OA_EXACT, Literal(passage.quote)),
        ]
    if passage.lang:
        triples.append(Triple(node, DCTERMS_LANGUAGE, Literal(passage.lang)))
    if passage.page is not None:
        triples.append(Triple(node, mln.page, _integer(passage.page)))
    if passage.section:
        triples.append(Triple(node, mln.section, Literal(passage.section)))
    return triples


def _triples(
    document: Document,
    extraction: Extraction,
    iris: Iris,
    rights: str,
    publication: Iri | None,
    reviewed: Mapping[str, str],
    anchors: Mapping[Iri, Sequence[Passage]],
) -> Iterator[Triple]:
    yield from _document_triples(document, iris, rights, publication)
    kept = extraction.claims
    said: set[Term] = {term for claim in kept for term in (claim.subject, claim.object)}
    for entity in extraction.minted:
        if entity.iri in said:
            yield from _entity_triples(entity)
    for figure in extraction.figures:
        if figure.iri is not None and figure.iri in said:
            yield from _figure_triples(figure, figure.iri, document.lang)
    passages: dict[tuple[int, int], Passage] = {}
    for claim in kept:
        yield from claim_triples(claim, iris, reviewed.get(claim.hash, ""))
        passages[claim.passage.start, claim.passage.end] = claim.passage
    for assertion in sorted(anchors):
        for passage in anchors[assertion]:
            node = iris.passage(passage.document, passage.start, passage.end)
            yield Triple(assertion, mln.passage, node)
            passages[passage.start, passage.end] = passage
    for span in sorted(passages):
        yield from passage_triples(passages[span], iris, quoted=rights != METADATA)


def _document_triples(
    document: Document, iris: Iris, rights: str, publication: Iri | None
) -> Iterator[Triple]:
    node = iris.document(document.sha256)
    yield Triple(node, RDF_TYPE, mln.Document)
    yield Triple(node, DCTERMS_TITLE, _text(document.display_title, document.lang))
    if document.lang:
        yield Triple(node, DCTERMS_LANGUAGE, Literal(document.lang))
    yield Triple(node, DCTERMS_FORMAT, Literal(document.media_type))
    yield Triple(node, DCTERMS_IDENTIFIER, Literal(document.sha256))
    yield Triple(node, mln.fileName, Literal(document.name))
    yield Triple(node, mln.rights, Literal(rights))
    if publication is not None:
        yield Triple(node, mln.fileOf, publication)
    run = _run(iris, document.sha256)
    yield Triple(run, RDF_TYPE, mln.Extraction)
    yield Triple(run, PROV_USED, node)
    # The run's time is the catalogue's to tell: the graph is a function of its sources.
    yield Triple(run, mln.pipelineVersion, Literal(f"{VERSION} {document.reader}"))


def _entity_triples(entity: MintedEntity) -> Iterator[Triple]:
    yield Triple(entity.iri, RDF_TYPE, Iri(f"{ONTOLOGY}#{entity.cls}"))
    for index, (text, lang) in enumerate(entity.labels):
        yield Triple(entity.iri, SKOS_ALT_LABEL if index else SKOS_PREF_LABEL, _text(text, lang))


def _figure_triples(figure: Figure, node: Iri, lang: str) -> Iterator[Triple]:
    """Yield a key figure's own statements; what it is of is a claim with its passage."""
    printed = " ".join(figure.surface.split())
    yield Triple(node, RDF_TYPE, mln.KeyFigure)
    yield Triple(node, SKOS_PREF_LABEL, _text(printed, lang))
    yield Triple(node, mln.valueText, Literal(printed))
    yield Triple(node, mln.unit, Literal(figure.unit))
    if figure.value is not None:
        yield Triple(node, mln.value, Literal(figure.value, XSD_DECIMAL))
    if figure.period:
        yield Triple(node, mln.period, Literal(figure.period))


def _run(iris: Iris, sha256: str) -> Iri:
    return Iri(f"{iris.document(sha256)}/extraction")


def _text(text: str, lang: str) -> Literal:
    return Literal(text, lang=lang) if lang else Literal(text)


def _integer(value: int) -> Literal:
    return Literal(str(value), XSD_INTEGER)


def _decimal(value: float) -> Literal:
    """Write the canonical form that the store keeps: "0.9", "1"."""
    return Literal(format(Decimal(str(value)).normalize(), "f"), XSD_DECIMAL)
