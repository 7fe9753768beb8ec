"""Lists with filters: pages, JSON and tables of the same set, over the sample and over what ships."""

import asyncio
import csv
import io
import json
import re
from dataclasses import replace

import pyoxigraph as ox
import pytest

from corpus import SHEETS
from corpus.sheets import read_sheets
from corpus.territories import load_territories
from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.listings import LISTINGS
from ontology import load
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Literal, Quad
from ontology.vocabularies import RDF_TYPE, SKOS_PREF_LABEL
from tests.graph_api.local import Client, LocalQueries, Sample, add_quads, make_app

IRIS = Iris()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LISTINGS)
def test_every_list_has_its_page_its_data_and_its_table(
    client: Client, lang: str, name: str
) -> None:
    page = client.get(f"/{lang}/{name}")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    data = json.loads(client.get(f"/{lang}/{name}.json").content)
    table = client.get(f"/{lang}/{name}.csv").text
    rows = list(csv.DictReader(io.StringIO(table[1:]), delimiter=";" if lang == "fr" else ","))
    assert [row["iri"] for row in rows] == [entry["iri"] for entry in data["entries"]]
    for entry in data["entries"][:40]:
        assert entry["iri"].rpartition("/id/")[2] in page.text


@pytest.mark.parametrize("tail", ["page=99", "page=0", "page=x", "page=%D9%A3", "theme=a%20b"])
def test_an_impossible_address_is_missing(client: Client, tail: str) -> None:
    assert client.get(f"/en/laws?{tail}").status_code == 404


def test_a_filter_that_nothing_has_says_so(client: Client) -> None:
    text = client.get("/en/laws?theme=concept/themes/nothing").text
    assert "Remove a filter" in text
    both = client.get("/en/laws?theme=concept/themes/x&place=territory/y").text
    assert '<meta name="robots" content="noindex, nofollow">' in both


@pytest.fixture(scope="module")
def shipped(portal: Sample) -> tuple[Client, LocalQueries]:
    store = ox.Store()
    add_quads(store, load.quads(IRIS))
    add_quads(store, load_territories().quads(IRIS))
    for sheet in read_sheets(SHEETS)[0]:
        add_quads(store, sheet.quads(IRIS))
    queries = LocalQueries(store)
    return Client(make_app(replace(portal.services, queries=queries))), queries


@pytest.mark.slow  # the whole of what ships is loaded
@pytest.mark.parametrize("name", LISTINGS)
def test_the_query_gives_the_same_set_whatever_is_chosen(
    shipped: tuple[Client, LocalQueries], name: str
) -> None:
    client, queries = shipped
    everything = json.loads(client.get(f"/en/{name}.json").content)
    assert everything["total"] > 0
    tried = [""]
    for parameter, prop in LISTINGS[name].filters.items():
        values = {
            value
            for entry in everything["entries"]
            for value in entry["values"].get(prop.rpartition("#")[2], [])
        }
        tried += [
            f"?{parameter}={value.rpartition('/id/')[2].rpartition('#')[2]}"
            for value in sorted(values)[:4]
        ]
    for tail in tried:
        data = json.loads(client.get(f"/en/{name}.json{tail}").content)
        rows = asyncio.run(queries.select(data["query"]))
        assert {row["thing"] for row in rows} == {entry["iri"] for entry in data["entries"]}, tail
        assert data["total"] > 0


@pytest.mark.parametrize("name", LISTINGS)
def test_every_list_has_a_feed_of_the_same_set(client: Client, name: str) -> None:
    feed = client.get(f"/fr/{name}.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    data = json.loads(client.get(f"/fr/{name}.json").content)
    ids = re.findall(r"<(?:\w+:)?entry><(?:\w+:)?id>([^<]*)<", feed.text)
    assert ids == [entry["iri"] for entry in data["entries"][:100]]


def test_calls_stand_on_their_last_day_and_events_on_all_of_theirs(portal: Sample) -> None:
    store = ox.Store()
    graph = IRIS.graph("corpus")
    dated = {
        ("call", mln.CallForProjects): {mln.opensOn: "2024-01-10", mln.closesOn: "2024-03-31"},
        ("days", mln.Event): {mln.startsOn: "2024-05-02", mln.endsOn: "2024-05-03"},
        ("year", mln.Event): {mln.startsOn: "2024"},
    }
    for (slug, cls), days in dated.items():
        iri = IRIS.entity("event" if cls == mln.Event else "programme", slug)
        add_quads(store, [Quad(iri, RDF_TYPE, cls, graph),
                          Quad(iri, SKOS_PREF_LABEL, Literal(slug, lang="fr"), graph),
                          *(Quad(iri, p, Literal(d), graph) for p, d in days.items())])  # fmt: skip
    client = Client(make_app(replace(portal.services, queries=LocalQueries(store))))
    calls = client.get("/fr/calls.ics")
    assert calls.headers["content-type"] == "text/calendar; charset=utf-8"
    assert calls.text.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20240331\r\nDTEND;VALUE=DATE:20240401" in calls.text
    events = client.get("/fr/events.ics").text
    assert events.count("BEGIN:VEVENT") == 1  # a year is no day
    assert "DTSTART;VALUE=DATE:20240502\r\nDTEND;VALUE=DATE:20240504" in events
    assert client.get("/fr/laws.ics").status_code == 404
    assert "2024-01-10 – 2024-03-31" in client.get("/fr/calls.atom").text


@pytest.mark.slow  # the whole of what ships is loaded
def test_a_dated_list_draws_the_dates_of_its_page(shipped: tuple[Client, LocalQueries]) -> None:
    client, _ = shipped
    text = client.get("/en/laws").text
    picture = text[text.index('<details class="printed">') :].partition("</details>")[0]
    dates = re.findall(r'<time datetime="([0-9-]+)">', picture)
    assert len(dates) >= 10
    assert dates == sorted(dates)
    assert "July 31, 2014" in picture
    assert "law/loi-ess" in picture
    assert '<details class="printed">' not in client.get("/en/definitions").text


@pytest.mark.slow  # the whole of what ships is loaded
def test_the_map_of_the_directory_counts_what_its_links_lead_to(
    shipped: tuple[Client, LocalQueries],
) -> None:
    client, _ = shipped
    text = client.get("/en/directory").text
    drawn = re.findall(
        r'<a href="/en/(directory\?place=[^"]+)" tabindex="-1"><path class="step-(\d)"', text
    )
    assert len(drawn) == 18
    rows = re.findall(r'<a href="/en/(directory\?place=[^"]+)">[^<]+</a></th><td>(\d+)</td>', text)
    assert rows
    assert {link for link, _ in rows} == {link for link, step in drawn if step != "0"}
    link, number = rows[0]
    found = json.loads(client.get("/en/" + link.replace("directory?", "directory.json?")).content)
    assert found["total"] == int(number)
