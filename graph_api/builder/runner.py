"""Runs jobs: first what changes the sources, then one build for all of them, then their reports."""

import contextlib
import json
import logging
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from graph_api.builder.backup import write_archive
from graph_api.builder.build import Builder, Outcome
from graph_api.builder.children import ReaderChild
from graph_api.builder.correcting import Wish
from graph_api.builder.decisions import Decision
from graph_api.builder.jobs import Job, JobLog, Progress, silent
from graph_api.builder.mapping import write_mappings
from graph_api.builder.merging import merge, part, tell_apart
from graph_api.builder.partner_withdrawal import let_back, take_out
from graph_api.builder.partnering import Sent, take_in
from graph_api.builder.read_files import ReadFile, Unreadable
from graph_api.builder.rehearsal import rehearse
from graph_api.builder.review import Judge, decide, undo, undo_job, undo_since
from graph_api.builder.settling import settle, unsettle
from graph_api.builder.suppressing import lift, suppress
from graph_api.builder.withdrawing import restore, withdraw
from graph_api.errors import BadInputError, CannotRunError, MaillonError
from graph_api.folder import SPOOLED, DataFolder
from graph_api.settings import Settings
from ontology import terms as mln

__all__ = ["Runner", "open_runner"]

_log = logging.getLogger(__name__)

_ATTEMPTS = 3  # times that a job may kill its process before it is given up
_FORGOTTEN = 86_400.0  # seconds after which an upload without a job is removed


@contextmanager
def open_runner(folder: DataFolder, settings: Settings, holder: str) -> Iterator["Runner"]:
    """Take the lock, open the store, and finish what a killed process had acknowledged.

    Raises:
        CannotRunError: another process writes, or the store cannot be opened.
    """
    with folder.lock(holder), Builder(folder, settings) as builder:
        runner = Runner(builder)
        runner.recover()
        yield runner


class Runner:
    """Takes jobs in order. One thread only."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self.jobs = JobLog(builder.folder.jobs)

    @property
    def builder(self) -> Builder:
        """The open builder, for those who read what it made."""
        return self._builder

    def recover(self) -> None:
        """Run jobs that were acknowledged and never finished; remove what their uploads left."""
        pending = self.jobs.pending()
        for job in pending:
            if job.attempts >= _ATTEMPTS:
                error = CannotRunError("the process was killed each time that it ran this job")
                self.jobs.save(_failed(job, error))
        if again := [job for job in pending if job.attempts < _ATTEMPTS]:
            self.run(again)
        self._tidy_inbox()

    def _tidy_inbox(self) -> None:
        for left in self._builder.folder.inbox.iterdir():
            # A younger one may be an upload under way, or one that was looked at and may be kept next.
            if time.time() - left.stat().st_mtime > _FORGOTTEN:
                shutil.rmtree(left, ignore_errors=True)

    def reconcile(self, *, hashed: bool = True) -> None:
        """Bring the graph in step with its sources: what the last process left, new conclusions."""
        outcome = self._builder.build(hashed=hashed)
        for problem in (*outcome.problems, *outcome.failed.values()):
            _log.warning("%s", problem)

    def run(
        self, jobs: list[Job], progress: Progress = silent, *, hashed: bool = True
    ) -> list[Job]:
        """Run a batch and return its jobs, done or failed, with their reports on the disk.

        ``hashed``: see :meth:`Builder.build`.
        """
        begun = [replace(job, state="running", attempts=job.attempts + 1) for job in jobs]
        for job in begun:
            self.jobs.save(job)
        with ReaderChild(self._builder.settings) as child:
            applied = [self._apply(job, child, progress) for job in begun]
        try:
            outcome = self._builder.build(progress, hashed=hashed)
        except Exception as error:
            # The jobs are answered and the process goes on: the next build mends what this left.
            _log.exception("the build failed")
            applied = [_failed(job, error) for job in applied]
        else:
            applied = [self._conclude(job, outcome) for job in applied]
        for job in applied:
            self.jobs.save(job)
            self._clear_inbox(job)
        self.jobs.forget_old()
        return applied

    def _apply(self, job: Job, child: ReaderChild, progress: Progress) -> Job:
        """Do what the job does to the sources, durably."""
        try:
            return replace(job, report=self._change(job, child, progress))
        except (MaillonError, OSError) as error:
            return _failed(job, error)

    def _change(self, job: Job, child: ReaderChild, progress: Progress) -> dict[str, Any]:
        arguments = job.arguments
        builder = self._builder
        if job.kind == "ingest":
            return {"documents": self._ingest(arguments, child, progress)}
        if job.kind == "rehearse":
            self._tidy_inbox()
            files = [(self._inbox_file(f), Path(str(f["name"])).name) for f in arguments["files"]]
            reports = rehearse(builder.folder, builder.settings, files, progress)
            return {"documents": reports, "files": arguments["files"]}
        judge = Judge(str(arguments.get("who", "")), str(arguments.get("why", "")), job.id)
        if job.kind == "decide":
            return self._decide(arguments, judge)
        if job.kind == "undo":
            return self._undo(arguments, judge)
        if job.kind in ("withdraw", "restore", "merge", "part", "distinct"):
            return {"fate": self._identify(job.kind, arguments, judge)}
        if job.kind in ("suppress", "lift"):
            return {"suppression": self._suppress(job.kind, arguments, judge)}
        if job.kind == "partner":
            return {"run": self._take_in(arguments)}
        if job.kind in ("partner-withdraw", "partner-restore"):
            return {"fate": self._withdraw_partner(job.kind, arguments, judge)}
        if job.kind == "map":
            rows = [dict(row) for row in arguments["rows"]]
            made = write_mappings(builder.folder, builder.iris, rows, judge)
            return {"mappings": [asdict(each) for each in made]}
        if job.kind in ("settle", "unsettle"):
            return {"settlement": self._settle(job.kind, arguments, judge)}
        if job.kind == "build":
            builder.reload()
        return {}

    def _take_in(self, arguments: dict[str, Any]) -> dict[str, Any]:
        (file,) = arguments["files"]
        sent = Sent(
            partner=str(arguments["partner"]),
            file=self._inbox_file(file),
            name=str(file["name"]),
            media_type=str(arguments.get("media_type", "")),
            dry_run=bool(arguments.get("dry_run")),
            shrink=bool(arguments.get("shrink")),
            remarks=tuple(str(each) for each in arguments.get("remarks", ())),
        )
        builder = self._builder
        run = take_in(builder.folder, builder.settings, builder.iris, sent)
        if run.state == "live":
            builder.reload()
        # Not the findings: what is withdrawn later shall not stand in a job's report.
        return {name: value for name, value in run.to_json().items() if name != "findings"}

    def _withdraw_partner(
        self, kind: str, arguments: dict[str, Any], judge: Judge
    ) -> dict[str, Any]:
        builder = self._builder
        act = take_out if kind == "partner-withdraw" else let_back
        partner, entity = str(arguments["partner"]), str(arguments.get("entity") or "")
        fate = act(builder.folder, builder.identities, builder.iris, partner, entity, judge)
        builder.reload()
        return {"iri": fate.iri, "event": fate.event, "at": fate.at}

    def _decide(self, arguments: dict[str, Any], judge: Judge) -> dict[str, Any]:
        builder = self._builder
        action = str(arguments.get("action"))
        names = arguments.get("claims") or [arguments.get("claim")]
        claims = builder.claims()
        wish = _wish(arguments) if action == "correct" else None
        wanted = [str(name) for name in names]
        made, refused = decide(builder.decisions, claims, action, wanted, judge, wish)
        decisions = [_told(each) for each in made]
        return {"decision": decisions[0], "decisions": decisions, "refused": refused}

    def _undo(self, arguments: dict[str, Any], judge: Judge) -> dict[str, Any]:
        log = self._builder.decisions
        if first := arguments.get("since"):
            return {"decisions": [_told(each) for each in undo_since(log, str(first), judge)]}
        if job := arguments.get("job"):
            return {"decisions": [_told(each) for each in undo_job(log, str(job), judge)]}
        return {"decision": _told(undo(log, arguments.get("decision"), judge))}

    def _suppress(self, kind: str, arguments: dict[str, Any], judge: Judge) -> str:
        """Suppress or lift; only the number is told, for a job's report may be read by anybody."""
        builder = self._builder
        log, identities, name = builder.suppressions, builder.identities, str(arguments["name"])
        if kind == "lift":
            done = lift(log, identities, builder.iris, name, judge)
        else:
            also = [str(each) for each in arguments.get("also", [])]
            done = suppress(
                log, identities, builder.documents, builder.view, builder.iris, name, also, judge
            )
        builder.reload()
        return done.id

    def _settle(self, kind: str, arguments: dict[str, Any], judge: Judge) -> dict[str, Any]:
        log = self._builder.settlements
        if kind == "unsettle":
            return asdict(unsettle(log, str(arguments.get("settlement", "")), judge))
        said = [str(arguments.get(name, "")) for name in ("verdict", "subject", "measure")]
        values = [str(value) for value in arguments.get("values", [])]
        value = str(arguments.get("value", ""))
        return asdict(settle(log, said[0], said[1], said[2], values, value, judge))

    def _identify(self, kind: str, arguments: dict[str, Any], judge: Judge) -> dict[str, Any]:
        builder = self._builder
        log, iris = builder.identities, builder.iris
        name, other = str(arguments.get("name", "")), str(arguments.get("into", ""))
        if kind == "withdraw":
            fate = withdraw(log, builder.documents, builder.view, iris, name, judge)
        elif kind == "restore":
            fate = restore(log, iris, name, judge)
        elif kind == "merge":
            fate = merge(log, builder.view, iris, name, other, judge)
        elif kind == "part":
            fate = part(log, iris, name, judge)
        else:
            fate = tell_apart(log, iris, name, other, judge)
        if kind in ("withdraw", "restore"):
            builder.reload()
        told = {"iri": fate.iri, "event": fate.event, "at": fate.at, "to": fate.to}
        return {**told, "also": len(fate.also)}

    def _ingest(
        self, arguments: dict[str, Any], child: ReaderChild, progress: Progress
    ) -> list[dict[str, Any]]:
        files = arguments.get("files", [])
        rights = arguments.get("rights")
        reports = []
        for number, file in enumerate(files, start=1):
            name = Path(str(file["name"])).name
            progress({"event": "read", "name": name, "done": number, "total": len(files)})
            started = time.monotonic()
            for read in child.read(self._inbox_file(file), name):
                if read.inside:
                    place = f"{name}/{read.inside}"
                    progress({"event": "read", "name": place, "done": number, "total": len(files)})
                reports.append(self._keep(read, rights, started))
                started = time.monotonic()
        return reports

    def _inbox_file(self, file: dict[str, Any]) -> Path:
        spooled = str(file["spooled"])
        if not SPOOLED.fullmatch(spooled):
            raise BadInputError("an upload is named by its place in the inbox")
        return self._builder.folder.inbox / spooled

    def _keep(self, read: ReadFile, rights: str | None, started: float) -> dict[str, Any]:
        """Keep the document that was read, if there is one; return its report."""
        report = read.as_report()
        if isinstance(read.outcome, Unreadable):
            return report
        iri = self._builder.iris.document(read.outcome.sha256)
        if iri in self._builder.identities.withdrawn():
            told = "It was withdrawn; restore it first (maillon withdraw --undo)."
            return {**report, "state": "failed", "problem": "withdrawn", "detail": told}
        added = self._builder.documents.save(read.outcome, read.data, rights)
        report["state"] = "added" if added else "present"
        report["seconds"] = round(time.monotonic() - started, 3)
        return report

    def _conclude(self, job: Job, outcome: Outcome) -> Job:
        """Tell in the job's report what the build came to."""
        if job.state == "failed":
            return job
        if job.kind == "suppress":
            self._builder.forget_changes()
        report = dict(job.report)
        report["problems"] = list(outcome.problems)
        report["quads"] = outcome.quads
        report["ran"] = list(outcome.ran)
        if job.kind in ("build", "backup"):
            report["hash"] = self._builder.hash()
        if job.kind == "backup":
            try:
                target = Path(str(job.arguments["file"]))
                report["files"] = write_archive(self._builder.folder, target, report["hash"])
            except MaillonError as error:
                return _failed(job, error)
        if job.kind == "ingest":
            read = report.get("documents", [])
            report["documents"] = [self._counted(entry, outcome) for entry in read]
        if job.kind == "build":
            report["documents"] = [
                {"sha256": sha256, "name": self._builder.documents.name(sha256)}
                | {"state": "failed", "problem": "extraction", "detail": detail}
                for sha256, detail in outcome.failed.items()
            ]
        return replace(job, state="done", generation=outcome.generation, report=report)

    def _counted(self, entry: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
        sha256 = entry.get("sha256")
        if sha256 is None or entry.get("state") == "failed":
            return entry
        if sha256 in outcome.failed:
            problem = {"problem": "extraction", "detail": outcome.failed[sha256]}
            return {**entry, "state": "failed", **problem}
        extraction = self._builder.extraction(sha256)
        asserted = sum(1 for mention in extraction.mentions if mention.asserted)
        claims = sum(1 for claim in extraction.claims if claim.predicate != mln.mentions)
        waiting = Counter(c.rule for c in extraction.candidates if c.predicate != mln.mentions)
        return {**entry, "mentions": asserted, "claims": claims, "waiting": dict(waiting)}

    def _clear_inbox(self, job: Job) -> None:
        if job.kind == "rehearse":
            return  # whoever asked may want the files kept next
        for file in job.arguments.get("files", []):
            with contextlib.suppress(OSError, BadInputError):
                shutil.rmtree(self._inbox_file(file).parent)


def _wish(arguments: dict[str, Any]) -> Wish:
    given = {each.name: arguments.get(each.name, "") for each in fields(Wish)}
    everywhere = bool(given.pop("everywhere"))
    return Wish(
        **{name: str(value).strip() for name, value in given.items()}, everywhere=everywhere
    )


def _failed(job: Job, error: Exception) -> Job:
    detail = error.detail if isinstance(error, MaillonError) else f"{type(error).__name__}: {error}"
    code = error.exit_code if isinstance(error, MaillonError) else 3
    problem = getattr(error, "problem", "internal-error")
    failure = {"problem": problem, "detail": detail, "exit_code": code}
    return replace(job, state="failed", report={**job.report, "failure": failure})


def _told(decision: Decision) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(asdict(decision)))
    return told
