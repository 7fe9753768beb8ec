"""Turns the graph and the documents into search records. Pure: a view in, records out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graph_api.builder.inference import is_inferred
from graph_api.builder.passages import passage_spans
from graph_api.builder.placing import countries_of, places_around
from graph_api.builder.review_states import states_about, states_within
from graph_api.store.base import View
from ingest.document import Document
from ingest.extraction import Extraction
from ontology import terms as mln
from ontology.iris import KINDS, Iris
from ontology.model import Iri, Literal, Term
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    DCTERMS_TITLE,
    SKOS_ALT_LABEL,
    SKOS_DEFINITION,
    SKOS_PREF_LABEL,
)
from search.records import Record, RecordType, Rights

__all__ = ["document_records", "entity_of", "entity_record"]

_FACETS = {
    mln.theme: "themes",
    mln.locatedIn: "territories",
    mln.appliesIn: "territories",
    mln.stage: "stages",
    mln.audience: "audiences",
    mln.supportType: "supports",
    mln.offersSupportType: "supports",
}


_YEARS = (mln.publishedInYear, mln.createdInYear, mln.adoptedInYear)


def entity_of(term: Term, iris: Iris) -> Iri | None:
    """Return the term if it is an entity or concept that can be found by search."""
    if not isinstance(term, Iri):
        return None
    split = iris.split(term)
    if split is None:
        return None
    kind, slug = split
    return term if kind in KINDS or (kind == "concept" and "/" in slug) else None


def entity_record(entity: Iri, view: View, iris: Iris) -> Record | None:
    """Return the record of an entity, or None when the graph has no label for it.

    Its weight grows with the documents that mention it and the statements about it.
    """
    split = iris.split(entity)
    about = _about(view, entity, iris)
    labels = _texts(about, SKOS_PREF_LABEL)
    if split is None or not labels:
        return None
    facets = _facets(about)
    mentions = sum(1 for _ in view.quads(predicate=mln.mentions, object=entity))
    summaries = _texts(about, DCTERMS_DESCRIPTION) or _texts(about, SKOS_DEFINITION)
    return Record(
        id=entity,
        type=RecordType.ENTITY,
        kind=split[0],
        labels=(*labels, *_texts(about, SKOS_ALT_LABEL)),
        text="\n".join(text for text, _ in summaries),
        summaries=summaries,
        entity=entity,
        themes=facets.get("themes", ()),
        territories=(places := places_around(facets.get("territories", ()), view, iris)),
        countries=countries_of(places, view),
        reviews=states_about(entity, view),
        stages=facets.get("stages", ()),
        audiences=facets.get("audiences", ()),
        supports=facets.get("supports", ()),
        year=_year(about),
        publisher=_first_iri(about, mln.publishedBy),
        weight=1.0 + mentions + len(about) / 20,
    )


def document_records(
    document: Document, extraction: Extraction, view: View, iris: Iris, rights: str
) -> Iterator[Record]:
    """Yield the record of a document, then those of its passages.

    A passage carries the entities that it mentions, the territories among them with those around
    them, the entities that the titles of the sections around it name, and the review states of the
    facts that it proves. The publication's themes, territories, stages, audiences and support types
    are its document's.
    """
    node = iris.document(document.sha256)
    about = _about(view, node, iris)
    publication = _first_iri(about, mln.fileOf)
    published = _about(view, Iri(publication), iris) if publication else []
    facets = _facets(published)
    titles = _texts(published, SKOS_PREF_LABEL) or _texts(about, DCTERMS_TITLE)
    whole = Record(
        id=node,
        type=RecordType.DOCUMENT,
        kind="document",
        labels=titles or ((document.name, ""),),
        lang=document.lang,
        document=document.sha256,
        themes=facets.get("themes", ()),
        territories=(own := places_around(facets.get("territories", ()), view, iris)),
        countries=countries_of(own, view),
        stages=facets.get("stages", ()),
        audiences=facets.get("audiences", ()),
        supports=facets.get("supports", ()),
        year=_year(published),
        publisher=_first_iri(published, mln.publishedBy),
        rights=Rights(rights),
    )
    yield whole
    states = states_within(document.sha256, view, iris)
    mentioned = [(m.start, m.entity) for m in extraction.mentions if m.entity and m.asserted]
    for span in passage_spans(document):
        passage = document.passage(span.start, span.end)
        entities = sorted({e for at, e in mentioned if span.start <= at < span.end})
        inside = [s for s in document.sections if s.start <= span.start < s.end]
        titled = [document.block_at(section.start) for section in inside]
        named = (e for e in entities if (iris.split(e) or ("",))[0] == "territory")
        places = places_around((*whole.territories, *named), view, iris)
        topics = {e for at, e in mentioned if any(b and b.start <= at < b.end for b in titled)}
        yield replace(
            whole,
            id=iris.passage(document.sha256, span.start, span.end),
            type=RecordType.PASSAGE,
            kind="passage",
            text=passage.quote,
            lang=span.lang,
            start=span.start,
            end=span.end,
            page=passage.page,
            section=passage.section or "",
            around=tuple(dict.fromkeys(section.title for section in inside[:-1])),
            topics=tuple(sorted(topics)),
            mentions=tuple(entities),
            territories=places,
            countries=countries_of(places, view),
            reviews=tuple(sorted({s for at, s in states if span.start <= at < span.end})),
        )


Pair = tuple[Iri, Term]


def _about(view: View, subject: Iri, iris: Iris) -> list[Pair]:
    """What sources say about a subject, each statement once, in an order that is always the same.

    Conclusions are left out: they come later, and would make the index wait for them.
    """
    found = {
        (quad.predicate, quad.object)
        for quad in view.quads(subject=subject)
        if not is_inferred(quad.graph, iris)
    }
    return sorted(found, key=lambda pair: (pair[0], repr(pair[1])))


def _texts(about: Iterable[Pair], predicate: Iri) -> tuple[tuple[str, str], ...]:
    return tuple(
        (value.value, value.lang or "")
        for found, value in about
        if found == predicate and isinstance(value, Literal)
    )


def _facets(about: Iterable[Pair]) -> dict[str, tuple[str, ...]]:
    facets: dict[str, list[str]] = {}
    for predicate, value in about:
        name = _FACETS.get(predicate)
        if name and isinstance(value, Iri):
            facets.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in facets.items()}


def _first_iri(about: Iterable[Pair], predicate: Iri) -> str:
    return next((v for p, v in about if p == predicate and isinstance(v, Iri)), "")


def _year(about: Iterable[Pair]) -> int | None:
    for predicate, value in about:
        if predicate in _YEARS and isinstance(value, Literal) and value.value[:4].isdigit():
            return int(value.value[:4])
    return None
