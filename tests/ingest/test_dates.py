"""Dates from a year to a day, and what only looks like one."""

import pytest

from ingest.extract.dates import find_dates, parse_date


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("4 mars 2011", "2011-03-04"),
        ("1er août 2019", "2019-08-01"),
        ("March 4, 2011", "2011-03-04"),
        ("4th of March, 2011", "2011-03-04"),
        ("octobre 2018", "2018-10"),
        ("Oct 2018", "2018-10"),
        ("04/03/2011", "2011-03-04"),
        ("2011", "2011"),
        ("31/13/2011", None),
        ("soon", None),
    ],
)
def test_parse(printed: str, iso: str | None) -> None:
    assert parse_date(printed) == iso


def test_spans_and_periods() -> None:
    text = "De 2014 à 2016, puis 2018-2020 et en mai 2021."
    assert [(text[d.start : d.end], d.iso, d.until) for d in find_dates(text)] == [
        ("De 2014 à 2016", "2014", "2016"),
        ("2018-2020", "2018", "2020"),
        ("mai 2021", "2021-05", None),
    ]
    assert find_dates(text)[2].year == "2021"


@pytest.mark.parametrize(
    "text", ["n° 2011-123", "2000 euros", "2 014", "1999.50", "12345", "2030%"]
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []
