"""Commands about the data folder as a whole: init, build, serve, backup, restore."""

from pathlib import Path

import click

from graph_api.builder.backup import restore_archive
from graph_api.builder.fresh import remove_rebuilt
from graph_api.cli.framework import command, data_option, open_folder, option
from graph_api.cli.messages import tell
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import print_documents, print_generation, print_problems, raise_failure
from graph_api.client import run_job
from graph_api.errors import CannotRunError
from graph_api.folder import DataFolder
from graph_api.releases.shelf import Shelf
from graph_api.settings import Settings

__all__ = ["backup", "build", "init", "restore", "serve"]


@command()
@data_option
def init(data: Path | None) -> None:
    """Make the data folder.

    Running it again changes nothing.
    """
    settings = Settings.from_env(data=data)
    folder = DataFolder(settings.data)
    if folder.init():
        tell("{folder} is ready.", folder=folder.root)
    else:
        tell("{folder} was ready already.", folder=folder.root)


@command()
@option("--fresh", is_flag=True, help="Throw away everything that can be rebuilt first.")
@data_option
def build(data: Path | None, fresh: bool) -> None:
    """Bring graph and search index in step with what is kept.

    Only what changed is made again. The result depends on nothing but the sources.
    """
    folder, settings = open_folder(data)
    if fresh:
        remove_rebuilt(folder)
    with show_progress() as progress:
        status = run_job(folder, settings, "build", {}, progress)
    report = print_generation(status)
    failed = print_documents(status["reports"])
    problems = print_problems(report)
    if failed or problems:
        raise click.exceptions.Exit(1)


@command()
@option("--host", help="Address to listen on.")
@option("--port", type=click.IntRange(0, 65535), help="Port to listen on.")
@option("--base-path", help="Path below which a proxy publishes the portal.")
@data_option
def serve(data: Path | None, host: str | None, port: int | None, base_path: str | None) -> None:
    """Start the portal, SPARQL and search.

    One process group for visitors, queries and the builder; stop it with Ctrl-C.
    """
    folder, _ = open_folder(data)
    settings = Settings.from_env(data=folder.root, host=host, port=port, base_path=base_path)
    # Imported here: no other command needs the web framework.
    from graph_api.serving import serve as serve_forever

    raise click.exceptions.Exit(serve_forever(settings))


@command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def backup(data: Path | None, file: Path) -> None:
    """Save everything that is kept into FILE (tar.gz), with checksums.

    May run while the portal is up.
    """
    folder, settings = open_folder(data)
    with show_progress() as progress:
        status = run_job(folder, settings, "backup", {"file": str(file.absolute())}, progress)
    report = raise_failure(status)
    tell(
        "{file}: {files} files; the graph's hash is {hash}.",
        file=file,
        files=report["files"],
        hash=report["hash"],
    )


@command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def restore(data: Path | None, file: Path) -> None:
    """Put a backup into an empty data folder and build the graph from it.

    Every file is checked against the backup's checksums before anything is put in place.
    """
    settings = Settings.from_env(data=data)
    folder = DataFolder(settings.data)
    folder.init()
    with folder.lock("maillon restore"):
        expected = restore_archive(folder, file)
    with show_progress() as progress:
        status = run_job(folder, settings, "build", {}, progress)
    report = print_generation(status)
    with folder.lock_releases():
        Shelf(folder).renew_live()
    if expected is None or expected == report["hash"]:
        tell("The graph is the one that was saved.")
        return
    if print_documents(status["reports"]) or print_problems(report):
        raise click.exceptions.Exit(1)
    raise CannotRunError(
        "the files are restored, but the graph is not the one that was saved: this version of "
        "maillon reads them otherwise, or has another base address (MAILLON_BASE)"
    )
