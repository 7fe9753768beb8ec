"""The workbench: what is chosen, in which order, and what becomes of a broken or an older file."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.folder import DataFolder
from graph_api.workbench import Choice, Item, Workbench

FIRST = Item(
    hash="a1", document="d1", subject="http://e/avise", subject_label="Avise",
    predicate="http://e/operates", object="http://e/dla", object_label="DLA", literal=False,
    start=10, end=40, page=2, section="", lang="fr", quote="Avise anime le DLA.", rule="operates-fr",
    confidence=0.9, public=True,
)  # fmt: skip
WAITING = replace(
    FIRST, hash="b2", object="http://e/lab", rule="guess", confidence=0.7, public=False
)
RARE = replace(
    FIRST, hash="c3", subject="http://e/other", object="2010", literal=True, document="d2"
)


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    folder = DataFolder(tmp_path / "var")
    folder.init()
    made = Workbench(folder)
    bring_up(made, {"d1": [FIRST, WAITING], "d2": [RARE]})
    return made


def bring_up(
    workbench: Workbench, items: dict[str, list[Item]], states: dict[str, str] | None = None
) -> list[str]:
    asked: list[str] = []

    def load(document: str) -> Iterable[Item]:
        asked.append(document)
        return items[document]

    keys = {document: repr(found) for document, found in items.items()}
    workbench.bring_up(keys, load, states or {})
    return asked


def test_what_waits_comes_first_then_what_is_named_most(workbench: Workbench) -> None:
    assert workbench.chosen(Choice(), 9) == [WAITING, FIRST, RARE]
    assert workbench.chosen(Choice(), 1, after="b2") == [FIRST]
    assert workbench.chosen(Choice(), 9, after="c3") == []
    assert workbench.chosen(Choice(), 9, after="gone") == [WAITING, FIRST, RARE]


def test_choices(workbench: Workbench) -> None:
    assert workbench.chosen(Choice(rule="guess"), 9) == [WAITING]
    assert workbench.chosen(Choice(public=True, document="d2"), 9) == [RARE]
    assert workbench.chosen(Choice(entity="http://e/dla"), 9) == [FIRST]
    assert workbench.chosen(Choice(rule="' OR 1=1 --"), 9) == []
    assert workbench.count(Choice(predicate="http://e/operates")) == 3
    assert workbench.tally("document", Choice()) == [("d1", 2), ("d2", 1)]
    with pytest.raises(ValueError, match="hash"):
        workbench.tally("hash", Choice())


def test_only_changed_documents_are_read_again(workbench: Workbench) -> None:
    states = {"a1": "rejected", "b2": "accepted"}
    same = {"d1": [FIRST, WAITING], "d2": [RARE]}
    assert bring_up(workbench, same, states) == []
    assert [item.hash for item in workbench.chosen(Choice(), 9)] == ["c3"]
    assert workbench.find("b")[0].state == "accepted"
    assert workbench.judged_by_rule() == [("guess", 1, 0, 0), ("operates-fr", 0, 1, 1)]
    assert bring_up(workbench, {"d1": [FIRST]}) == ["d1"]
    assert workbench.chosen(Choice(), 9) == [FIRST]


@pytest.mark.parametrize("content", [b"no database", b"", None])
def test_a_file_that_is_none_of_ours_is_made_again(
    workbench: Workbench, content: bytes | None
) -> None:
    if content is None:
        with sqlite3.connect(workbench.path) as base:
            base.execute("PRAGMA user_version = 99")
    else:
        workbench.path.write_bytes(content)
    assert bring_up(workbench, {"d1": [FIRST]}) == ["d1"]
    assert workbench.chosen(Choice(), 9) == [FIRST]


def test_without_a_file_there_is_nothing_to_judge(tmp_path: Path) -> None:
    none = Workbench(DataFolder(tmp_path))
    assert none.chosen(Choice(), 9) == []
    assert none.count(Choice()) == 0
