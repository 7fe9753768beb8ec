"""The reports that ship with the project, as documents beside those that people keep."""

import hashlib
import logging
from importlib.resources.abc import Traversable

from corpus import REPORTS
from graph_api.builder.children import limits_of
from graph_api.documents import DocumentFolder
from graph_api.settings import Settings
from ingest.readers import ReadError, read

__all__ = ["ship_reports"]

_log = logging.getLogger(__name__)


def ship_reports(documents: DocumentFolder, settings: Settings) -> None:
    """Make ``shipped/{sha256}`` hold just the reports of ``corpus/reports``, or none if the settings say so.

    They are ours and trusted: read here, not in a child.
    """
    present: set[str] = set()
    shipped = set(documents.shipped())
    reports = _files(REPORTS) if settings.shipped else []
    for file in sorted(reports, key=lambda entry: entry.name):
        data = file.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in shipped:
            try:
                document = read(data, file.name, limits_of(settings))
            except ReadError as error:
                _log.warning("the shipped report %s cannot be read: %s", file.name, error)
                continue
            documents.ship(document, data, None)
        present.add(sha256)
    documents.unship(present)


def _files(folder: Traversable) -> list[Traversable]:
    found = folder.iterdir()
    return [f for f in found if f.is_file() and f.name.endswith((".md", ".txt", ".pdf"))]
