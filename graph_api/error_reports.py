"""Errors that visitors report: kept for curators, who accept or reject them; accepted ones are errata.

``decisions/reports.jsonl`` is append-only: a report is a line, and so is what a curator decided on it.
Neither an address nor a name of the visitor is kept.
"""

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from graph_api import durable
from graph_api.errors import MissingError, TooManyError

__all__ = ["STATES", "ErrorReport", "ReportLog", "State"]

State = Literal["new", "accepted", "rejected"]
STATES: tuple[State, ...] = ("new", "accepted", "rejected")


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """``page`` is the path below the language, ``fact`` the name of a claim; ``note`` a curator's."""

    id: str
    at: str
    page: str
    fact: str
    text: str
    state: State = "new"
    note: str = ""
    decided: str = ""


class ReportLog:
    """The reports of one data folder; the web and the command line both write, under a lock."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "reports.jsonl"

    def add(self, page: str, fact: str, text: str, most_new: int) -> ErrorReport:
        """Keep a report.

        Raises:
            TooManyError: ``most_new`` wait already for a curator.
        """
        now = datetime.now(UTC)
        report = ErrorReport(
            f"{now:%Y%m%d}-{secrets.token_hex(4)}", now.isoformat(timespec="seconds"),
            page, fact, text,
        )  # fmt: skip
        with self._locked():
            if sum(each.state == "new" for each in self.all()) >= most_new:
                raise TooManyError("too many reports wait for a curator", retry_after=86_400)
            durable.append_line(self.path, _line({"report": asdict(report)}))
        return report

    def decide(self, report_id: str, state: State, note: str) -> ErrorReport:
        """Accept or reject a report; the last decision counts.

        Raises:
            MissingError: no such report.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._locked():
            found = next((each for each in self.all() if each.id == report_id), None)
            if found is None:
                raise MissingError(f"there is no report {report_id}")
            record = {"id": report_id, "state": state, "note": note, "at": now}
            durable.append_line(self.path, _line({"decision": record}))
        return replace(found, state=state, note=note, decided=now)

    def all(self) -> list[ErrorReport]:
        """Every report in the order it came in, with what was decided. Broken lines are passed over."""
        found: dict[str, ErrorReport] = {}
        if not self.path.exists():
            return []
        for line in self.path.read_bytes().decode("utf-8", errors="replace").split("\n"):
            try:
                _apply(json.loads(line), found)
            except (ValueError, KeyError, TypeError):
                continue
        return list(found.values())

    def accepted(self) -> list[ErrorReport]:
        """The errata: accepted reports, the last decided first."""
        found = [each for each in self.all() if each.state == "accepted"]
        return sorted(found, key=lambda each: (each.decided, each.id), reverse=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def _apply(record: dict[str, Any], found: dict[str, ErrorReport]) -> None:
    if "report" in record:
        report = ErrorReport(**record["report"])
        found[report.id] = report
        return
    made = record["decision"]
    if made["state"] in STATES and made["id"] in found:
        found[made["id"]] = replace(
            found[made["id"]], state=made["state"], note=made["note"], decided=made["at"]
        )
