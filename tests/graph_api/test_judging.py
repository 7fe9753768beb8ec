"""A curator before the whole service: what is decided shows in pages, search and SPARQL, and is kept."""

import re
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from graph_api.access import TokenFile
from graph_api.builder.decisions import DecisionLog
from graph_api.folder import DataFolder
from tests.graph_api.built import built, data, few_sheets
from tests.graph_api.served import Running, free_port, start, wait

__all__ = ["built", "data", "few_sheets"]

pytestmark = pytest.mark.service

TEXT = (
    "L'Union des ateliers de Bretagne (UAB) accompagne des porteurs de projets. "
    "L'UAB conseille les communes. Avise finance l'Union des ateliers de Bretagne.\n"
)
LOCATED = (
    "ASK { ?union mln:locatedIn ?place ; skos:prefLabel ?name "
    "FILTER(CONTAINS(STR(?name), 'Union des ateliers')) }"
)
FUNDED = LOCATED.replace("?union mln:locatedIn ?place ;", "?funder mln:funds ?union . ?union")
PREFIXES = (
    "PREFIX mln: <https://w3id.org/maillon/ontology#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)


@pytest.fixture
def running(data: DataFolder) -> Iterator[Running]:
    process = start(data.root, port := free_port(), inference=False)
    made = Running(process, data.root, port)
    wait(lambda: made.answers("/fr/"))
    yield made
    process.terminate()
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def test_decisions_show_and_can_be_taken_back(running: Running, data: DataFolder) -> None:
    tokens = TokenFile(data)
    with httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=30) as client:

        def holds(query: str) -> bool:
            answer = client.get("/sparql", params={"query": PREFIXES + query})
            return bool(answer.json()["boolean"])

        secret, _ = tokens.create("scanner", ("ingest",))
        sent = client.post(
            "/api/documents?name=union.txt",
            content=TEXT.encode(),
            headers={"authorization": f"Bearer {secret}"},
        )
        assert sent.status_code == 202
        wait(lambda: client.get(sent.json()["location"]).json()["state"] == "done")
        secret, _ = tokens.create("Camille", ("review",))
        assert client.post("/fr/review/login", data={"token": secret}).status_code == 303
        wait(lambda: holds(FUNDED))
        assert not holds(LOCATED)
        page = client.get("/fr/review?public=no&rule=locatedIn-in-name").text
        assert "Union des ateliers de Bretagne" in page
        answer = client.post("/fr/review/decide?public=no", data=_form(page, "accept"))
        job = re.search(r"done=([0-9a-f-]+)", answer.headers["location"])
        assert job
        wait(lambda: holds(LOCATED))
        assert "Union des ateliers" in client.get("/fr/search?q=ateliers+bretagne").text
        (document,) = DataFolder(data.root).documents.iterdir()
        page = client.get(f"/fr/review?document={document.name}").text
        client.post("/fr/review/decide", data=_form(page, "reject"))
        wait(lambda: not holds(FUNDED))
        log, _ = DecisionLog(data.decisions).read()
        assert [(d.who, d.action) for d in log] == [("Camille", "accept"), ("Camille", "reject")]
        page = client.get("/fr/review/log").text
        first = {"csrf": _csrf(page), "since": job[1]}
        assert client.post("/fr/review/undo", data=first).status_code == 303
        wait(lambda: holds(FUNDED) and not holds(LOCATED))


def _form(page: str, action: str) -> dict[str, str]:
    claim = re.search(r'name="claim" value="([0-9a-f]{32})"', page)
    assert claim
    return {"csrf": _csrf(page), "claim": claim[1], "action": action}


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    return found[1]
