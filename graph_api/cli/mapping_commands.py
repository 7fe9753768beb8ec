"""Commands about what is the same thing in other countries: proposals, confirmations, mapping sets."""

import getpass
from pathlib import Path
from typing import Any

import click

from graph_api import durable
from graph_api.builder.generations import open_current
from graph_api.cli.framework import Group, command, data_option, open_folder, option
from graph_api.cli.messages import say, tell
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import raise_failure
from graph_api.client import run_job
from graph_api.errors import BadInputError
from graph_api.exchange.elsewhere import propose
from graph_api.exchange.sssom import read_sssom, write_sssom
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.mappings import EXACT, PREDICATES, MappingLog
from graph_api.partners.registry import PartnerFolder
from graph_api.settings import Settings
from ontology.iris import Iris

__all__ = ["mapping"]


@click.group(cls=Group)
def mapping() -> None:
    """Say which things here and in other countries are the same, or alike, and take that back."""


@command("propose")
@data_option
def propose_mappings(data: Path | None) -> None:
    """List what may be the same thing in another country: score, two addresses, and the names that agree.

    Nothing is changed. A person confirms with `maillon mapping add`, or refuses with `maillon mapping refuse`.
    """
    folder, settings = open_folder(data)
    iris, log = Iris(settings.base), MappingLog(folder.decisions)
    partners = PartnerFolder(folder, iris).all()
    for each in propose(open_current(folder), iris, partners, log.settled()):
        say(
            f"{each.score:.2f}\t{each.subject}\t{each.object}\t{each.subject_name} / {each.object_name}"
        )


@command("add")
@click.argument("subject")
@click.argument("object_", metavar="OBJECT")
@option(
    "--predicate",
    type=click.Choice(PREDICATES),
    default=EXACT,
    show_default=True,
    help="How alike the two are (SKOS).",
)
@option("--why", default="", help="The reason, kept with the decision.")
@option("--who", default=None, help="Who decides (default: the user who runs the command).")
@data_option
def add_mapping(
    subject: str, object_: str, predicate: str, why: str, who: str | None, data: Path | None
) -> None:
    """Confirm that SUBJECT and OBJECT, two addresses, are the same thing, or as alike as said.

    What partners say of the same thing is shown together, each under its name.
    """
    row = {
        "event": "map", "subject": subject, "predicate": predicate, "object": object_, "comment": why,
    }  # fmt: skip
    folder, settings = open_folder(data)
    _write(folder, settings, [row], who)
    tell("{subject} and {object} are mapped.", subject=subject, object=object_)


@command("retract")
@click.argument("subject")
@click.argument("object_", metavar="OBJECT")
@option(
    "--predicate", type=click.Choice(PREDICATES), default=EXACT, show_default=True,
    help="How alike the two are (SKOS).",
)  # fmt: skip
@option("--who", default=None, help="Who decides (default: the user who runs the command).")
@data_option
def retract_mapping(
    subject: str, object_: str, predicate: str, who: str | None, data: Path | None
) -> None:
    """Take a mapping from SUBJECT to OBJECT back; what was shown together parts."""
    row = {"event": "retract", "subject": subject, "predicate": predicate, "object": object_}
    folder, settings = open_folder(data)
    _write(folder, settings, [row], who)
    tell("{subject} and {object} are no longer mapped.", subject=subject, object=object_)


@command("refuse")
@click.argument("subject")
@click.argument("object_", metavar="OBJECT")
@option("--why", default="", help="The reason, kept with the decision.")
@option("--who", default=None, help="Who decides (default: the user who runs the command).")
@data_option
def refuse_proposal(
    subject: str, object_: str, why: str, who: str | None, data: Path | None
) -> None:
    """Note that SUBJECT and OBJECT are not the same thing: they are not proposed again."""
    row = {
        "event": "refuse", "subject": subject, "predicate": EXACT, "object": object_, "comment": why,
    }  # fmt: skip
    folder, settings = open_folder(data)
    _write(folder, settings, [row], who)
    tell("{subject} and {object} are noted as different.", subject=subject, object=object_)


@command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option("--who", default=None, help="Who decides (default: the user who runs the command).")
@data_option
def import_set(file: Path, who: str | None, data: Path | None) -> None:
    """Take in a mapping set (SSSOM, TSV), all of it or nothing.

    Rows that a person justified hold at once; those of a program (semapv:LexicalMatching) are kept and bring
    nothing together until a person confirms them.
    """
    folder, settings = open_folder(data)
    try:
        rows = read_sssom(file.read_bytes(), file.name)
    except OSError as error:
        raise BadInputError(f"{file} cannot be opened: {error.strerror}") from error
    made = _write(folder, settings, rows, who)
    tell("Mappings in the file: {rows}; new or changed: {made}.", rows=len(rows), made=len(made))


@command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@data_option
def export_set(file: Path | None, data: Path | None) -> None:
    """Write the mappings that hold as a mapping set (SSSOM, TSV) into FILE, or print it."""
    folder, settings = open_folder(data)
    gone = IdentityLog(folder.decisions).withdrawn()
    text = write_sssom(MappingLog(folder.decisions).in_force(gone), settings.base)
    if file is None:
        say(text.rstrip("\n"))
    else:
        durable.write_bytes(file, text.encode())


def _write(
    folder: DataFolder, settings: Settings, rows: list[dict[str, str]], who: str | None
) -> list[dict[str, Any]]:
    arguments = {"rows": rows, "who": who or getpass.getuser()}
    with show_progress() as progress:
        status = run_job(folder, settings, "map", arguments, progress)
    made: list[dict[str, Any]] = raise_failure(status)["mappings"]
    return made


for _each in (
    propose_mappings, add_mapping, retract_mapping, refuse_proposal, import_set, export_set,
):  # fmt: skip
    mapping.add_command(_each)
