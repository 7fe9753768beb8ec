"""Commands about tables: import, and what was imported."""

import csv
import sys
from pathlib import Path

import click

from corpus.table import TableReading
from corpus.table_form import form_names, load_form
from graph_api.cli.framework import command, data_option, open_folder, option
from graph_api.cli.messages import say, tell, translate_sentence, warn
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import print_generation, print_problems
from graph_api.client import run_job
from graph_api.errors import BadInputError
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from graph_api.tables import TableFolder, known_names, name_of, read_file
from ontology.iris import Iris

__all__ = ["import_table", "tables"]


@command("import")
@click.argument("form", type=click.Choice(form_names()))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@option("--name", help="What the table is called from now on (default: from the file's name).")
@option("--title", help="What the table is called as a source (default: the file's name).")
@option("--dry-run", is_flag=True, help="Say what would be imported; keep nothing.")
@option("--template", type=click.Choice(("fr", "en")), help="Write an empty table and stop.")
@data_option
def import_table(
    form: str,
    file: Path | None,
    name: str | None,
    title: str | None,
    dry_run: bool,
    template: str | None,
    data: Path | None,
) -> None:
    """Import a table (CSV) of structures, calls, events or indicators.

    Good rows are live when the command ends; a row that is wrong is named by its line and left out.
    A table of the same name is replaced as a whole.
    """
    if template is not None:
        csv.writer(sys.stdout, lineterminator="\n").writerow(load_form(form).template(template))
        return
    if file is None:
        raise BadInputError("name the table's file, or ask for --template")
    folder, settings = open_folder(data)
    iris = Iris(settings.base)
    kept = TableFolder(folder, iris)
    content = read_file(file, settings.file_bytes)
    name, title = name or name_of(file), title or file.name
    reading = kept.check(
        content, form, name, title, known_names(folder, iris, shipped=settings.shipped)
    )
    _print_reading(reading)
    if not dry_run:
        kept.save(content, form, name, title)
        _build(folder, settings)
    raise click.exceptions.Exit(1 if reading.problems else 0)


@command()
@option("--remove", metavar="NAME", help="Forget this table and all that it says.")
@data_option
def tables(remove: str | None, data: Path | None) -> None:
    """List the tables that were imported."""
    folder, settings = open_folder(data)
    iris = Iris(settings.base)
    kept = TableFolder(folder, iris)
    if remove is not None:
        kept.remove(remove)
        _build(folder, settings)
        return
    known = known_names(folder, iris, shipped=settings.shipped)
    for table in kept.all():
        reading = kept.read(table, known)
        tell(
            "{name}: {form}, “{title}”, {rows} rows, {bad} left out, imported {added}",
            name=table.name,
            form=table.form,
            title=table.title,
            rows=reading.rows,
            bad=len(reading.problems),
            added=table.added,
        )


def _print_reading(reading: TableReading) -> None:
    for note in reading.notes:
        say("  " + translate_sentence(note.sentence))
    for problem in reading.problems:
        warn(
            "line {line}: {detail}", line=problem.line, detail=translate_sentence(problem.sentence)
        )
    tell(
        "Rows: {rows}; good: {good}; left out: {bad}.",
        rows=reading.rows,
        good=len(reading.sheets) - 1,
        bad=len(reading.problems),
    )


def _build(folder: DataFolder, settings: Settings) -> None:
    with show_progress() as progress:
        status = run_job(folder, settings, "build", {}, progress)
    report = print_generation(status)
    tables_left = [p for p in report.get("problems", []) if not str(p).startswith("tables/")]
    print_problems({**report, "problems": tables_left})
