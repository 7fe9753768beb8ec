"""The report of each run, kept in the partner's folder: ``runs/{id}.json``."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from graph_api import durable
from graph_api.errors import MissingError
from graph_api.partners.rules import Finding

__all__ = ["STATES", "Run", "RunLog", "new_id"]

STATES = ("live", "previewed", "refused")
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a file. ``at`` is UTC, ISO 8601; ``state`` one of :data:`STATES`.

    ``records`` are those in the file, ``kept`` those that passed with ``triples`` statements;
    ``added``, ``changed`` and ``removed`` count records against the copy that was live. A refused run
    names ``rule`` and says why in ``messages``, by language. ``more`` counts findings beyond those kept.
    """

    id: str
    partner: str
    at: str
    file: str
    sha256: str
    state: str
    seconds: float
    records: int = 0
    kept: int = 0
    triples: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    rule: str = ""
    messages: dict[str, str] | None = None
    findings: tuple[Finding, ...] = ()
    more: int = 0

    @property
    def left_out(self) -> int:
        """How many records were left out."""
        return self.records - self.kept

    @property
    def when(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromisoformat(self.at)

    def message(self, lang: str) -> str:
        """Why it was refused, in a language; empty where it was not."""
        said = self.messages or {}
        return said.get(lang) or said.get("en", "")

    def to_json(self, *, public: bool = False) -> dict[str, Any]:
        """Return it as JSON values; ``public`` without what left-out records say."""
        told = asdict(self)
        told["findings"] = [finding.to_json() for finding in self.findings]
        if public:
            for finding in told["findings"]:
                del finding["value"]
        return told

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError or TypeError for what is no run."""
        findings = tuple(Finding.from_json(each) for each in data["findings"])
        return cls(**{**data, "findings": findings})


class RunLog:
    """The reports of one partner. Only the holder of the data folder's lock writes."""

    def __init__(self, place: Path, kept: int = 0) -> None:
        """``kept`` is how many reports stay; 0 keeps all."""
        self._folder = place / "runs"
        self._kept = kept

    def save(self, run: Run) -> None:
        """Keep a report; the oldest beyond those that are kept go."""
        self._folder.mkdir(exist_ok=True)
        durable.write_json(self._folder / f"{run.id}.json", run.to_json())
        if self._kept:
            for path in sorted(self._folder.glob("*.json"))[: -self._kept]:
                path.unlink(missing_ok=True)

    def get(self, run: str) -> Run:
        """Raises MissingError."""
        if not _ID.fullmatch(run):
            raise MissingError("there is no such run")
        try:
            return _load(self._folder / f"{run}.json")
        except (OSError, ValueError, KeyError, TypeError):
            raise MissingError(f"there is no run {run}") from None

    def all(self) -> Iterator[Run]:
        """Yield the runs, the newest first."""
        for path in sorted(self._folder.glob("*.json"), reverse=True):
            try:
                yield _load(path)
            except (OSError, ValueError, KeyError, TypeError):
                continue

    def last(self) -> Run | None:
        """The newest run that was no preview."""
        return next((run for run in self.all() if run.state != "previewed"), None)


def new_id(moment: datetime) -> str:
    """Make the id of a run; ids sort by time."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _load(path: Path) -> Run:
    return Run.from_json(json.loads(path.read_bytes()))
