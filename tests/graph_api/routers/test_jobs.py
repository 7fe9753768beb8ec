"""Documents by HTTP: only with a token, never more than the limit, answered with a job."""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from graph_api.access import TokenFile
from graph_api.budgets import Budget
from graph_api.client import AsyncBuilderClient, spool_file
from graph_api.documents import DocumentFolder
from graph_api.errors import EngineDownError, MaillonError
from graph_api.folder import DataFolder
from graph_api.routers.jobs import router
from graph_api.services import Row
from graph_api.settings import Settings
from ingest.readers import read
from ontology.iris import Iris
from ontology.model import Iri, Literal
from tests.graph_api.samples import ENGLISH


class Builder:
    """A builder that notes what it is given; ``down`` makes it unreachable."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.down = False

    async def submit(self, job: dict[str, object]) -> str:
        await asyncio.sleep(0)
        if self.down:
            raise EngineDownError("the builder does not answer")
        self.jobs.append(job)
        return "0001-ab"

    async def status(self, job_id: str) -> dict[str, object]:
        return {"id": job_id, "state": "done"}


class Queries:
    """Answers the list of documents."""

    async def select(self, query: str) -> list[Row]:
        assert "Document" in query
        return [{"sha": Literal("ab"), "title": Literal("A", lang="en"), "d": Iri("https://e.org")}]


class Caller:
    """Asks the app without a server."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def post(self, path: str, **request: Any) -> httpx.Response:
        return self._ask("POST", path, **request)

    def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **request)

        return asyncio.run(ask())


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "var")
    folder.init()
    return folder


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def client(folder: DataFolder, builder: Builder) -> Caller:
    app = FastAPI()
    app.include_router(router)
    app.state.change_budget = Budget(per_minute=1, burst=100)
    app.state.services = SimpleNamespace(
        settings=replace(Settings(data=folder.root), file_bytes=5_000),
        iris=Iris(),
        documents=DocumentFolder(folder),
        builder=builder,
        queries=Queries(),
    )

    @app.exception_handler(MaillonError)
    def problem(_: Request, error: MaillonError) -> JSONResponse:
        return JSONResponse({"detail": error.detail}, error.status)

    return Caller(app)


@pytest.fixture
def bearer(folder: DataFolder) -> dict[str, str]:
    secret, _ = TokenFile(folder).create("scanner", ("ingest",))
    return {"authorization": f"Bearer {secret}"}


def spooled(folder: DataFolder) -> list[bytes]:
    return sorted(p.read_bytes() for p in folder.inbox.glob("*/file"))


def test_a_raw_body_becomes_a_job(
    client: Caller, folder: DataFolder, builder: Builder, bearer: dict[str, str]
) -> None:
    answer = client.post(
        "/api/documents?name=../a.txt&rights=full", content=b"text", headers=bearer
    )
    assert answer.status_code == 202
    assert answer.json() == {"job": "0001-ab", "location": "/api/jobs/0001-ab"}
    assert answer.headers["location"] == "/api/jobs/0001-ab"
    (job,) = builder.jobs
    assert job["kind"] == "ingest"
    assert job["arguments"]["rights"] == "full"
    assert job["arguments"]["files"][0]["name"] == "a.txt"
    assert spooled(folder) == [b"text"]


def test_a_form_may_have_several_files(
    client: Caller, folder: DataFolder, builder: Builder, bearer: dict[str, str]
) -> None:
    files = [("file", ("a.txt", b"one")), ("file", ("b.txt", b"two"))]
    answer = client.post("/api/documents", files=files, headers=bearer)
    assert answer.status_code == 202
    assert [f["name"] for f in builder.jobs[0]["arguments"]["files"]] == ["a.txt", "b.txt"]
    assert spooled(folder) == [b"one", b"two"]


@pytest.mark.parametrize(
    ("header", "status"),
    [({}, 401), ({"authorization": "Basic x"}, 401), ({"authorization": "Bearer mln_x"}, 401)],
)
def test_nobody_writes_without_a_token(
    client: Caller, folder: DataFolder, header: dict[str, str], status: int
) -> None:
    answer = client.post("/api/documents?name=a.txt", content=b"text", headers=header)
    assert answer.status_code == status
    assert spooled(folder) == []


def test_a_token_for_something_else_is_forbidden(client: Caller, folder: DataFolder) -> None:
    secret, _ = TokenFile(folder).create("curator", ("review",))
    header = {"authorization": f"Bearer {secret}"}
    assert client.post("/api/documents?name=a", content=b"x", headers=header).status_code == 403


def test_what_is_too_large_leaves_nothing(
    client: Caller, folder: DataFolder, bearer: dict[str, str]
) -> None:
    answer = client.post("/api/documents?name=a.txt", content=b"x" * 5_001, headers=bearer)
    assert answer.status_code == 413
    form = {"file": ("a.txt", b"x" * 1_100_000)}
    assert client.post("/api/documents", files=form, headers=bearer).status_code == 413
    assert list(folder.inbox.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "headers", "content"),
    [
        ("", {}, b"text"),
        ("?name=a.txt&rights=all", {}, b"text"),
        ("", {"content-type": "multipart/form-data"}, b"rubbish"),
        ("", {"content-type": "multipart/form-data; boundary=x"}, b"--x\r\nrubbish"),
        ("", {"content-type": "multipart/form-data; boundary=x"}, b"--x--\r\n"),
    ],
)
def test_requests_that_make_no_sense(
    client: Caller,
    folder: DataFolder,
    bearer: dict[str, str],
    query: str,
    headers: dict[str, str],
    content: bytes,
) -> None:
    answer = client.post(f"/api/documents{query}", content=content, headers=bearer | headers)
    assert answer.status_code == 422
    assert list(folder.inbox.iterdir()) == []


def test_a_builder_that_is_down_leaves_nothing(
    client: Caller, folder: DataFolder, builder: Builder, bearer: dict[str, str]
) -> None:
    builder.down = True
    answer = client.post("/api/documents?name=a.txt", content=b"text", headers=bearer)
    assert answer.status_code == 503
    assert list(folder.inbox.iterdir()) == []


def test_jobs_and_documents_are_told(client: Caller, folder: DataFolder) -> None:
    assert client.get("/api/jobs/0001-ab").json() == {"id": "0001-ab", "state": "done"}
    assert client.get("/api/documents").json() == {"documents": [{"sha": "ab", "title": "A"}]}
    assert client.get(f"/api/documents/{'0' * 64}").status_code == 404


@pytest.mark.parametrize(
    ("rights", "shown"),
    [("full", {"text", "sections"}), ("quotes", {"sections"}), ("metadata", set())],
)
def test_a_document_shows_what_its_rights_let(
    client: Caller, folder: DataFolder, rights: str, shown: set[str]
) -> None:
    document = read(ENGLISH.encode(), "report.md")
    DocumentFolder(folder).save(document, ENGLISH.encode(), rights)
    described = client.get(f"/api/documents/{document.sha256}").json()
    assert described["title"] == "A short report"
    assert described["rights"] == rights
    assert {"text", "sections"} & set(described) == shown


def test_the_client_reports_a_folder_that_cannot_be_read(folder: DataFolder) -> None:
    with pytest.raises(OSError, match="No such file"):
        spool_file(folder, folder.root / "none.txt")
    assert list(folder.inbox.iterdir()) == []
    with pytest.raises(EngineDownError):
        asyncio.run(AsyncBuilderClient(folder).submit({"kind": "build"}))
