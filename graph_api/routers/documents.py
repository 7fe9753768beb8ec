"""The page of a document: its text within its rights, and the sentence that a fact comes from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.errors import MissingError
from graph_api.folder import DataFolder
from graph_api.portal.details import Details, load_details
from graph_api.portal.display import load_schema
from graph_api.portal.entities import quads_of
from graph_api.portal.evidence import Assertion, Description, read_passage_name
from graph_api.portal.labels import Text, known_language, local_name
from graph_api.portal.neighbours import resembling
from graph_api.portal.queries import document_query
from graph_api.portal.reading import Part, Piece, Span, join_spans, part_at, read_parts, read_pieces
from graph_api.portal.rendering import PageRoute, render, services_of
from graph_api.portal.views import Fact, Reference
from graph_api.reading_reports import report_reading
from graph_api.routers.entities import group_by_kind
from ingest.document import Document
from ingest.report import IngestReport
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri, Literal, Passage, Term
from ontology.vocabularies import OA_HAS_SOURCE, RDF_PREDICATE

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

ABOUT = (mln.publishedBy, mln.authoredBy, mln.publishedInYear)
"""What of a publication stands beside the text of its files."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MARK = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Statement:
    """What was read in the marked passage: subject, property, value."""

    subject: Reference
    relation: str
    value: Reference


@dataclass(frozen=True, slots=True)
class Facts:
    """What the graph says about a document."""

    publications: tuple[Reference, ...]
    published: tuple[Span, ...]
    """Passages that the graph quotes."""
    cited: tuple[Span, ...]
    """Those that facts rest on; the others only name something."""
    statements: tuple[Statement, ...]
    named: tuple[Reference, ...]
    """What the marked passage is the first to name."""
    about: tuple[tuple[str, tuple[Reference, ...]], ...]
    """Bibliographic facts of the publication: label and values."""
    mentioned: tuple[Fact, ...]


@router.get("/{lang}/document/{sha256}", include_in_schema=False)
async def document_page(
    request: Request,
    lang: str,
    sha256: str,
    part: Annotated[int, Query(title="part of the document", ge=1)] = 1,
    mark: Annotated[str, Query(title="passage, as start-end", max_length=24)] = "",
) -> Response:
    """A part of a document's text; with ``mark`` the part that holds the passage.

    Raises:
        MissingError: no such document, part or passage.
    """
    services = services_of(request)
    if not _SHA256.fullmatch(sha256):
        raise MissingError("there is no such document")
    document = await run_in_threadpool(services.documents.get, sha256)
    rights = await run_in_threadpool(services.documents.rights, sha256)
    span = _read_mark(mark, document)
    facts = await _facts(request, lang, sha256, span)
    parts = await run_in_threadpool(read_parts, document)
    if part > len(parts):
        raise MissingError(f"the document has {len(parts)} parts")
    shown = part_at(parts, span[0]) if span else parts[part - 1]
    full = rights == "full"
    iri = services.iris.document(sha256)
    return render(
        request,
        "document.html",
        document=document,
        title=_title(document, facts),
        rights=rights,
        facts=facts,
        parts=parts,
        part=shown,
        mark=span,
        pieces=await _pieces(document, shown, span, facts.cited) if full else (),
        quotes=_quotes(document, span, facts.published) if rights == "quotes" else (),
        marked=document.passage(*span) if span else None,
        iri=iri,
        alike=await resembling(request, iri, lang) if part == 1 and not span else (),
    )


@router.get("/{lang}/document/{sha256}/reading", include_in_schema=False)
async def reading_page(request: Request, lang: str, sha256: str) -> Response:
    """What came of reading a document: found, public, left to a person or out, and why.

    Raises:
        MissingError: no such document.
        EngineDownError: it was not read yet.
    """
    document, report, rights = await _reading(request, sha256)
    schema = load_schema()
    return render(
        request,
        "reading.html",
        document=document,
        report=report,
        proposed=report.proposed if rights != "metadata" else (),
        class_name=lambda cls: schema.label(f"{ONTOLOGY}#{cls}", lang) or cls,
    )


@router.get("/api/documents/{sha256}/reading")
async def reading_data(request: Request, sha256: str) -> Response:
    """Return what came of reading a document: blocks, names by class, figures, and for each rule how many
    of its claims are public, how many wait for a person, and why.

    Raises:
        MissingError, EngineDownError
    """
    _, report, rights = await _reading(request, sha256)
    data = report.to_json()
    if rights == "metadata":
        del data["proposed"]
    return JSONResponse(data, headers={"Cache-Control": "no-cache"})


async def _reading(request: Request, sha256: str) -> tuple[Document, IngestReport, str]:
    services = services_of(request)
    if not _SHA256.fullmatch(sha256):
        raise MissingError("there is no such document")
    document = await run_in_threadpool(services.documents.get, sha256)
    folder = DataFolder(services.settings.data)
    report = await run_in_threadpool(report_reading, folder, services.settings, document)
    return document, report, await run_in_threadpool(services.documents.rights, sha256)


def _title(document: Document, facts: Facts) -> Text:
    """The publication's name where it is known: a file's own title is what a reader guessed."""
    if facts.publications:
        return facts.publications[0].label
    return Text(document.display_title, known_language(document.lang))


async def _pieces(
    document: Document, part: Part, mark: Span | None, cited: tuple[Span, ...]
) -> tuple[Piece, ...]:
    return await run_in_threadpool(read_pieces, document, part, mark, cited)


def _read_mark(mark: str, document: Document) -> Span | None:
    if not mark:
        return None
    found = _MARK.fullmatch(mark)
    if found is None:
        raise MissingError("a passage is written as start-end")
    start, end = int(found[1]), int(found[2])
    if not start < end <= len(document.text):
        raise MissingError("the document has no such passage")
    return start, end


def _quotes(document: Document, mark: Span | None, cited: tuple[Span, ...]) -> tuple[Passage, ...]:
    """The published passages inside the mark: nothing else of the text may be shown."""
    if mark is None:
        return ()
    inside = {span for span in cited if mark[0] <= span[0] and span[1] <= mark[1]}
    return tuple(document.passage(*span) for span in join_spans(inside))


async def _facts(request: Request, lang: str, sha256: str, mark: Span | None) -> Facts:
    services = services_of(request)
    iris = services.iris
    node = iris.document(sha256)
    passage = iris.passage(sha256, *mark) if mark else None
    rows = await services.queries.select(document_query(node, passage))
    description = Description(quads_of(rows))
    publications = description.iris(node, mln.fileOf)
    mentioned = description.iris(node, mln.mentions)
    said = [each for each in description.assertions() if each.predicate != mln.mentions]
    named = [
        each.object
        for each in description.assertions()
        if each.predicate == mln.mentions and isinstance(each.object, Iri)
    ]
    details = await load_details(
        services.queries, {*publications, *mentioned, *_references(description, said, publications)}
    )
    passages = [each for each in description.subjects() if description.iris(each, OA_HAS_SOURCE)]
    cited = {
        passage
        for each in description.subjects()
        for passage in description.iris(each, mln.passage)
        if passage in passages and _is_fact(each, description)
    }
    return Facts(
        publications=tuple(
            Reference(each, details.label(each, lang), "publication") for each in publications
        ),
        published=_spans(passages, iris),
        cited=_spans(cited, iris),
        statements=_statements(said, details, lang),
        named=tuple(Reference(each, details.label(each, lang)) for each in named),
        about=_about(publications, description, details, lang),
        mentioned=group_by_kind(
            [(iris.split(each), details.label(each, lang), each) for each in mentioned]
        ),
    )


def _is_fact(assertion: Iri, description: Description) -> bool:
    """The statements of the marked passage come with mentions, which are no facts."""
    return description.first(assertion, RDF_PREDICATE) != mln.mentions


def _spans(passages: Iterable[Iri], iris: Iris) -> tuple[Span, ...]:
    names = [read_passage_name(each, iris) for each in passages]
    return tuple(sorted({(name.start, name.end) for name in names if name is not None}))


def _references(
    description: Description, said: list[Assertion], publications: list[Iri]
) -> set[Iri]:
    found = {each.subject for each in said}
    found |= {each.object for each in said if isinstance(each.object, Iri)}
    for publication in publications:
        for predicate in ABOUT:
            found |= set(description.iris(publication, predicate))
    return found


def _about(
    publications: list[Iri], description: Description, details: Details, lang: str
) -> tuple[tuple[str, tuple[Reference, ...]], ...]:
    rows = []
    for predicate in ABOUT:
        values = [
            _reference(value, details, lang)
            for publication in publications
            for value in description.values(publication, predicate)
        ]
        if values:
            label = load_schema().label(predicate, lang) or local_name(predicate)
            rows.append((label[:1].upper() + label[1:], tuple(values)))
    return tuple(rows)


def _reference(value: Term, details: Details, lang: str) -> Reference:
    if isinstance(value, Literal):
        return Reference("", Text(value.value, known_language(value.lang or "")))
    return Reference(value, details.label(value, lang))


def _statements(assertions: list[Assertion], details: Details, lang: str) -> tuple[Statement, ...]:
    """What was read, each fact once, however many assertions say it."""
    return tuple(
        dict.fromkeys(
            Statement(
                subject=Reference(each.subject, details.label(each.subject, lang)),
                relation=load_schema().label(each.predicate, lang) or local_name(each.predicate),
                value=_reference(each.object, details, lang),
            )
            for each in assertions
        )
    )
