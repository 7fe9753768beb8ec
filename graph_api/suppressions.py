"""Who asked not to be found here any more. Kept behind closed doors, append-only, with receipts.

``access/suppressions.jsonl`` has one record a line: what is suppressed, and the names that are blacked out.
``access/receipts.jsonl`` says when which channels were cleaned, and never of whom.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from graph_api import durable
from graph_api.errors import MissingError
from graph_api.masking import Masks

__all__ = ["Channel", "Receipt", "ReceiptLog", "Suppression", "SuppressionLog", "new_suppression"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """One record. ``names`` are blacked out; ``lifts`` is the id of one that is taken back.

    ``at`` is UTC, ISO 8601.
    """

    id: str
    at: str
    who: str
    why: str = ""
    iri: str = ""
    names: tuple[str, ...] = ()
    lifts: str = ""

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what is not a record."""
        data = json.loads(line)
        return cls(**{**data, "names": tuple(data["names"])})


def new_suppression(
    who: str,
    *,
    why: str = "",
    iri: str = "",
    names: Iterable[str] = (),
    lifts: str = "",
    suppression_id: str = "",
) -> Suppression:
    """Make a record of now. Its id says nothing of whom it is about."""
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    return Suppression(
        suppression_id or secrets.token_hex(8), now, who, why, iri, tuple(names), lifts
    )


class SuppressionLog:
    """Reads the log, again when it grew; only the holder of the data folder's lock appends."""

    def __init__(self, access: Path) -> None:
        self.path = access / "suppressions.jsonl"
        self._seen: tuple[int, int] | None = None
        self._holding: tuple[Suppression, ...] = ()
        self._masks = Masks(())

    def append(self, suppression: Suppression) -> None:
        """Add a record; it is on the disk when this returns, for the folder's owner alone."""
        line = json.dumps(asdict(suppression), ensure_ascii=False, sort_keys=True)
        self.path.touch(mode=0o600)
        durable.append_line(self.path, line)

    def holding(self) -> tuple[Suppression, ...]:
        """The suppressions that hold, in the order of the log.

        Raises:
            KeyError, TypeError: a newer version wrote it. Nothing is shown then: whom it is about is
                not known.
        """
        self._read()
        return self._holding

    def masks(self) -> Masks:
        """What is blacked out now. Raises as :meth:`holding`."""
        self._read()
        return self._masks

    def find(self, suppression_id: str) -> Suppression:
        """Return one that holds. Raises MissingError."""
        for each in self.holding():
            if each.id == suppression_id:
                return each
        raise MissingError(f"there is no suppression {suppression_id[:80]}")

    def _read(self) -> None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return
        seen = (status.st_size, status.st_mtime_ns)
        if seen == self._seen:
            return
        lines = self.path.read_text(encoding="utf-8").splitlines()
        records = [Suppression.from_json(line) for line in lines if _is_whole(line)]
        lifted = {each.lifts for each in records if each.lifts}
        self._holding = tuple(e for e in records if not e.lifts and e.id not in lifted)
        self._masks = Masks(name for each in self._holding for name in each.names)
        self._seen = seen


def _is_whole(line: str) -> bool:
    """Whether a line is one: what a crash cut short was never acknowledged, and is written again."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Channel:
    """A way by which something could be read: how much of it was cleaned, how much is left."""

    name: str
    cleaned: int
    left: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was cleaned, and when: never of whom. ``at`` is UTC, ISO 8601."""

    id: str
    at: str
    channels: tuple[Channel, ...]

    @property
    def when(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromisoformat(self.at)

    @property
    def clean(self) -> bool:
        """Whether nothing was left on any channel."""
        return not any(channel.left for channel in self.channels)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Raises ValueError, KeyError or TypeError for what is not a receipt."""
        channels: list[dict[str, object]] = data["channels"]  # type: ignore[assignment]
        return cls(str(data["id"]), str(data["at"]), tuple(Channel(**c) for c in channels))  # type: ignore[arg-type]


class ReceiptLog:
    """The receipts of one data folder; of one suppression the last one counts."""

    def __init__(self, access: Path) -> None:
        self.path = access / "receipts.jsonl"

    def append(self, receipt: Receipt) -> None:
        """Add a receipt; it is on the disk when this returns."""
        durable.append_line(self.path, json.dumps(asdict(receipt), sort_keys=True))

    def get(self, receipt_id: str) -> Receipt:
        """Raises MissingError."""
        found = None
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                receipt = Receipt.from_json(json.loads(line))
                found = receipt if receipt.id == receipt_id else found
        if found is None:
            raise MissingError("there is no receipt of this number")
        return found
