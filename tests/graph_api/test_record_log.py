"""The append-only logs: what a crash cut short or a newer version wrote is left out, nothing is lost."""

import json
from dataclasses import dataclass
from pathlib import Path

from graph_api.record_log import RecordLog


@dataclass(frozen=True)
class Said:
    """A record of the test."""

    word: str


def read(line: str) -> Said:
    return Said(json.loads(line)["word"])


def test_what_is_added_is_read_by_all_and_lines_that_are_no_record_are_left_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "said.jsonl"
    log, other = RecordLog(path, read), RecordLog(path, read)
    assert log.records() == other.records() == ()
    log.append(Said("é"))
    assert log.records() == other.records() == (Said("é"),)
    with path.open("a") as file:
        file.write('[1]\n{"verb": 1}\n{"wor')  # another form, another version, a crash
    other.append(Said("b"))
    assert log.records() == other.records() == (Said("é"), Said("b"))
    assert len(path.read_text(encoding="utf-8").splitlines()) == 5


def test_it_is_read_again_only_when_it_grew(tmp_path: Path) -> None:
    log = RecordLog(tmp_path / "said.jsonl", read)
    log.append(Said("a"))
    first = log.records()
    assert log.records() is first
    log.append(Said("b"))
    assert log.records() == (*first, Said("b"))
