import asyncio

from graph_api.portal.page_cache import GenerationCache


def test_once_per_generation_and_key() -> None:
    asked: list[str] = []
    cache = GenerationCache()

    async def get(generation: int, key: str) -> str:
        async def compute() -> str:
            asked.append(f"{key}{generation}")
            return asked[-1]

        return await cache.get(generation, key, compute)

    async def run() -> None:
        assert await get(1, "a") == "a1"
        assert await get(1, "a") == "a1"
        assert await get(1, "b") == "b1"
        assert await get(2, "a") == "a2"
        assert asked == ["a1", "b1", "a2"]

    asyncio.run(run())


def test_a_value_that_came_too_late_is_not_kept() -> None:
    cache = GenerationCache()

    async def run() -> None:
        async def slow() -> str:
            async def fast() -> str:
                return "new"

            assert await cache.get(2, "a", fast) == "new"
            return "old"

        async def never() -> str:
            raise AssertionError("the newer value is there")

        assert await cache.get(1, "a", slow) == "old"
        assert await cache.get(2, "a", never) == "new"

    asyncio.run(run())
