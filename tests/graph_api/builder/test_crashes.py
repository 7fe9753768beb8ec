"""``kill -9`` of builder, zygote and workers at random points of a running ``serve``.

Ten times, 200 times with ``--soak``: every acknowledged job is done, the graph is what the same documents
give without any crash, each document is found by search, and readers are answered all the while, by the
old index where a new one was under way.
"""

import asyncio
import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from graph_api.builder.jobs import JobLog
from graph_api.client import AsyncBuilderClient, run_job, spool_file
from graph_api.errors import EngineDownError
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from tests.graph_api.published import descendants
from tests.graph_api.samples import FRENCH
from tests.graph_api.served import Running, free_port, start, wait

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.soak]

ROLES = ("builder", "maillon-zygote", "maillon-worker")
LONGEST_PAUSE = (
    60  # seconds: what the supervisor waits at most before it starts a role again, twice
)
FACT = "ASK { <https://maillon.example/id/actor/avise> a <https://w3id.org/maillon/ontology#Association> }"


def test_kill_9_at_random_points(
    data: DataFolder, settings: Settings, tmp_path: Path, soak: int
) -> None:
    chance = random.Random(11)  # noqa: S311 - the same points each time, as far as a machine allows
    reference = DataFolder(tmp_path / "reference")
    shutil.copytree(data.root, reference.root)
    texts, jobs = [], []
    with running(data) as served, reading(served) as answers:
        for turn in range(max(10, 8 * soak)):
            texts.append(write_text(tmp_path / "texts", turn))
            jobs.append(submit(data, texts[-1]))
            time.sleep(chance.uniform(0, 1.5))
            for victim in victims(served, ROLES[turn % len(ROLES)], chance):
                with suppress(ProcessLookupError):  # it was replaced meanwhile
                    os.kill(victim, signal.SIGKILL)
        log = JobLog(data.jobs)
        wait(lambda: not log.pending(), seconds=120 + LONGEST_PAUSE)
        assert {log.get(job).state for job in jobs} == {"done"}
        # The index has each acknowledged document, and was never gone.
        wait(lambda: documents_found(served) >= len(texts), seconds=120)
    assert len(answers) > 20
    assert set(answers) == {"true"}
    spooled = [spool_file(reference, text) for text in texts]
    run_job(reference, Settings(data=reference.root, inference=False), "ingest", {"files": spooled})
    assert final_hash(data) == final_hash(reference)


def write_text(folder: Path, turn: int) -> Path:
    """A document that no other turn has."""
    folder.mkdir(exist_ok=True)
    path = folder / f"turn-{turn:03}.txt"
    path.write_text(f"{FRENCH}\nL'Avise a publié son rapport numéro {turn}.\n", encoding="utf-8")
    return path


def submit(data: DataFolder, text: Path) -> str:
    """Hand a document to the builder; return the job it acknowledged."""
    arguments: dict[str, object] = {"files": [spool_file(data, text)]}
    end = time.monotonic() + LONGEST_PAUSE
    while True:
        try:
            client = AsyncBuilderClient(data)
            return asyncio.run(client.submit({"kind": "ingest", "arguments": arguments}))
        except EngineDownError:  # it was killed and is not back yet: nothing was acknowledged
            assert time.monotonic() < end
            time.sleep(0.1)


def documents_found(served: Running) -> int:
    """How many documents a search of their common sentence lists."""
    address = f"http://127.0.0.1:{served.port}/api/search"
    found = httpx.get(address, params={"q": "rapport numéro", "type": "passage"}, timeout=30)
    return int(found.json()["total"])


def victims(served: Running, role: str, chance: random.Random) -> list[int]:
    """Return processes of a role: the builder, the zygotes, or some of the workers."""
    if role == "builder":
        wait(lambda: served.child("builder"), seconds=LONGEST_PAUSE)
        return [served.child("builder")]
    wait(lambda: named(served, role), seconds=LONGEST_PAUSE)
    found = named(served, role)
    return chance.sample(found, chance.randint(1, len(found)))


def named(served: Running, name: str) -> list[int]:
    found = []
    for pid in sorted(descendants(served.process.pid)):
        try:
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                found.append(pid)
        except OSError:
            continue  # it ended meanwhile
    return found


@contextmanager
def running(data: DataFolder) -> Iterator[Running]:
    """``maillon serve``, ended kindly after."""
    port = free_port()
    served = Running(start(data.root, port, inference=False), data.root, port)
    try:
        wait(served.answers, seconds=60)
        yield served
        served.process.terminate()
        served.process.communicate(timeout=120)
        assert served.process.returncode == 0
    finally:
        served.process.kill()
        served.process.communicate()


@contextmanager
def reading(served: Running) -> Iterator[list[str]]:
    """Ask for a fact again and again; the list has what came, ``true`` each time if all is well."""
    answers: list[str] = []
    ended = threading.Event()

    def read() -> None:
        address = f"http://127.0.0.1:{served.port}/sparql"
        search = f"http://127.0.0.1:{served.port}/api/search"
        with httpx.Client(timeout=30) as client:
            while not ended.wait(0.05):
                try:
                    response = client.get(address, params={"query": FACT})
                    found = response.json()
                    answers.append(str(found.get("boolean", response.text)).lower())
                    sought = client.get(search, params={"q": "Avise"})
                    total = sought.json().get("total", 0) if sought.is_success else 0
                    answers.append("true" if total else sought.text)
                except httpx.TransportError as error:
                    answers.append(repr(error))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield answers
    finally:
        ended.set()
        thread.join(60)


def final_hash(folder: DataFolder) -> str:
    """Build once more, in this process, and return the hash of the graph."""
    settings = Settings(data=folder.root, inference=False)
    return str(run_job(folder, settings, "build", {})["report"]["hash"])
