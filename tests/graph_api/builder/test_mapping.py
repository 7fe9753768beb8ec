"""Writing mappings: all rows or none, and nothing twice."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph_api.builder.mapping import write_mappings
from graph_api.builder.review import Judge
from graph_api.cli import cli, mapping_commands
from graph_api.errors import BadInputError, MaillonError, MissingError
from graph_api.exchange.sssom import read_sssom, write_sssom
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.mappings import MappingLog
from graph_api.partners.registry import PartnerFolder
from graph_api.partners.rules import in_words
from ontology.iris import Iris
from tests.graph_api.partners.test_registry import LATVIA

OURS, THEIRS = "https://maillon.example/id/programme/x", "https://lv.example/id/programme/y"
ROW = {"event": "map", "subject": OURS, "predicate": "skos:exactMatch", "object": THEIRS}


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "var")
    made.init()
    PartnerFolder(made, Iris()).add(LATVIA)
    return made


def write(folder: DataFolder, *rows: dict[str, str], job: str = "") -> int:
    return len(write_mappings(folder, Iris(), rows, Judge("Camille", "", job)))


def test_a_mapping_is_written_once_and_taken_back(folder: DataFolder) -> None:
    log = MappingLog(folder.decisions)
    assert write(folder, ROW, job="job-1") == 1
    assert write(folder, ROW) == 0
    assert (
        write(folder, ROW, job="job-1") == 1
    )  # the job was killed and runs again: nothing is added
    (held,) = log.in_force()
    assert (held.who, held.justification) == ("Camille", "semapv:ManualMappingCuration")
    assert write(folder, {**ROW, "event": "retract"}) == 1
    assert log.in_force() == ()
    assert len(log.records()) == 2
    with pytest.raises(MissingError):
        write(folder, {**ROW, "event": "retract"})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"predicate": "owl:sameAs"}, "is none of skos:exactMatch"),
        ({"justification": "semapv:Oracle"}, "is none of semapv:Manual"),
        ({"event": "guess"}, "a mapping is made by"),
        ({"object": "file:///etc/passwd"}, "no address of the web"),
        ({"object": "https://lv.example/id/a b"}, "no address of the web"),
        ({"object": OURS}, "mapped to itself"),
        ({"subject": "https://a.example/1", "object": "https://b.example/2"}, "neither"),
        ({"colour": "red"}, "this is no mapping"),
    ],
)
def test_of_rows_with_a_fault_none_is_written(
    folder: DataFolder, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        write(folder, ROW, {**ROW, **changed})
    assert MappingLog(folder.decisions).records() == ()
    assert in_words(refused.value.detail)["fr"] != refused.value.detail


def test_a_mapping_set_is_written_and_read_again(folder: DataFolder) -> None:
    write(folder, {**ROW, "comment": "the same\tfund", "confidence": "0.9"})
    held = MappingLog(folder.decisions).in_force()
    text = write_sssom(held, "https://maillon.example")
    assert text.splitlines()[5].startswith("subject_id\tpredicate_id\tobject_id")
    (row,) = read_sssom(text.encode(), "set.sssom.tsv")
    assert row["comment"] == "the same fund"
    assert {key: row[key] for key in ROW} == ROW
    assert (row["who"], row["confidence"]) == ("Camille", "0.9")
    assert write(folder, {**row, "comment": "the same\tfund"}) == 0
    for data in (
        b"subject_id\n",
        b"\xff\xfe",
        text.replace("skos:exactMatch", "owl:sameAs").encode(),
    ):
        with pytest.raises(BadInputError):
            read_sssom(data, "set.sssom.tsv")


def test_the_commands_write_through_the_builder(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_job(_f: Any, _s: Any, kind: str, said: dict[str, Any], _p: Any) -> dict[str, Any]:
        assert kind == "map"
        try:
            made = write_mappings(folder, Iris(), said["rows"], Judge(said["who"], "", ""))
        except MaillonError as error:
            return {"state": "failed", "report": {"problem": error.problem, "detail": error.detail}}
        return {"state": "done", "report": {"mappings": [each.subject for each in made]}}

    monkeypatch.setattr(mapping_commands, "run_job", run_job)

    def call(*words: str) -> str:
        done = CliRunner().invoke(cli, ["mapping", *words, "--data", str(folder.root)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "are mapped" in call("add", OURS, THEIRS, "--who", "Camille", "--why", "same statutes")
    kept = tmp_path / "set.sssom.tsv"
    call("export", str(kept))
    assert "same statutes" in kept.read_text()
    assert "no longer mapped" in call("retract", OURS, THEIRS)
    assert OURS not in call("export")
    assert "Mappings in the file: 1; new or changed: 1." in call("import", str(kept))
    assert THEIRS in call("export")
    gone = new_fate(THEIRS, "withdrawn", who="x", why="asked for")
    IdentityLog(folder.decisions).append(gone)
    assert THEIRS not in call("export")
    assert "noted as different" in call("refuse", OURS, f"{THEIRS}2")
