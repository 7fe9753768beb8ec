"""The words of the portal: every message has its French, with the same places to fill."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import graph_api
from graph_api.portal.i18n import LANGUAGES, catalogue
from graph_api.portal.wording import Wording
from ontology.iris import KINDS

PACKAGE = Path(graph_api.__file__).parent
PLACES = re.compile(r"%(?:\((\w+)\))?[sd]")


def extracted() -> set[str | tuple[str, ...]]:
    with (PACKAGE / "locales" / "portal.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel
    return {
        message
        for _, _, message, _, _ in extract_from_dir(PACKAGE, methods, options)
        if isinstance(message, str | tuple)
    }


def french() -> Catalog:
    with (PACKAGE / "locales" / "fr" / "portal.po").open("rb") as file:
        return read_po(file, locale="fr", domain="portal")


def forms(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def messages() -> list[Message]:
    return [message for message in french() if message.id]


def test_every_message_has_its_french_and_none_is_left_over() -> None:
    wanted, known = extracted(), {message.id for message in messages()}
    assert len(wanted) > 200
    assert wanted - known == set(), "run the commands of docs/portal.md and translate"
    assert known - wanted == set(), "no longer in the source"


@pytest.mark.parametrize("message", messages(), ids=lambda m: str(m.id)[:40])
def test_french_is_there_and_fills_the_same_places(message: Message) -> None:
    assert not message.fuzzy
    for text in forms(message.string):
        assert text.strip()
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(forms(message.id)[-1]))


def test_french_typography() -> None:
    """A space that does not break stands before double punctuation and inside guillemets."""
    for message in messages():
        for text in forms(message.string):
            assert not re.search(r"(?<![\u00a0\u202f])[;?!»]|(?<!\u00a0):|«(?!\u00a0)", text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_its_words(lang: str) -> None:
    word = Wording(catalogue("portal", lang).gettext)
    for kind in KINDS:
        assert word.kind(kind) != kind
        assert word.kinds(kind) != kind
        assert word.about_kind(kind)


def test_notes_are_filled_in_order_and_unknown_ones_are_silent() -> None:
    word = Wording(str)
    assert word.note("query.prefix", ("in*", "3")).startswith("“in*” is too short")
    assert "3 letters" in word.note("query.prefix", ("in*", "3"))
    assert word.note("query.new", ("x",)) == ""


def test_units() -> None:
    word = Wording(catalogue("portal", "fr").gettext)
    assert (word.unit("persons"), word.unit("EUR"), word.unit("kWh")) == ("personnes", "€", "kWh")
