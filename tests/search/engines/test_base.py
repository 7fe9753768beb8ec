"""Query trees are values: equal when they say the same, usable as keys."""

from search.engines.base import Constant, DisMax, Entry, Must, Term


def test_query_trees_are_values() -> None:
    tree = Must((Term("body", "a"), Constant(DisMax((Term("body", "b"),)), 2.0)))
    same = Must((Term("body", "a"), Constant(DisMax((Term("body", "b"),)), 2.0)))
    assert {tree: 1}[same] == 1
    assert tree != Must((Term("body", "a"),))


def test_an_entry_may_be_empty() -> None:
    assert Entry().payload == b""
