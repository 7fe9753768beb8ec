"""The ledger, and the hashes in it."""

from pathlib import Path

import pytest

from graph_api.builder.inputs import hash_folder, hash_package
from graph_api.builder.ledger import Entry, Ledger, hash_of


def test_entries_survive(tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    ledger = Ledger(path)
    ledger.enter({"corpus": Entry("h", ("g1", "g2"))})
    ledger.publish(4)
    again = Ledger(path)
    assert again.entries == {"corpus": Entry("h", ("g1", "g2"))}
    assert again.published == 4


def test_striking_forgets_the_step_and_the_publication(tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    ledger = Ledger(path)
    ledger.enter({"a": Entry("h", ()), "b": Entry("h", ())})
    ledger.publish(4)
    ledger.strike(["a", "unknown"])
    again = Ledger(path)
    assert set(again.entries) == {"b"}
    assert again.published == 0


@pytest.mark.parametrize("text", ["", "{", '{"version": 99, "entries": {"a": ["h", []]}}'])
def test_a_ledger_that_cannot_be_read_is_empty(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(text)
    assert Ledger(path).entries == {}


def test_a_hash_does_not_depend_on_order_where_there_is_none() -> None:
    assert hash_of({"a": 1, "b": {2, 3}}) == hash_of({"b": {3, 2}, "a": 1})
    assert hash_of("a", "b") != hash_of("ab")
    assert hash_of(["a", "b"]) != hash_of(["b", "a"])


def test_a_folder_is_hashed_by_names_and_content(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_text("1")
    first = hash_folder(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("1")
    (tmp_path / ".hidden").write_text("1")
    assert hash_folder(tmp_path) == first
    (tmp_path / "sub" / "a").rename(tmp_path / "sub" / "b")
    assert hash_folder(tmp_path) != first
    assert hash_folder(tmp_path / "none") == hash_folder(tmp_path / "__pycache__" / "none")


def test_packages_have_a_hash_each() -> None:
    assert hash_package("ontology") != hash_package("corpus")
    assert hash_package("ontology") == hash_package("ontology")
