"""Amounts, shares and counts with their units."""

import pytest

from ingest.extract.amounts import find_quantities


def quantities(text: str, lang: str) -> list[tuple[str, str | None, str]]:
    return [
        (text[q.start : q.end], None if q.value is None else str(q.value), q.unit)
        for q in find_quantities(text, 0, len(text), lang)
    ]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("un don de 6 M€ par an", "fr", ("6 M€", "6000000", "EUR")),
        ("a loan of €24.5m", "en", ("€24.5m", "24500000", "EUR")),
        ("58 billion euros", "en", ("58 billion euros", "58000000000", "EUR")),
        ("21 millions d'euros", "fr", ("21 millions d'euros", "21000000", "EUR")),
        ("deux millions d'euros", "fr", ("deux millions d'euros", "2000000", "EUR")),
        ("1.080.000€ pour", "fr", ("1.080.000€", "1080000", "EUR")),
        ("soit 80 % des cas", "fr", ("80 %", "80", "%")),
        ("about 8.2% of sales", "en", ("8.2%", "8.2", "%")),
        ("6,000 companies", "en", ("6,000 companies", "6000", "organisations")),
        ("129 incubateurs", "fr", ("129 incubateurs", "129", "incubators")),
        ("trois ans", "fr", ("trois ans", "3", "years")),
        (
            "2 active regional councils",
            "en",
            ("2 active regional councils", "2", "regional councils"),
        ),
        ("62 00 structures", "fr", ("62 00 structures", None, "structures")),
        ("850 m² de bureaux", "fr", ("850 m²", "850", "m2")),
        ("1,5 million de personnes", "fr", ("1,5 million de personnes", "1500000", "persons")),
    ],
)
def test_quantities(text: str, lang: str, expected: tuple[str, str | None, str]) -> None:
    assert quantities(text, lang) == [expected]


@pytest.mark.parametrize(
    "text",
    ["en 2016 projets", "article 15 projets", "page 3 jours", "n° 12 membres", "le 4 mars 2011",
     "12 raisons de rire", "3 et membres", "2018-2020 projets"],
)  # fmt: skip
def test_what_counts_nothing(text: str) -> None:
    assert quantities(text, "fr") == []


def test_currency_is_said_apart() -> None:
    (money, count) = find_quantities("12 € pour 3 projets", 0, 19, "fr")
    assert (money.currency, count.currency) == ("EUR", "")
