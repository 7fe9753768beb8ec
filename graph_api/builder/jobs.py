"""Jobs on disk: acknowledged once written, kept with their report when done.

Only the holder of the data folder's lock writes them.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from graph_api import durable
from graph_api.errors import BadInputError, MissingError

__all__ = ["JOB_KINDS", "Job", "JobLog", "Progress", "silent"]

JOB_KINDS = (
    "ingest", "rehearse", "build", "decide", "undo", "backup", "withdraw", "restore", "merge", "part", "distinct",
    "partner", "partner-withdraw", "partner-restore",
    "settle", "unsettle", "map", "suppress", "lift",
)  # fmt: skip

Progress = Callable[[dict[str, object]], None]
"""Told of each step: ``event`` and what goes with it, all JSON values."""

_KEEP = 500  # finished jobs whose report stays readable


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. ``report`` is what came of it; ``generation`` the first that shows it.

    ``attempts`` counts how often it was begun: more than once if the process was killed meanwhile.
    """

    id: str
    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)
    state: Literal["queued", "running", "done", "failed"] = "queued"
    generation: int = 0
    report: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0

    def status(self) -> dict[str, object]:
        """Return what is told to the one who asks how it goes."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "generation": self.generation,
            "reports": self.report.get("documents", []),
            "report": {k: v for k, v in self.report.items() if k != "documents"},
        }


class JobLog:
    """The folder ``run/jobs``: one file a job."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, kind: str, arguments: dict[str, Any]) -> Job:
        """Put a job in the queue; it is on the disk when this returns.

        Raises:
            BadInputError: there is no such kind of job.
        """
        if kind not in JOB_KINDS:
            raise BadInputError(f"there is no job of kind {kind!r}")
        # The id sorts by time, so that a restart goes on in the order of the queue.
        job = Job(f"{time.time_ns():020d}-{secrets.token_hex(8)}", kind, arguments)
        self.save(job)
        return job

    def save(self, job: Job) -> None:
        """Write the job's state."""
        durable.write_json(self._folder / f"{job.id}.json", asdict(job))

    def get(self, job_id: str) -> Job:
        """Raises MissingError."""
        if not job_id or not all(c in "0123456789abcdef-" for c in job_id):
            raise MissingError("there is no such job")
        try:
            return _load(self._folder / f"{job_id}.json")
        except (OSError, ValueError, TypeError):
            raise MissingError(f"there is no job {job_id[:60]}") from None

    def pending(self) -> list[Job]:
        """Return the jobs that are not finished, first come first; running ones start again."""
        jobs = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                job = _load(path)
            except (OSError, ValueError, TypeError):
                # Jobs are written whole; whatever this is, it is not one.
                continue
            if job.state in ("queued", "running"):
                jobs.append(replace(job, state="queued"))
        return jobs

    def forget_old(self) -> None:
        """Remove the oldest finished jobs beyond those whose report is kept."""
        unfinished = {job.id for job in self.pending()}
        finished = [p for p in sorted(self._folder.glob("*.json")) if p.stem not in unfinished]
        for path in finished[:-_KEEP]:
            path.unlink(missing_ok=True)


def silent(event: dict[str, object]) -> None:
    """Progress for nobody."""


def _load(path: Path) -> Job:
    return Job(**json.loads(path.read_bytes()))
