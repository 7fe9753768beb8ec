"""The waiting line is fair: nobody waits for all of somebody else's queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.workers.queueing import FairQueue, Presence


def test_clients_take_turns() -> None:
    queue: FairQueue[int] = FairQueue()
    for number in range(4):
        queue.push("many", number)
    queue.push("one", 10)
    queue.push("other", 20)
    assert queue.clients() == {"many", "one", "other"}
    assert [queue.pop() for _ in range(len(queue))] == [0, 10, 20, 1, 2, 3]


def test_a_client_that_comes_back_waits_its_turn() -> None:
    queue: FairQueue[int] = FairQueue()
    queue.push("a", 1)
    queue.push("a", 2)
    queue.push("b", 3)
    assert queue.pop() == 1
    queue.push("c", 4)
    assert [queue.pop() for _ in range(3)] == [3, 2, 4]


def test_what_leaves_the_line_is_not_served() -> None:
    queue: FairQueue[int] = FairQueue()
    queue.push("a", 1)
    queue.push("b", 2)
    assert queue.remove("a", 1)
    assert not queue.remove("a", 1)
    assert not queue.remove("nobody", 1)
    assert queue.pop() == 2
    with pytest.raises(IndexError):
        queue.pop()


def test_who_is_barred_keeps_the_turn() -> None:
    queue: FairQueue[int] = FairQueue()
    queue.push("long", 1)
    queue.push("short", 2)
    queue.push("short", 3)
    assert queue.pop({"long"}) == 2
    assert queue.pop() == 1
    with pytest.raises(IndexError):
        queue.pop({"short"})
    assert queue.pop() == 3


def test_presence_is_forgotten() -> None:
    presence = Presence(span=10)
    presence.note("a", 0)
    assert presence.is_alone("a", 1)
    presence.note("b", 2)
    presence.note("a", 5)
    assert not presence.is_alone("a", 12)
    assert presence.is_alone("a", 12.5)
    assert not presence.is_alone("b", 12.5)
    assert presence.recent(12.5) == {"a"}
    assert presence.is_alone("b", 16)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers())))
def test_everything_comes_out_once_and_in_order_within_a_client(
    items: list[tuple[str, int]],
) -> None:
    queue: FairQueue[tuple[str, int]] = FairQueue()
    for client, number in items:
        queue.push(client, (client, number))
    out = [queue.pop() for _ in range(len(queue))]
    assert not len(queue)
    for client in "abc":
        assert [i for i in out if i[0] == client] == [i for i in items if i[0] == client]
