"""An append-only file of records, one JSON object a line: what people decided, never rewritten."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from graph_api import durable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["RecordLog"]

R = TypeVar("R", bound="DataclassInstance")


class RecordLog(Generic[R]):
    """Reads a log, again when it grew; only the holder of the data folder's lock appends.

    ``read`` makes a record of a line. It raises ValueError, KeyError or TypeError for what is none:
    a line that a crash cut short, or that a newer version wrote, is left out.
    """

    def __init__(self, path: Path, read: Callable[[str], R]) -> None:
        self.path = path
        self._read = read
        self._seen: tuple[int, int] | None = None
        self._records: tuple[R, ...] = ()

    def append(self, record: R) -> None:
        """Add a record; it is on the disk when this returns."""
        durable.append_line(
            self.path, json.dumps(asdict(record), ensure_ascii=False, sort_keys=True)
        )

    def records(self) -> tuple[R, ...]:
        """Every record in the order of the log: the same tuple until there is another."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return ()
        seen = (status.st_size, status.st_mtime_ns)
        if seen != self._seen:
            found = []
            for line in self.path.read_text(encoding="utf-8").splitlines():
                try:
                    found.append(self._read(line))
                except (ValueError, KeyError, TypeError):
                    continue
            self._records, self._seen = tuple(found), seen
        return self._records
