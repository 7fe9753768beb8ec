import pytest

from graph_api.portal.display import (
    date_of,
    date_text,
    literal_text,
    money_text,
    type_names,
)
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import XSD_DATE, XSD_DECIMAL, XSD_G_YEAR_MONTH, XSD_INTEGER


@pytest.mark.parametrize(
    ("literal", "lang", "shown"),
    [
        (Literal("1234567", XSD_INTEGER), "fr", "1\u202f234\u202f567"),
        (Literal("0.5", XSD_DECIMAL), "en", "0.5"),
        (Literal("2026-03-03", XSD_DATE), "fr", "3 mars 2026"),
        (Literal("rubbish", XSD_DECIMAL), "fr", "rubbish"),
        (Literal("2026-99-99", XSD_DATE), "fr", "2026-99-99"),
        (Literal("text", lang="de"), "fr", "text"),
    ],
)
def test_literals_for_people(literal: Literal, lang: str, shown: str) -> None:
    assert literal_text(literal, lang).text == shown


def test_money() -> None:
    amount, euro = Literal("70000000", XSD_DECIMAL), Literal("EUR")
    assert money_text(amount, euro, "en").text == "€70,000,000"
    assert money_text(amount, euro, "fr").text == "70\u202f000\u202f000\xa0€"
    assert money_text(Literal("70.5"), euro, "en").text == "€70.50"
    assert money_text(Literal("many"), euro, "en").text == "many EUR"


def test_only_the_most_specific_types_of_the_kind_are_named() -> None:
    classes = [mln.Programme, mln.SupportScheme, mln.Actor, Iri("https://x.example/Foreign")]
    assert type_names(classes, "programme", "en") == ("support scheme",)


@pytest.mark.parametrize(
    ("iso", "french", "english"),
    [
        ("2014", "2014", "2014"),
        ("2021-03", "mars 2021", "March 2021"),
        ("2014-07-31", "31 juillet 2014", "July 31, 2014"),
        ("2014-13", "2014-13", "2014-13"),
        ("some day", "some day", "some day"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(iso: str, french: str, english: str) -> None:
    assert (date_text(iso, "fr"), date_text(iso, "en")) == (french, english)


def test_only_dates_are_dates() -> None:
    assert date_of(Literal("2021-03", XSD_G_YEAR_MONTH)) == "2021-03"
    assert date_of(Literal("2021")) == ""
    assert date_of(Iri("https://example.org/2021")) == ""
