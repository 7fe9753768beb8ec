"""The curators' workplace: who gets in, what is shown, what is asked of the builder."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_api.access import TokenFile
from graph_api.builder.decisions import DecisionLog, new_decision
from graph_api.builder.review import claim_of
from graph_api.error_reports import ReportLog
from graph_api.folder import DataFolder
from graph_api.portal.i18n import LANGUAGES
from graph_api.sessions import COOKIE
from graph_api.workbench import Choice
from ontology import terms as mln
from tests.graph_api.local import BROWSER, Sample, make_app
from tests.graph_api.workbenches import Bench, lay_out

MUTATING = ("decide", "undo", "logout", "reports")


class Person:
    """A browser with its cookie."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.app = make_app(bench.services)
        self.cookie = ""

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._ask("GET", path, None))

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> httpx.Response:
        return asyncio.run(self._ask("POST", path, urlencode(fields)))

    def log_in(self, secret: str = "") -> httpx.Response:
        answer = self.post("/fr/review/login", {"token": secret or self.bench.secret})
        self.cookie = answer.cookies.get(COOKIE) or ""
        return answer

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/fr/review/log").text)
        assert found
        return found[1]

    async def _ask(self, method: str, path: str, content: str | None) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        headers = {"accept": BROWSER}
        if content is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        if self.cookie:
            headers["cookie"] = f"{COOKIE}={self.cookie}"
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            return await client.request(method, path, content=content, headers=headers)


@pytest.fixture(scope="module")
def bench(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return lay_out(portal, tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def stranger(bench: Bench) -> Person:
    """Somebody before the application of all these tests: making it takes a moment."""
    return Person(bench)


@pytest.fixture
def person(stranger: Person) -> Iterator[Person]:
    """The same, logged in."""
    stranger.bench.keeper.jobs.clear()
    stranger.log_in()
    yield stranger
    stranger.cookie = ""


def test_nobody_gets_in_without_a_token(bench: Bench, stranger: Person) -> None:
    for path in ("review", "review/batch", "review/log", "review/reports"):
        answer = stranger.get(f"/en/{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/en/review/login")
    assert stranger.get("/en/review/log.jsonl").status_code == 401
    for path in MUTATING:
        assert stranger.post(f"/en/review/{path}", {"claim": "1" * 32}).status_code == 401
    assert stranger.log_in("mln_wrong").status_code == 401
    other, _ = TokenFile(DataFolder(bench.services.settings.data)).create("x", ("ingest",))
    refused = stranger.log_in(other)
    assert refused.status_code == 403
    assert "review" in refused.text
    assert not stranger.cookie
    assert bench.keeper.jobs == []


def test_the_cookie_is_for_this_site_alone(bench: Bench, stranger: Person) -> None:
    answer = stranger.post("/fr/review/login", {"token": bench.secret})
    assert answer.status_code == 303
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    assert "no-store" in answer.headers["cache-control"]
    transport = httpx.ASGITransport(stranger.app)

    async def log_in() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="https://portal.test") as client:
            return await client.post("/fr/review/login", data={"token": bench.secret})

    assert "; secure" in asyncio.run(log_in()).headers["set-cookie"].lower()


def test_guessing_tokens_is_slowed_down(bench: Bench) -> None:
    settings = replace(bench.services.settings, login_burst=3, login_per_minute=1)
    guesser = Person(replace(bench, services=replace(bench.services, settings=settings)))
    answers = [guesser.log_in("mln_wrong") for _ in range(4)]
    assert [each.status_code for each in answers] == [401, 401, 401, 429]
    assert int(answers[-1].headers["retry-after"]) > 1


@pytest.mark.parametrize("path", MUTATING)
def test_a_form_that_is_not_of_the_session_changes_nothing(person: Person, path: str) -> None:
    fields = {"claim": "1" * 32, "action": "accept", "decision": "x"}
    for csrf in ({}, {"csrf": "0" * 64}):
        assert person.post(f"/en/review/{path}", fields | csrf).status_code == 403
    assert person.bench.keeper.jobs == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_waits_is_shown_first_with_its_sentence(person: Person, lang: str) -> None:
    answer = person.get(f"/{lang}/review")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    assert "etag" not in answer.headers
    assert re.search(r"<mark>Le Fonds des rives soutient le\s+Tremplin local", answer.text)
    assert "Camille &lt;b&gt;" in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert re.findall(r'data-key="(.)"', answer.text) == ["a", "r", "s", "c", "v"]


def test_accepting_goes_on_to_the_next(person: Person) -> None:
    workbench = person.bench.workbench
    items = workbench.chosen(Choice(), 9)
    fields = {"csrf": person.csrf(), "claim": items[0].hash, "action": "accept", "why": " yes "}
    answer = person.post("/en/review/decide", fields)
    assert answer.status_code == 303
    (job,) = person.bench.keeper.jobs
    arguments = {"action": "accept", "claims": [items[0].hash], "who": "Camille <b>", "why": "yes"}
    assert job == {"kind": "decide", "arguments": arguments}
    following = person.get(answer.headers["location"]).text
    assert items[1].hash in following
    assert 'name="job" value="job-1"' in following
    fields = {"csrf": person.csrf(), "claim": items[1].hash, "action": "skip"}
    skipped = person.post("/en/review/decide", fields)
    assert len(person.bench.keeper.jobs) == 1
    assert items[2].hash in person.get(skipped.headers["location"]).text
    fields = {"csrf": person.csrf(), "claim": items[2].hash, "action": "skip"}
    last = person.get(person.post("/en/review/decide", fields).headers["location"]).text
    assert "That was the last one" in last
    assert (
        person.post("/en/review/undo", {"csrf": person.csrf(), "job": "job-1"}).status_code == 303
    )
    assert person.bench.keeper.jobs[-1]["arguments"] == {"who": "Camille <b>", "job": "job-1"}


def test_a_correction_offers_what_the_relation_can_have(person: Person) -> None:
    (item,) = person.bench.workbench.chosen(Choice(rule="operates-fr"), 1)
    page = person.get(f"/en/review?claim={item.hash}").text
    offered = re.search(r'<select id="subject" name="subject">(.*?)</select>', page, re.DOTALL)
    assert offered
    values = re.findall(r'value="([^"]+)"', offered[1])
    assert values[0] == item.subject
    assert all("/id/actor/" in value for value in values)  # a law that is named there runs nothing
    (year,) = person.bench.workbench.chosen(Choice(rule="created-fr"), 1)
    page = person.get(f"/en/review?claim={year.hash}").text
    assert re.search(r'<input id="object" name="object" type="text"[^>]*value="2002"', page)
    fields = {"csrf": person.csrf(), "claim": year.hash, "action": "correct", "object": "2003"}
    person.post("/en/review/decide", fields | {"subject": year.subject})
    arguments = person.bench.keeper.jobs[-1]["arguments"]
    assert arguments["subject"] == year.subject  # type: ignore[index]
    assert arguments["object"] == "2003"  # type: ignore[index]


def test_relation_class_name_and_page_of_an_end_can_be_corrected(person: Person) -> None:
    (item,) = person.bench.workbench.chosen(Choice(rule="operates-fr"), 1)
    page = person.get(f"/en/review?claim={item.hash}").text
    relations = re.search(
        r'<select id="predicate" name="predicate">(.*?)</select>', page, re.DOTALL
    )
    assert relations
    offered = re.findall(r'value="[^"#]+#([^"]+)"', relations[1])
    assert offered[0] == "operates"
    assert "supports" in offered
    assert not {"holdsRoleAt", "createdInYear", "mentions"} & set(offered)
    assert re.findall(r'<option value="(subject|object)">', page) == ["subject", "object"]
    assert '<option value="Association">' in page
    assert "Also in 1 other claim of this document about Blue Country Relay." in page
    wish = {
        "side": "object", "address": "actor/x", "name": "Tremplin", "cls": "Fund",
        "predicate": mln.funds, "everywhere": "yes",
    }  # fmt: skip
    fields = {"csrf": person.csrf(), "claim": item.hash, "action": "correct", **wish}
    answer = person.post("/en/review/decide", fields)
    arguments = person.bench.keeper.jobs[-1]["arguments"]
    assert wish.items() <= arguments.items()  # type: ignore[attr-defined]
    assert "did=correct" in answer.headers["location"]


def test_what_is_wrong_with_a_correction_is_told(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = person.bench.workbench.chosen(Choice(rule="operates-fr"), 1)

    async def status(_: str) -> dict[str, object]:
        detail = "this is what the claim says already"
        return {"state": "failed", "report": {"failure": {"detail": detail}}}

    monkeypatch.setattr(person.bench.keeper, "status", status)
    page = person.get(f"/fr/review?after={item.hash}&done=job-1&did=correct").text
    assert "La correction n'a pas été retenue" in page
    assert "ce que l&#39;affirmation dit déjà" in page
    assert f'href="/fr/review?claim={item.hash}"' in page
    assert 'data-key="u"' not in page


def test_what_is_voided_says_why(person: Person) -> None:
    (item,) = person.bench.workbench.chosen(Choice(rule="created-fr"), 1)
    fields = {"csrf": person.csrf(), "claim": item.hash, "action": "void", "why": " "}
    assert person.post("/en/review/decide", fields).status_code == 422
    assert person.bench.keeper.jobs == []
    answer = person.post("/en/review/decide", fields | {"why": "misprint"})
    assert person.bench.keeper.jobs[-1]["arguments"] == {
        "action": "void", "claims": [item.hash], "who": "Camille <b>", "why": "misprint",
    }  # fmt: skip
    assert "Voided." in person.get(answer.headers["location"]).text


def test_names_are_judged_like_facts(person: Person) -> None:
    (item,) = person.bench.workbench.chosen(Choice(what="names"), 9)
    assert item.hash not in person.get("/en/review/batch").text  # what is public is not in the way
    page = person.get("/en/review?what=names").text
    assert item.hash in page
    assert "The document names it." in page
    assert 'name="predicate"' not in page
    assert 'name="subject"' not in page
    assert person.get("/en/review?what=odd").status_code == 422


def test_a_batch_is_one_job_and_keeps_its_choice(person: Person) -> None:
    page = person.get("/en/review/batch?rule=operates-fr&public=yes").text
    claims = re.findall(r'name="claim" value="([0-9a-f]{32})"', page)
    assert len(claims) == 1
    fields = [("csrf", person.csrf()), ("batch", "yes"), ("action", "reject")]
    fields += [("claim", each) for each in claims]
    answer = person.post("/en/review/decide?rule=operates-fr&public=yes", fields)
    assert answer.headers["location"].startswith(
        "/en/review/batch?public=yes&rule=operates-fr&done=job-1"
    )
    assert person.bench.keeper.jobs[0]["arguments"]["claims"] == claims  # type: ignore[index]


def test_the_log_says_who_said_what(person: Person) -> None:
    data = person.bench.services.settings.data
    log = DecisionLog(DataFolder(data).decisions)
    (item, *_) = person.bench.workbench.chosen(Choice(), 9)
    made = new_decision("reject", who="Dominique", why="<i>no</i>", claim=claim_of(item))
    log.append(made)
    log.append(new_decision("accept", who="Camille", claim=claim_of(item)))
    page = person.get("/en/review/log").text
    assert "&lt;i&gt;no&lt;/i&gt;" in page
    assert page.count('name="since"') == 2
    table = re.findall(r'<tr><th scope="row">(\w+)</th>(.*?)</tr>', page)
    assert table == [
        ("Camille", "<td>1</td><td>0</td><td>1</td><td>0</td>"),
        ("Dominique", "<td>0</td><td>1</td><td>1</td><td>0</td>"),
    ]
    assert "Dominique" not in person.get("/en/review/log?who=Camille").text.partition("<table>")[0]
    exported = person.get("/en/review/log.jsonl").text.splitlines()
    assert exported == [decision.to_json() for decision in log.read()[0]]
    assert "Dominique" in person.get(f"/en/review?claim={item.hash}").text


def test_what_cannot_be_is_said(person: Person) -> None:
    csrf = {"csrf": person.csrf()}
    assert person.get("/en/review?state=odd").status_code == 422
    assert person.get(f"/en/review?claim={'0' * 32}").status_code == 404
    assert person.post("/en/review/decide", csrf | {"action": "merge"}).status_code == 422
    long = csrf | {"action": "accept", "claim": "1" * 32, "why": "x" * 2_000}
    assert person.post("/en/review/decide", long).status_code == 422
    assert person.post("/en/review/undo", csrf).status_code == 422
    assert person.post("/en/review/decide", csrf | {"why": "x" * 300_000}).status_code == 413
    assert person.get("/en/review?rule=none").status_code == 200
    assert person.bench.keeper.jobs == []
    assert person.post("/en/review/logout", csrf).headers["location"] == "/en/review/login"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(["decide", "undo", "login"]),
    fields=st.lists(
        st.tuples(
            st.sampled_from(
                ["claim", "action", "why", "decision", "since", "job", "batch", "token"]
            ),
            st.text(max_size=40),
        ),
        max_size=6,
    ),
)
def test_no_form_breaks_the_service(
    person: Person, path: str, fields: list[tuple[str, str]]
) -> None:
    pairs = [(n, v.encode(errors="replace").decode()) for n, v in fields]
    answer = person.post(f"/en/review/{path}", [("csrf", person.csrf()), *pairs])
    assert answer.status_code < 500


def test_a_report_reaches_its_fact_and_comes_back_as_an_erratum(person: Person) -> None:
    data = person.bench.services.settings.data
    log = ReportLog(DataFolder(data).decisions)
    (item,) = person.bench.workbench.chosen(Choice(rule="operates-fr"), 1)
    made = log.add("programme/tremplin-local", item.hash, "Wrong <b>operator</b>", 10)
    log.add("actor/nobody", "", "Closed", 10)
    page = person.get("/en/review/reports").text
    assert "Wrong &lt;b&gt;operator" in page
    assert f'href="/en/review?claim={item.hash}"' in page
    assert "Closed" in page
    fields = {"csrf": person.csrf(), "report": made.id, "state": "accepted", "note": "Mended"}
    assert person.post("/en/review/reports", fields | {"csrf": ""}).status_code == 403
    assert person.post("/en/review/reports", fields | {"state": "new"}).status_code == 422
    assert person.post("/en/review/reports", fields | {"report": "none"}).status_code == 404
    assert person.post("/en/review/reports", fields).status_code == 303
    assert [each.id for each in log.accepted()] == [made.id]
    assert "Mended" in person.get("/en/errata").text
    assert made.id not in person.get("/en/review/reports").text
    assert made.id in person.get("/en/review/reports?state=accepted").text
    assert person.get("/en/review/reports?state=odd").status_code == 422
