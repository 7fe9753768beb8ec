"""/oai over the sample: every verb, format and error code, deleted records, a whole harvest."""

import asyncio
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import pytest

from graph_api.errors import EngineDownError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from tests.graph_api.changing import Site, say
from tests.graph_api.local import (  # fmt: skip
    EVIL,
    FONDS,
    INJECTED,
    IRIS,
    RELAIS,
    TREMPLIN,
    Client,
    Sample,
    make_app,
    sample,
)

parse_xml = ET.fromstring
NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "d": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "r": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
MERGED = IRIS.entity("actor", "old")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A sample of small pages, with a withdrawn and a merged actor."""
    found = sample(tmp_path_factory.mktemp("oai"))
    decisions = DataFolder(found.services.settings.data).decisions
    decisions.mkdir(parents=True, exist_ok=True)
    log = IdentityLog(decisions)
    log.append(new_fate(FONDS, "withdrawn", who="a curator"))
    log.append(new_fate(MERGED, "merged", who="a curator", to=RELAIS))
    settings = replace(found.services.settings, oai_page_size=3)
    return replace(found, services=replace(found.services, settings=settings))


@pytest.fixture(scope="module")
def harvester(own: Sample) -> Client:
    return Client(make_app(own.services))


def ask(client: Client, query: str) -> ET.Element:
    response = client.get(f"/oai?{query}", accept="*/*")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/xml")
    root = parse_xml(response.content)
    assert root.findtext("o:request", "", NAMES) == "http://portal.test/oai"
    return root


def error_code(root: ET.Element) -> str:
    found = root.find("o:error", NAMES)
    return "" if found is None else found.get("code", "")


def test_identify(harvester: Client) -> None:
    root = ask(harvester, "verb=Identify")
    assert root.findtext("o:Identify/o:adminEmail", "", NAMES) == "postmaster@maillon.example"
    earliest = root.findtext("o:Identify/o:earliestDatestamp", "", NAMES)
    dates = [each.text or "" for each in ask(
        harvester, "verb=ListIdentifiers&metadataPrefix=oai_dc").iterfind(".//o:datestamp", NAMES)]  # fmt: skip
    assert dates
    assert all(each >= earliest for each in dates)


@pytest.mark.parametrize("prefix", ["oai_dc", "rdf"])
def test_a_whole_harvest(harvester: Client, prefix: str) -> None:
    live: list[str] = []
    deleted: list[str] = []
    query, pages = f"verb=ListRecords&metadataPrefix={prefix}", 0
    while query:
        root = ask(harvester, query)
        records = root.findall("o:ListRecords/o:record", NAMES)
        assert 0 < len(records) <= 3
        pages += 1
        for record in records:
            iri = record.findtext("o:header/o:identifier", "", NAMES)
            gone = record.find("o:header[@status='deleted']", NAMES) is not None
            (deleted if gone else live).append(iri)
            assert (record.find("o:metadata", NAMES) is None) is gone
        token = root.find(".//o:resumptionToken", NAMES)
        assert token is not None
        query = f"verb=ListRecords&resumptionToken={token.text}" if token.text else ""
    assert pages > 2
    assert token is not None
    assert len(set(live)) == len(live) == int(token.get("completeListSize", "0")) - 2
    assert {TREMPLIN, RELAIS, EVIL} < set(live)
    assert set(deleted) == {FONDS, MERGED}


def test_dublin_core(harvester: Client) -> None:
    root = ask(harvester, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={quote(TREMPLIN)}")
    record = root.find(".//d:dc", NAMES)
    assert record is not None
    titles = {
        (each.text, each.get("{http://www.w3.org/XML/1998/namespace}lang"))
        for each in record.iterfind("dc:title", NAMES)
    }
    assert {("Tremplin local", "fr"), ("Local Springboard", "en")} <= titles
    assert record.findtext("dc:identifier", "", NAMES) == TREMPLIN
    evil = ask(harvester, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={quote(EVIL)}")
    assert evil.findtext(".//dc:title", "", NAMES) == INJECTED


def test_rdf_is_the_data_twin(harvester: Client) -> None:
    root = ask(harvester, f"verb=GetRecord&metadataPrefix=rdf&identifier={quote(TREMPLIN)}")
    found = root.find(".//r:RDF", NAMES)
    twin = harvester.get("/data/programme/tremplin-local.rdf", accept="*/*")
    assert found is not None
    assert ET.canonicalize(ET.tostring(found), rewrite_prefixes=True) == ET.canonicalize(
        twin.text, rewrite_prefixes=True
    )


def test_sets_and_formats(harvester: Client) -> None:
    sets = [each.text for each in ask(harvester, "verb=ListSets").iterfind(".//o:setSpec", NAMES)]
    assert {"actor", "programme", "law"} <= set(sets)
    named = ask(harvester, "verb=ListIdentifiers&metadataPrefix=rdf&set=law")
    assert {each.text for each in named.iterfind(".//o:setSpec", NAMES)} == {"law"}
    formats = ask(harvester, f"verb=ListMetadataFormats&identifier={quote(RELAIS)}")
    assert [each.text for each in formats.iterfind(".//o:metadataPrefix", NAMES)] == [
        "oai_dc",
        "rdf",
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&resumptionToken=%00%ff", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        (f"verb=GetRecord&metadataPrefix=marc&identifier={quote(TREMPLIN)}",
         "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=rdf&identifier=urn:x", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=rdf&until=1999-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=rdf&set=nothing", "noRecordsMatch"),
        (f"verb=ListMetadataFormats&identifier={quote(FONDS)}", "noMetadataFormats"),
    ],
)  # fmt: skip
def test_error_codes(harvester: Client, query: str, code: str) -> None:
    root = ask(harvester, query)
    assert error_code(root) == code
    asked = root.find("o:request", NAMES)
    assert asked is not None
    assert bool(asked.attrib) is (code not in ("badVerb", "badArgument"))


def test_nothing_yet(tmp_path: Path) -> None:
    found = sample(tmp_path)
    found.queries.store.clear()
    assert error_code(ask(Client(make_app(found.services)), "verb=ListSets")) == "noSetHierarchy"


def test_an_engine_that_is_down_is_no_protocol_error(tmp_path: Path) -> None:
    found = sample(tmp_path)
    found.queries.fail = EngineDownError("down")
    answer = Client(make_app(found.services)).get("/oai?verb=ListSets", accept="*/*")
    assert answer.status_code == 503


def test_by_form(own: Sample) -> None:
    async def post(body: bytes) -> httpx.Response:
        transport = httpx.ASGITransport(make_app(own.services))
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            return await client.post("/oai", content=body)

    root = parse_xml(asyncio.run(post(b"verb=ListSets")).content)
    assert root.find("o:ListSets", NAMES) is not None
    assert asyncio.run(post(b"verb=" + b"x" * 1_000_001)).status_code == 413


def test_dates_and_deletions_are_those_of_the_change_log(portal: Sample, tmp_path: Path) -> None:
    """A record has the moment of its own last change; what is gone stays told, withdrawn or not."""
    site = Site(tmp_path)
    site.write(corpus=[say("actor/relais-pays-bleu", "x"), say("actor/gone", "y")])
    site.write(corpus=[say("actor/relais-pays-bleu", "x")])
    settings = replace(portal.services.settings, data=tmp_path)
    client = Client(make_app(replace(portal.services, settings=settings)))
    root = ask(client, "verb=ListIdentifiers&metadataPrefix=rdf&set=actor")
    found = root.iterfind(".//o:header", NAMES)
    headers = {each.findtext("o:identifier", "", NAMES): each for each in found}
    told = site.log.newest()
    for slug, status in (("relais-pays-bleu", None), ("gone", "deleted")):
        header = headers[IRIS.entity("actor", slug)]
        moment = told[IRIS.entity("actor", slug)][1]
        assert header.get("status") == status
        assert header.findtext("o:datestamp", "", NAMES) == f"{moment[:19]}Z"
