"""What pages show of the whole graph, computed once per generation."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request

__all__ = ["GenerationCache", "cache_of"]

T = TypeVar("T")


class GenerationCache:
    """Values of the newest generation by key; a newer generation empties it.

    Two requests may compute the same value at once: it is the same value.
    """

    def __init__(self) -> None:
        self._generation = -1
        self._values: dict[str, Any] = {}

    async def get(self, generation: int, key: str, compute: Callable[[], Awaitable[T]]) -> T:
        """Return the value of ``key``, computed now if this generation has none yet."""
        if generation != self._generation:
            self._values.clear()
            self._generation = generation
        if key not in self._values:
            value = await compute()
            if generation == self._generation:
                self._values[key] = value
            return value
        found: T = self._values[key]
        return found


def cache_of(request: Request) -> GenerationCache:
    """The cache of the app that serves this request, made at its first use."""
    state = request.app.state
    if not hasattr(state, "page_cache"):
        state.page_cache = GenerationCache()
    cache: GenerationCache = state.page_cache
    return cache
