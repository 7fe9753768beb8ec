"""Commands about entities: merge two that are one."""

import getpass
from pathlib import Path

import click

from graph_api.cli.framework import command, data_option, open_folder, option
from graph_api.cli.messages import tell
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import raise_failure
from graph_api.client import run_job

__all__ = ["merge"]


@command()
@click.argument("name", metavar="NAME")
@option("--into", default="", help="The entity that stays: its address, or kind/slug.")
@option("--undo", is_flag=True, help="Part what was merged: NAME has its own address again.")
@option("--differ", default="", metavar="OTHER", help="Note that NAME and OTHER are different.")
@option("--why", default="", help="The reason, kept with the decision.")
@option("--who", default=None, help="Who decides (default: the user who runs the command).")
@data_option
def merge(
    data: Path | None, name: str, into: str, undo: bool, differ: str, why: str, who: str | None
) -> None:
    """Merge an entity (its address, or kind/slug) into another of its kind.

    All that is said of both then stands under one address, and the other leads there. Nothing that is
    kept is rewritten: it holds when documents are read again, and can be taken back.
    """
    if sum(map(bool, (into, undo, differ))) != 1:
        raise click.UsageError("give one of --into, --undo and --differ")
    folder, settings = open_folder(data)
    kind = "part" if undo else "distinct" if differ else "merge"
    arguments = {"name": name, "into": into or differ, "why": why, "who": who or getpass.getuser()}
    with show_progress() as progress:
        fate = raise_failure(run_job(folder, settings, kind, arguments, progress))["fate"]
    if kind == "merge":
        tell("{iri} is merged into {to}.", iri=fate["iri"], to=fate["to"])
    elif kind == "part":
        tell("{iri} has its own address again.", iri=fate["iri"])
    else:
        tell("{iri} and {to} are noted as different.", iri=fate["iri"], to=fate["to"])
