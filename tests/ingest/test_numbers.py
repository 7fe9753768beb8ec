"""Printed numbers and their values."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.numbers import parse_number


@pytest.mark.parametrize(
    ("printed", "magnitude", "lang", "value"),
    [
        ("6 000", "", "fr", "6000"),
        ("6\u202f000", "", "fr", "6000"),
        ("6,000", "", "en", "6000"),
        ("1.080.000", "", "fr", "1080000"),
        ("1,234,567.5", "", "en", "1234567.5"),
        ("1,5", "million", "fr", "1500000"),
        ("1,125", "million", "fr", "1125000"),
        ("24.5", "m", "en", "24500000"),
        ("20", "K", "en", "20000"),
        ("8,5", "M", "fr", "8500000"),
        ("42", "", "", "42"),
        ("trois", "", "fr", "3"),
        ("une trentaine", "", "fr", "30"),
        ("twelve", "", "en", "12"),
        ("62 00", "", "fr", None),
        ("1,23,4", "", "en", None),
        ("beaucoup", "", "fr", None),
    ],
)
def test_values(printed: str, magnitude: str, lang: str, value: str | None) -> None:
    found = parse_number(printed, magnitude, lang)
    assert found.printed == printed
    assert (None if found.value is None else str(found.value)) == value


@given(st.integers(0, 10**12))
def test_grouped_numbers_keep_their_value(number: int) -> None:
    assert parse_number(f"{number:,}", "", "en").value == Decimal(number)
    assert parse_number(f"{number:,}".replace(",", " "), "", "fr").value == Decimal(number)


@given(st.text(max_size=12))
def test_rubbish_has_no_value_and_raises_nothing(text: str) -> None:
    assert parse_number(text).printed == text
