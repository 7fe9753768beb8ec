"""Jobs on disk."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.builder.jobs import JobLog, silent
from graph_api.errors import BadInputError, MissingError


def test_jobs_wait_in_the_order_they_came(tmp_path: Path) -> None:
    log = JobLog(tmp_path)
    jobs = [log.add("build", {"n": n}) for n in range(5)]
    assert JobLog(tmp_path).pending() == jobs


def test_a_running_job_starts_again_a_finished_one_does_not(tmp_path: Path) -> None:
    log = JobLog(tmp_path)
    running, done, failed = (log.add("build", {}) for _ in range(3))
    log.save(replace(running, state="running"))
    log.save(replace(done, state="done", generation=7, report={"documents": [1], "hash": "h"}))
    log.save(replace(failed, state="failed"))
    assert [(job.id, job.state) for job in log.pending()] == [(running.id, "queued")]
    status = log.get(done.id).status()
    assert status == {
        "id": done.id,
        "kind": "build",
        "state": "done",
        "generation": 7,
        "reports": [1],
        "report": {"hash": "h"},
    }


@pytest.mark.parametrize("job_id", ["", "../../etc/passwd", "0000", "a/b", "x" * 500])
def test_an_unknown_id_is_missing(tmp_path: Path, job_id: str) -> None:
    with pytest.raises(MissingError):
        JobLog(tmp_path).get(job_id)


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError):
        JobLog(tmp_path).add("update", {})
    assert list(tmp_path.iterdir()) == []


def test_rubbish_in_the_folder_is_no_job(tmp_path: Path) -> None:
    (tmp_path / "0000-aa.json").write_text("{")
    (tmp_path / "0001-aa.json").write_text('{"other": 1}')
    assert JobLog(tmp_path).pending() == []


def test_old_reports_are_forgotten_and_waiting_jobs_never(tmp_path: Path) -> None:
    log = JobLog(tmp_path)
    waiting = log.add("build", {})
    for number in range(520):
        (tmp_path / f"9{number:04d}-aa.json").write_text(
            f'{{"id": "9{number:04d}-aa", "kind": "build", "state": "done"}}'
        )
    log.forget_old()
    assert len(list(tmp_path.iterdir())) == 501
    assert log.get(waiting.id) == waiting
    silent({"event": "nothing"})
