"""Reads files as an ingestion would, with the names that are known, and keeps nothing."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph_api.builder.children import ReaderChild
from graph_api.builder.decisions import DecisionLog
from graph_api.builder.extractions import Extractions
from graph_api.builder.jobs import Progress
from graph_api.builder.read_files import Unreadable
from graph_api.builder.steps import Sources
from graph_api.documents import DocumentFolder
from graph_api.folder import DataFolder
from graph_api.publishing import bar_of
from graph_api.settings import Settings
from ingest.document import Document
from ingest.names import collect_names, resolve_names
from ingest.pipeline import extract
from ontology import terms as mln
from ontology.iris import Iris

__all__ = ["rehearse"]


def rehearse(
    folder: DataFolder, settings: Settings, files: Sequence[tuple[Path, str]], progress: Progress
) -> list[dict[str, Any]]:
    """Return the reports that ingesting ``files``, paths with the names they go by, would give.

    The names of the documents that are kept count, and those of all the files.
    """
    iris = Iris(settings.base)
    reports: list[dict[str, Any]] = []
    read: list[tuple[Document, dict[str, Any]]] = []
    with ReaderChild(settings) as child:
        for number, (file, name) in enumerate(files, start=1):
            event = {"event": "read", "name": name, "done": number, "total": len(files)}
            progress(event)
            for reading in child.read(file, name):
                if reading.inside:
                    progress({**event, "name": f"{name}/{reading.inside}"})
                report = reading.as_report()
                reports.append(report)
                if not isinstance(reading.outcome, Unreadable):
                    report["state"] = "read"
                    read.append((reading.outcome, report))
    documents = DocumentFolder(folder, settings.rights)
    kept = Extractions(folder.extractions, documents, iris)
    collected = {sha256: kept.names(sha256) for sha256 in documents.all()}
    collected |= {document.sha256: collect_names(document) for document, _ in read}
    base = Sources(folder, iris, shipped=settings.shipped).names
    resolved = resolve_names(collected, base, iris)
    lexicon = base.with_names(resolved.everywhere)
    bar = bar_of(settings, DecisionLog(folder.decisions).read()[0])
    for document, report in read:
        own = resolved.in_document.get(document.sha256, frozenset())
        extraction = bar.apply(extract(document, lexicon.with_names(own), iris))
        report["mentions"] = sum(1 for mention in extraction.mentions if mention.asserted)
        report["claims"] = sum(1 for c in extraction.claims if c.predicate != mln.mentions)
        waiting = Counter(c.rule for c in extraction.candidates if c.predicate != mln.mentions)
        report["waiting"] = dict(waiting)
    return reports
