"""Typed values of sheets: what the text behind a property means, as the ontology types it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.frontmatter import Entry
from ontology.iris import KINDS, ONTOLOGY, Iris
from ontology.model import Iri, Literal
from ontology.schema import IndividualTerm, PropertyTerm, Schema
from ontology.vocabularies import (
    RDFS_LITERAL,
    XSD_BOOLEAN,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_G_YEAR,
    XSD_G_YEAR_MONTH,
    XSD_INTEGER,
    XSD_STRING,
)

__all__ = ["Part", "Reference", "Value", "ValueProblem", "read_values"]

PARTIAL_DATE = Iri(f"{ONTOLOGY}#PartialDate")

_SEGMENT = r"[A-Za-z0-9][A-Za-z0-9-]*"
_ENTITY = re.compile(rf"({'|'.join(KINDS)})/{_SEGMENT}")
_CONCEPT = re.compile(rf"concept/{_SEGMENT}/{_SEGMENT}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DATES = {
    XSD_G_YEAR: re.compile(r"\d{4}"),
    XSD_G_YEAR_MONTH: re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
    XSD_DATE: re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
}
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_INTEGER = re.compile(r"-?\d+")


class ValueProblem(Exception):  # noqa: N818 — the reader of the sheet turns it into a SheetError
    """A value does not fit its property; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An entity or concept named by its path: ``programme/dla``, ``concept/stages/emergence``."""

    path: str

    def iri(self, iris: Iris) -> Iri:
        """Return the IRI below the given base."""
        kind, _, rest = self.path.partition("/")
        if kind == "concept":
            scheme, _, slug = rest.partition("/")
            return iris.concept(scheme, slug)
        return iris.entity(kind, rest)


@dataclass(frozen=True, slots=True)
class Part:
    """A node of several statements that hangs on the sheet's entity and has no page of its own.

    A criterion, a dated role, the answer of a practice sheet. ``fragment`` follows the entity's
    address (``criterion-1``), ``cls`` is the local name of its class.
    """

    fragment: str
    cls: str
    facts: tuple[tuple[Iri, "Value"], ...]

    def iri(self, subject: Iri) -> Iri:
        """Return the address below that of the entity."""
        return Iri(f"{subject}#{self.fragment}")


Value = Reference | Iri | Literal | Part


def read_values(entry: Entry, prop: PropertyTerm, schema: Schema) -> Iterator[Value]:
    """Yield the value of a property; one per language for a text given in several, one per item.

    Raises :class:`ValueProblem` when the text is no value of the property's range.
    """
    if isinstance(entry.value, list) and entry.value and not prop.has_literal:
        for item in entry.value:
            yield from read_values(item, prop, schema)
    elif isinstance(entry.value, dict) and prop.has_literal:
        yield from _texts_by_language(entry, prop)
    elif not isinstance(entry.value, str) or not entry.value:
        raise ValueProblem(f"“{prop.name}” needs one value")
    elif prop.has_literal:
        yield _literal(entry.value, prop)
    else:
        yield _node(entry.value, prop, schema)


def _texts_by_language(entry: Entry, prop: PropertyTerm) -> Iterator[Literal]:
    if prop.datatype != RDFS_LITERAL:
        raise ValueProblem(f"“{prop.name}” has no languages: write its value behind the colon")
    for lang, text in entry.items():
        if not _LANGUAGE.fullmatch(lang):
            raise ValueProblem(f"“{lang}” is no language code")
        if not isinstance(text.value, str) or not text.value:
            raise ValueProblem(f"“{prop.name}” needs a text in “{lang}”")
        yield Literal(text.value, lang=lang)


def _node(text: str, prop: PropertyTerm, schema: Schema) -> Value:
    if _ENTITY.fullmatch(text) or _CONCEPT.fullmatch(text):
        return Reference(text)
    named = schema.term(text)
    if isinstance(named, IndividualTerm) and named.cls in prop.range:
        return named.iri
    raise ValueProblem(
        f"“{prop.name}” needs an entity such as actor/avise or a concept such as "
        f"concept/stages/emergence, not “{text}”"
    )


def _literal(text: str, prop: PropertyTerm) -> Literal:
    datatype = prop.datatype or XSD_STRING
    if datatype in (XSD_STRING, RDFS_LITERAL):
        return Literal(text)
    if datatype == XSD_DECIMAL and _DECIMAL.fullmatch(text):
        return Literal(format(Decimal(text).normalize(), "f"), XSD_DECIMAL)
    if datatype == XSD_INTEGER and _INTEGER.fullmatch(text):
        return Literal(str(int(text)), XSD_INTEGER)
    if datatype == XSD_BOOLEAN and text in ("true", "false"):
        return Literal(text, XSD_BOOLEAN)
    for date_type, pattern in _DATES.items():
        if datatype in (date_type, PARTIAL_DATE) and pattern.fullmatch(text):
            return Literal(text, date_type)
    raise ValueProblem(f"“{text}” is no value of “{prop.name}” ({_wanted(datatype)})")


def _wanted(datatype: Iri) -> str:
    return {
        XSD_DECIMAL: "a number with a decimal point and no separators",
        XSD_INTEGER: "a whole number",
        XSD_G_YEAR: "a year of four digits",
        XSD_DATE: "a date such as 2021-05-20",
        PARTIAL_DATE: "a date such as 2021-05-20, 2021-05 or 2021",
        XSD_BOOLEAN: "true or false",
    }.get(datatype, datatype.rpartition("#")[2])
