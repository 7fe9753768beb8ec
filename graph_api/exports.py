"""What the last build read out of the documents, for export and evaluation. Needs no lock."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from graph_api.builder.decisions import DecisionLog, replay
from graph_api.builder.extractions import Extractions
from graph_api.builder.generations import open_current
from graph_api.builder.readings import KEYS_FILE, without_rejected
from graph_api.documents import DocumentFolder
from graph_api.errors import CannotRunError
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from graph_api.store.base import View
from ingest.document import Document
from ingest.export import figure_rows, mention_rows, relation_rows
from ingest.extraction import Extraction
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import SKOS_PREF_LABEL

__all__ = ["KINDS", "export_rows", "read_documents"]

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
        if kind == "mentions":
            yield from mention_rows(document, extraction, candidates=candidates)
        elif kind == "relations":
            label_of = _labels(view, document.lang)
            yield from relation_rows(document, extraction, label_of, candidates=candidates)
        elif kind == "figures":
            yield from figure_rows(document, extraction, candidates=candidates)
        else:
            yield from _structure_rows(document)


def read_documents(folder: DataFolder, settings: Settings) -> Iterator[tuple[Document, Extraction]]:
    """Yield the kept documents in the order of their names, with what the last build read."""
    documents = DocumentFolder(folder, settings.rights)
    extractions = Extractions(folder.extractions, documents, Iris(settings.base))
    states = replay(DecisionLog(folder.decisions).read()[0])
    try:
        keys: dict[str, str] = json.loads((folder.store / KEYS_FILE).read_bytes())
    except FileNotFoundError:
        raise CannotRunError("nothing was built yet; run `maillon build`") from None
    for sha256 in sorted(documents.kept(), key=lambda s: (documents.name(s), s)):
        if sha256 not in keys:
            continue
        extraction = extractions.recall(keys[sha256])
        if extraction is None:
            raise CannotRunError("what was read is not in the cache; run `maillon build`")
        yield documents.get(sha256), without_rejected(extraction, states)


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
    for section in document.sections:
        yield {
            "doc": document.name,
            "start": section.start,
            "end": section.end,
            "title": section.title,
            "level": section.level,
        }
