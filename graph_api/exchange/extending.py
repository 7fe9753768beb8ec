"""Data extension of the Reconciliation API 0.2: values of properties for identifiers, as cells of a table.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#data-extension-service.
Nothing here asks a store: queries go out as text, rows come in.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_api.errors import BadInputError, TooLargeError
from graph_api.portal.details import Details
from graph_api.portal.display import load_schema
from graph_api.portal.labels import choose_text, local_name
from graph_api.portal.queries import can_be_asked, reference, references
from graph_api.services import Row
from ontology.folding import fold
from ontology.iris import KINDS, Iris
from ontology.model import Iri, Literal, Term
from ontology.schema import PropertyTerm
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    FOAF_HOMEPAGE,
    SKOS_ALT_LABEL,
    SKOS_PREF_LABEL,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_DOUBLE,
    XSD_G_YEAR,
    XSD_INTEGER,
)

__all__ = [
    "OUTSIDE",
    "Extension",
    "Wanted",
    "agrees",
    "cells",
    "entity_iri",
    "property_iri",
    "property_name",
    "read_extension",
    "usage_query",
    "values_of",
    "values_query",
]

OUTSIDE: Mapping[str, tuple[Iri, Mapping[str, str]]] = {
    "name": (SKOS_PREF_LABEL, {"fr": "nom", "en": "name"}),
    "otherName": (SKOS_ALT_LABEL, {"fr": "autre nom", "en": "other name"}),
    "description": (DCTERMS_DESCRIPTION, {"fr": "description", "en": "description"}),
    "homepage": (FOAF_HOMEPAGE, {"fr": "site", "en": "web site"}),
}
"""Properties of other vocabularies that may be asked for, by the identifier they have here."""

_ONE_LANGUAGE = frozenset({SKOS_PREF_LABEL, DCTERMS_DESCRIPTION})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
Values = Mapping[tuple[Iri, Iri], Sequence[Term]]
"""What is said: the terms by entity and property."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A property that is asked for; ``limit`` 0 means all values, ``as_id`` identifiers for names."""

    id: str
    iri: Iri
    limit: int = 0
    as_id: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension query: identifiers (kind/slug), and the properties to add."""

    ids: tuple[str, ...]
    properties: tuple[Wanted, ...]


def property_iri(name: str) -> Iri | None:
    """Return the property of an identifier, None where there is none."""
    if name in OUTSIDE:
        return OUTSIDE[name][0]
    found = load_schema().term(name)
    return found.iri if isinstance(found, PropertyTerm) and found.name == name else None


def property_name(name: str, lang: str) -> str:
    """Return what people call the property of an identifier, in ``lang``."""
    if name in OUTSIDE:
        return OUTSIDE[name][1].get(lang) or OUTSIDE[name][1]["en"]
    return load_schema().label(name, lang) or name


def entity_iri(iris: Iris, identifier: str) -> Iri | None:
    """Return the IRI of a kind/slug, None for what cannot be one."""
    kind, _, slug = identifier.partition("/")
    iri = iris.entity(kind, slug)
    return iri if kind in (*KINDS, "concept") and slug and can_be_asked(iri) else None


def read_extension(text: str, most_ids: int, most_properties: int) -> Extension:
    """Read a data extension query.

    Raises:
        BadInputError: it is none, or names a property that does not exist.
        TooLargeError: more identifiers or properties than are answered at once.
    """
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInputError("extend is no JSON") from None
    if not isinstance(asked, dict):
        raise BadInputError("extend is an object with ids and properties")
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadInputError("ids is a list of identifiers")
    if not isinstance(properties, list):
        raise BadInputError("properties is a list of objects")
    if len(ids) > most_ids:
        raise TooLargeError(f"at most {most_ids} identifiers are extended at once")
    if len(properties) > most_properties:
        raise TooLargeError(f"at most {most_properties} properties are asked for at once")
    return Extension(tuple(dict.fromkeys(ids)), tuple(_wanted(each) for each in properties))


def _wanted(asked: object) -> Wanted:
    if not isinstance(asked, dict) or not isinstance(asked.get("id"), str):
        raise BadInputError("a property to extend with has an id")
    iri = property_iri(asked["id"])
    if iri is None:
        raise BadInputError(f"there is no property {asked['id'][:60]!r}")
    settings = asked.get("settings") or {}
    if not isinstance(settings, dict):
        raise BadInputError("the settings of a property are an object")
    limit = settings.get("limit", 0)
    try:
        number = int(limit)  # OpenRefine sends a text
    except (ValueError, TypeError, OverflowError):
        raise BadInputError("the limit of a property is a number") from None
    if number < 0:
        raise BadInputError("the limit of a property is a number")
    return Wanted(asked["id"], iri, number, settings.get("content") == "id")


def values_query(iris: Iris, subjects: Iterable[Iri], properties: Iterable[Iri]) -> str:
    """SELECT (s, p, o): what sources say, also where they say it from the other end."""
    schema = load_schema()
    wanted = set(properties)
    inverse = {
        term.inverse if term.inverse else iri: iri
        for iri in wanted
        if (term := schema.properties.get(iri)) and (term.inverse or term.symmetric)
    }
    values = " ".join(sorted(reference(iri) for iri in set(subjects)))
    stated = f'FILTER(!STRSTARTS(STR(?g), "{iris.graph("inferred")}"))'
    there = f"{{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({references(wanted)})) {stated} }}"
    back = ""
    if inverse:
        back = (
            f" UNION {{ GRAPH ?g {{ ?o ?q ?s }} FILTER(?q IN ({references(inverse)})) {stated} }}"
        )
    return f"SELECT DISTINCT ?s ?p ?q ?o WHERE {{ VALUES ?s {{ {values} }} {there}{back} }}"


def values_of(rows: Iterable[Row]) -> dict[tuple[Iri, Iri], list[Term]]:
    """Collect the rows of :func:`values_query`, each value once and in a stable order."""
    schema = load_schema()
    found: dict[tuple[Iri, Iri], set[Term]] = {}
    for row in rows:
        subject, predicate = row["s"], row.get("p")
        if predicate is None:
            term = schema.properties[Iri(str(row["q"]))]
            predicate = term.iri if term.symmetric or term.inverse is None else term.inverse
        if isinstance(subject, Iri) and isinstance(predicate, Iri):
            found.setdefault((subject, predicate), set()).add(row["o"])
    return {key: sorted(terms, key=_order) for key, terms in found.items()}


def usage_query(iris: Iris, kind: str) -> str:
    """SELECT (p, n): how many things of a kind have each property."""
    start = f'"{iris.entity(kind, "")}"'
    stated = f'FILTER(!STRSTARTS(STR(?g), "{iris.graph("inferred")}"))'
    return (
        f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} "
        f'FILTER(STRSTARTS(STR(?s), {start}) && !CONTAINS(STR(?s), "#")) {stated} }} GROUP BY ?p'
    )


def cells(
    values: Sequence[Term], wanted: Wanted, details: Details, iris: Iris, lang: str
) -> list[dict[str, Any]]:
    """Return the values of one property of one entity as the protocol writes them."""
    if wanted.iri in _ONE_LANGUAGE:
        texts = [each for each in values if isinstance(each, Literal)]
        best = choose_text(texts, lang)
        values = [each for each in texts if best is not None and each.value == best.text][:1]
    found = [_cell(each, wanted, details, iris, lang) for each in values]
    return found[: wanted.limit] if wanted.limit else found


def agrees(value: object, values: Sequence[Term], details: Details, iris: Iris) -> bool:
    """Whether a value that a list gives is one of ours: the identifier, the label or the text."""
    if isinstance(value, list):
        return any(agrees(each, values, details, iris) for each in value)
    if isinstance(value, dict):
        return entity_iri(iris, str(value.get("id", ""))) in values
    said = fold(str(value))
    for term in values:
        if isinstance(term, Literal):
            texts = [term.value]
        else:
            texts = [each.value for each in details.labels.get(term, ())]
            texts += ["/".join(iris.split(term) or ("", local_name(term)))]
        if said and said in [fold(text) for text in texts]:
            return True
    return False


def _cell(term: Term, wanted: Wanted, details: Details, iris: Iris, lang: str) -> dict[str, Any]:
    if isinstance(term, Iri):
        place = iris.split(term)
        if place is None:
            label = details.label(term, lang).text if "#" in term else ""
            return {"str": label or str(term)}
        identifier = "/".join(place)
        if wanted.as_id:
            return {"str": identifier}
        return {"id": identifier, "name": details.label(term, lang).text}
    try:
        if term.datatype in (XSD_INTEGER, XSD_G_YEAR):
            return {"int": int(term.value)}
        if term.datatype in (XSD_DECIMAL, XSD_DOUBLE):
            return {"float": float(term.value)}
    except ValueError:
        return {"str": term.value}
    if term.datatype == XSD_DATE and _DATE.match(term.value):
        return {"date": f"{term.value}T00:00:00Z"}
    return {"str": term.value}


def _order(term: Term) -> tuple[str, str]:
    return (str(term), "") if isinstance(term, Iri) else (term.value, term.lang or "")
