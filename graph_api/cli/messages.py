"""What the command line says, in the user's language, and how it fails: in plain sentences.

Messages in the code are English and are the keys of ``locales/{lang}/cli.po``. Sentences made
elsewhere with values in them (``the folder /x is in use``) are recognised by the catalogue's
templates (``the folder {folder} is in use``).
"""

from typing import NoReturn

import click
from babel import Locale, UnknownLocaleError, default_locale

from graph_api.errors import MaillonError
from graph_api.portal import sentences
from graph_api.portal.i18n import LANGUAGES, catalogue
from graph_api.settings import Settings, SettingsError

__all__ = ["fail", "language", "say", "tell", "translate", "translate_sentence", "warn"]


def language() -> str:
    """Return ``fr`` or ``en``: the setting, else the system's locale, else English."""
    try:
        wanted = Settings.from_env().locale or default_locale("LC_MESSAGES") or "en"
        found = Locale.parse(wanted.replace("-", "_")).language
    except (SettingsError, UnknownLocaleError, ValueError):
        return "en"
    return found if found in LANGUAGES else "en"


def translate(message: str, **values: object) -> str:
    """Return a message of the code in the user's language, with its values put in."""
    if not message:
        return ""
    translated = catalogue("cli", language()).gettext(message)
    return translated.format(**values) if values else translated


def translate_sentence(sentence: str) -> str:
    """Return a sentence that has its values in it already; as it is where nobody translated it."""
    return sentences.translate_sentence(sentence, language())


def tell(message: str, **values: object) -> None:
    """Print a result on standard output."""
    click.echo(translate(message, **values))


def say(text: str) -> None:
    """Print a text that needs no translation on standard output."""
    click.echo(text)


def warn(message: str, **values: object) -> None:
    """Print a remark on standard error."""
    click.echo(translate(message, **values), err=True)


def fail(error: MaillonError) -> NoReturn:
    """Say what went wrong on standard error and end with the error's exit code."""
    click.echo(translate("Error: {detail}", detail=translate_sentence(error.detail)), err=True)
    raise click.exceptions.Exit(error.exit_code)
