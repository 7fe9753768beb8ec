"""What came of reading the kept documents, from the cache: nothing is read again."""

from graph_api.builder.decisions import DecisionLog
from graph_api.errors import EngineDownError
from graph_api.extraction_cache import ExtractionCache, reading_keys
from graph_api.folder import DataFolder
from graph_api.publishing import bar_of
from graph_api.settings import Settings
from ingest.document import Document
from ingest.report import IngestReport, report_on

__all__ = ["report_reading"]


def report_reading(folder: DataFolder, settings: Settings, document: Document) -> IngestReport:
    """Return what came of reading a document, by what the last build read.

    Raises:
        EngineDownError: it was not read yet, or the cache is gone; a build brings it back.
        CannotRunError: nothing was built yet.
    """
    key = reading_keys(folder).get(document.sha256)
    extraction = ExtractionCache(folder.extractions).extraction(key) if key else None
    if extraction is None:
        raise EngineDownError("This document is being read; try again in a moment.", retry_after=5)
    decisions, _ = DecisionLog(folder.decisions).read()
    return report_on(document, extraction, bar_of(settings, decisions))
