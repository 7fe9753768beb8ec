"""Hazards over HTTP while a light load runs: see :mod:`tests.graph_api.hazards`.

Every one comes twice, 50 times with ``--soak``. Then the same processes serve, nothing was left
behind, and the light load has hardly noticed: quiet phases and hazards take turns.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.graph_api.hazards import HAZARDS, WRITE_SECONDS
from tests.graph_api.load import light_load
from tests.graph_api.published import Publisher, descendants, quads
from tests.graph_api.served import Web, serving, wait

pytestmark = [pytest.mark.service, pytest.mark.soak]

WORKERS = 3  # two of the fast lane, one for pages
QUIET_SECONDS = 0.6  # before each hazard
ROUNDS = 3
SLICE = (
    0.005  # of time that the kernel gives a process: below it a ratio says nothing on a busy core
)


@dataclass(frozen=True)
class State:
    """What a hazard must leave as it was."""

    zygotes: tuple[int, ...]
    threads: int
    descriptors: int
    disk: int


@dataclass
class Ordeal:
    """What came of all hazards; times are 95th percentiles of the light load, in seconds."""

    before: State
    after: State
    quiet: float
    loaded: float
    outcomes: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hazards")
    Publisher(folder, quads(30_000)).publish()
    return folder


@pytest.fixture(scope="module")
def web(data: Path) -> Iterator[Web]:
    with serving(
        data,
        fast_seconds=0.4,
        slow_seconds=1.0,
        worker_memory=300_000_000,
        write_seconds=WRITE_SECONDS,
        trusted_proxies="127.0.0.1",
    ) as running:
        yield running


@pytest.fixture(scope="module")
def ordeal(web: Web, data: Path, soak: int) -> Ordeal:
    outcomes: dict[str, set[str]] = {name: set() for name in HAZARDS}
    for name, (hazard, _) in HAZARDS.items():  # once before: what is made on demand is there then
        outcomes[name] |= hazard(web)
    before = settled(web, data)
    rounds: list[tuple[float, float]] = []
    # What else the machine does can only make the load look worse: one good round is enough.
    while len(rounds) < ROUNDS and not any(hardly_noticed(*each) for each in rounds):
        rounds.append(run_all(web, outcomes, 2 * soak))
    loaded, quiet = min(rounds, key=lambda each: each[0] / max(each[1], SLICE))
    return Ordeal(before, settled(web, data), quiet, loaded, outcomes)


def hardly_noticed(loaded: float, quiet: float) -> bool:
    return loaded <= 3 * max(quiet, SLICE)


def run_all(web: Web, outcomes: dict[str, set[str]], times: int) -> tuple[float, float]:
    """Let quiet and hazard take turns, so that both meet the same machine; return both p95."""
    quiet, attacked = [], []
    with light_load(web.endpoint) as load:
        for _ in range(times):
            for name, (hazard, _) in HAZARDS.items():
                wait(lambda: len(named(web, "maillon-worker")) == WORKERS, seconds=60)
                quiet.append(timed(lambda: time.sleep(QUIET_SECONDS)))
                attacked.append(timed(lambda: outcomes[name].update(hazard(web))))  # noqa: B023
    return load.p95(attacked), load.p95(quiet)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    start = time.monotonic()
    work()
    return start, time.monotonic()


def settled(web: Web, data: Path) -> State:
    """Wait until no query is under way, and return the state then."""
    wait(lambda: len(named(web, "maillon-worker")) == WORKERS, seconds=60)
    time.sleep(2 * WRITE_SECONDS)  # connections that nobody uses are closed meanwhile
    own = Path(f"/proc/{web.process.pid}")
    return State(
        zygotes=tuple(sorted(named(web, "maillon-zygote"))),
        threads=len(list((own / "task").iterdir())),
        descriptors=len(list((own / "fd").iterdir())),
        disk=sum(path.stat().st_size for path in data.rglob("*") if path.is_file()),
    )


def named(web: Web, name: str) -> list[int]:
    found = []
    for pid in descendants(web.process.pid):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                found.append(pid)
    return found


@pytest.mark.parametrize("name", HAZARDS)
def test_each_ends_as_documented(ordeal: Ordeal, name: str) -> None:
    _, expected = HAZARDS[name]
    assert ordeal.outcomes[name]
    assert ordeal.outcomes[name] <= expected


def test_a_light_load_hardly_notices(ordeal: Ordeal) -> None:
    print(f"95th percentile: {ordeal.loaded:.4f} s, quiet {ordeal.quiet:.4f} s")  # noqa: T201
    assert hardly_noticed(ordeal.loaded, ordeal.quiet), (ordeal.loaded, ordeal.quiet)


def test_nothing_restarts_and_nothing_stays(web: Web, ordeal: Ordeal) -> None:
    assert web.process.poll() is None
    assert ordeal.after.zygotes == ordeal.before.zygotes
    assert ordeal.after.threads <= ordeal.before.threads
    assert ordeal.after.descriptors <= ordeal.before.descriptors
    assert ordeal.after.disk <= ordeal.before.disk
    assert web.is_ready()
