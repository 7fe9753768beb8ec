"""Values and classes in words: numbers, dates and money as a language writes them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal

from graph_api.portal.labels import Text, local_name
from ontology.model import Iri, Literal, Term
from ontology.schema import Schema
from ontology.vocabularies import (
    XSD_DATE,
    XSD_DECIMAL,
    XSD_DOUBLE,
    XSD_G_YEAR,
    XSD_G_YEAR_MONTH,
    XSD_INTEGER,
)

__all__ = ["date_of", "date_text", "literal_text", "load_schema", "money_text", "type_names"]


@cache
def load_schema() -> Schema:
    """The ontology's terms, read once per process."""
    return Schema.load()


def literal_text(literal: Literal, lang: str) -> Text:
    """A literal for people: numbers and dates as the language writes them, text as it is."""
    try:
        if literal.datatype in (XSD_INTEGER, XSD_DECIMAL, XSD_DOUBLE):
            return Text(format_decimal(Decimal(literal.value), locale=lang))
        if literal.datatype in (XSD_DATE, XSD_G_YEAR_MONTH):
            return Text(date_text(literal.value, lang))
    except (ValueError, ArithmeticError):
        return Text(literal.value)
    return Text(literal.value, literal.lang or "")


def date_of(term: Term) -> str:
    """A date as ISO 8601 of the precision it has; ``""`` for what is no date."""
    if isinstance(term, Literal) and term.datatype in (XSD_DATE, XSD_G_YEAR, XSD_G_YEAR_MONTH):
        return term.value
    return ""


def date_text(iso: str, lang: str) -> str:
    """A year, a month or a day (ISO 8601) in words; what is no date as it is."""
    try:
        if len(iso) == len("2014-07"):
            month = date.fromisoformat(f"{iso}-01")
            return str(format_skeleton("yMMMM", month, locale=lang))
        return format_date(date.fromisoformat(iso), "long", locale=lang)
    except ValueError:
        return iso


def money_text(amount: Literal, currency: Term, lang: str) -> Text:
    """An amount in its currency, without cents where there are none."""
    code = currency.value if isinstance(currency, Literal) else local_name(currency)
    try:
        value = Decimal(amount.value)
        if value == value.to_integral_value():
            pattern = Locale.parse(lang).currency_formats["standard"].pattern.replace(".00", "")
            text = format_currency(value, code, pattern, lang, currency_digits=False)
        else:
            text = format_currency(value, code, locale=lang)
    except (ValueError, ArithmeticError):
        return Text(f"{amount.value} {code}")
    return Text(text)


def type_names(classes: Iterable[Iri], kind: str, lang: str) -> tuple[str, ...]:
    """The labels of the most specific of an entity's classes that belong to its kind."""
    schema = load_schema()
    found = [schema.classes[iri] for iri in classes if iri in schema.classes]
    above = {iri for cls in found for iri in cls.ancestors}
    return tuple(
        cls.labels.get(lang) or cls.labels["en"]
        for cls in found
        if cls.iri not in above and cls.kind == kind
    )
