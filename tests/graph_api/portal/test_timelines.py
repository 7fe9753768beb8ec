"""Timelines: what is drawn, where, in which order; and who adopted the plans of a law."""

import asyncio
import re
from dataclasses import replace
from datetime import date

import pyoxigraph as ox
import pytest

from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.labels import Text
from graph_api.portal.timelines import (
    MOST_TICKS,
    Dates,
    Moment,
    adoptions_query,
    draw_timeline,
    moments_from,
    moments_of,
    read_adoptions,
    read_period,
)
from graph_api.portal.views import EntityView, Fact, Qualifier, Reference, Value
from ontology import terms as mln
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT, RDF_TYPE, SKOS_PREF_LABEL
from tests.graph_api.local import IRIS, Client, LocalQueries, Sample, add_quads, make_app, year

WHAT = Text("what")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2014-07-31", date(2014, 7, 31), date(2014, 7, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_date_is_as_long_as_what_is_said(text: str, first: date, last: date) -> None:
    assert read_period(text) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "2016-13", "2016-02-30", "-500", "0000", "2016-"])
def test_what_is_no_date_has_no_place(text: str) -> None:
    assert read_period(text) is None


def test_rows_are_in_the_order_of_their_dates_and_within_the_picture() -> None:
    said = ["2021", "2014-07-31", "2014", "nonsense", "2016-10"]
    timeline = draw_timeline([Moment(WHAT, when) for when in said])
    assert timeline is not None
    assert [row.moment.since for row in timeline.rows] == ["2014", "2014-07-31", "2016-10", "2021"]
    places = [row.x for row in timeline.rows]
    assert places == sorted(places)
    assert 0 < places[0] < places[-1] < 100
    ticks = {tick.year: tick.x for tick in timeline.ticks}
    assert ticks[2014] < places[0] < ticks[2016] < places[2] < ticks[2018]
    assert {row.width for row in timeline.rows} == {0.0}


@pytest.mark.parametrize(("first", "last"), [(2014, 2015), (1945, 2026), (1, 9999), (1789, 1791)])
def test_few_years_are_written_along_the_axis(first: int, last: int) -> None:
    timeline = draw_timeline([Moment(WHAT, f"{year:04}") for year in (first, last)])
    assert timeline is not None
    assert len(timeline.ticks) <= MOST_TICKS
    assert all(0 < tick.x < 100 for tick in timeline.ticks)


def test_dates_that_may_be_the_same_make_no_picture() -> None:
    assert draw_timeline([]) is None
    same = [Moment(WHAT, "2014"), Moment(WHAT, "2014-07-31")]
    assert draw_timeline(same) is None
    assert draw_timeline(same, alone=True) is not None
    assert draw_timeline([*same, Moment(WHAT, "2015")]) is not None


def test_a_period_needs_both_ends_and_one_way_round() -> None:
    def dates(prop: Iri, *values: str) -> Dates:
        return Dates(prop, Text(prop.rpartition("#")[2]), tuple((v, (1,)) for v in values))

    opens, closes = dates(mln.opensOn, "2021-03"), dates(mln.closesOn, "2021-05-17")
    (period,) = moments_from([opens, closes])
    assert (period.since, period.until, period.sources) == ("2021-03", "2021-05-17", (1,))
    timeline = draw_timeline([period, Moment(WHAT, "2023")], date(2022, 7, 1))
    assert timeline is not None
    assert timeline.rows[0].width > 0
    assert timeline.today is not None
    assert timeline.rows[0].x < timeline.today < timeline.rows[1].x
    assert [m.until for m in moments_from([opens])] == [""]
    backwards = moments_from([dates(mln.opensOn, "2022"), dates(mln.closesOn, "2021")])
    assert [m.until for m in backwards] == ["", ""]
    assert len(moments_from([dates(mln.opensOn, "2020", "2021"), closes])) == 3
    assert draw_timeline([period], date(1999, 1, 1), alone=True).today is None  # type: ignore[union-attr]


def test_a_year_of_adoption_is_not_repeated_beside_its_day() -> None:
    day = Dates(mln.adoptedOn, WHAT, (("2014-07-31", ()),))
    for said, left in (("2014", 1), ("2015", 2)):
        assert len(moments_from([day, Dates(mln.adoptedInYear, WHAT, ((said, ()),))])) == left


def test_a_page_has_its_dates_and_those_of_its_relations_with_their_sources() -> None:
    who = Reference(IRIS.entity("actor", "town"), Text("Town"), "actor")
    view = EntityView(
        iri=IRIS.entity("law", "plan"), kind="law", slug="plan", lang="en", label=Text("Plan"),
        facts=(
            Fact(mln.createdInYear, Text("created"), (Value(Text("2014"), when="2014", sources=(2,)),)),
            Fact(mln.lastChecked, Text("checked"), (Value(Text("2026"), when="2026-01-01"),)),
            Fact(mln.unit, Text("unit"), (Value(Text("2013")),)),
        ),
        relations=(
            Fact(mln.adoptedBy, Text("adopted by"), (
                Value(Text("Town"), who, sources=(1,), qualifiers=(
                    Qualifier(Text("year"), Text("2017"), "2017"),
                    Qualifier(Text("as of"), Text("2020")),
                )),
            )),
        ),
    )  # fmt: skip
    assert moments_of(view) == (
        Moment(Text("created"), "2014", sources=(2,)),
        Moment(Text("adopted by"), "2017", thing=who, sources=(1,)),
    )


LAW, PLAN, OTHER = (IRIS.entity("law", slug) for slug in ("act", "plan", "unrelated"))


@pytest.fixture(scope="module")
def adopted() -> LocalQueries:
    """An act, a plan that rests on it, and who adopted the plan; another plan that does not."""
    store = ox.Store()
    said: list[tuple[Iri, Iri, Term]] = [(PLAN, mln.basedOn, LAW)]
    for iri in (LAW, PLAN, OTHER):
        name = Literal(iri.rpartition("/")[2], lang="en")
        said += [(iri, RDF_TYPE, mln.Plan), (iri, SKOS_PREF_LABEL, name)]
    for number, (subject, predicate, value, when) in enumerate(
        [
            (IRIS.entity("actor", "a"), mln.adopts, PLAN, "2017"),
            (PLAN, mln.adoptedBy, IRIS.entity("actor", "b"), "2015"),
            (IRIS.entity("actor", "c"), mln.adopts, OTHER, "2016"),
        ]
    ):
        claim = IRIS.claim(f"adoption{number}")
        said += [
            (claim, RDF_SUBJECT, subject), (claim, RDF_PREDICATE, predicate),
            (claim, RDF_OBJECT, value), (claim, mln.year, year(when)),
        ]  # fmt: skip
    add_quads(store, [Quad(s, p, o, IRIS.graph("corpus")) for s, p, o in said])
    return LocalQueries(store)


def test_who_adopted_the_plans_of_a_law_is_read_from_either_end(adopted: LocalQueries) -> None:
    assert read_adoptions(asyncio.run(adopted.select(adoptions_query(LAW)))) == {
        PLAN: ((IRIS.entity("actor", "a"), "2017"), (IRIS.entity("actor", "b"), "2015"))
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_law_shows_who_adopted_the_plans_that_rest_on_it(
    portal: Sample, adopted: LocalQueries, lang: str
) -> None:
    client = Client(make_app(replace(portal.services, queries=adopted)))
    text = client.get(f"/{lang}/law/act").text
    section = text[text.index('<section aria-labelledby="timeline">') :].partition("</section>")[0]
    assert re.findall(r'actor/(\w)">\w</a></th>\s*<td><time datetime="(\d+)"', section) == [
        ("b", "2015"), ("a", "2017"),
    ]  # fmt: skip
    assert f'<h3><a href="/{lang}/law/plan">' in section
    assert "unrelated" not in section
    assert 'id="timeline"' not in client.get(f"/{lang}/law/unrelated").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_draws_each_date_once_beside_its_words(client: Client, lang: str) -> None:
    text = client.get(f"/{lang}/programme/tremplin-local").text
    section = text[text.index('<section aria-labelledby="timeline">') :].partition("</section>")[0]
    dates = re.findall(r'<time datetime="([0-9-]+)">', section)
    assert dates == sorted(dates)
    assert {"2003", "2016"} <= set(dates)
    assert section.count("<circle") == len(dates)
    assert section.count('<th scope="row">') == len(dates)
    assert section.count('aria-hidden="true"') == len(dates) + 1
    for number in re.findall(r'href="#source-(\d+)"', section):
        assert f'id="source-{number}"' in text
