"""What the pool does when its processes are killed: queries start again, nobody stays a zombie."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from graph_api.errors import EngineDownError
from graph_api.settings import Settings
from graph_api.workers import processes
from graph_api.workers.jobs import Lane
from graph_api.workers.processes import WorkerHandle
from tests.graph_api.published import (
    CROSS_PRODUCT,
    POINT,
    Pool,
    Publisher,
    named,
    outcome,
    quads,
    read,
    running_pool,
    state,
    until,
)

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """With deadlines that no recovery reaches, however busy the machine: they are not the subject."""
    data = tmp_path_factory.mktemp("data")
    Publisher(data, quads(30_000)).publish()
    settings = Settings(data=data, fast_seconds=10, slow_seconds=25, page_seconds=25)
    with running_pool(settings) as pool:
        yield pool


def test_killed_workers_and_zygotes_are_replaced(pool: Pool, soak: int) -> None:
    for _ in range(2 * soak):
        for name in ("maillon-worker", "maillon-zygote"):
            # What answered last may have been a worker of the zygote killed before.
            pool.run(until(lambda name=name: named(name)))
            for victim in named(name):
                os.kill(victim, signal.SIGKILL)
            assert pool.run(read(pool.pool, POINT)) == b"o\r\nvalue 1\r\n"
            assert pool.run(pool.pool.select(POINT))


def test_workers_of_a_killed_zygote_are_reaped(pool: Pool, soak: int) -> None:
    def zombies() -> list[int]:
        return [pid for pid in named("maillon-worker") if state(pid) == "Z"]

    for _ in range(2 * soak):
        # Together, so that no worker's end is seen by its zygote.
        for victim in [*named("maillon-zygote"), *named("maillon-worker")]:
            os.kill(victim, signal.SIGKILL)
        assert pool.run(read(pool.pool, POINT)) == b"o\r\nvalue 1\r\n"
        pool.run(until(lambda: not zombies()))


def test_a_query_whose_worker_is_killed_is_started_again_a_few_times(pool: Pool) -> None:
    async def kill() -> None:
        bomb = asyncio.create_task(outcome(pool.pool, CROSS_PRODUCT))
        killed: set[int] = set()

        def other_worker() -> bool:
            pids = {job.worker.pid for job in pool.pool._running if job.worker}
            return bool(pids - killed)

        for _ in range(4):
            await until(other_worker)
            (job,) = pool.pool._running
            assert job.worker is not None
            killed.add(job.worker.pid)
            os.kill(job.worker.pid, signal.SIGKILL)
        assert isinstance(await bomb, EngineDownError)
        assert await read(pool.pool, POINT)

    pool.run(kill())


def _taken(pool: Pool) -> WorkerHandle:
    """An idle worker, now the test's."""

    async def take() -> WorkerHandle:
        await until(lambda: bool(pool.pool.gauges()["idle_workers", "fast"]))
        worker = pool.pool._crew.take(Lane.FAST)
        assert worker is not None
        return worker

    return pool.run(take())


def test_how_a_worker_ended_is_not_waited_for_when_its_zygote_is_dead(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_EXIT_SECONDS", 3600.0)
    worker = _taken(pool)

    async def end() -> int | None:
        # The zygote first, and nothing in between: it is dead and not yet known to be.
        os.kill(worker.zygote.pid, signal.SIGKILL)
        worker.kill()
        assert worker.zygote.alive
        code = await worker.exit_code()
        pool.pool._crew.discard(worker)
        return code

    assert pool.run(end()) is None
    assert pool.run(read(pool.pool, POINT)) == b"o\r\nvalue 1\r\n"


def test_a_discarded_worker_does_not_come_back_in_the_slow_lane(pool: Pool) -> None:
    worker = _taken(pool)

    async def discard() -> None:
        pool.pool._crew.discard(worker)
        assert not pool.pool._crew.move_to_slow(worker)
        pool.pool._crew.discard(worker)

    pool.run(discard())
    assert pool.pool.gauges()["workers", "slow"] == 0
    assert pool.run(read(pool.pool, POINT)) == b"o\r\nvalue 1\r\n"
