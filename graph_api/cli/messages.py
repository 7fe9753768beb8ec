"""What the command line says, in the user's language, and how it fails: in plain sentences.

Messages in the code are English and are the keys of ``locales/{lang}/cli.po``. Sentences made
elsewhere with values in them (``the folder /x is in use``) are recognised by the catalogue's
templates (``the folder {folder} is in use``).
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import click
from babel import Locale, UnknownLocaleError, default_locale
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

import graph_api
from graph_api.errors import MaillonError
from graph_api.portal.i18n import LANGUAGES, catalogue
from graph_api.settings import Settings, SettingsError

__all__ = ["fail", "language", "say", "tell", "translate", "translate_sentence", "warn"]

_NUMBER = re.compile(r"\d{1,3}(,\d{3})+")  # as the code writes it: French would read a decimal


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
    if not sentence:
        return ""  # a catalogue's entry for the empty text is its header
    lang = language()
    exact = catalogue("cli", lang).gettext(sentence)
    if exact != sentence:
        return exact
    if _NUMBER.fullmatch(sentence):
        return format_decimal(int(sentence.replace(",", "")), locale=lang)
    for pattern, translation in _templates(lang):
        if match := pattern.fullmatch(sentence):
            values = {name: translate_sentence(value) for name, value in match.groupdict().items()}
            return translation.format(**values)
    return sentence


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


@cache
def _templates(lang: str) -> list[tuple[re.Pattern[str], str]]:
    path = Path(graph_api.__file__).parent / "locales" / lang / "cli.po"
    if not path.is_file():
        return []
    with path.open("rb") as file:
        messages: Any = read_po(file, locale=lang, domain="cli")
    return [
        (_pattern(message.id), message.string)
        for message in messages
        if isinstance(message.id, str) and "{" in message.id and message.string
    ]


def _pattern(template: str) -> re.Pattern[str]:
    """Return an expression whose groups are the template's fields."""
    parts = re.split(r"\{(\w+)[^}]*\}", template)
    seen: set[str] = set()
    expression = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            expression += re.escape(part)
        elif part in seen:
            expression += f"(?P={part})"
        else:
            seen.add(part)
            expression += f"(?P<{part}>.+?)"
    return re.compile(expression, re.DOTALL)
