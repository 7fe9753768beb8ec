"""Values and classes in words: numbers, dates and money as a language writes them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from graph_api.portal.labels import Text, local_name
from ontology.model import Iri, Literal, Term
from ontology.schema import Schema
from ontology.vocabularies import XSD_DATE, XSD_DECIMAL, XSD_DOUBLE, XSD_INTEGER

__all__ = ["literal_text", "load_schema", "money_text", "type_names"]


@cache
def load_schema() -> Schema:
    """The ontology's terms, read once per process."""
    return Schema.load()


def literal_text(literal: Literal, lang: str) -> Text:
    """A literal for people: numbers and dates as the language writes them, text as it is."""
    try:
        if literal.datatype in (XSD_INTEGER, XSD_DECIMAL, XSD_DOUBLE):
            return Text(format_decimal(Decimal(literal.value), locale=lang))
        if literal.datatype == XSD_DATE:
            return Text(format_date(date.fromisoformat(literal.value), "long", locale=lang))
    except (ValueError, ArithmeticError):
        return Text(literal.value)
    return Text(literal.value, literal.lang or "")


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
