"""Messages by language."""

import pytest
from babel.messages.pofile import read_po

from graph_api.portal import i18n
from tests.conftest import ROOT

LOCALES = ROOT / "graph_api" / "locales"


def test_an_unknown_language_gives_the_message_itself() -> None:
    assert i18n.catalogue("portal", "xx").gettext("Search") == "Search"


@pytest.mark.parametrize("domain", ["portal", "cli"])
def test_french_says_something_else_than_the_source(domain: str) -> None:
    with (LOCALES / "fr" / f"{domain}.po").open("rb") as file:
        messages = [m for m in read_po(file) if m.id and isinstance(m.id, str)]
    assert messages
    french = i18n.catalogue(domain, "fr")
    assert sum(french.gettext(str(m.id)) != m.id for m in messages) >= 0.8 * len(messages)


def test_every_language_offered_is_one_we_speak() -> None:
    assert set(i18n.LANGUAGES) == {"fr", "en"}
