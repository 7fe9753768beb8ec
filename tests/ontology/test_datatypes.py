"""Typed values: canonical, stable in the store, refused with a plain sentence."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology import terms as mln
from ontology.datatypes import DATATYPES, literal
from ontology.model import Iri, Literal
from ontology.vocabularies import (
    RDFS_LITERAL,
    XSD,
    XSD_BOOLEAN,
    XSD_DATE,
    XSD_DATE_TIME,
    XSD_DECIMAL,
    XSD_G_YEAR,
    XSD_G_YEAR_MONTH,
    XSD_INTEGER,
    XSD_STRING,
)


@pytest.mark.parametrize(
    ("datatype", "text", "canonical"),
    [
        (XSD_DECIMAL, "007.50", "7.5"),
        (XSD_DECIMAL, "-0.0", "0"),
        (XSD_DECIMAL, ".5", "0.5"),
        (XSD_DECIMAL, " 100 ", "100"),
        (XSD_INTEGER, "+007", "7"),
        (XSD_G_YEAR, "2014", "2014"),
        (XSD_DATE, "2014-07-31", "2014-07-31"),
        (XSD_DATE_TIME, "2014-07-31T09:30:00.120+00:00", "2014-07-31T09:30:00.12Z"),
        (XSD_BOOLEAN, "true", "true"),
        (XSD_STRING, "as written", "as written"),
    ],
)
def test_canonical_forms(datatype: Iri, text: str, canonical: str) -> None:
    assert literal(datatype, text) == Literal(canonical, datatype)


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2014", XSD_G_YEAR), ("2014-07", XSD_G_YEAR_MONTH), ("2014-07-31", XSD_DATE)],
)
def test_a_partial_date_is_as_precise_as_written(text: str, datatype: Iri) -> None:
    assert literal(mln.PartialDate, text) == Literal(text, datatype)


@pytest.mark.parametrize(
    ("datatype", "text"),
    [
        (XSD_G_YEAR, "14"),
        (XSD_G_YEAR, "٢٠١٤"),
        (XSD_G_YEAR, "0000"),
        (XSD_G_YEAR_MONTH, "2014-13"),
        (XSD_DATE, "2014-02-30"),
        (XSD_DATE, "20140731"),
        (XSD_DATE_TIME, "yesterday"),
        (XSD_INTEGER, "6 500"),
        (XSD_DECIMAL, "1,5"),
        (XSD_DECIMAL, "1e3"),
        (XSD_DECIMAL, "NaN"),
        (XSD_DECIMAL, ""),
        (XSD_BOOLEAN, "oui"),
        (mln.PartialDate, "fin 2014"),
        (Iri(XSD + "nonNegativeInteger"), "3"),
    ],
)
def test_what_is_no_value_is_refused_in_a_sentence(datatype: Iri, text: str) -> None:
    with pytest.raises(ValueError, match=r"is no|neither|is not one"):
        literal(datatype, text)


def test_text_keeps_its_language() -> None:
    assert literal(RDFS_LITERAL, "directrice", "fr") == Literal("directrice", lang="fr")
    assert literal(RDFS_LITERAL, "director") == Literal("director")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_keeps_its_value_and_canonical_form_is_stable(value: Decimal) -> None:
    once = literal(XSD_DECIMAL, format(value, "f"))
    assert Decimal(once.value) == value
    assert literal(XSD_DECIMAL, once.value) == once


@given(st.dates())
def test_each_day_is_read_back(day: date) -> None:
    assert literal(mln.PartialDate, day.isoformat()).value == day.isoformat()


@given(st.text(), st.sampled_from(sorted(DATATYPES)))
def test_rubbish_is_refused_or_stable(text: str, datatype: Iri) -> None:
    try:
        once = literal(datatype, text)
    except ValueError:
        return
    assert literal(datatype, once.value) == once
