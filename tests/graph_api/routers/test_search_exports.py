"""A search as a file and as a feed says what the page says."""

import csv
import io
import json
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from graph_api.change_log import ChangeLog, new_change
from graph_api.folder import DataFolder
from tests.graph_api.local import IRIS, TREMPLIN, Client, make_app, sample

ATOM = "{http://www.w3.org/2005/Atom}"


def ids(client: Client, query: str) -> list[str]:
    found = json.loads(client.get(f"/api/search?{query}&size=100", "application/json").content)
    return [hit["id"] for hit in found["results"]]


@pytest.mark.parametrize(("ui", "delimiter"), [("fr", ";"), ("en", ",")])
def test_csv_opens_in_the_spreadsheets_of_its_language(
    client: Client, ui: str, delimiter: str
) -> None:
    response = client.get(f"/api/search.csv?q=tremplin&ui={ui}")
    assert response.status_code == 200
    text = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    assert [row["id"] for row in rows] == ids(client, "q=tremplin")
    assert f"/{ui}/programme/tremplin-local" in rows[0]["address"]
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)


def test_json_ld_keeps_the_order(client: Client) -> None:
    response = client.get("/api/search.jsonld?q=tremplin&type=programme")
    assert response.headers["content-type"].startswith("application/ld+json")
    found = json.loads(response.content)
    assert [each["item"]["@id"] for each in found["itemListElement"]] == ids(
        client, "q=tremplin&type=programme"
    )
    assert found["itemListElement"][0]["position"] == 1


def test_a_saved_search_is_a_feed(client: Client) -> None:
    response = client.get("/api/search.atom?q=tremplin&ui=fr&type=programme")
    assert response.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    entries = root.findall(f"{ATOM}entry")
    assert entries[0].findtext(f"{ATOM}id") == TREMPLIN
    assert len(entries) == len(ids(client, "q=tremplin&type=programme"))
    alternate = root.find(f"{ATOM}link[@rel='alternate']")
    assert alternate is not None
    assert "/fr/search?q=tremplin&type=programme" in alternate.attrib["href"]


@pytest.mark.parametrize("extension", ["csv", "jsonld", "atom"])
@pytest.mark.parametrize(
    "words",
    ["=cmd|' /C calc'!A0", "<script>alert(1)</script>]]>", "\x00\x1b\u202e", "(" * 2000, "*e*", ""],
)
def test_nothing_that_is_typed_breaks_out(client: Client, extension: str, words: str) -> None:
    query = urlencode({"q": words, "theme": words[:300], "lang": words[:9]})
    response = client.get(f"/api/search.{extension}?{query}")
    assert response.status_code == 200
    if extension == "atom":
        ET.fromstring(response.content)  # noqa: S314 - our own
    if extension == "jsonld":
        json.loads(response.content)


def test_the_page_leads_to_them(client: Client) -> None:
    text = client.get("/fr/search?q=tremplin&type=programme").text
    for extension in (".csv", "", ".jsonld", ".atom"):
        assert f"/api/search{extension}?ui=fr&amp;q=tremplin&amp;type=programme" in text


def test_bridges_are_told(client: Client) -> None:
    found = json.loads(client.get("/api/search?q=TL", "application/json").content)
    assert {"said", "name", "lang", "id", "related"} == set(found["bridges"][0])
    assert (
        json.loads(client.get("/api/search?q=TL&exact=1", "application/json").content)["bridges"]
        == []
    )


def test_an_entry_of_the_feed_has_the_moment_of_its_last_change(tmp_path: Path) -> None:
    made = sample(tmp_path)
    log = ChangeLog(DataFolder(made.services.settings.data))
    document = str(IRIS.document(made.french.sha256))
    assert log.moments([TREMPLIN]) == {}
    with log.writer() as writer:
        writer.append([new_change("create", iri, "d", ()) for iri in (TREMPLIN, document)], 10, 10)
    known = log.moments([TREMPLIN, document, "https://e.example/nothing"])
    assert set(known) == {TREMPLIN, document}
    client = Client(make_app(made.services))
    root = ET.fromstring(  # noqa: S314 - our own feed
        client.get("/api/search.atom?q=tremplin", "*/*").content
    )
    when = {
        e.findtext(f"{ATOM}id"): e.findtext(f"{ATOM}updated") for e in root.iter(f"{ATOM}entry")
    }
    assert when[TREMPLIN] == known[TREMPLIN].isoformat()
    passages = [at for iri, at in when.items() if iri and iri.startswith(f"{document}/p/")]
    assert passages
    assert set(passages) == {known[document].isoformat()}
    other = ET.fromstring(  # noqa: S314
        client.get("/api/search.atom?q=rives&type=actor", "*/*").content
    )
    entry = other.find(f"{ATOM}entry")
    assert entry is not None
    # What the log does not know has the moment of the generation, as the feed has.
    assert entry.findtext(f"{ATOM}updated") == other.findtext(f"{ATOM}updated")
