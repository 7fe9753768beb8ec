"""Sentences that were made elsewhere with values in them, in the reader's language.

``the folder /x is in use`` is recognised by the template ``the folder {folder} is in use`` of
``locales/{lang}/cli.po``.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

import graph_api
from graph_api.portal.i18n import catalogue

__all__ = ["translate_sentence"]

_NUMBER = re.compile(r"\d{1,3}(,\d{3})+")  # as the code writes it: French would read a decimal


def translate_sentence(sentence: str, lang: str) -> str:
    """Return a sentence that has its values in it already; as it is where nobody translated it."""
    if not sentence:
        return ""  # a catalogue's entry for the empty text is its header
    exact = catalogue("cli", lang).gettext(sentence)
    if exact != sentence:
        return exact
    if _NUMBER.fullmatch(sentence):
        return format_decimal(int(sentence.replace(",", "")), locale=lang)
    for pattern, translation in _templates(lang):
        if match := pattern.fullmatch(sentence):
            values = {
                name: translate_sentence(value, lang) for name, value in match.groupdict().items()
            }
            return translation.format(**values)
    return sentence


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
