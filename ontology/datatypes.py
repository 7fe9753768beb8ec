"""Typed values: text as people write it in sheets and tables, to literals in canonical form.

Only canonical datatypes of XML Schema are used: the store rewrites others on insert
(``xsd:nonNegativeInteger`` becomes ``xsd:integer``, ``"1.50"`` becomes ``"1.5"``), so a value that
is canonical from the start comes out of every store and dump as it went in.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import (
    RDF_LANG_STRING,
    RDFS_LITERAL,
    XSD_ANY_URI,
    XSD_BOOLEAN,
    XSD_DATE,
    XSD_DATE_TIME,
    XSD_DECIMAL,
    XSD_G_YEAR,
    XSD_G_YEAR_MONTH,
    XSD_INTEGER,
    XSD_STRING,
)

__all__ = ["DATATYPES", "literal"]

_YEAR = re.compile(r"(?!0000)[0-9]{4}")
_YEAR_MONTH = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")
_TRAILING_ZEROS = re.compile(r"(\.[0-9]*[1-9])0+")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


def literal(datatype: Iri, text: str, lang: str | None = None) -> Literal:
    """Return ``text`` as a canonical literal of a property's range.

    ``lang`` is used where the range is text. ``mln:PartialDate`` becomes a day, a month or a year,
    as written. ValueError, with a sentence a person can act on, for text that is no such value or
    a datatype outside :data:`DATATYPES`.
    """
    if datatype in (RDFS_LITERAL, RDF_LANG_STRING):
        return Literal(text, lang=lang) if lang else Literal(text)
    if datatype == mln.PartialDate:
        return _partial_date(text)
    canonical = DATATYPES.get(datatype)
    if canonical is None:
        raise ValueError(f"the datatype {datatype} is not one that the graph uses")
    return Literal(canonical(text.strip()), datatype)


def _partial_date(text: str) -> Literal:
    stripped = text.strip()
    if _YEAR.fullmatch(stripped):
        return Literal(stripped, XSD_G_YEAR)
    if _YEAR_MONTH.fullmatch(stripped):
        return Literal(stripped, XSD_G_YEAR_MONTH)
    try:
        return Literal(_day(stripped), XSD_DATE)
    except ValueError:
        raise ValueError(
            f'"{text}" is no date: write a year (2014), a month (2014-07) or a day (2014-07-31)'
        ) from None


def _string(text: str) -> str:
    return text


def _year(text: str) -> str:
    if not _YEAR.fullmatch(text):
        raise ValueError(f'"{text}" is no year: write four digits, such as 2014')
    return text


def _year_month(text: str) -> str:
    if not _YEAR_MONTH.fullmatch(text):
        raise ValueError(f'"{text}" is no month: write it as 2014-07')
    return text


def _day(text: str) -> str:
    if len(text) != len("2014-07-31"):  # fromisoformat also reads 20140731 and 2014-W31-4
        raise ValueError(f'"{text}" is no date: write it as 2014-07-31')
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f'"{text}" is no date: write it as 2014-07-31') from None


def _moment(text: str) -> str:
    try:
        written = datetime.fromisoformat(text).isoformat().replace("+00:00", "Z")
    except ValueError:
        raise ValueError(
            f'"{text}" is no date and time: write it as 2014-07-31T09:30:00Z'
        ) from None
    return _TRAILING_ZEROS.sub(r"\1", written)


def _integer(text: str) -> str:
    if not _INTEGER.fullmatch(text):
        raise ValueError(f'"{text}" is no whole number: write digits only, such as 6500')
    return str(int(text))


def _decimal(text: str) -> str:
    try:
        if not _DECIMAL.fullmatch(text):
            raise InvalidOperation
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(
            f'"{text}" is no number: write digits and a point, such as 1500.5'
        ) from None
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("", "-0", "-") else plain


def _boolean(text: str) -> str:
    if text not in ("true", "false"):
        raise ValueError(f'"{text}" is neither true nor false')
    return text


DATATYPES: Mapping[Iri, Callable[[str], str]] = MappingProxyType(
    {
        XSD_STRING: _string,
        XSD_ANY_URI: _string,
        XSD_G_YEAR: _year,
        XSD_G_YEAR_MONTH: _year_month,
        XSD_DATE: _day,
        XSD_DATE_TIME: _moment,
        XSD_INTEGER: _integer,
        XSD_DECIMAL: _decimal,
        XSD_BOOLEAN: _boolean,
    }
)
"""The datatypes that data graphs may use, each with what makes a text canonical."""
