"""The command that shows two instances exchanging."""

import time
from pathlib import Path

import click

from graph_api.cli.framework import command, option
from graph_api.cli.messages import tell
from graph_api.errors import BadInputError

__all__ = ["demo_partners"]


@command("demo-partners")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8011,
    show_default=True,
    help="The first of two ports.",
)
@option("--once", is_flag=True, help="End when all was shown.")
def demo_partners(folder: Path, port: int, once: bool) -> None:
    """Show two instances, France and Latvia, that exchange, edit, delete and withdraw.

    FOLDER must be empty or not be there. Both go on until Ctrl-C.
    """
    # Imported here: no other command needs it.
    from graph_api.demonstration import show_exchange

    if folder.exists() and any(folder.iterdir()):
        raise BadInputError(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    show_exchange(folder, port, tell, (lambda: None) if once else _stay)


def _stay() -> None:
    tell("Both go on until Ctrl-C.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
