"""Reporting an error without an account, and the errata that come of it."""

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from graph_api.error_reports import ReportLog
from graph_api.errors import MissingError, TooManyError
from graph_api.portal.i18n import LANGUAGES
from tests.graph_api.local import IRIS, RELAIS, Client, Sample, make_app

EVIL = '<script>alert("x")</script>'


@pytest.fixture
def own(portal: Sample, tmp_path: Path) -> Client:
    """The sample's application over a folder of its own, where three reports may wait."""
    settings = replace(portal.services.settings, data=tmp_path, reports_waiting=3, report_burst=4)
    return Client(make_app(replace(portal.services, settings=settings)))


def send(client: Client, path: str = "/en/report", **fields: str) -> httpx.Response:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as c:
            headers = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
            return await c.post(path, content=urlencode(fields), headers=headers)

    return asyncio.run(post())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_leads_to_the_form_and_a_source_to_its_fact(client: Client, lang: str) -> None:
    text = client.get(f"/{lang}/programme/tremplin-local").text
    assert f'href="/{lang}/report?page=programme%2Ftremplin-local"' in text
    fact = re.search(rf'href="(/{lang}/report\?page=[^"]*fact=[^"]+)"', text)
    assert fact
    form = client.get(fact[1].replace("&amp;", "&")).text
    assert "Tremplin local" in form or "Local Springboard" in form
    assert '<meta name="robots" content="noindex">' in form
    assert client.get("/fr/nothing-here").text.count("/fr/report?page=nothing-here") == 1


def test_an_accepted_report_shows_and_others_do_not(own: Client, tmp_path: Path) -> None:
    claim = IRIS.claim("sheet0").rpartition("/")[2]
    answers = [
        send(own, page="programme/tremplin-local", fact=claim, text=f"Wrong operator {EVIL}"),
        send(own, page=f"actor/{RELAIS.rpartition('/')[2]}", text="Closed since 2020"),
    ]
    assert [each.status_code for each in answers] == [303, 303]
    numbers = [each.headers["location"].rpartition("=")[2] for each in answers]
    assert numbers[0] in own.get(answers[0].headers["location"]).text
    assert json.loads(own.get("/en/errata.json").content) == []
    log = ReportLog(tmp_path / "decisions")
    assert [each.text for each in log.all()] == [f"Wrong operator {EVIL}", "Closed since 2020"]
    log.decide(numbers[0], "accepted", f"Mended {EVIL}")
    log.decide(numbers[1], "rejected", "It is open")
    page = own.get("/en/errata").text
    assert "Mended &lt;script&gt;" in page
    assert "<script" not in page
    assert "Wrong operator" not in page  # what visitors write is not published
    assert "It is open" not in page
    assert "Blue Country Relay" in page  # the fact in question
    (entry,) = json.loads(own.get("/fr/errata.json?about=programme/tremplin-local").content)
    assert (entry["id"], entry["claim"]) == (numbers[0], IRIS.claim("sheet0"))
    assert json.loads(own.get("/fr/errata.json?about=actor/other").content) == []
    narrowed = own.get("/fr/errata.atom?about=programme/tremplin-local").text
    (iri,) = re.findall(r"<atom:id>([^<]*errata[^<#]*)</atom:id>", narrowed)
    assert iri.startswith("https://")
    assert iri.endswith("/fr/errata.atom?about=programme%2Ftremplin-local")
    feed = own.get("/fr/errata.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert re.findall(r"<(?:\w+:)?title>([^<]*)<", feed.text) == [
        "Errata",
        "Erratum sur /programme/tremplin-local",
    ]


def test_nothing_of_the_visitor_is_kept(own: Client, tmp_path: Path) -> None:
    send(own, page="", text="Something")
    (line,) = (tmp_path / "decisions" / "reports.jsonl").read_text().splitlines()
    record = json.loads(line)
    assert set(record["report"]) == {
        "id", "at", "page", "fact", "text", "state", "note", "decided",
    }  # fmt: skip
    assert "127.0.0.1" not in json.dumps(record)


def test_rubbish_is_refused_in_words(own: Client, tmp_path: Path) -> None:
    empty = send(own, page="about", text="  ")
    assert empty.status_code == 422
    assert 'role="alert"' in empty.text
    long = send(own, page="about", text="x" * 4_001)
    assert long.status_code == 422
    assert "4,000" in long.text
    assert send(own, page="about", text="x" * 40_000).status_code == 413
    assert send(own, page='a"b', text="x").status_code == 422
    assert not (tmp_path / "decisions" / "reports.jsonl").exists()


def test_a_robot_and_a_flood_are_stopped(own: Client, tmp_path: Path) -> None:
    assert send(own, text="Buy", website="http://spam.example").status_code == 303
    assert ReportLog(tmp_path / "decisions").all() == []
    answers = [send(own, text=f"Report {n}") for n in range(4)]
    assert [each.status_code for each in answers] == [303, 303, 303, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert len(ReportLog(tmp_path / "decisions").all()) == 3


def test_a_broken_line_and_a_full_list_do_no_harm(tmp_path: Path) -> None:
    log = ReportLog(tmp_path)
    first = log.add("about", "", "One", most_new=1)
    with log.path.open("a") as file:
        file.write('{"report": {"id"\n[]\n')
    assert log.all() == [first]
    with pytest.raises(TooManyError):
        log.add("about", "", "Two", most_new=1)
    with pytest.raises(MissingError):
        log.decide("nothing", "accepted", "")
    log.decide(first.id, "rejected", "no")
    log.add("about", "", "Two", most_new=1)
    log.decide(first.id, "accepted", "yes, after all")
    assert [each.note for each in log.accepted()] == ["yes, after all"]
