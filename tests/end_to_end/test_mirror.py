"""``maillon mirror`` and random creates, edits and deletes of what it mirrors, with interruptions.

40 changes in the test run, 1,000 with ``--soak``.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph_api.errors import MaillonError
from graph_api.exchange.fetching import Fetched, Fetcher
from graph_api.exchange.mirror import Mirror
from ontology.model import Quad
from tests.conftest import ROOT
from tests.graph_api.changing import CORPUS, IRIS, P, Site, say
from tests.graph_api.published import Publisher
from tests.graph_api.served import serving

pytestmark = [pytest.mark.service, pytest.mark.soak]


class Unreliable(Fetcher):
    """Fails at random, before the answer or in the middle of it."""

    def __init__(self, start: str, choose: random.Random) -> None:
        super().__init__(start, 10_000_000, 10.0)
        self._choose = choose

    def get(self, address: str, accept: str, tag: str = "") -> Fetched:
        answer = super().get(address, accept, tag)
        if self._choose.random() < 0.15:
            raise ConnectionResetError
        if answer.body and self._choose.random() < 0.15:
            half = answer.body[: len(answer.body) // 2] + b"<"
            return Fetched(address, 200, answer.media_type, half, answer.tag, answer.immutable)
        return answer


def change(choose: random.Random, state: dict[str, list[Quad]]) -> None:
    """Create, edit or delete one entity."""
    slug = f"actor/e{choose.randrange(60)}"
    if slug in state and choose.random() < 0.4:
        del state[slug]
        return
    parts = [say(slug, f"« {choose.random()} »"), say(f"{slug}#part", str(choose.randrange(3)))]
    other = IRIS.entity("actor", f"e{choose.randrange(60)}")
    state[slug] = [*parts, Quad(parts[0].subject, P, other, CORPUS)]


def said(folder: Path) -> set[str]:
    lines = (folder / "mirror.nq").read_text().splitlines()
    return {line[: line.rindex("<")] + "." for line in lines}


def test_a_mirror_stays_the_same_through_changes_and_interruptions(
    tmp_path: Path, soak: int
) -> None:
    choose = random.Random(7)  # noqa: S311 -- which changes, no secret
    Publisher(tmp_path / "data", []).publish()
    site = Site(tmp_path / "data", page_changes=8)
    state: dict[str, list[Quad]] = {}
    checked = broken = 0
    with serving(tmp_path / "data") as web:
        address = f"{web.origin}/feed"
        for number in range(40 * soak):
            change(choose, state)
            site.write(corpus=[quad for quads in state.values() for quad in quads])
            if choose.random() < 0.5:
                continue
            mirror = Mirror(tmp_path / "mirror", address, Unreliable(address, choose))
            try:
                mirror.run()
            except (MaillonError, ConnectionResetError):
                broken += 1
                continue
            assert said(tmp_path / "mirror") == site.said_by_store(), number
            checked += 1
        assert checked >= 3
        assert broken >= 3
        killed(tmp_path / "mirror", address)
        done = subprocess.run(
            command(address, tmp_path / "mirror"), capture_output=True, text=True, check=False,
            env=environment(), timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert f"objects: {len(state)}." in done.stdout
        assert said(tmp_path / "mirror") == site.said_by_store()


def command(address: str, folder: Path) -> list[str]:
    main = "from graph_api.cli import main; main()"
    return [sys.executable, "-c", main, "mirror", address, str(folder)]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "MAILLON_LOCALE": "en"}


def killed(folder: Path, address: str) -> None:
    """Kill the command at some point of its work, from nothing."""
    for file in folder.iterdir():
        file.unlink()
    process = subprocess.Popen(
        command(address, folder), env=environment(), stdout=subprocess.DEVNULL
    )
    while process.poll() is None and not (folder / "mirror.sqlite").exists():
        time.sleep(0.005)
    time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
