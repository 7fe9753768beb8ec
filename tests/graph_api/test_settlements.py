"""Settled contradictions: the last word counts, follows its entity, and can be taken back."""

from pathlib import Path

import pytest

from graph_api.builder.review import Judge
from graph_api.builder.settling import settle, unsettle
from graph_api.errors import BadInputError, MissingError
from graph_api.settlements import SettlementLog, settled

DLA, OTHER = "https://m.example/id/programme/dla", "https://m.example/id/programme/dispositif"
KEYS = [f"{DLA} createdInYear 2002", f"{DLA} createdInYear 2003"]


def test_the_last_word_counts_until_it_is_taken_back(tmp_path: Path) -> None:
    log = SettlementLog(tmp_path)
    assert log.in_force() == ()
    first = settle(log, "prefer", DLA, "created", KEYS, KEYS[0], Judge("Camille", "the law", "j1"))
    second = settle(log, "both", DLA, "created", KEYS, "", Judge("Sacha", "", "j2"))
    with log.path.open("a") as file:
        file.write('{"half": \n{"verdict": "burn", "id": "x"}\n')
    again = SettlementLog(tmp_path)
    found = settled(again.in_force(), {}, DLA, "created", KEYS)
    assert found is not None
    assert (found.id, found.verdict, found.value, found.later) == (
        second.id,
        "both",
        "",
        frozenset(),
    )
    unsettle(log, second.id, Judge("Sacha", "", "j3"))
    found = settled(again.in_force(), {}, DLA, "created", KEYS)
    assert found is not None
    assert (found.id, found.value) == (first.id, KEYS[0])
    unsettle(log, first.id, Judge("Sacha", "", "j4"))
    assert settled(again.in_force(), {}, DLA, "created", KEYS) is None
    with pytest.raises(MissingError):
        unsettle(log, first.id, Judge("Sacha", "", "j5"))
    assert [each.who for each in again.records()] == ["Camille", "Sacha", "Sacha", "Sacha"]


def test_a_job_that_runs_twice_settles_once(tmp_path: Path) -> None:
    log = SettlementLog(tmp_path)
    for _ in range(2):
        settle(log, "error", DLA, "created", KEYS, KEYS[1], Judge("C", "", "j1"))
    assert len(log.records()) == 1
    for _ in range(2):
        unsettle(log, "j1", Judge("C", "", "j2"))
    assert len(log.records()) == 2


def test_it_concerns_only_its_comparison_and_tells_what_came_later(tmp_path: Path) -> None:
    log = SettlementLog(tmp_path)
    settle(log, "prefer", DLA, "created", KEYS, KEYS[0], Judge("C", "", "j1"))
    third = f"{DLA} createdInYear 2010"
    found = settled(log.in_force(), {}, DLA, "created", [*KEYS, third])
    assert found is not None
    assert found.later == {third}
    assert settled(log.in_force(), {}, DLA, "adopted", KEYS) is None
    assert settled(log.in_force(), {}, OTHER, "created", KEYS) is None
    # The preferred value is no longer there: nothing is settled.
    assert settled(log.in_force(), {}, DLA, "created", [KEYS[1], third]) is None


def test_it_follows_an_entity_that_is_merged(tmp_path: Path) -> None:
    log = SettlementLog(tmp_path)
    settle(log, "prefer", DLA, "created", KEYS, KEYS[0], Judge("C", "", "j1"))
    moved = [key.replace(DLA, OTHER) for key in KEYS]
    found = settled(log.in_force(), {DLA: OTHER}, OTHER, "created", moved)
    assert found is not None
    assert (found.value, found.later) == (moved[0], frozenset())


@pytest.mark.parametrize(
    ("verdict", "values", "value"),
    [
        ("burn", KEYS, KEYS[0]),
        ("prefer", KEYS, ""),
        ("prefer", KEYS, "another"),
        ("both", KEYS, KEYS[0]),
        ("both", KEYS[:1], ""),
        ("error", [], ""),
    ],
)
def test_what_says_nothing_is_refused(
    tmp_path: Path, verdict: str, values: list[str], value: str
) -> None:
    log = SettlementLog(tmp_path)
    with pytest.raises(BadInputError):
        settle(log, verdict, DLA, "created", values, value, Judge("C", "", "j1"))
    assert log.records() == ()
