"""The decision log and its replay."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.builder.decisions import (
    ClaimRef,
    Decision,
    DecisionLog,
    Ends,
    corrections,
    new_decision,
)
from graph_api.builder.decisions import replay as replay_log
from graph_api.errors import BadInputError, MissingError
from ingest.extraction import Named
from ontology.model import Iri

CLAIM = ClaimRef("c" * 32, "d" * 64, "s", "p", "o", "a « quote »")


def decision(action: str, claim: str = "c" * 32, **more: str) -> Decision:
    return new_decision(action, who="me", claim=replace(CLAIM, hash=claim), **more)  # type: ignore[arg-type]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    made = [decision("reject", why="wrong year"), decision("accept", "e" * 32)]
    for each in made:
        log.append(each)
    assert log.read() == (made, [])


def test_a_correction_is_read_as_it_was_written(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    named = Named(Iri("http://e/id/actor/x"), "Network", "X", "fr", new=True)
    made = [
        replace(decision("correct"), ends=ends)
        for ends in (Ends("s", "2003", "gYear"), Ends("s", named.iri, "", "http://e/p", named))
    ]
    for each in made:
        log.append(each)
    assert log.read() == (made, [])
    assert log.path.read_text().splitlines()[0].count("predicate") == 1  # that of the claim
    assert corrections(made) == {"c" * 32: made[1].ends.correction()}  # type: ignore[union-attr]


def test_no_log_is_no_decision(tmp_path: Path) -> None:
    assert DecisionLog(tmp_path).read() == ([], [])


def test_a_torn_last_line_is_told_and_left(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    first, second = decision("reject"), decision("accept", "e" * 32)
    log.append(first)
    with log.path.open("ab") as file:
        file.write(b'{"id": "torn", "who": "\xc3')
    decisions, warnings = log.read()
    assert decisions == [first]
    assert len(warnings) == 1
    assert "line 2" in warnings[0]
    log.append(second)
    decisions, warnings = log.read()
    assert decisions == [first, second]
    assert len(warnings) == 1
    assert b"torn" in log.path.read_bytes()


def test_an_unknown_action_is_kept_without_effect(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    log.append(decision("merge"))
    decisions, warnings = log.read()
    assert decisions[0].action == "merge"
    assert not warnings
    assert replay_log(decisions) == {}


def test_the_last_judgement_counts() -> None:
    assert replay_log([decision("accept"), decision("reject")]) == {"c" * 32: "rejected"}


def test_undo_brings_the_former_state_back_and_can_be_undone() -> None:
    accept, reject = decision("accept"), decision("reject")
    undo = new_decision("undo", who="me", undoes=reject.id)
    again = new_decision("undo", who="me", undoes=undo.id)
    assert replay_log([accept, reject, undo]) == {"c" * 32: "accepted"}
    assert replay_log([accept, reject, undo, again]) == {"c" * 32: "rejected"}


def test_find_gives_the_last_that_is_in_force(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    first, second = decision("accept"), decision("reject", "e" * 32)
    for each in (first, second):
        log.append(each)
    assert log.find(None) == second
    log.append(new_decision("undo", who="me", undoes=second.id))
    assert log.find(None) == first
    with pytest.raises(BadInputError, match="undone already"):
        log.find(second.id)
    log.append(new_decision("undo", who="me", undoes=first.id))
    with pytest.raises(MissingError, match="no decision to undo"):
        log.find(None)
    with pytest.raises(MissingError):
        log.find("none")


@given(st.lists(st.tuples(st.sampled_from(["accept", "reject"]), st.sampled_from("abc"))))
def test_undoing_everything_gives_nothing(made: list[tuple[str, str]]) -> None:
    log = [decision(action, claim * 32) for action, claim in made]
    undone = [new_decision("undo", who="me", undoes=each.id) for each in log]
    assert replay_log([*log, *undone]) == {}
    assert replay_log(log) == {
        claim * 32: {"accept": "accepted", "reject": "rejected"}[action] for action, claim in made
    }
