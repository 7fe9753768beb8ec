"""Curators add documents and tables: a look first, nothing kept without being asked, bad rows by line."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from corpus.table import KnownNames
from corpus.table_form import form_names, load_form
from graph_api.access import TokenFile
from graph_api.folder import DataFolder
from graph_api.portal.i18n import LANGUAGES
from graph_api.routers import review_adding
from graph_api.sessions import COOKIE
from graph_api.tables import TableFolder
from tests.graph_api.local import BROWSER, Sample
from tests.graph_api.routers.test_review import Person
from tests.graph_api.workbenches import Bench, lay_out

PLACE = "/fr/review/add"
File = tuple[str, bytes]


class Adder(Person):
    """Somebody who sends files."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        folder = DataFolder(bench.services.settings.data)
        self.secret, _ = TokenFile(folder).create("Dominique", ("review", "ingest"))

    def send(self, path: str, fields: dict[str, str], *files: File) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            headers = {"accept": BROWSER, "cookie": f"{COOKIE}={self.cookie}"}
            # A browser sends a form with files in parts, whether or not one was chosen.
            parts = [(name, (None, value)) for name, value in fields.items()]
            parts += [("file", file) for file in files]  # type: ignore[misc]
            async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as to:
                return await to.post(path, files=parts, headers=headers)

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def somebody(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Adder:
    return Adder(lay_out(portal, tmp_path_factory.mktemp("bench")))


@pytest.fixture
def adder(somebody: Adder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Adder]:
    monkeypatch.setattr(review_adding, "known_names", lambda folder, iris: KnownNames((), iris))
    somebody.bench.keeper.jobs.clear()
    somebody.log_in(somebody.secret)
    yield somebody
    somebody.cookie = ""


def kept(person: Person) -> list[str]:
    services = person.bench.services
    folder = DataFolder(services.settings.data)
    return [table.name for table in TableFolder(folder, services.iris).all()]


def inbox(person: Person) -> list[str]:
    folder = DataFolder(person.bench.services.settings.data)
    return [path.name for path in folder.inbox.iterdir()]


def structures(good: int, bad: int) -> bytes:
    head = ";".join(load_form("structures").template("fr"))
    cells = ";" * (head.count(";"))
    place = load_form("structures").template("fr").index("territoire")
    wrong = [f"Mauvaise {n}{';' * place}nulle part" for n in range(bad)]
    rows = [f"Structure {n}{cells}" for n in range(good)]
    return ("\ufeff" + "\n".join([head, *rows, *wrong]) + "\n").encode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page(adder: Adder, lang: str) -> None:
    answer = adder.get(f"/{lang}/review/add")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store, private"
    assert answer.text.count('type="file"') == 2
    for form in form_names():
        table = adder.get(f"/{lang}/review/add/{form}.csv")
        assert table.headers["content-type"].startswith("text/csv")
    assert adder.get(f"/{lang}/review/add/nonsense.csv").status_code == 404


def test_a_table_is_looked_at_then_imported(adder: Adder) -> None:
    fields = {"csrf": adder.csrf(), "form": "structures", "title": "Annuaire <2026>"}
    look = adder.send(f"{PLACE}/table", fields, ("a.csv", structures(126, 3)))
    assert look.status_code == 200
    assert "129" in look.text
    assert "Importer 126 lignes" in look.text
    for line in (128, 129, 130):
        assert f"Ligne {line}" in look.text
    assert "Annuaire &lt;2026&gt;" in look.text
    assert kept(adder) == []
    assert adder.bench.keeper.jobs == []
    staged = re.search(r'name="staged" value="([^"]+)"', look.text)
    name = re.search(r'name="name" value="([^"]+)"', look.text)
    assert staged
    assert name
    fields |= {"staged": staged[1], "name": name[1], "action": "import"}
    done = adder.send(f"{PLACE}/table", fields)
    assert done.status_code == 303
    assert kept(adder) == [name[1]]
    assert [job["kind"] for job in adder.bench.keeper.jobs] == ["build"]
    assert inbox(adder) == []
    gone = adder.send(f"{PLACE}/table", {"csrf": fields["csrf"], "remove": name[1]})
    assert gone.status_code == 303
    assert kept(adder) == []


@pytest.mark.parametrize(
    ("fields", "files", "status"),
    [
        ({"form": "structures"}, (), 422),
        ({"form": "nonsense"}, (("a.csv", structures(1, 0)),), 422),
        ({"form": "structures"}, (("a.csv", b"\x00\x01\x02"),), 422),
        ({"form": "structures", "staged": "../../etc/passwd"}, (), 422),
        ({"form": "structures", "staged": "0123456789abcdef/file"}, (), 404),
        ({"form": "structures", "name": "../x"}, (("a.csv", structures(1, 0)),), 422),
        ({"remove": "nothing"}, (), 404),
    ],
)
def test_what_cannot_be_imported(
    adder: Adder, fields: dict[str, str], files: tuple[File, ...], status: int
) -> None:
    answer = adder.send(f"{PLACE}/table", {"csrf": adder.csrf(), **fields}, *files)
    assert answer.status_code == status
    assert kept(adder) == []
    assert inbox(adder) == [], "nothing stays of it"


def test_documents_are_looked_at_and_kept(adder: Adder, monkeypatch: pytest.MonkeyPatch) -> None:
    csrf = adder.csrf()
    files = [("note.md", b"# Note\n"), ("b.txt", b"text")]
    answer = adder.send(f"{PLACE}/documents", {"csrf": csrf}, *files)
    assert answer.status_code == 303
    (job,) = adder.bench.keeper.jobs
    assert job["kind"] == "rehearse"
    arguments = job["arguments"]
    assert isinstance(arguments, dict)
    assert [file["name"] for file in arguments["files"]] == ["note.md", "b.txt"]
    reports = [
        {"name": "note.md", "sha256": "a" * 64, "state": "read", "characters": 7, "blocks": 1,
         "mentions": 0, "claims": 0, "waiting": {"figure-list": 2}, "warnings": [], "proposed": []},
        {"name": "<b>.txt", "state": "failed", "problem": "empty", "detail": "It is empty."},
    ]  # fmt: skip

    async def status(job_id: str) -> dict[str, object]:
        report = {"files": arguments["files"]}
        return {
            "id": job_id,
            "kind": "rehearse",
            "state": "done",
            "reports": reports,
            "report": report,
        }

    monkeypatch.setattr(adder.bench.keeper, "status", status)
    text = adder.get(f"{PLACE}?job=job-1").text
    assert "Rien n'est gardé" in text.replace("&#39;", "'")
    assert "&lt;b&gt;.txt" in text
    keep = {"csrf": csrf, "job": "job-1", "action": "keep", "rights": "metadata"}
    assert adder.send(f"{PLACE}/documents", keep).status_code == 303
    last = adder.bench.keeper.jobs[-1]
    assert last["kind"] == "ingest"
    assert isinstance(last["arguments"], dict)
    assert last["arguments"]["files"] == arguments["files"]
    assert last["arguments"]["rights"] == "metadata"


def test_who_may_not(adder: Adder) -> None:
    file = ("a.csv", structures(1, 0))
    assert adder.send(f"{PLACE}/table", {"form": "structures"}, file).status_code == 403
    assert adder.send(f"{PLACE}/documents", {"csrf": "0" * 64}, file).status_code == 403
    adder.log_in()  # with a token that may only judge
    assert 'type="file"' not in adder.get(PLACE).text
    csrf = adder.csrf()
    assert (
        adder.send(f"{PLACE}/table", {"csrf": csrf, "form": "structures"}, file).status_code == 403
    )
    adder.cookie = ""
    assert adder.get(PLACE).status_code == 303
    assert adder.send(f"{PLACE}/documents", {}, file).status_code == 401
    assert adder.bench.keeper.jobs == []


def test_what_is_too_large(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> None:
    bench = lay_out(portal, tmp_path_factory.mktemp("small"))
    settings = replace(bench.services.settings, file_bytes=1_000)
    adder = Adder(replace(bench, services=replace(bench.services, settings=settings)))
    adder.log_in(adder.secret)
    fields = {"csrf": adder.csrf(), "form": "structures"}
    answer = adder.send(f"{PLACE}/table", fields, ("a.csv", b"x" * 2_000_000))
    assert answer.status_code == 413
    assert inbox(adder) == []
