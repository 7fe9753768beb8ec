"""What the last build read out of the documents, for export and evaluation. Needs no lock."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from graph_api.builder.decisions import DecisionLog, corrections, replay
from graph_api.builder.generations import open_current
from graph_api.documents import DocumentFolder
from graph_api.errors import CannotRunError
from graph_api.extraction_cache import ExtractionCache, reading_keys
from graph_api.folder import DataFolder
from graph_api.publishing import bar_of
from graph_api.settings import Settings
from graph_api.store.base import View
from ingest.document import Document
from ingest.export import figure_rows, mention_rows, relation_rows
from ingest.extraction import Extraction
from ingest.proposals import judged_mentions
from ingest.units import find_units
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import SKOS_PREF_LABEL

__all__ = ["KINDS", "export_rows", "read_documents", "rows_of"]

KINDS = ("mentions", "relations", "figures", "structure")
"""What can be exported."""

Row = dict[str, Any]


def export_rows(
    folder: DataFolder, settings: Settings, kind: str, *, candidates: bool = False
) -> Iterator[Row]:
    """Yield the rows of all kept documents, without what a person rejected.

    Raises:
        CannotRunError: nothing was built yet, or the cache is gone.
    """
    view = open_current(folder)
    for document, extraction in read_documents(folder, settings):
        label_of = _labels(view, document.lang)
        yield from rows_of(kind, document, extraction, label_of, candidates=candidates)


def rows_of(
    kind: str,
    document: Document,
    extraction: Extraction,
    label_of: Callable[[Iri], str | None],
    *,
    candidates: bool = False,
) -> Iterator[Row]:
    """Yield the rows of one document; ``kind`` is one of :data:`KINDS`."""
    if kind == "mentions":
        yield from mention_rows(document, extraction, candidates=candidates)
    elif kind == "relations":
        yield from relation_rows(document, extraction, label_of, candidates=candidates)
    elif kind == "figures":
        yield from figure_rows(document, extraction, candidates=candidates)
    else:
        yield from _structure_rows(document)


def read_documents(folder: DataFolder, settings: Settings) -> Iterator[tuple[Document, Extraction]]:
    """Yield the kept documents in the order of their names, with what the last build read."""
    documents = DocumentFolder(folder, settings.rights)
    cache = ExtractionCache(folder.extractions)
    decisions, _ = DecisionLog(folder.decisions).read()
    states, corrected = replay(decisions), corrections(decisions)
    bar, iris = bar_of(settings, decisions), Iris(settings.base)
    keys = reading_keys(folder)
    for sha256 in sorted(documents.kept(), key=lambda s: (documents.name(s), s)):
        if sha256 not in keys:
            continue
        extraction = cache.extraction(keys[sha256])
        if extraction is None:
            raise CannotRunError("what was read is not in the cache; run `maillon build`")
        document, read = documents.get(sha256), bar.apply(extraction)
        mentions = judged_mentions(document, read, iris, states, corrected)
        yield document, replace(read.judged(states, corrected), mentions=mentions)


def _labels(view: View, lang: str) -> Callable[[Iri], str | None]:
    """Return a function that gives an entity's preferred name, in ``lang`` where there is one."""
    known: dict[Iri, str | None] = {}

    def label_of(entity: Iri) -> str | None:
        if entity not in known:
            found = [
                (quad.object.lang != lang, quad.object.lang or "", quad.object.value)
                for quad in view.quads(subject=entity, predicate=SKOS_PREF_LABEL)
                if isinstance(quad.object, Literal)
            ]
            known[entity] = min(found)[2] if found else None
        return known[entity]

    return label_of


def _structure_rows(document: Document) -> Iterator[Row]:
    """Sections, then the units that people cite: their kind and number beside."""
    for section in document.sections:
        yield {
            "doc": document.name,
            "start": section.start,
            "end": section.end,
            "title": section.title,
            "level": section.level,
        }
    for unit in find_units(document):
        yield {
            "doc": document.name,
            "start": unit.start,
            "end": unit.end,
            "title": unit.title,
            "kind": unit.kind,
            "number": unit.number,
        }
