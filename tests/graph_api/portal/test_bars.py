"""Bars: how long each is, and where they would say nothing."""

import pytest

from graph_api.portal.bars import Amount, draw_bars
from graph_api.portal.labels import Text


def amounts(*numbers: float) -> list[Amount]:
    return [Amount(Text(str(number)), number) for number in numbers]


def test_bars_begin_at_zero_and_keep_their_order() -> None:
    bars = draw_bars(amounts(3, 12, 0, 1))
    assert [bar.width for bar in bars] == [25, 100, 0, pytest.approx(8.33)]
    assert [bar.amount.number for bar in bars] == [3, 12, 0, 1]


@pytest.mark.parametrize("numbers", [(), (4,), (4, 4, 4), (0, 0), (-1, 5)])
def test_bars_that_say_nothing_are_not_drawn(numbers: tuple[float, ...]) -> None:
    assert draw_bars(amounts(*numbers)) == ()
