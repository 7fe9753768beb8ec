"""Commands about data that leaves: dump, release."""

import getpass
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import click
import pyoxigraph as ox

from graph_api.builder.generations import open_current
from graph_api.cli.framework import Group, command, data_option, open_folder, option
from graph_api.cli.messages import say, tell
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import raise_failure
from graph_api.client import run_job
from graph_api.errors import CannotRunError, MissingError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.releases.clearing import clear_channels
from graph_api.releases.dumps import FORMATS, graph_quads, write_quads
from graph_api.releases.making import make_release
from graph_api.releases.shelf import Shelf, release_iri
from graph_api.releases.withholding import withhold
from graph_api.suppressions import ReceiptLog, SuppressionLog
from ontology.iris import Iris

__all__ = ["dump", "release", "suppress", "withdraw"]


@command()
@option("--format", "form", type=click.Choice(list(FORMATS)), default="nq", help="Syntax.")
@option("--graph", help="One graph: its IRI, or what follows /graph/ in it.")
@option("--release", "release_name", help="A release instead of the current generation.")
@option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File, instead of standard output.",
)
@data_option
def dump(
    data: Path | None, form: str, graph: str | None, release_name: str | None, output: Path | None
) -> None:
    """Write the graph, or one of its graphs, in a syntax of RDF.

    Reads the current generation, whether the portal runs or not. A file whose name ends with .gz is
    compressed.
    """
    folder, settings = open_folder(data)
    wanted = _graph_iri(graph, settings.base)
    quads = _release_quads(folder, release_name) if release_name else _current_quads(folder)
    if wanted:
        quads = _only(quads, wanted)
    if output is None:
        write_quads(quads, FORMATS[form], sys.stdout.buffer, settings.base)
        sys.stdout.buffer.flush()
        return
    temporary = output.with_name(f".{output.name}.new")
    try:
        with _open(temporary, packed=output.suffix == ".gz") as file:
            write_quads(quads, FORMATS[form], file, settings.base)
        temporary.replace(output)
    except OSError as error:
        raise CannotRunError(f"{output} cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


@click.group(cls=Group)
def release() -> None:
    """Keep the graph as dated, citable dumps.

    The last three releases also answer SPARQL and show their pages.
    """


@command("make")
@option("--note", default="", help="What is new, in a sentence.")
@data_option
def make(data: Path | None, note: str) -> None:
    """Keep the current generation as a release.

    May run while the portal is up.
    """
    folder, settings = open_folder(data)
    with show_progress() as progress:
        made = make_release(folder, settings, note, progress)
    tell(
        "Release {id}: {quads} quads, {files} files, hash {hash}.",
        id=made.id,
        quads=made.quads,
        files=len(made.files),
        hash=made.hash,
    )
    tell("Cite it as {iri}", iri=release_iri(Iris(settings.base), made.id))


@command()
@click.argument("name", metavar="NAME")
@option("--why", default="", help="The reason, shown at the address that is gone.")
@option("--who", default=None, help="Who decides (default: the user who runs the command).")
@option("--undo", is_flag=True, help="Take a withdrawal back.")
@data_option
def withdraw(data: Path | None, name: str, why: str, who: str | None, undo: bool) -> None:
    """Withdraw a document (its SHA-256) or an entity (its address, or kind/slug).

    It leaves the graph, the search and all releases, and stays out; its address says that it is
    gone. A document's file leaves the disk.
    """
    folder, settings = open_folder(data)
    arguments = {"name": name, "why": why, "who": who or getpass.getuser()}
    with show_progress() as progress:
        status = run_job(folder, settings, "restore" if undo else "withdraw", arguments, progress)
        fate = raise_failure(status)["fate"]
        hidden = IdentityLog(folder.decisions).withdrawn()
        changed = [] if undo else withhold(folder, settings, hidden, progress)
    if undo:
        tell("{iri} is no longer withdrawn.", iri=fate["iri"])
        return
    tell("{iri} is withdrawn.", iri=fate["iri"])
    if changed:
        tell("Removed from releases: {releases}.", releases=", ".join(changed))


@command()
@click.argument("name", metavar="NAME")
@option("--also", multiple=True, help="Another name or spelling to black out; may be repeated.")
@option("--why", default="", help="The reason: kept behind closed doors, never shown.")
@option("--who", default=None, help="Who decides (default: the user who runs the command).")
@option("--undo", is_flag=True, help="Take back the suppression whose receipt has this number.")
@data_option
def suppress(
    data: Path | None, name: str, also: tuple[str, ...], why: str, who: str | None, undo: bool
) -> None:
    """Suppress a person (its address, or kind/slug) or a document (its SHA-256) on every channel.

    It is withdrawn, and its names are blacked out in the texts of documents and sheets, in the search, in
    the change log and in all releases. The receipt says when and what was cleaned, and not of whom.
    """
    folder, settings = open_folder(data)
    arguments = {"name": name, "also": list(also), "why": why, "who": who or getpass.getuser()}
    with show_progress() as progress:
        status = run_job(folder, settings, "lift" if undo else "suppress", arguments, progress)
        number = raise_failure(status)["suppression"]
        if undo:
            tell("The suppression {id} is taken back.", id=number)
            return
        found = SuppressionLog(folder.access).find(number)
        receipt = clear_channels(folder, settings, found, progress)
        ReceiptLog(folder.access).append(receipt)
    for channel in receipt.channels:
        tell("{channel}: {left} left", channel=channel.name, left=channel.left)
    tell("Receipt: {address}", address=f"/en/receipts/{receipt.id}")
    if not receipt.clean:
        raise click.exceptions.Exit(1)


@command("list")
@data_option
def list_releases(data: Path | None) -> None:
    """List the releases, the newest first, with what they hold."""
    folder, _ = open_folder(data)
    shelf = Shelf(folder)
    live = set(shelf.live())
    for each in shelf.all():
        say(f"{each.id}\t{each.quads}\t{each.hash}\t{'live' if each.id in live else '-'}")


@command("renew")
@data_option
def renew(data: Path | None) -> None:
    """Let the last releases answer live again, after a restore."""
    folder, _ = open_folder(data)
    with folder.lock_releases():
        made = Shelf(folder).renew_live()
    tell("{count} releases were loaded.", count=len(made))


for _each in (make, list_releases, renew):
    release.add_command(_each)


def _graph_iri(given: str | None, base: str) -> str:
    if not given:
        return ""
    return given if "://" in given else f"{base}/graph/{given}"


def _current_quads(folder: DataFolder) -> Iterator[ox.Quad]:
    store = open_current(folder).engine
    for graph in sorted(n.value for n in store.named_graphs() if isinstance(n, ox.NamedNode)):
        yield from graph_quads(store, graph)


def _release_quads(folder: DataFolder, name: str) -> Iterator[ox.Quad]:
    shelf = Shelf(folder)
    found = shelf.get(name)
    with gzip.open(shelf.place(found.id) / found.whole("nq").name) as file:
        yield from ox.parse(cast(IO[bytes], file), format=ox.RdfFormat.N_QUADS)


def _only(quads: Iterator[ox.Quad], graph: str) -> Iterator[ox.Quad]:
    found = False
    for quad in quads:
        if quad.graph_name == ox.NamedNode(graph):
            found = True
            yield quad
    if not found:
        raise MissingError(f"there is no graph {graph}")


def _open(path: Path, *, packed: bool) -> IO[bytes]:
    if packed:
        return cast(IO[bytes], gzip.GzipFile(path, "wb", 6, mtime=0))
    return path.open("wb")
