"""A waiting line that is fair to clients: each gets its turn, however many queries one sends."""

from collections import deque
from collections.abc import Collection
from typing import Generic, TypeVar

__all__ = ["FairQueue", "Presence"]

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

    def pop(self, barred: Collection[str] = ()) -> T:
        """Take the next item; its client goes to the end of the round.

        Clients that are ``barred`` are passed over and keep their turn. IndexError when nobody is left.
        """
        client = next((name for name in self._lines if name not in barred), None)
        if client is None:
            raise IndexError("pop from an empty queue")
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


class Presence:
    """Which clients asked lately, or were noted for another reason. Times are seconds on any one clock."""

    def __init__(self, span: float) -> None:
        self._span = span
        self._seen: dict[str, float] = {}  # the latest last

    def note(self, client: str, now: float) -> None:
        """Remember that ``client`` asked."""
        self._seen.pop(client, None)
        self._seen[client] = now
        self._forget(now)

    def is_alone(self, client: str, now: float) -> bool:
        """Whether nobody but ``client`` asked within the span."""
        self._forget(now)
        return not self._seen.keys() - {client}

    def recent(self, now: float) -> set[str]:
        """Return who was noted within the span."""
        self._forget(now)
        return set(self._seen)

    def _forget(self, now: float) -> None:
        while self._seen:
            first = next(iter(self._seen))
            if now - self._seen[first] <= self._span:
                return
            del self._seen[first]
