"""The pool with its real processes: answers, lanes, deadlines, generations, and what gets killed."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_api.errors import (
    BadQueryError,
    BusyError,
    DeadlineError,
    EngineDownError,
    MaillonError,
    NotOfferedError,
)
from graph_api.services import QueryRequest
from graph_api.settings import Settings
from graph_api.sparql.refusals import MemoryLimitError, NestingError, ResultLimitError
from graph_api.workers.pool import WorkerPool
from tests.graph_api.published import (
    CROSS_PRODUCT,
    EVERYTHING,
    POINT,
    Pool,
    Publisher,
    descriptors,
    named,
    outcome,
    quad,
    quads,
    read,
    running_pool,
    state,
    until,
)

pytestmark = pytest.mark.service

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("data")
    Publisher(data, quads(30_000)).publish()
    return Settings(
        data=data, fast_seconds=0.4, slow_seconds=1.0, page_seconds=1.0, worker_memory=300_000_000
    )


@pytest.fixture(scope="module")
def pool(settings: Settings) -> Iterator[Pool]:
    with running_pool(settings) as pool:
        yield pool


def test_answers(pool: Pool) -> None:
    assert pool.run(read(pool.pool, POINT)) == b"o\r\nvalue 1\r\n"
    (row,) = pool.run(pool.pool.select(POINT))
    assert row["o"].value == "value 1"  # type: ignore[union-attr]
    assert pool.run(pool.pool.ask("ASK { ?s ?p ?o }"))
    assert not pool.run(pool.pool.ask("ASK { <http://e/none> ?p ?o }"))
    assert pool.pool.generation == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p", BadQueryError),
        ("FIND ?x", BadQueryError),
        ("ASK {" + "{" * 20_000 + "}" * 20_000 + "}", NestingError),
    ],
)
def test_refusals(pool: Pool, query: str, expected: type[MaillonError]) -> None:
    with pytest.raises(expected) as caught:
        pool.run(pool.pool.run(QueryRequest(query)))
    assert caught.value.extra["line"]


def test_a_type_that_is_not_offered(pool: Pool) -> None:
    with pytest.raises(NotOfferedError):
        pool.run(pool.pool.run(QueryRequest(POINT, "image/png")))


def test_cross_products_end_at_the_deadline_while_others_are_answered(pool: Pool) -> None:
    async def attack() -> tuple[list[object], list[float], list[float]]:
        started = time.monotonic()
        bombs = [asyncio.create_task(outcome(pool.pool, CROSS_PRODUCT, "bad")) for _ in range(8)]
        await asyncio.sleep(0.05)
        simple, pages = [], []
        while not all(bomb.done() for bomb in bombs):
            begun = time.monotonic()
            assert await read(pool.pool, POINT, "good") == b"o\r\nvalue 1\r\n"
            simple.append(time.monotonic() - begun)
            begun = time.monotonic()
            assert await pool.pool.select(POINT)
            pages.append(time.monotonic() - begun)
            await asyncio.sleep(0.02)
        assert time.monotonic() - started < 5
        return [bomb.result() for bomb in bombs], simple, pages

    results, simple, pages = pool.run(attack())
    assert [type(result) for result in results] == [DeadlineError] * 8
    # Coarse, for a busy machine: well within the deadline that the others run into.
    assert len(simple) > 3
    assert statistics.median(simple) < 0.3
    assert statistics.median(pages) < 0.3


@pytest.mark.parametrize("others", [True, False])
def test_the_last_idle_worker_is_kept_for_others(pool: Pool, others: bool) -> None:
    """Where there are others: a client alone may have all of them."""
    patient = Settings(data=pool.pool._settings.data, fast_seconds=8, slow_seconds=3)

    async def crowd(asked: WorkerPool) -> tuple[int, int]:
        if others:
            await read(asked, POINT, "good")
        bombs = [asyncio.create_task(outcome(asked, CROSS_PRODUCT, "bad"))]
        await asyncio.sleep(0.4)  # more than a twentieth of eight seconds
        bombs.append(asyncio.create_task(outcome(asked, CROSS_PRODUCT, "bad")))
        await asyncio.sleep(0.1)
        gauges = asked.gauges()
        if others:
            assert await read(asked, POINT, "good")
        for bomb in bombs:
            bomb.cancel()
        await asyncio.wait(bombs)
        return gauges["idle_workers", "fast"], gauges["waiting", "fast"]

    with running_pool(patient) as other:
        assert other.run(crowd(other.pool)) == ((1, 1) if others else (0, 0))


@pytest.mark.parametrize("others", [True, False])
def test_who_cost_a_worker_lately_does_not_get_the_last_one(pool: Pool, others: bool) -> None:
    """Whoever starts long queries and leaves, over and over, has one worker at a time."""
    patient = Settings(data=pool.pool._settings.data, fast_seconds=20, slow_seconds=10)

    async def come_back(asked: WorkerPool) -> tuple[int, int]:
        if others:
            await read(asked, POINT, "good")
        leaving = asyncio.create_task(outcome(asked, CROSS_PRODUCT, "bad"))
        await until(lambda: asked.gauges()["idle_workers", "fast"] == 1)
        leaving.cancel()
        await until(lambda: asked.outcomes["fast", "abandoned"] == 1)
        await until(lambda: asked.gauges()["idle_workers", "fast"] == 2)
        bombs = [asyncio.create_task(outcome(asked, CROSS_PRODUCT, "bad")) for _ in range(2)]
        wanted = 1 if others else 0
        await until(lambda: asked.gauges()["idle_workers", "fast"] == wanted)
        gauges = asked.gauges()  # within a second: the first has not had its twentieth of 20 s
        if others:
            assert await read(asked, POINT, "good")
        for bomb in bombs:
            bomb.cancel()
        await asyncio.wait(bombs)
        return gauges["idle_workers", "fast"], gauges["waiting", "fast"]

    with running_pool(patient) as other:
        assert other.run(come_back(other.pool)) == ((1, 1) if others else (0, 0))


def test_one_client_cannot_take_the_whole_queue(pool: Pool) -> None:
    allowed = Settings().queue_per_client

    async def crowd() -> tuple[list[object], bytes]:
        bombs = [
            asyncio.create_task(outcome(pool.pool, CROSS_PRODUCT, "bad"))
            for _ in range(allowed + 2)
        ]
        await asyncio.sleep(0.05)
        other = await read(pool.pool, POINT, "good")
        return [await bomb for bomb in bombs], other

    results, other = pool.run(crowd())
    assert other == b"o\r\nvalue 1\r\n"
    busy = [result for result in results if isinstance(result, BusyError)]
    assert len(busy) == 2
    for error in busy:
        assert error.extra["retry_after"]
        assert error.extra["limit"] == error.extra["reached"] == allowed
        assert f"{allowed} queries under way; {allowed} is the limit for one client" in error.detail
        assert "narrow them" in error.detail


def test_a_full_queue_says_its_limit_what_is_waiting_and_what_helps(pool: Pool) -> None:
    short = Settings(data=pool.pool._settings.data, queue_length=2, slow_seconds=3)

    async def crowd(asked: WorkerPool) -> list[object]:
        return await asyncio.gather(
            *(outcome(asked, CROSS_PRODUCT, f"client {number}") for number in range(8))
        )

    with running_pool(short) as other:
        results = other.run(crowd(other.pool))
    busy = [result for result in results if isinstance(result, BusyError)]
    assert busy
    for error in busy:
        assert error.extra["retry_after"]
        assert error.extra["limit"] == error.extra["reached"] == 2
        assert "2 queries are waiting for a worker; 2 is the limit" in error.detail
        assert "more specific patterns or a LIMIT" in error.detail


def test_a_slow_query_goes_on_in_the_slow_lane(pool: Pool) -> None:
    async def observe() -> dict[tuple[str, str], int]:
        bomb = asyncio.create_task(outcome(pool.pool, CROSS_PRODUCT))
        await until(lambda: pool.pool.gauges()["workers", "slow"] == 1)
        # Its worker moved, another takes its place.
        await until(lambda: pool.pool.gauges()["workers", "fast"] == 2)
        gauges = pool.pool.gauges()
        assert isinstance(await bomb, DeadlineError)
        return gauges

    assert pool.run(observe())["idle_workers", "fast"] == 2


def test_memory_limit(pool: Pool) -> None:
    small = Settings(data=pool.pool._settings.data, worker_memory=60_000_000, slow_seconds=20)
    with running_pool(small) as other:
        with pytest.raises(MemoryLimitError, match="60000000 bytes"):
            other.run(read(other.pool, SORTED))
        assert other.run(read(other.pool, POINT))


def test_result_limit(pool: Pool) -> None:
    small = Settings(data=pool.pool._settings.data, result_bytes=200_000)
    with running_pool(small) as other:
        with pytest.raises(ResultLimitError):
            other.run(read(other.pool, EVERYTHING))
        assert other.run(read(other.pool, POINT))


def test_leaving_ends_the_worker(pool: Pool) -> None:
    async def leave_early() -> None:
        answer = await pool.pool.run(QueryRequest("SELECT * {?a ?b ?c . ?d ?e ?f}"))
        blocks = answer.chunks()
        assert await anext(blocks)
        await blocks.aclose()  # type: ignore[attr-defined]  # it is a generator

    async def leave_at_once() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pool.pool.run(QueryRequest(CROSS_PRODUCT)), 0.1)

    async def settle() -> None:
        await until(lambda: pool.pool.gauges()["idle_workers", "fast"] == 2)

    before = pool.pool.outcomes.total()
    pool.run(leave_early())
    pool.run(leave_at_once())
    pool.run(settle())
    abandoned = sum(n for (_, what), n in pool.pool.outcomes.items() if what == "abandoned")
    assert abandoned == 2
    assert pool.pool.outcomes.total() == before + 2


def test_nothing_leaks(pool: Pool) -> None:
    async def settle() -> None:
        await until(lambda: len(named("maillon-worker")) == 3)

    async def trouble() -> None:
        await asyncio.gather(*(outcome(pool.pool, CROSS_PRODUCT, str(n)) for n in range(6)))
        for _ in range(30):
            await read(pool.pool, POINT)

    pool.run(trouble())
    pool.run(settle())
    # Zygotes of other tests' killed processes may have become children of this one meanwhile.
    before = descriptors(), named("maillon-zygote")
    pool.run(trouble())
    pool.run(settle())
    assert (descriptors(), named("maillon-zygote")) == before
    zombies = [pid for pid in named("maillon-worker") if state(pid) == "Z"]
    assert zombies == []


def test_without_a_generation_nothing_is_ready(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, quads(10))
    with running_pool(Settings(data=tmp_path), wait=False) as pool:
        assert not pool.pool.ready
        with pytest.raises(EngineDownError):
            pool.run(read(pool.pool, POINT))
        publisher.publish()
        pool.run(until(lambda: pool.pool.ready))
        assert pool.run(read(pool.pool, COUNT)) == b"n\r\n10\r\n"


@pytest.mark.parametrize("memory", [True, False])
def test_generations_are_followed(tmp_path: Path, memory: bool) -> None:
    publisher = Publisher(tmp_path, quads(10))
    publisher.publish(snapshot=memory)
    with running_pool(Settings(data=tmp_path, reader_memory=420_000_000 if memory else 0)) as pool:
        if memory:
            pool.run(until(lambda: pool.pool.reader_mode == "memory"))
        assert pool.run(read(pool.pool, COUNT)) == b"n\r\n10\r\n"
        publisher.publish(added=[quad(100), quad(101)], removed=[quads(2)[1]], delta=memory)
        assert pool.run(read(pool.pool, COUNT, min_generation=2)) == b"n\r\n11\r\n"
        assert pool.pool.generation == 2
        assert pool.pool.reader_mode == ("memory" if memory else "checkpoint")
        # A break in the chain: checkpoints serve, a snapshot brings memory readers back.
        publisher.publish(added=[quad(102)])
        assert pool.run(read(pool.pool, COUNT, min_generation=3)) == b"n\r\n12\r\n"
        assert pool.pool.reader_mode == "checkpoint"
        publisher.publish(added=[quad(103)], snapshot=memory)
        assert pool.run(read(pool.pool, COUNT, min_generation=4)) == b"n\r\n13\r\n"
        if memory:
            pool.run(until(lambda: pool.pool.reader_mode == "memory"))
            assert pool.run(read(pool.pool, COUNT)) == b"n\r\n13\r\n"


def test_a_checkpoint_that_is_gone_leaves_the_last_generation(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, quads(10))
    publisher.publish()
    with running_pool(Settings(data=tmp_path)) as pool:
        publisher.publish(added=[quad(100)])
        place = publisher.folder.generations / "2"
        place.rename(place.with_name("moved"))
        pool.run(asyncio.sleep(0.6))
        assert pool.run(read(pool.pool, COUNT)) == b"n\r\n10\r\n"
        assert pool.pool.gauges()["forks", ""] < 10
        publisher.publish(added=[quad(101)])
        assert pool.run(read(pool.pool, COUNT, min_generation=3)) == b"n\r\n12\r\n"


def test_a_generation_that_does_not_come_is_not_waited_for_for_ever(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph_api.workers.pool._GENERATION_SECONDS", 0.2)
    with pytest.raises(BusyError) as caught:
        pool.run(read(pool.pool, POINT, min_generation=99))
    assert caught.value.extra["retry_after"]
