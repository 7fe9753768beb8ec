"""The builder process: acknowledges durably, works in order, survives kill -9."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.builder.jobs import Job, JobLog
from graph_api.builder.runner import open_runner
from graph_api.builder.server import BuilderServer, _batch_size
from graph_api.client import AsyncBuilderClient, run_job, spool_file
from graph_api.errors import (
    BadInputError,
    CannotRunError,
    EngineDownError,
    FolderInUseError,
    MissingError,
)
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from tests.graph_api.samples import write_texts

pytestmark = pytest.mark.slow  # each test builds a whole folder


@contextmanager
def serving(data: DataFolder, settings: Settings) -> Iterator[None]:
    """Run the server in a thread of this process."""
    started = threading.Event()
    servers: list[BuilderServer] = []

    def work() -> None:
        # One thread opens and closes the store: the engine's objects stay where they were made.
        with open_runner(data, settings, "maillon serve") as runner:
            servers.append(BuilderServer(runner, data.listen()))
            started.set()
            servers[0].run()

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    try:
        yield
    finally:
        servers[0].stop()
        thread.join(30)
        assert not thread.is_alive()


def test_a_client_is_told_of_progress_and_gets_the_report(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    events: list[dict[str, object]] = []
    with serving(data, settings):
        files = [spool_file(data, f) for f in write_texts(tmp_path / "texts")]
        status = run_job(data, settings, "ingest", {"files": files}, events.append)
        assert status["state"] == "done"
        assert status["generation"] == 2
        assert [r["state"] for r in status["reports"]] == ["added", "added"]
        with pytest.raises(CannotRunError, match="maillon serve"), data.lock("other"):
            pytest.fail("two builders")
    assert "publish" in {e["event"] for e in events}
    # Without a builder the same call does the work itself.
    again = run_job(data, settings, "ingest", {"files": []})
    assert again["generation"] == 2


def test_jobs_that_come_together_share_a_generation(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    with serving(data, settings):
        client = AsyncBuilderClient(data)

        async def submit() -> list[dict[str, object]]:
            ids = []
            for file in write_texts(tmp_path / "texts"):
                job: dict[str, object] = {"kind": "ingest"}
                job["arguments"] = {"files": [spool_file(data, file)]}
                ids.append(await client.submit(job))
            while True:
                found = [await client.status(job_id) for job_id in ids]
                if all(status["state"] == "done" for status in found):
                    return found
                await asyncio.sleep(0.05)

        found = asyncio.run(submit())
    assert {status["generation"] for status in found} <= {2, 3}


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        (["ingest", "ingest", "build"], 3),
        (["ingest", "decide"], 1),
        (["ingest", "merge"], 1),
        (["decide", "merge", "ingest"], 3),
        (["merge"], 1),
    ],
)
def test_what_names_things_waits_for_the_build_that_makes_them(
    kinds: list[str], together: int
) -> None:
    assert _batch_size([Job(str(n), kind) for n, kind in enumerate(kinds)]) == together


def test_questions_that_have_no_answer(data: DataFolder, settings: Settings) -> None:
    client = AsyncBuilderClient(data)
    with pytest.raises(EngineDownError):
        asyncio.run(client.status("1"))
    with serving(data, settings):
        with pytest.raises(MissingError):
            asyncio.run(client.status("1"))
        with pytest.raises(BadInputError):
            asyncio.run(client.submit({"kind": "drop", "arguments": {}}))
        with pytest.raises(BadInputError):
            asyncio.run(client.submit({"kind": "build", "arguments": []}))
        for line in (b"\n", b"[1]\n", b"{\n", b'{"op": "dance"}\n', b"\xff\xfe\n"):
            connection = data.connect()
            assert connection is not None
            with connection, connection.makefile("rwb") as stream:
                stream.write(line + b'{"op": "ping"}\n')
                stream.flush()
                assert "error" in json.loads(stream.readline())
                assert json.loads(stream.readline()) == {"pid": os.getpid()}


def test_who_waits_is_told_that_the_builder_stopped(
    data: DataFolder, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph_api.builder.server._PAUSE", 60.0)  # jobs wait for the next minute
    file, *_ = write_texts(tmp_path / "texts")
    said: list[str] = []

    def wait() -> None:
        with pytest.raises(CannotRunError) as raised:
            run_job(data, settings, "ingest", {"files": [spool_file(data, file)]})
        said.append(raised.value.detail)

    with serving(data, settings):
        run_job(data, settings, "build", {})
        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        while not JobLog(data.jobs).pending():
            time.sleep(0.01)
    waiting.join(30)
    assert "on the disk" in said[0]
    status = run_job(data, settings, "build", {})
    assert status["generation"] == 2


def start(data: DataFolder) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-m", "graph_api.builder.server", "--data", str(data.root)]
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (connection := data.connect()) is not None:
            connection.close()
            return process
        assert process.poll() is None, "the builder ended"
        time.sleep(0.05)
    raise AssertionError("the builder did not start")


@pytest.mark.service
def test_killed_in_an_ingestion_nothing_acknowledged_is_lost(
    data: DataFolder, settings: Settings, tmp_path: Path, soak: int
) -> None:
    files = write_texts(tmp_path / "texts")
    reference = tmp_path / "reference"
    subprocess.run(["cp", "-r", data.root, reference], check=True)
    folder = DataFolder(reference)
    spooled = [spool_file(folder, f) for f in files]
    run_job(folder, Settings(data=reference), "ingest", {"files": spooled})
    expected = run_job(folder, Settings(data=reference), "build", {})
    client = AsyncBuilderClient(data)
    jobs = []
    for number in range(2 * soak):
        process = start(data)
        arguments: dict[str, object] = {"files": [spool_file(data, f) for f in files]}
        jobs.append(asyncio.run(client.submit({"kind": "ingest", "arguments": arguments})))
        time.sleep(0.15 + 0.25 * (number % 8))
        process.kill()
        process.wait()
    process = start(data)
    deadline = time.monotonic() + 60
    log = JobLog(data.jobs)
    while log.pending() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert {log.get(job).state for job in jobs} == {"done"}
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    status = run_job(data, settings, "build", {})
    assert status["report"]["hash"] == expected["report"]["hash"]


def test_a_client_waits_a_while_for_a_folder_that_is_held(
    data: DataFolder, settings: Settings
) -> None:
    with ThreadPoolExecutor() as pool:
        with data.lock("maillon serve"):
            asked = pool.submit(run_job, data, settings, "build", {})
            time.sleep(0.3)
            assert not asked.done()
        assert asked.result(30)["state"] == "done"
    with data.lock("maillon serve"), pytest.raises(FolderInUseError):
        run_job(data, replace(settings, lock_seconds=0.1), "build", {})


@pytest.mark.service
def test_a_second_builder_is_refused_with_a_sentence(data: DataFolder) -> None:
    process = start(data)
    try:
        second = subprocess.run(
            [sys.executable, "-m", "graph_api.builder.server", "--data", str(data.root)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 3
        assert "in use by `maillon serve`" in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        process.terminate()
        assert process.wait(30) == 0
    assert not (data.run / "builder.sock").exists()
