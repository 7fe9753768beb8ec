"""What is read at a partner's address: RDF in any syntax, and the answer of a CONSTRUCT query."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from graph_api.cli import cli, partner_commands
from graph_api.errors import BadInputError
from graph_api.exchange.fetching import Fetched
from graph_api.folder import DataFolder
from graph_api.partners import pulling
from graph_api.partners.pulling import allowed_hosts, pull
from graph_api.partners.registry import PartnerFolder
from graph_api.partners.rules import in_words
from graph_api.partners.runs import RunLog
from graph_api.settings import Settings
from ontology.iris import Iris
from tests.graph_api.partners.samples import actor, turtle
from tests.graph_api.partners.test_registry import LATVIA
from tests.graph_api.partners.test_runs import RUN

CATALOGUE = "https://lv.example/catalogue"


class Site:
    """Answers the same to whatever is asked."""

    def __init__(self, media_type: str, body: bytes, status: int = 200) -> None:
        self.answer = Fetched("", status, media_type, body)
        self.asked: list[str] = []

    def __call__(self, *_: object) -> "Site":
        return self

    def get(self, address: str, accept: str) -> Fetched:
        assert "text/turtle" in accept
        self.asked.append(address)
        return self.answer


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    made = Site("text/turtle", turtle([actor(1)]))
    monkeypatch.setattr(pulling, "Fetcher", made)
    return made


def test_a_file_is_read_where_it_is(site: Site) -> None:
    found = pull(Settings(), LATVIA, CATALOGUE)
    assert (found.name, found.media_type) == ("catalogue", "text/turtle")
    assert found.data == turtle([actor(1)])
    assert site.asked == [CATALOGUE]


def test_an_endpoint_is_asked_the_query(site: Site) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } # ā&b"
    found = pull(Settings(), LATVIA, f"{CATALOGUE}?default-graph-uri=x", query)
    assert found.name == "construct"
    asked = parse_qs(urlsplit(site.asked[0]).query)
    assert asked == {"default-graph-uri": ["x"], "query": [query]}


@pytest.mark.parametrize(
    ("site", "address", "words"),
    [
        (Site("text/html", b"<p>"), CATALOGUE, "answers no RDF (text/html)"),
        (Site("text/csv", b"a,b"), CATALOGUE, "answers no RDF (text/csv)"),
        (Site("", b"", 410), CATALOGUE, "answers no RDF (410)"),
        (Site("text/turtle", b""), "https://else.example/x", "none of the machines"),
        (Site("text/turtle", b""), "https://lv.example.evil.example/x", "none of the machines"),
    ],
)
def test_what_is_no_data_of_the_partner_is_refused(
    monkeypatch: pytest.MonkeyPatch, site: Site, address: str, words: str
) -> None:
    monkeypatch.setattr(pulling, "Fetcher", site)
    with pytest.raises(BadInputError) as refused:
        pull(Settings(), LATVIA, address)
    assert words in refused.value.detail
    assert in_words(refused.value.detail)["fr"] != refused.value.detail


def test_no_private_network_is_asked() -> None:
    inside = replace(LATVIA, prefixes=("http://127.0.0.1:9/id/",))
    with pytest.raises(BadInputError, match="private network"):
        pull(Settings(), inside, "http://127.0.0.1:9/catalogue")
    assert allowed_hosts(Settings(fetch_allow=" a.example,, b.example")) == [
        "a.example",
        "b.example",
    ]


def test_the_command_sends_it_to_the_gate(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(tmp_path / "var")
    folder.init()
    PartnerFolder(folder, Iris()).add(LATVIA)
    jobs: list[dict[str, Any]] = []

    def run_job(*arguments: Any) -> dict[str, Any]:
        jobs.append(arguments[3])
        RunLog(folder.partners / "lv").save(RUN)
        return {"state": "done", "report": {"run": {"id": RUN.id}}}

    monkeypatch.setattr(partner_commands, "run_job", run_job)
    query = tmp_path / "q.rq"
    query.write_text("CONSTRUCT WHERE { ?s ?p ?o }")
    words = ["partner", "fetch", "lv", CATALOGUE, "--data", str(folder.root)]
    done = CliRunner().invoke(cli, [*words, "--construct", str(query), "--dry-run"])
    assert done.exit_code == 1  # a record of that run was left out
    assert "CONSTRUCT" in site.asked[0]
    (job,) = jobs
    assert (job["media_type"], job["dry_run"]) == ("text/turtle", True)
    assert (folder.inbox / job["files"][0]["spooled"]).read_bytes() == turtle([actor(1)])
