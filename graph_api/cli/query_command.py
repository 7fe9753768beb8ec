"""The command that answers SPARQL from the current generation, without a server."""

import csv
import io
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Column, Table

from graph_api.builder.generations import open_current
from graph_api.cli.framework import command, data_option, open_folder, option
from graph_api.cli.messages import say
from graph_api.errors import BadQueryError, CannotRunError
from graph_api.settings import Settings
from graph_api.sparql.tokens import check_query
from graph_api.workers.worker import describe_syntax_error

__all__ = ["query"]

_FORMATS = ("csv", "json", "table")
_UNFOLDED = 1_000_000  # columns: wider than any row


@command()
@click.argument("file", type=click.File("rb"))
@option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="table",
    help="How results are written: table (the default), csv or json; graphs are N-Triples.",
)
@data_option
def query(file: IO[bytes], data: Path | None, form: str) -> None:
    """Answer the SPARQL query in FILE (- for standard input).

    Reads the current generation, whether the portal runs or not. Queries only, no updates.
    """
    folder, settings = open_folder(data)
    try:
        text = file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQueryError("the query is not UTF-8 text") from error
    check_query(text, max_bytes=settings.query_bytes, max_nesting=settings.query_nesting)
    store = open_current(folder).engine
    with _interruptible():
        result = _evaluate(store, text, settings)
        _write(result, form)


def _evaluate(
    store: ox.Store, text: str, settings: Settings
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    try:
        return store.query(text, use_default_graph_as_union=settings.union_default_graph)
    except SyntaxError as error:
        said = describe_syntax_error(str(error))
        if said["line"] is None:
            raise BadQueryError(str(said["detail"])) from error
        detail = "Syntax error at line {line}, column {column}: {detail}.".format(**said)
        raise BadQueryError(detail, line=said["line"], column=said["column"]) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise CannotRunError(f"the query cannot be evaluated: {error}") from error


def _write(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, form: str) -> None:
    out = sys.stdout.buffer
    if isinstance(result, ox.QueryTriples):
        result.serialize(out, ox.RdfFormat.N_TRIPLES)
    elif form == "json":
        result.serialize(out, ox.QueryResultsFormat.JSON)
        out.write(b"\n")
    elif isinstance(result, ox.QueryBoolean):
        say("true" if result else "false")
    elif form == "csv":
        result.serialize(out, ox.QueryResultsFormat.CSV)
    else:
        _print_table(result)
    out.flush()


def _print_table(result: ox.QuerySolutions) -> None:
    columns = (Column(variable.value, overflow="fold") for variable in result.variables)
    table = Table(*columns, show_lines=False)
    rows = io.StringIO((result.serialize(format=ox.QueryResultsFormat.CSV) or b"").decode())
    for row in list(csv.reader(rows))[1:]:
        table.add_row(*(_escaped(cell) for cell in row))
    # A terminal's lines are folded; a file or pipe gets one line a row. Nothing is cut off.
    Console(width=None if sys.stdout.isatty() else _UNFOLDED).print(table)


def _escaped(cell: str) -> str:
    """Keep square brackets: the table would read them as its own marks."""
    return cell.replace("[", r"\[")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the engine cannot be interrupted otherwise."""
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
