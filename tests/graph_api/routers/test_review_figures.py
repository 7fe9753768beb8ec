"""Settling contradictions in the portal: asked of the builder, then shown everywhere, nothing hidden."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from graph_api.builder.review import Judge
from graph_api.builder.settling import settle, unsettle
from graph_api.folder import DataFolder
from graph_api.portal.i18n import LANGUAGES
from graph_api.settlements import SettlementLog
from graph_api.workbench import Choice
from ontology import terms as mln
from tests.graph_api.local import TREMPLIN, Sample
from tests.graph_api.routers.test_review import Person
from tests.graph_api.workbenches import lay_out

PLACE = "/en/review/figures"
MEASURE = mln.createdInYear
KEY = f"{TREMPLIN} createdInYear 2003"
FIRST = {"subject": TREMPLIN, "measure": MEASURE, "first": KEY}


@pytest.fixture(scope="module")
def somebody(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(lay_out(portal, tmp_path_factory.mktemp("bench")))


@pytest.fixture
def person(somebody: Person) -> Iterator[Person]:
    somebody.bench.keeper.jobs.clear()
    somebody.log_in()
    yield somebody
    log_of(somebody).path.unlink(missing_ok=True)
    somebody.cookie = ""


def log_of(person: Person) -> SettlementLog:
    return SettlementLog(DataFolder(person.bench.services.settings.data).decisions)


def years(person: Person) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(person.get("/api/conflicts").content)
    (group,) = [each for each in found if each["property"] == MEASURE]
    return group


def settle_years(person: Person, verdict: str, value: str) -> str:
    keys = [value["key"] for value in years(person)["values"]]
    judge = Judge("Camille", "<b>so</b>", f"job-{verdict}")
    return settle(log_of(person), verdict, TREMPLIN, MEASURE, keys, value, judge).id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_offers_each_way_to_settle(person: Person, lang: str) -> None:
    answer = person.get(f"/{lang}/review/figures")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store, private"
    assert answer.text.count("<h1") == 1
    assert set(re.findall(r'<option value="(prefer|error|both)"', answer.text)) == {
        "prefer", "error", "both",
    }  # fmt: skip
    assert f'<option value="{KEY}">' in answer.text


def test_a_value_leads_to_the_claim_that_can_be_voided(person: Person) -> None:
    (item,) = person.bench.workbench.chosen(Choice(rule="created-fr"), 1)
    assert f'href="/en/review?claim={item.hash}"' in person.get(PLACE).text


def test_what_is_settled_is_among_the_decisions_and_the_changes(person: Person) -> None:
    assert "Settled contradictions" not in person.get("/en/review/log").text
    made = settle_years(person, "error", KEY)
    page = person.get("/en/review/log").text
    assert "one value is an error of its source" in page
    assert "Camille · <time" in page
    assert "&lt;b&gt;so" in page
    told = json.loads(person.get("/en/changes.json").content)["changes"]
    assert [each["iri"] for each in told if each["what"] == "settled"] == [TREMPLIN]
    assert "Camille" not in person.get("/en/changes.json").text
    unsettle(log_of(person), made, Judge("Camille"))
    assert "Settled contradictions" not in person.get("/en/review/log").text


def test_what_is_settled_goes_to_the_builder_with_all_values(person: Person) -> None:
    for verdict, value in (("prefer", KEY), ("error", KEY), ("both", "")):
        fields = {"csrf": person.csrf(), **FIRST, "verdict": verdict, "value": KEY, "why": "so"}
        answer = person.post(PLACE, fields)
        assert answer.status_code == 303
        assert "job=job-" in answer.headers["location"]
        job = person.bench.keeper.jobs[-1]
        arguments = job["arguments"]
        assert isinstance(arguments, dict)
        assert job["kind"] == "settle"
        assert (arguments["verdict"], arguments["value"]) == (verdict, value)
        assert (arguments["who"], arguments["why"]) == ("Camille <b>", "so")
        assert len(arguments["values"]) == len(years(person)["values"]) > 1
    person.post(PLACE, {"csrf": person.csrf(), "settlement": "job-1"})
    assert person.bench.keeper.jobs[-1]["kind"] == "unsettle"


def test_every_public_place_shows_it_and_keeps_every_value(person: Person) -> None:
    places = ("/en/figures", "/en/programme/tremplin-local")
    before = {place: person.get(place).text for place in places}
    group = years(person)
    assert group["settled"] is None
    made = settle_years(person, "prefer", KEY)
    after = years(person)
    assert after["values"] == group["values"]
    assert (after["settled"]["verdict"], after["settled"]["key"]) == ("prefer", KEY)
    for place in places:
        text = person.get(place).text
        assert text.count("preferred by a curator") == 1
        assert "2003" in text
        assert "2022" in text
        assert "Camille" not in text  # names and notes are for colleagues
        assert "&lt;b&gt;so" not in text
    settle_years(person, "both", "")
    assert "all stand, a curator found" in person.get("/en/figures").text
    unsettle(log_of(person), "job-both", Judge("C", "", "u1"))
    unsettle(log_of(person), made, Judge("C", "", "u2"))
    assert {place: person.get(place).text for place in places} == before


def test_curators_see_who_and_why(person: Person) -> None:
    made = settle_years(person, "error", KEY)
    text = person.get(PLACE).text
    assert "Camille" in text
    assert "&lt;b&gt;so&lt;/b&gt;" in text
    assert f'name="settlement" value="{made}"' in text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"verdict": "burn", "value": KEY, **FIRST}, 422),
        ({"verdict": "prefer", **FIRST}, 422),
        ({"verdict": "prefer", "value": "another", **FIRST}, 404),
        ({"verdict": "both", **FIRST, "subject": "another"}, 404),
        ({"verdict": "both", **FIRST, "why": "x" * 100_000}, 422),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    person: Person, fields: dict[str, str], status: int
) -> None:
    assert person.post(PLACE, {"csrf": person.csrf(), **fields}).status_code == status
    assert person.bench.keeper.jobs == []


def test_only_curators_and_only_our_form(person: Person) -> None:
    fields = {**FIRST, "verdict": "prefer", "value": KEY}
    assert person.post(PLACE, {**fields, "csrf": "0" * 64}).status_code == 403
    person.cookie = ""
    assert person.get(PLACE).status_code == 303
    assert person.post(PLACE, fields).status_code == 401
    assert person.bench.keeper.jobs == []
