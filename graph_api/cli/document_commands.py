"""Commands about documents: ingest, export, evaluate."""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from corpus.question import read_questions
from graph_api.builder.generations import open_current
from graph_api.builder.passages import passage_spans
from graph_api.checking.annotated import format_answered, names_in, score_questions
from graph_api.checking.answers import Answering
from graph_api.cli.framework import command, data_option, open_folder, option, rights_option
from graph_api.cli.messages import say, tell, translate
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import print_documents, print_problems, raise_failure
from graph_api.client import run_job, spool_file
from graph_api.documents import DocumentFolder
from graph_api.errors import BadInputError
from graph_api.exchange.judged import (
    format_matches,
    load_judged_names,
    match_judged,
    precision,
    recall,
)
from graph_api.exchange.names import read_table
from graph_api.exports import KINDS, export_rows, read_documents, rows_of
from graph_api.folder import DataFolder
from graph_api.leaving_out import read_left_out
from graph_api.quality import Measure, keep_measure
from graph_api.search_index import GenerationIndex
from graph_api.settings import Settings
from ingest.evaluate import Gold, Predictions, format_report, load_gold, measure
from ingest.evaluate import evaluate as score
from ingest.readers import ARCHIVE_SUFFIXES, SUFFIXES
from ontology.iris import Iris
from search.evaluate import evaluate_search, format_scorecard, load_judged, scorecard_json

__all__ = ["evaluate", "export", "ingest"]


@command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH…",
    type=click.Path(path_type=Path, readable=False),  # what may not be read is reported below
)
@option("--dry-run", is_flag=True, help="Say what would be read; keep nothing.")
@rights_option
@data_option
def ingest(paths: tuple[Path, ...], data: Path | None, dry_run: bool, rights: str | None) -> None:
    """Read documents into the graph: files, folders of them, or ZIP archives.

    Each file in an archive becomes a document of its own. A file that cannot be read is reported
    and the others go on; the exit code is then 1. The order does not matter, and reading a file
    again changes nothing.
    """
    folder, settings = open_folder(data)
    files = [file for path in paths for file in _files(path)]
    unread = [report for file in files if (report := _refusal(file, settings))]
    refused = {report["path"] for report in unread}
    good = [file for file in files if str(file) not in refused]
    if dry_run:
        # Imported here: it loads the whole pipeline, which a running builder has already.
        from graph_api.builder.rehearsal import rehearse

        named = [(file, file.name) for file in good]
        with show_progress() as progress:
            reports = [*unread, *rehearse(folder, settings, named, progress)]
        failed = print_documents(reports)
        tell("Nothing was kept. Files that would be read: {count}.", count=len(reports) - failed)
        raise click.exceptions.Exit(1 if failed else 0)
    status = _hand_over(folder, settings, good, rights, unread)
    reports = [*unread, *status.get("reports", [])]
    failed = print_documents(reports)
    problems = print_problems(status.get("report", {}))
    added = sum(1 for report in reports if report["state"] == "added")
    tell(
        "Files: {files}; new: {added}; failed: {failed}. Generation {generation}.",
        files=len(reports),
        added=added,
        failed=failed,
        generation=status.get("generation", 0),
    )
    raise click.exceptions.Exit(1 if failed or problems else 0)


@command()
@click.argument("what", type=click.Choice(KINDS))
@option("--candidates", is_flag=True, help="Add what waits for a person, with its status.")
@data_option
def export(what: str, data: Path | None, candidates: bool) -> None:
    """Write what was read out of the documents as JSON lines.

    Only what documents say, never what sheets say.
    """
    folder, settings = open_folder(data)
    for row in export_rows(folder, settings, what, candidates=candidates):
        say(json.dumps(row, ensure_ascii=False))


@command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@option(
    "--leave-one-out",
    is_flag=True,
    help="Read each document as if it were new: without the names that it alone gives.",
)
@option("--search", is_flag=True, help="Score search against a folder of judged queries.")
@option(
    "--reconcile",
    is_flag=True,
    help="Score the matching of names against a folder of judged names.",
)
@option(
    "--questions",
    is_flag=True,
    help="Score the answers to the competency questions against those of a reader.",
)
@option("--candidates", is_flag=True, help="Count what waits for a person as found.")
@option("--json", "as_json", is_flag=True, help="Print the figures with their intervals as JSON.")
@option("--keep", is_flag=True, help="Keep the figures: the next build publishes them on /quality.")
@option(
    "--by",
    type=click.Choice(("language", "document")),
    default="language",
    help="What the tables after the first are about.",
)
@data_option
def evaluate(
    folder: Path,
    leave_one_out: bool,
    search: bool,
    reconcile: bool,
    questions: bool,
    candidates: bool,
    as_json: bool,
    keep: bool,
    by: str,
    data: Path | None,
) -> None:
    """Score what was read against a folder of annotations.

    Precision, recall and F1 per class, then per language or document, over the documents that are
    both in the data folder and annotated.
    """
    data_folder, settings = open_folder(data)
    others = ((search, _score_search), (reconcile, _score_names), (questions, _score_questions))
    for asked, score_other in others:
        if asked:
            say(score_other(folder, data_folder, settings, as_json))
            return
    gold = _annotations(folder)
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    groups: dict[str, str] = {}
    if leave_one_out:
        for document, extraction, label_of in read_left_out(data_folder, settings):
            groups[document.name] = document.lang if by == "language" else document.name
            for kind, found in rows.items():
                found += rows_of(kind, document, extraction, label_of, candidates=candidates)
    else:
        for kind, found in rows.items():
            found += export_rows(data_folder, settings, kind, candidates=candidates)
        for document, _ in read_documents(data_folder, settings):
            groups[document.name] = document.lang if by == "language" else document.name
    predictions = Predictions(**rows)
    if as_json or keep:
        figures = measure(gold, predictions, groups)
        sizes = len(groups), len(gold.sections)
        today = datetime.now(UTC).date()
        kept = Measure(today, *sizes, leave_one_out, candidates, tuple(figures))
        if keep:
            keep_measure(data_folder, kept)
        if as_json:
            say(json.dumps(kept.to_json(), ensure_ascii=False, indent=1))
            return
    say(format_report(score(gold, predictions, languages=groups), translate).rstrip("\n"))


def _annotations(folder: Path) -> Gold:
    try:
        return load_gold(folder)
    except (OSError, ValueError, KeyError) as error:
        raise BadInputError(f"the annotations in {folder} cannot be read: {error}") from error


def _score_search(folder: Path, data: DataFolder, settings: Settings, as_json: bool) -> str:
    try:
        queries = load_judged(folder)
    except (OSError, ValueError) as error:
        raise BadInputError(f"the judged queries in {folder} cannot be read: {error}") from error
    documents = DocumentFolder(data, settings.rights)
    languages: dict[str, str] = {}
    passages: dict[str, list[tuple[int, int]]] = {}
    for sha in documents.all():
        document, name = documents.get(sha), documents.name(sha)
        languages[name] = document.lang
        passages[name] = [(span.start, span.end) for span in passage_spans(document)]
    index = GenerationIndex(data.root).current()
    card = evaluate_search(index, queries, documents.name, passages)
    if as_json:
        return json.dumps(scorecard_json(card, languages), ensure_ascii=False, indent=1)
    return format_scorecard(card, languages)


def _score_names(folder: Path, data: DataFolder, settings: Settings, as_json: bool) -> str:
    try:
        names = load_judged_names(folder)
    except (OSError, ValueError) as error:
        raise BadInputError(f"the judged names in {folder} cannot be read: {error}") from error
    table = read_table(open_current(data), Iris(settings.base))
    matches = match_judged(table, names)
    if as_json:
        return json.dumps({"precision": precision(matches), "recall": recall(matches)})
    return format_matches(matches)


def _score_questions(folder: Path, data: DataFolder, settings: Settings, as_json: bool) -> str:
    gold = _annotations(folder)
    view = open_current(data)
    iris, names_of = Iris(settings.base), names_in(view.engine)
    # And what ships about words and places, which says nothing of the field itself.
    names = ("document/", "vocabulary/", "territories", "ontology")
    documents = [g for g in view.graphs() if g.startswith(tuple(map(iris.graph, names)))]
    asked = read_questions()
    whole, part = (
        score_questions(asked, gold, Answering(view.engine, iris, graphs), names_of)
        for graphs in (None, documents)
    )
    if as_json:
        rows = [
            {
                "qid": each.question.annotation,
                "precision": each.precision,
                "recall": each.recall,
                "answers": each.given,
            }
            for each in whole
        ]
        return json.dumps(rows, ensure_ascii=False, indent=1)
    return format_answered(whole, part)


def _files(path: Path) -> Iterator[Path]:
    """Yield the file, or those below the folder that have a reader or are archives, sorted."""
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir fails below a closed folder
        yield path
        return
    closed: list[Path] = []
    for place, folders, names in os.walk(path, onerror=lambda e: closed.append(Path(e.filename))):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            known = Path(name).suffix.lower() in SUFFIXES | ARCHIVE_SUFFIXES
            if known and not name.startswith("."):
                yield Path(place) / name
    yield from closed  # each is refused with its reason


def _refusal(file: Path, settings: Settings) -> dict[str, Any] | None:
    """Return the report of a file that need not be handed over: it cannot be read at all."""
    problem = advice = ""
    try:
        if not file.exists():
            problem, detail = "missing", "There is no such file."
        elif file.is_dir():
            problem, detail = "not-readable", "You may not read this folder."
            advice = "Ask its owner, or change its permissions."
        elif not file.is_file():
            problem, detail = "not-readable", "This is no ordinary file."
        elif file.stat().st_size > settings.file_bytes:
            problem = "too-large"
            detail = f"The file has more than {settings.file_bytes} bytes."
            advice = "Split it, or raise MAILLON_FILE_BYTES."
        else:
            with file.open("rb"):
                return None
    except PermissionError:
        problem, detail = "not-readable", "You may not read this file."
        advice = "Ask its owner, or change its permissions."
    except OSError as error:
        problem, detail = "not-readable", f"The file cannot be opened: {error.strerror}."
    failure = {"problem": problem, "detail": detail, "advice": advice}
    return {"name": str(file), "path": str(file), "state": "failed", **failure}


def _hand_over(
    folder: DataFolder,
    settings: Settings,
    files: Iterable[Path],
    rights: str | None,
    unread: list[dict[str, Any]],
) -> dict[str, Any]:
    """Have the files ingested; what cannot be copied into the inbox joins ``unread``."""
    spooled = []
    for file in files:
        try:
            spooled.append(spool_file(folder, file))
        except OSError as error:
            detail = f"The file cannot be copied: {error.strerror}."
            unread.append({"name": str(file), "state": "failed", "detail": detail})
    if not spooled:
        return {}
    arguments = {"files": spooled, "rights": rights}
    with show_progress() as progress:
        status = run_job(folder, settings, "ingest", arguments, progress)
    raise_failure(status)
    return status
