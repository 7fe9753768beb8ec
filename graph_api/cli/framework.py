"""Click with our habits: help in the user's language, failures as sentences, ``--data`` everywhere."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from graph_api.cli.messages import fail, translate, warn
from graph_api.documents import RIGHTS
from graph_api.errors import CannotRunError, MaillonError
from graph_api.folder import DataFolder
from graph_api.settings import Settings, SettingsError

__all__ = [
    "Command",
    "Group",
    "Option",
    "command",
    "data_option",
    "keep_log",
    "open_folder",
    "option",
    "rights_option",
]

_log = logging.getLogger(__name__)


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return name and help, the help in the user's language."""
        original = self.help
        self.help = translate(original or "")
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


class Command(click.Command):
    """A command whose help is translated when it is shown."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the user's language."""
        _format_help(self, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help, in the user's language."""
        return _first_line(self)


class Group(click.Group):
    """A group of commands; the outermost one turns every error into a sentence and an exit code."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the user's language."""
        _format_help(self, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help, in the user's language."""
        return _first_line(self)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of ours ends it with its own exit code.

        Raises:
            click.exceptions.Exit: with the code of architecture: 0, 1, 2 or 3.
        """
        try:
            return super().invoke(ctx)
        except MaillonError as error:
            fail(error)
        except SettingsError as error:
            warn("Error: {detail}", detail=error)
            raise click.exceptions.Exit(2) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # The reader of our output has enough (`maillon … | head`).
            sys.stderr.close()
            raise click.exceptions.Exit(0) from None
        except Exception as error:
            if isinstance(error, PermissionError) and (path := error.filename):
                said = f"you may not use {path}; ask its owner, or change its permissions"
                fail(CannotRunError(said))
            # The stack goes into the log: nobody shall have to read one on a terminal.
            warn("Error: something unforeseen went wrong: {detail}", detail=error)
            if _log.hasHandlers():
                _log.exception("%s stopped", ctx.command_path, extra={"kept": True})
            raise click.exceptions.Exit(3) from error


def command(name: str | None = None) -> Callable[[Callable[..., Any]], Command]:
    """Make a command of a function; its docstring is the help."""
    return click.command(name, cls=Command)


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """Declare an option whose help is translated."""
    return click.option(*names, cls=Option, **attributes)


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--data``."""
    decorate = option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="The data folder (default: MAILLON_DATA, else var).",
    )
    decorated: Callable[..., Any] = decorate(command)
    return decorated


def rights_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--rights``."""
    decorate = option(
        "--rights",
        type=click.Choice(RIGHTS),
        help="How much of the text may be shown (default: what the register says, else quotes).",
    )
    decorated: Callable[..., Any] = decorate(command)
    return decorated


def open_folder(data: Path | None) -> tuple[DataFolder, Settings]:
    """Return the data folder and the settings that go with it.

    Raises:
        CannotRunError: it is not a data folder.
        SettingsError: a variable cannot be read.
    """
    settings = Settings.from_env(data=data)
    folder = DataFolder(settings.data)
    folder.check()
    keep_log(folder)
    return folder, settings


def keep_log(folder: DataFolder) -> None:
    """Print errors of the log as sentences; keep them with their stacks in ``run/errors.log``."""
    handlers: list[logging.Handler] = [_SentenceHandler()]
    if os.access(folder.run, os.W_OK):
        handlers.append(logging.FileHandler(folder.run / "errors.log", "a", "utf-8", delay=True))
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(message)s", handlers=handlers)


class _SentenceHandler(logging.StreamHandler[Any]):
    """Prints what the log has to say to a person: the sentence, never the stack."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print what is not only for the file."""
        if not hasattr(record, "kept"):
            super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage()


def _format_help(command: click.Command, formatter: click.HelpFormatter) -> None:
    if command.help:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(translate(_paragraphs(command.help)))


def _first_line(command: click.Command) -> str:
    return translate(_paragraphs(command.help or "")).partition("\n")[0].rstrip(".")


def _paragraphs(text: str) -> str:
    """Return a docstring with one line a paragraph, as the catalogue has it."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))
