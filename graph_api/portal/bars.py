"""Bar charts: numbers of the same kind, each with the length of its bar. Every bar begins at zero."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph_api.portal.labels import Text

__all__ = ["Amount", "Bar", "draw_bars"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts, and how it is said; ``said`` is None where the number says it."""

    label: Text
    number: float
    said: Text | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """An amount and the length of its bar, in percent of the longest."""

    amount: Amount
    width: float


def draw_bars(amounts: Iterable[Amount]) -> tuple[Bar, ...]:
    """Give each amount its bar, in the order given.

    Nothing where bars would say nothing: a single amount, all the same, or one below zero.
    """
    found = tuple(amounts)
    numbers = {each.number for each in found}
    if len(numbers) < 2 or min(numbers) < 0:
        return ()
    longest = max(numbers)
    return tuple(Bar(each, round(100 * each.number / longest, 2)) for each in found)
