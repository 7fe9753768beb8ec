"""The partners' page and its JSON twin."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, Graph

from graph_api.access import TokenFile
from graph_api.exchange.sssom import read_sssom
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.mappings import Mapping, MappingLog
from graph_api.partners.registry import PartnerFolder
from graph_api.partners.runs import RunLog
from graph_api.portal.i18n import LANGUAGES
from ontology import terms as mln
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import RDF_TYPE, RDFS, SKOS_PREF_LABEL
from tests.graph_api.local import IRIS, Client, LocalQueries, Sample, add_quads, make_app
from tests.graph_api.partners.test_registry import LATVIA
from tests.graph_api.partners.test_runs import RUN
from tests.graph_api.portal.test_partner_records import AVISE, partner_quads

REFUSED = "20260102T120000Z-abcdef"


@pytest.fixture
def site(portal: Sample, tmp_path: Path) -> Client:
    """The application over a folder with a partner."""
    folder = DataFolder(tmp_path / "var")
    folder.init()
    PartnerFolder(folder, IRIS).add(replace(LATVIA, name="<Centrs>"))
    services = portal.services
    settings = replace(services.settings, data=folder.root)
    return Client(make_app(replace(services, settings=settings)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_who_they_are(site: Client, lang: str) -> None:
    text = site.get(f"/{lang}/partners").text
    for said in {"fr": ("Lettonie", "letton, anglais", "1 partenaire"),
                 "en": ("Latvia", "Latvian, English", "1 partner")}[lang]:  # fmt: skip
        assert said in text
    assert "&lt;Centrs&gt;" in text
    assert "https://lv.example/id/" in text
    assert "mailto:data@lv.example" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_partners_the_page_says_so(client: Client, lang: str) -> None:
    said = {"fr": "Aucun partenaire", "en": "No partner is registered"}[lang]
    assert said in client.get(f"/{lang}/partners").text


def test_the_data_are_the_same(site: Client) -> None:
    (told,) = site.get("/api/partners").json()["partners"]
    assert told["country"] == "LV"
    assert told["prefixes"] == ["https://lv.example/id/"]
    assert told["graph"] == IRIS.graph("partner/lv")


@pytest.fixture
def ran(site: Client) -> Client:
    """The site with a run in which one record was left out, and one that was refused."""
    settings = site.app.state.services.settings
    log = RunLog(DataFolder(settings.data).partners / "lv")
    log.save(RUN)
    words = {"fr": "Le fichier ne dit rien.", "en": "The file says nothing."}
    log.save(
        replace(
            RUN, id=REFUSED, state="refused", rule="empty", messages=words, records=0, kept=0,
            findings=(), file="<b>.ttl",
        )
    )  # fmt: skip
    return site


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_run_names_record_rule_and_remedy(ran: Client, lang: str) -> None:
    text = ran.get(f"/{lang}/partners/lv/runs/{RUN.id}").text
    assert {"fr": "Il faut un nom.", "en": "A name is needed."}[lang] in text
    assert "https://lv.example/id/9" in text
    assert "PartnerLabel" in text
    assert "a secret" not in text
    assert "noindex" in text
    refused = ran.get(f"/{lang}/partners/lv/runs/{REFUSED}").text
    assert {"fr": "Le fichier ne dit rien.", "en": "The file says nothing."}[lang] in refused
    assert "&lt;b&gt;.ttl" in refused


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_partner_lists_its_runs(ran: Client, lang: str) -> None:
    text = ran.get(f"/{lang}/partners/lv").text
    assert f"/{lang}/partners/lv/runs/{RUN.id}" in text
    assert f"/{lang}/partners/lv/runs/{REFUSED}" in text
    assert {"fr": "refusé", "en": "refused"}[lang] in text
    assert REFUSED in ran.get(f"/{lang}/partners").text


def test_a_report_has_a_stable_address_in_each_form(ran: Client) -> None:
    address = f"/partners/lv/runs/{RUN.id}"
    page = ran.get(address)
    assert (page.status_code, page.headers["location"]) == (303, f"/fr{address}")
    for path, accept in ((address, "text/turtle"), (f"{address}.ttl", "*/*")):
        answer = ran.get(path, accept=accept)
        graph = Graph().parse(data=answer.text, format="turtle")
        assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == 3
        assert "a secret" not in answer.text
    told = ran.get(f"{address}.json")
    assert told.json()["kept"] == 9
    assert "a secret" not in told.text
    (known,) = ran.get("/api/partners").json()["partners"]
    assert known["last_run"]["state"] == "refused"


@pytest.mark.parametrize(
    "path",
    [
        "/fr/partners/nobody", "/fr/partners/LV", "/fr/partners/lv/runs/x",
        "/partners/lv/runs/20260101T120000Z-000000", "/partners/nobody/runs/x.json",
        f"/partners/lv/runs/{RUN.id}.exe",
    ],
)  # fmt: skip
def test_what_is_not_there_is_missing(ran: Client, path: str) -> None:
    assert ran.get(path).status_code == 404


def test_of_a_withdrawn_partner_addresses_say_so(ran: Client) -> None:
    folder = DataFolder(ran.app.state.services.settings.data)
    graph = IRIS.graph("partner/lv")
    IdentityLog(folder.decisions).append(new_fate(graph, "withdrawn", who="x", why="asked for"))
    paths = [
        "/fr/partners/lv",
        f"/en/partners/lv/runs/{RUN.id}",
        f"/partners/lv/runs/{RUN.id}.json",
    ]
    for path in (
        *paths,
        f"/partners/lv/runs/{RUN.id}",
        "/api/partners/lv/runs",
        "/graph/partner/lv",
    ):
        assert ran.get(path).status_code == 410, path
    (known,) = ran.get("/api/partners").json()["partners"]
    assert known["withdrawn"] is True
    assert "retiré" in ran.get("/fr/partners").text


def test_runs_are_listed_for_programs(ran: Client) -> None:
    first, second = ran.get("/api/partners/lv/runs").json()["runs"]
    assert (first["id"], first["state"]) == (REFUSED, "refused")
    assert second["kept"] == 9
    assert ran.get(f"{second['location']}.json").json()["id"] == RUN.id
    assert ran.get("/api/partners/nobody/runs").status_code == 404


class Queue:
    """Takes jobs as the builder does; with it nothing is run."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []

    async def submit(self, job: dict[str, Any]) -> str:
        self.jobs.append(job)
        return f"job-{len(self.jobs)}"

    async def status(self, job_id: str) -> dict[str, object]:
        return {"id": job_id}


def post(
    site: Client, path: str, token: str = "", media_type: str = "text/turtle"
) -> httpx.Response:
    headers = {"content-type": media_type} | ({"authorization": f"Bearer {token}"} if token else {})

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            return await client.post(path, content=b"<a:a> <b:b> <c:c> .", headers=headers)

    return asyncio.run(send())


def test_a_partner_sends_with_its_own_token(ran: Client) -> None:
    state = ran.app.state
    folder = DataFolder(state.services.settings.data)
    tokens = TokenFile(folder)
    own = tokens.create("own", ("partner:lv",))[0]
    others = [tokens.create("x", (scope,))[0] for scope in ("partner:lvx", "ingest", "review")]
    queue = Queue()
    state.services = replace(state.services, builder=queue)
    path = "/api/partners/lv/import"
    assert post(ran, path).status_code == 401
    assert post(ran, path, "mln_unknown").status_code == 401
    assert [post(ran, path, token).status_code for token in others] == [403, 403, 403]
    assert post(ran, path, own, "application/pdf").status_code == 415
    assert post(ran, path, own, "multipart/form-data; boundary=x").status_code == 415
    assert post(ran, "/api/partners/ee/import", own).status_code == 403
    admin = tokens.create("admin", ("admin",))[0]
    assert post(ran, "/api/partners/ee/import", admin).status_code == 404
    assert queue.jobs == []
    small = replace(state.services.settings, partner_bytes=5)
    services, state.services = state.services, replace(state.services, settings=small)
    refused = post(ran, path, own)
    assert (refused.status_code, "MAILLON_PARTNER_BYTES" in refused.text) == (413, True)
    state.services = services
    assert list(folder.inbox.iterdir()) == []
    taken = post(ran, f"{path}?dry_run=true", own, "text/turtle; charset=utf-8")
    assert (taken.status_code, taken.headers["location"]) == (202, "/api/jobs/job-1")
    (job,) = queue.jobs
    assert job["kind"] == "partner"
    assert job["arguments"]["dry_run"] is True
    (file,) = job["arguments"]["files"]
    assert (folder.inbox / file["spooled"]).read_bytes() == b"<a:a> <b:b> <c:c> ."
    assert post(ran, f"{path}?name=a.nq", own, "application/octet-stream").status_code == 202


@pytest.fixture
def told(ran: Client) -> Client:
    """The site with what the partner says in the graph."""
    store = ox.Store()
    add_quads(store, partner_quads())
    state = ran.app.state
    state.services = replace(state.services, queries=LocalQueries(store))
    return ran


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_partner_says_is_told_apart(told: Client, lang: str) -> None:
    text = told.get(f"/{lang}/partners/lv").text
    assert "&lt;Cooperative&gt;" in text
    assert f"/{lang}/partners/lv/record?iri=https%3A%2F%2Flv.example%2Fid%2Fa" in text
    assert "Number 59" in told.get(f"/{lang}/partners/lv?page=2").text
    page = told.get(f"/{lang}/partners/lv/record?iri=https://lv.example/id/a")
    said = {"fr": "Dit par &lt;Centrs&gt;", "en": "Said by &lt;Centrs&gt;"}[lang]
    assert said in page.text
    assert f'href="/{lang}/actor/avise"' in page.text
    assert "a part" in page.text
    assert "said here" not in page.text
    assert 'href="javascript' not in page.text


def test_a_record_has_one_page_and_says_when_it_is_gone(told: Client) -> None:
    page = "/fr/partners/lv/record?iri="
    part = told.get(f"{page}https://lv.example/id/a%23part")
    assert (part.status_code, "Kooperat" in part.text or "Cooperative" in part.text) == (200, True)
    for iri in ("https://lv.example/id/none", "https://maillon.example/id/actor/avise", "x", ""):
        assert told.get(page + iri).status_code == 404, iri
    assert told.get("/fr/partners/lv?page=9").status_code == 404
    folder = DataFolder(told.app.state.services.settings.data)
    gone = new_fate("https://lv.example/id/a", "withdrawn", who="x", why="asked for")
    IdentityLog(folder.decisions).append(gone)
    assert told.get(f"{page}https://lv.example/id/a").status_code == 410
    assert told.get(f"{page}https://lv.example/id/b").status_code == 200


@pytest.fixture
def mapped(told: Client) -> Client:
    """The site where a person found a record and an entity of ours to be the same."""
    folder = DataFolder(told.app.state.services.settings.data)
    at = "2026-01-02T00:00:00+00:00"
    for predicate, number in (("skos:exactMatch", "a"), ("skos:closeMatch", "b")):
        MappingLog(folder.decisions).append(
            Mapping("map", at, "Camille", AVISE, predicate, f"https://lv.example/id/{number}")
        )
    return told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_partners_say_of_the_same_thing_stands_apart(mapped: Client, lang: str) -> None:
    store = ox.Store()
    here = [
        Quad(AVISE, RDF_TYPE, mln.Actor, IRIS.graph("corpus")),
        Quad(AVISE, SKOS_PREF_LABEL, Literal("Avise", lang="fr"), IRIS.graph("corpus")),
    ]
    add_quads(store, [*partner_quads(), *here])
    state = mapped.app.state
    state.services = replace(state.services, queries=LocalQueries(store))
    page = mapped.get(f"/{lang}/actor/avise").text
    section = page.partition('id="elsewhere"')[2].partition("</section>")[0]
    for words in (
        "&lt;Centrs&gt;",
        "&lt;Cooperative&gt;",
        {"fr": "Lettonie", "en": "Latvia"}[lang],
    ):
        assert words in section
    assert {"fr": "la même chose", "en": "the same thing"}[lang] in section
    assert {"fr": "très proche", "en": "much like it"}[lang] in section
    assert "&lt;Cooperative&gt;" not in page.replace(section, "")
    record = mapped.get(f"/{lang}/partners/lv/record?iri=https://lv.example/id/a").text
    assert {"fr": "La même chose est décrite ici", "en": "The same thing is described here"}[
        lang
    ] in record


def test_the_mapping_set_is_open_and_leaves_out_what_is_withdrawn(mapped: Client) -> None:
    text = mapped.get("/mappings.sssom.tsv").text
    assert len(read_sssom(text.encode(), "mappings.sssom.tsv")) == 2
    told = mapped.get("/api/mappings").json()["mappings"]
    assert {each["predicate"] for each in told} == {"skos:exactMatch", "skos:closeMatch"}
    folder = DataFolder(mapped.app.state.services.settings.data)
    gone = new_fate("https://lv.example/id/a", "withdrawn", who="x", why="asked for")
    IdentityLog(folder.decisions).append(gone)
    assert "lv.example/id/a\t" not in mapped.get("/mappings.sssom.tsv").text
    assert (
        'id="elsewhere"'
        not in mapped.get("/fr/partners/lv/record?iri=https://lv.example/id/b").text
    )


def exchanged(site: Client) -> dict[str, int]:
    told = site.get("/api/partners").json()["indicators"]
    return {each["id"]: each["value"] for each in told}


def test_what_is_exchanged_is_counted_with_its_query(told: Client) -> None:
    terms, here, there = (IRIS.graph(name) for name in ("ontology", "corpus", "partner/lv"))
    tool, other = IRIS.entity("programme", "a"), Iri("https://lv.example/id/programme/b")
    quads = [
        Quad(mln.SupportScheme, Iri(f"{RDFS}subClassOf"), mln.Programme, terms),
        Quad(mln.GoodPractice, Iri(f"{RDFS}subClassOf"), mln.Practice, terms),
        Quad(tool, RDF_TYPE, mln.SupportScheme, here),
        Quad(AVISE, RDF_TYPE, mln.Actor, here),
        Quad(other, RDF_TYPE, mln.SupportScheme, there),
        Quad(Iri(f"{other}2"), RDF_TYPE, mln.Practice, there),
        Quad(Iri(f"{other}3"), RDF_TYPE, mln.Actor, there),
    ]
    store = ox.Store()
    add_quads(store, quads)
    state = told.app.state
    state.services = replace(state.services, queries=LocalQueries(store))
    assert exchanged(told) == {"shared": 1, "foreign": 2}
    for lang, words in (
        ("fr", "Outils montrés ici</dt><dd>2"),
        ("en", "Tools shown here</dt><dd>2"),
    ):
        text = told.get(f"/{lang}/partners").text
        assert words in text
        assert f'href="/{lang}/sparql?query=SELECT' in text
    for each in told.get("/api/partners").json()["indicators"]:
        assert ox.Store().query(each["query"]) is not None  # it is SPARQL as it stands
