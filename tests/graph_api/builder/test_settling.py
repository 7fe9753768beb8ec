"""Settlements as jobs: kept through builds and a restore, and no part of the graph changes."""

import shutil

import pytest

from graph_api.builder.backup import restore_archive, write_archive
from graph_api.builder.runner import Runner
from graph_api.folder import DataFolder
from graph_api.settlements import SettlementLog
from tests.graph_api.builder.test_runner import run

pytestmark = pytest.mark.slow


def test_a_settlement_outlives_builds_and_a_restore(runner: Runner) -> None:
    folder = runner.builder.folder
    before = runner.builder.hash()
    said = {"verdict": "prefer", "subject": "s", "measure": "m", "values": ["a", "b"], "value": "a"}
    job = run(runner, "settle", who="Camille", why="the law", **said)
    assert job.state == "done", job.report
    (record,) = SettlementLog(folder.decisions).in_force()
    assert (record.id, record.who, record.value) == (job.id, "Camille", "a")
    assert run(runner, "build").state == "done"
    assert SettlementLog(folder.decisions).in_force() == (record,)
    archive, again = folder.root.parent / "kept.tar.gz", DataFolder(folder.root.parent / "again")
    write_archive(folder, archive, before)
    restore_archive(again, archive)
    assert SettlementLog(again.decisions).in_force() == (record,)
    shutil.rmtree(again.root)
    assert run(runner, "unsettle", who="Sacha", settlement=record.id).state == "done"
    assert SettlementLog(folder.decisions).in_force() == ()
    assert runner.builder.hash() == before


def test_what_cannot_be_settled_is_told(runner: Runner) -> None:
    job = run(runner, "settle", who="Camille", verdict="prefer", subject="s", measure="m")
    assert job.state == "failed"
    assert "value" in job.report["failure"]["detail"]
    job = run(runner, "unsettle", who="Camille", settlement="none")
    assert job.report["failure"]["problem"] == "missing"
