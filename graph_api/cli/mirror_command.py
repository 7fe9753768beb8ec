"""The command that mirrors an event stream."""

import time
from pathlib import Path

import click

from graph_api.cli.framework import command, option
from graph_api.cli.messages import say, tell
from graph_api.errors import CannotRunError
from graph_api.exchange.fetching import Fetcher
from graph_api.exchange.mirror import Mirror
from graph_api.settings import Settings

__all__ = ["mirror"]


@command()
@click.argument("address", metavar="ADDRESS")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@option("--every", type=click.IntRange(min=1), help="Go on, and look again after so many seconds.")
@option("--verbose", is_flag=True, help="Name each page that is read.")
def mirror(address: str, folder: Path, every: int | None, verbose: bool) -> None:
    """Mirror an event stream (LDES, DCAT-AP Feeds) in FOLDER.

    ADDRESS is the stream's, as https://example.org/feed. Run again, it applies what changed, deletions
    included. FOLDER/mirror.nq then holds what is said, each object in a graph of its own.
    """
    settings = Settings.from_env()
    fetcher = Fetcher(address, settings.mirror_page_bytes, settings.mirror_seconds)
    copy = Mirror(folder, address, fetcher)
    while True:
        try:
            done = copy.run(say if verbose else lambda _: None)
        except CannotRunError as error:
            if every is None:
                raise
            tell("Error: {detail}", detail=error.detail)
        else:
            tell(
                "Pages read: {pages}; written: {written}; removed: {removed}; objects: {objects}.",
                pages=done.pages,
                written=done.written,
                removed=done.removed,
                objects=done.objects,
            )
        if every is None:
            return
        time.sleep(every)
