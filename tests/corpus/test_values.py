from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.frontmatter import Entry
from corpus.values import Reference, Value, ValueProblem, read_values
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Literal
from ontology.schema import Schema
from ontology.vocabularies import XSD_DATE, XSD_DECIMAL, XSD_G_YEAR, XSD_G_YEAR_MONTH

SCHEMA = Schema.load()


def values(prop: str, value: "str | dict[str, Entry]") -> list[Value]:
    return list(read_values(Entry(value, 1), SCHEMA.property_named(prop), SCHEMA))


def test_references_are_minted_below_the_base() -> None:
    iris = Iris("https://x.example")
    assert Reference("programme/dla").iri(iris) == "https://x.example/id/programme/dla"
    assert Reference("concept/stages/idea").iri(iris) == "https://x.example/id/concept/stages/idea"


@pytest.mark.parametrize(
    ("prop", "text", "expected"),
    [
        ("operates", "programme/dla", Reference("programme/dla")),
        ("locatedIn", "territory/fr-com-2A004", Reference("territory/fr-com-2A004")),
        ("stage", "concept/stages/idea", Reference("concept/stages/idea")),
        ("status", "open", mln.open),
        ("createdInYear", "2002", Literal("2002", XSD_G_YEAR)),
        ("adoptedOn", "2014-07-31", Literal("2014-07-31", XSD_DATE)),
        ("adoptedOn", "2019-04", Literal("2019-04", XSD_G_YEAR_MONTH)),
        ("adoptedOn", "2014", Literal("2014", XSD_G_YEAR)),
        ("value", "5.80", Literal("5.8", XSD_DECIMAL)),
        ("value", "6000", Literal("6000", XSD_DECIMAL)),
        ("unit", "EUR", Literal("EUR")),
    ],
)
def test_the_ontology_types_the_text(prop: str, text: str, expected: Value) -> None:
    assert values(prop, text) == [expected]


@pytest.mark.parametrize(
    ("prop", "text"),
    [
        ("operates", "dla"),
        ("operates", "thing/dla"),
        ("operates", "programme/dla/x"),
        ("operates", "https://example.org"),
        ("status", "accepted"),
        ("createdInYear", "in 2002"),
        ("createdInYear", "02"),
        ("adoptedOn", "2014-13"),
        ("value", "6 000"),
        ("value", "6,5"),
        ("value", "Infinity"),
        ("createdInYear", ""),
    ],
)
def test_what_does_not_fit_is_refused(prop: str, text: str) -> None:
    with pytest.raises(ValueProblem):
        values(prop, text)


def test_a_text_in_two_languages_gives_two_values() -> None:
    both = {"fr": Entry("emplois", 1), "en": Entry("jobs", 1)}
    assert values("measure", both) == [Literal("emplois", lang="fr"), Literal("jobs", lang="en")]
    with pytest.raises(ValueProblem, match="no languages"):
        values("createdInYear", both)
    with pytest.raises(ValueProblem, match="no language code"):
        values("measure", {"French": Entry("emplois", 1)})


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_decimals_are_canonical(number: Decimal) -> None:
    (value,) = values("value", format(number, "f"))
    assert isinstance(value, Literal)
    assert values("value", value.value) == [value]
    assert not value.value.endswith(".0")
