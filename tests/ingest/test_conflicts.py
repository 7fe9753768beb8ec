"""How figures of one thing stand to each other; the cases were met in reports of the field."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.conflicts import Bound, Stand, Value, bound_of, compare, compare_all, measure_key
from ontology.model import Iri

SCHEME = Iri("https://maillon.example/id/programme/scheme")


def value(key: str, number: str | None, **more: object) -> Value:
    said: dict[str, object] = {"measure": "supported", "unit": "organisations", **more}
    return Value(key, SCHEME, number=Decimal(number) if number else None, **said)  # type: ignore[arg-type]


def year(key: str, number: str, source: str) -> Value:
    return Value(
        key, SCHEME, "createdInYear", Decimal(number), "year",
        sources=frozenset({source}), functional=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "stand"),
    [
        (year("a", "2002", "x"), year("b", "2022", "y"), Stand.CONFLICT),
        (year("a", "2002", "x"), year("b", "2022", "x"), Stand.CONFLICT),
        (year("a", "2002", "x"), year("b", "2002", "y"), Stand.CORROBORATION),
        # more than 5,000 is no contradiction of 6,000
        (value("a", "6000"), value("b", "5000", bound=Bound.AT_LEAST), Stand.COMPATIBLE),
        (value("a", "6000"), value("b", "6500"), Stand.CONFLICT),
        # what has accumulated since
        (value("a", "810000", period="2002-2019"), value("b", "860000", published="2023"),
         Stand.SUCCESSION),
        (value("a", "450", period="2019"), value("b", "513", period="2020"), Stand.SUCCESSION),
        (value("a", "450", period="2019"), value("b", "513", period="2019"), Stand.CONFLICT),
        (value("a", "450", as_of="2019-05-03"), value("b", "513", as_of="2020"), Stand.SUCCESSION),
        (value("a", None), value("b", "6200"), Stand.MALFORMED),
        # "about thirty" and 29, thirty members and some thirty
        (value("a", "30", bound=Bound.ABOUT), value("b", "29"), Stand.CORROBORATION),
        (value("a", "30", bound=Bound.ABOUT), value("b", "40"), Stand.CONFLICT),
        # nearly 130, more than 130
        (value("a", "130", bound=Bound.AT_MOST), value("b", "130", bound=Bound.AT_LEAST),
         Stand.COMPATIBLE),
        # another payer, another part
        (value("a", "28000000", scope="national"), value("b", "6000000", scope="one funder"),
         Stand.COMPATIBLE),
        # one report that gives two shares means two things
        (value("a", "84", sources=frozenset({"x"})), value("b", "66", sources=frozenset({"x"})),
         Stand.COMPATIBLE),
        (value("a", "84", sources=frozenset({"x"})), value("b", "66", sources=frozenset({"y"})),
         Stand.CONFLICT),
    ],
)  # fmt: skip
def test_two_values(first: Value, second: Value, stand: Stand) -> None:
    assert compare(first, second) is stand
    assert compare(second, first) is stand


def test_different_measures_are_never_compared() -> None:
    parts = [value("a", "17", measure="regional"), value("b", "103", measure="departmental")]
    assert compare_all(parts) == ()
    kinds = [value("a", "129", measure="incubators"), value("b", "200", measure="schemes")]
    assert compare_all(kinds) == ()


def test_different_units_are_compared_only_where_they_count_the_same() -> None:
    assert compare_all([value("a", "5"), value("b", "7", unit="EUR")]) == ()
    (found,) = compare_all([value("a", "5"), value("b", "7", unit="structures")])
    assert found.stand is Stand.CONFLICT


def test_a_value_without_a_measure_backs_the_same_number_of_another_source_only() -> None:
    measured = value("a", "600", sources=frozenset({"x"}))
    other = value("b", "600", measure="", sources=frozenset({"y"}))
    (found,) = compare_all([measured, other])
    assert found.stand is Stand.CORROBORATION
    assert compare_all([measured, replace(other, number=Decimal(700))]) == ()
    assert compare_all([measured, replace(other, sources=frozenset({"x"}))]) == ()
    assert compare_all([replace(measured, measure=""), other]) == ()


def test_a_malformed_number_is_told_even_alone() -> None:
    (found,) = compare_all([value("a", None)])
    assert (found.stand, found.pairs) == (Stand.MALFORMED, ())


def test_the_gravest_pair_gives_the_class_and_all_pairs_are_kept() -> None:
    values = [
        value("a", "6000", published="2023"),
        value("b", "5000", bound=Bound.AT_LEAST, published="2023"),
        value("c", "6500", published="2023"),
    ]
    (found,) = compare_all(values)
    assert found.stand is Stand.CONFLICT
    assert [stand for *_, stand in found.pairs] == [
        Stand.COMPATIBLE, Stand.CONFLICT, Stand.COMPATIBLE,
    ]  # fmt: skip


def test_the_order_of_values_does_not_matter() -> None:
    values = [value("a", "5"), value("b", "7", period="2020"), value("c", "7", measure="")]
    assert len({compare_all(order) for order in permutations(values)}) == 1


VALUES = st.builds(
    Value,
    key=st.text("abc", min_size=1, max_size=3),
    subject=st.just(SCHEME),
    measure=st.sampled_from(["", "supported"]),
    number=st.none() | st.integers(0, 30).map(Decimal),
    unit=st.sampled_from(["organisations", "structures", "EUR"]),
    bound=st.sampled_from(Bound),
    period=st.sampled_from(["", "2019", "2002-2019"]),
    published=st.sampled_from(["", "2019", "2023"]),
    sources=st.sampled_from([frozenset(), frozenset({"x"}), frozenset({"y"})]),
    functional=st.booleans(),
)


@given(VALUES, VALUES)
def test_two_values_stand_the_same_from_both_sides(first: Value, second: Value) -> None:
    assert compare(first, second) is compare(second, first)


@given(st.lists(VALUES, max_size=8))
def test_every_comparison_is_of_one_thing_and_loses_no_value(values: list[Value]) -> None:
    for found in compare_all(values):
        assert {each.subject for each in found.values} == {SCHEME}
        keys = {each.key for each in found.values}
        assert all({first, second} <= keys for first, second, _ in found.pairs)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("plus de 130 entreprises", Bound.AT_LEAST),
        ("more than 5,000", Bound.AT_LEAST),
        ("organisations supported per year, at least", Bound.AT_LEAST),
        ("moins de dix", Bound.AT_MOST),
        ("nearly 130", Bound.ABOUT),
        ("environ 40", Bound.ABOUT),
        ("une trentaine de membres", Bound.ABOUT),
        ("130 entreprises", Bound.EXACT),
        ("", Bound.EXACT),
    ],
)
def test_what_is_said_of_a_number(text: str, bound: Bound) -> None:
    assert bound_of(text) is bound


def test_a_measure_is_the_same_however_exact_it_is() -> None:
    assert measure_key("Budget, about") == measure_key("budget") == "budget"
    assert measure_key("structures accompagnées par an, au moins") == measure_key(
        "Structures accompagnées par an"
    )
