"""A waiting line that is fair to clients: each gets its turn, however many queries one sends."""

from collections import deque
from typing import Generic, TypeVar

__all__ = ["FairQueue"]

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Round robin over clients, first come first served within one client. No limits of its own."""

    def __init__(self) -> None:
        # Clients in order of their next turn: a dict keeps insertion order and finds one in O(1).
        self._lines: dict[str, deque[T]] = {}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def clients(self) -> set[str]:
        """Return who waits."""
        return set(self._lines)

    def push(self, client: str, item: T) -> None:
        """Put ``item`` at the end of its client's line."""
        self._lines.setdefault(client, deque()).append(item)
        self._length += 1

    def pop(self) -> T:
        """Take the next item; its client goes to the end of the round. IndexError when empty."""
        if not self._lines:
            raise IndexError("pop from an empty queue")
        client = next(iter(self._lines))
        line = self._lines.pop(client)
        item = line.popleft()
        if line:
            self._lines[client] = line
        self._length -= 1
        return item

    def remove(self, client: str, item: T) -> bool:
        """Take ``item`` out of the line; False if it was not waiting."""
        line = self._lines.get(client)
        if line is None or item not in line:
            return False
        line.remove(item)
        self._length -= 1
        if not line:
            del self._lines[client]
        return True
