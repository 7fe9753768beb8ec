"""Lists of things of one sort: what they hold, how they are filtered, cut by date and ordered."""

from datetime import date

import pytest

from graph_api.guide.offers import Knowledge
from graph_api.portal.listings import (
    LISTINGS,
    Listing,
    choices,
    filter_entries,
    group_by_date,
    read_entries,
    see_listing,
)
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Term
from ontology.schema import Schema
from ontology.vocabularies import SKOS_PREF_LABEL, XSD_DATE

IRIS = Iris()
CORPUS, INFERRED = IRIS.graph("corpus"), IRIS.graph("inferred/located-in-whole")
TOWN, REGION = IRIS.entity("territory", "town"), IRIS.entity("territory", "region")
KNOWLEDGE = Knowledge(part_of={TOWN: frozenset({REGION})})
INCUBATOR = IRIS.concept("actor-roles", "incubator")
CHAIR = IRIS.concept("actor-roles", "research-chair")


def row(subject: Iri, predicate: Iri, value: Term, graph: Iri = CORPUS) -> Row:
    return {"s": subject, "p": predicate, "o": value, "g": graph}


def named(slug: str, kind: str = "actor") -> tuple[Iri, Row]:
    iri = IRIS.entity(kind, slug)
    return iri, row(iri, SKOS_PREF_LABEL, Literal(slug, lang="fr"))


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda each: each.name)
def test_every_list_is_of_a_class_that_has_its_columns(listing: Listing) -> None:
    schema = Schema.load()
    assert schema.class_named(listing.cls)
    members = schema.subclasses(listing.cls)
    for prop in {*listing.columns, *listing.filters.values(), *listing.having}:
        assert any(schema.accepts(prop, cls.iri, side="domain") for cls in members), prop


def test_only_named_things_with_what_the_list_asks_for_are_in_it() -> None:
    port, port_name = named("port")
    quay, quay_name = named("quay")
    nameless = IRIS.entity("actor", "nameless")
    rows = [
        port_name, row(port, mln.actorRole, INCUBATOR), quay_name,
        row(nameless, mln.actorRole, INCUBATOR),
    ]  # fmt: skip
    found = read_entries(LISTINGS["directory"], rows, [], IRIS)
    assert [entry.iri for entry in found] == [port]
    assert read_entries(LISTINGS["research"], rows, [], IRIS) == ()
    chair = [*rows, row(port, mln.actorRole, CHAIR)]
    assert [e.iri for e in read_entries(LISTINGS["research"], chair, [], IRIS)] == [port]
    assert quay not in {entry.iri for entry in found}


def test_a_concluded_place_is_no_address_but_a_concluded_link_is_a_link() -> None:
    port, name = named("port")
    rows = [
        name, row(port, mln.actorRole, INCUBATOR), row(port, mln.locatedIn, TOWN),
        row(port, mln.locatedIn, REGION, INFERRED), row(port, mln.theme, INCUBATOR, INFERRED),
    ]  # fmt: skip
    (entry,) = read_entries(LISTINGS["directory"], rows, [], IRIS)
    assert entry.values[mln.locatedIn] == (TOWN,)
    assert mln.theme in entry.values


def test_the_year_of_the_newest_source_is_told() -> None:
    port, name = named("port")
    rows = [name, row(port, mln.actorRole, INCUBATOR)]
    seen: list[Row] = [{"s": port, "year": Literal(year)} for year in ("2019", "2023", "2021")]
    (entry,) = read_entries(LISTINGS["directory"], rows, seen, IRIS)
    assert entry.seen == "2023"


def test_a_territory_counts_for_what_is_inside_it() -> None:
    port, name = named("port")
    rows = [name, row(port, mln.actorRole, INCUBATOR), row(port, mln.locatedIn, TOWN)]
    entries = read_entries(LISTINGS["directory"], rows, [], IRIS)
    listing = LISTINGS["directory"]
    assert dict(choices(listing, entries, KNOWLEDGE)["place"]) == {TOWN: 1, REGION: 1}
    for place in (TOWN, REGION):
        assert filter_entries(listing, entries, {"place": place}, KNOWLEDGE) == entries
    elsewhere = {"place": IRIS.entity("territory", "elsewhere")}
    assert filter_entries(listing, entries, elsewhere, KNOWLEDGE) == ()
    both = {"place": REGION, "role": CHAIR}
    assert filter_entries(listing, entries, both, KNOWLEDGE) == ()


@pytest.mark.parametrize(
    ("starts", "ends", "group"),
    [
        ("2026-11-01", "2026-11-27", "coming"),
        ("2026-11-01", "2026-11-26", "past"),
        ("2026-11-01", "2026-11", "coming"),
        ("2026-01-01", "2026-10", "past"),
        ("", "2025", "past"),
        ("", "2026", "coming"),
        ("2026-12-24", "", "coming"),
        ("2026-11-26", "", "past"),
        ("", "", "undated"),
    ],
)
def test_a_call_is_past_the_day_after_its_deadline(starts: str, ends: str, group: str) -> None:
    call, name = named("call", "programme")
    rows = [name]
    rows += [row(call, mln.opensOn, Literal(starts, XSD_DATE))] if starts else []
    rows += [row(call, mln.closesOn, Literal(ends, XSD_DATE))] if ends else []
    entries = read_entries(LISTINGS["calls"], rows, [], IRIS)
    assert list(group_by_date(LISTINGS["calls"], entries, date(2026, 11, 27))) == [group]


def test_the_next_comes_first_and_the_past_newest_first() -> None:
    rows = []
    for day in ("2026-12-01", "2027-01-01", "2026-10-01", "2026-09-01"):
        call, name = named(day, "programme")
        rows += [name, row(call, mln.closesOn, Literal(day, XSD_DATE))]
    entries = read_entries(LISTINGS["calls"], rows, [], IRIS)
    groups = group_by_date(LISTINGS["calls"], entries, date(2026, 11, 27))
    days = {name: [e.when(mln.closesOn) for e in found] for name, found in groups.items()}
    assert days == {"coming": ["2026-12-01", "2027-01-01"], "past": ["2026-10-01", "2026-09-01"]}


def test_numbered_things_stand_by_number() -> None:
    rows = []
    for number in ("10", "2", "1"):
        iri, name = named(f"p{number}", "practice")
        rows += [name, row(iri, mln.number, Literal(number))]
    found = read_entries(LISTINGS["recommendations"], rows, [], IRIS)
    assert [entry.when(mln.number) for entry in found] == ["1", "2", "10"]


def test_the_query_that_is_taken_along_names_what_was_chosen() -> None:
    query = see_listing(LISTINGS["directory"], {"place": REGION, "role": INCUBATOR}, IRIS)
    assert f"mln:locatedIn/mln:partOf* <{REGION}>" in query
    assert f"mln:actorRole <{INCUBATOR}>" in query
