"""The stream between a worker and its client: paced, bounded, and honest about its end."""

import asyncio

import pytest

from graph_api.errors import DeadlineError
from graph_api.workers.jobs import Job, Lane, ResultStream

BLOCK = b"x" * 65_536


def test_blocks_come_out_in_order_and_end() -> None:
    async def use() -> list[bytes | None]:
        stream = ResultStream()
        for block in (b"a", b"b"):
            await stream.put(block)
        stream.end()
        return [await stream.get() for _ in range(3)]

    assert asyncio.run(use()) == [b"a", b"b", None]


def test_what_has_ended_can_be_taken_whole_unless_it_failed() -> None:
    async def use() -> None:
        stream = ResultStream()
        await stream.put(b"a")
        assert stream.take_all() is None  # more may follow
        await stream.put(b"b")
        stream.end()
        assert stream.take_all() == b"ab"
        broken = ResultStream()
        await broken.put(b"a")
        broken.end(DeadlineError("over"))
        assert broken.take_all() is None

    asyncio.run(use())


def test_the_writer_waits_for_the_reader() -> None:
    async def use() -> None:
        stream = ResultStream()
        put = 0

        async def write() -> None:
            nonlocal put
            for _ in range(64):
                await stream.put(BLOCK)
                put += 1
            stream.end()

        writer = asyncio.create_task(write())
        await asyncio.sleep(0.05)
        assert put == 16  # a megabyte; the next is in the stream but not let go
        assert stream.blocked_seconds > 0.03
        read = 0
        while await stream.get():
            read += 1
        await writer
        assert read == 64
        assert stream.blocked_seconds < 1

    asyncio.run(use())


def test_an_end_lets_a_waiting_writer_go_and_tells_the_reader_last() -> None:
    async def use() -> None:
        stream = ResultStream()
        writer = asyncio.create_task(stream.put(BLOCK * 20))
        await asyncio.sleep(0)
        stream.end(DeadlineError("over"))
        stream.end()  # the first end counts
        await asyncio.wait_for(writer, 1)
        assert await stream.get() == BLOCK * 20
        with pytest.raises(DeadlineError):
            await stream.get()

    asyncio.run(use())


def test_a_job_fails_as_refusal_or_as_broken_stream() -> None:
    async def use() -> None:
        loop = asyncio.get_running_loop()
        refused = Job({}, "a", Lane.FAST, 0.0, loop.create_future())
        refused.finish(DeadlineError("over"))
        with pytest.raises(DeadlineError):
            await refused.head
        broken = Job({}, "a", Lane.FAST, 0.0, loop.create_future())
        broken.head.set_result({})
        broken.finish(DeadlineError("over"))
        with pytest.raises(DeadlineError):
            await broken.stream.get()

    asyncio.run(use())
