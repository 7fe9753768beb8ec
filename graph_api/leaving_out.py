"""Extractions as if a document were new: read with every name dropped that it alone gives.

The measure that counts is on texts whose names no list holds. Of each document, the sheets are left
out that cite nothing else; what the other documents define counts, as it would for a new one.
"""

from collections.abc import Callable, Iterator, Mapping

from corpus import SHEETS, register
from corpus.all_names import names_with
from corpus.sheet import Sheet
from corpus.sheets import read_sheets
from graph_api.builder.decisions import DecisionLog
from graph_api.documents import DocumentFolder
from graph_api.folder import DataFolder
from graph_api.publishing import bar_of
from graph_api.settings import Settings
from ingest.document import Document
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Extraction
from ingest.names import DocumentNames, collect_names, resolve_names
from ingest.pipeline import extract
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Name

__all__ = ["is_known_elsewhere", "read_left_out"]

LabelOf = Callable[[Iri], str | None]


def read_left_out(
    folder: DataFolder, settings: Settings, names: frozenset[str] | None = None
) -> Iterator[tuple[Document, Extraction, LabelOf]]:
    """Yield the kept documents, each read as if it were new, and how its entities are called.

    ``names`` narrows the documents to those of these file names. Nothing is cached: it takes as
    long as reading them.
    """
    iris = Iris(settings.base)
    documents = DocumentFolder(folder, settings.rights)
    shipped = read_sheets(SHEETS)[0] if settings.shipped else []
    sheets = [*shipped, *read_sheets(folder.sheets)[0]]
    bar = bar_of(settings, DecisionLog(folder.decisions).read()[0])
    collected = {sha256: collect_names(documents.get(sha256)) for sha256 in documents.all()}
    for sha256 in sorted(documents.kept(), key=lambda s: (documents.name(s), s)):
        if names is None or documents.name(sha256) in names:
            slug = register.match(sha256, documents.name(sha256)) or ""
            known = [sheet for sheet in sheets if is_known_elsewhere(sheet, slug)]
            base = Lexicon(names_with(known, iris))
            document, extraction, label_of = _read(documents.get(sha256), base, collected, iris)
            yield document, bar.apply(extraction), label_of


def is_known_elsewhere(sheet: Sheet, publication: str) -> bool:
    """Tell whether a sheet would be there without a publication: it cites another, or none."""
    if sheet.kind == "publication" and sheet.slug == publication:
        return False
    cited = {c.publication for fact in sheet.facts for c in fact.citations}
    return cited != {publication}


def _read(
    document: Document, base: Lexicon, collected: Mapping[str, DocumentNames], iris: Iris
) -> tuple[Document, Extraction, LabelOf]:
    resolved = resolve_names(collected, base, iris)
    own = resolved.in_document.get(document.sha256, frozenset())
    lexicon = base.with_names(resolved.everywhere | own)
    extraction = extract(document, lexicon, iris)
    return document, extraction, _labels(lexicon.names, extraction, document.lang)


def _labels(names: tuple[Name, ...], extraction: Extraction, lang: str) -> LabelOf:
    best: dict[Iri, tuple[bool, bool, str]] = {}
    for name in names:
        rank = (name.role is not LabelRole.PREFERRED, name.lang not in (lang, ""), name.text)
        best[name.entity] = min(best.get(name.entity, rank), rank)
    minted = {each.iri: each.labels[0][0] for each in extraction.minted if each.labels}
    return lambda iri: best[iri][2] if iri in best else minted.get(iri)
