"""The guide's pages: one question each, answers in the address, rubbish included."""

import json
import re

import pytest

from graph_api.portal.i18n import LANGUAGES
from tests.graph_api.local import Client


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_question_a_page_and_never_more_than_four(client: Client, lang: str) -> None:
    address, seen = f"/{lang}/guide", []
    while (response := client.get(address)).status_code == 200:
        assert response.text.count("<h1") == 1
        name = re.search(
            r'<(?:input type="radio"|input type="search" id="place") name="(\w+)"', response.text
        )
        skip = re.search(
            r'<a href="([^"]+)">(?:Skip this question|Passer cette question)', response.text
        )
        assert name
        assert skip
        seen.append(name[1])
        address = skip[1].replace("&amp;", "&")
    assert seen == ["who", "stage", "need", "place"]
    assert response.status_code == 303
    assert response.headers["location"].startswith(f"/{lang}/guide/results?")
    assert client.get(response.headers["location"]).status_code == 200


def test_answers_stay_and_can_be_changed(client: Client) -> None:
    text = client.get("/en/guide?who=funders&stage=idea").text
    assert '<input type="hidden" name="who" value="funders">' in text
    assert "/en/guide?ask=who&amp;who=funders&amp;stage=idea" in text
    assert "See what fits so far" in text
    again = client.get("/en/guide?ask=who&who=funders&stage=idea").text
    assert re.search(r'name="who" value="funders" checked', again)


def test_a_place_that_nobody_knows_is_told(client: Client) -> None:
    text = client.get("/en/guide?who=any&stage=any&need=any&place=Atlantis").text
    assert "No territory that we know is called “Atlantis”" in text
    moved = client.get("/en/guide/results?place=Atlantis")
    assert moved.status_code == 303
    assert "place=Atlantis" in moved.headers["location"]
    assert client.get("/api/guide?place=Atlantis", accept="application/json").status_code == 400


def test_the_answer_is_there_as_data_with_its_query(client: Client) -> None:
    data = json.loads(client.get("/api/guide?stage=idea&age=3", accept="*/*").content)
    assert data["answers"] == {"stage": "idea", "age": "3"}
    assert set(data) == {"answers", "fitting", "possible", "near", "excluded", "query"}
    assert data["query"].startswith("PREFIX mln:")


@pytest.mark.parametrize(
    "tail",
    [
        "who=%3Cscript%3E&stage=%22%3E&need=%00",
        "who=a%7Db&stage=x%20y&place=%3E",
        "age=-1&headcount=abc&who=" + "x" * 5000,
        "ask=nothing",
        "place=%F0%9F%98%80",
    ],
)
def test_rubbish_is_answered_calmly(client: Client, tail: str) -> None:
    for path in ("/en/guide?", "/en/guide/results?", "/api/guide?"):
        response = client.get(path + tail)
        assert response.status_code in (200, 303, 400), path
        assert "<script>" not in response.text.replace('<script type="application/ld+json">', "")


def test_results_are_no_page_for_robots(client: Client) -> None:
    assert (
        '<meta name="robots" content="noindex, nofollow">' in client.get("/en/guide/results").text
    )
    assert "noindex" not in client.get("/en/guide").text
