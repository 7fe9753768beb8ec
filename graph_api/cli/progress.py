"""Progress: a bar on a terminal, plain lines elsewhere, both on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph_api.builder.jobs import Progress as Told
from graph_api.cli.messages import translate

__all__ = ["show_progress"]

_PHASES = {
    "read": "reading",
    "names": "collecting names",
    "extract": "extracting",
    "write": "writing the graph",
    "index": "indexing",
    "publish": "publishing",
    "infer": "drawing conclusions",
    "dump": "writing dumps",
    "check": "checking",
}


@contextmanager
def show_progress() -> Iterator[Told]:
    """Yield what is told of each step of a job."""
    if not sys.stderr.isatty():
        yield _print_line
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def update(event: dict[str, object]) -> None:
            phase = _phase(event)
            name = event.get("name")
            total, done = event.get("total"), event.get("done")
            bar.update(
                task,
                description=f"{phase} {name}" if name else phase,
                total=float(total) if isinstance(total, int) else None,
                completed=float(done) if isinstance(done, int) else 0.0,
            )

        yield update


def _print_line(event: dict[str, object]) -> None:
    """Print one line a file and one a phase, not one a step."""
    total, done = event.get("total"), event.get("done")
    if event.get("event") == "read":
        click.echo(f"{_phase(event)} {event['name']} ({done}/{total})", err=True)
    elif done in (None, 1):
        click.echo(_phase(event), err=True)


def _phase(event: dict[str, object]) -> str:
    return translate(_PHASES.get(str(event.get("event")), str(event.get("event"))))
