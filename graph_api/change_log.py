"""The change log: what was created, changed and deleted, when, and what is said since. Kept.

``changes/log.sqlite`` has one row a change of an entity, with all that was said of it from then on. The
graph keeps no dates: the builder compares what it publishes with the newest row of each entity, and
adds what differs. Feeds (:mod:`graph_api.exchange.event_stream`) and OAI-PMH read it.

Of an entity that changed again the older rows may go, of a deleted one they go at once: what it said
before is in no file afterwards. Its last row, that it was deleted, stays.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from graph_api.folder import DataFolder

__all__ = ["Change", "ChangeLog", "ChangeLogWriter", "Event", "PageBounds", "State", "new_change"]

Event = Literal["create", "update", "delete"]

_FORMAT = 1
_WAIT = 10.0  # seconds that a reader waits for the writer at most
_SCHEMA = (
    "CREATE TABLE change (number INTEGER PRIMARY KEY, page INTEGER NOT NULL, at TEXT NOT NULL, "
    "event TEXT NOT NULL, iri TEXT NOT NULL, digest TEXT NOT NULL, quads INTEGER NOT NULL, "
    "said BLOB NOT NULL, newest INTEGER NOT NULL)",
    "CREATE INDEX change_page ON change (page)",
    "CREATE INDEX change_iri ON change (iri, newest)",
    "CREATE TABLE part (iri TEXT PRIMARY KEY, whole TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX part_whole ON part (whole)",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
)
_COLUMNS = "number, page, at, event, iri, digest, quads, said"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``at`` is UTC with microseconds, later than that of all changes before.

    ``said`` is N-Triples, compressed; nothing after a delete. ``number`` and ``page`` are 0 before it
    is in the log.
    """

    number: int
    page: int
    at: str
    event: Event
    iri: str
    digest: str
    quads: int
    said: bytes

    @property
    def ntriples(self) -> bytes:
        """What is said of the entity since, as sorted N-Triples."""
        return zlib.decompress(self.said) if self.said else b""


@dataclass(frozen=True, slots=True)
class PageBounds:
    """A page of the log: its first and last moment, how many changes it still holds, the number of
    the last of them, and whether more can come into it.
    """

    page: int
    first: str
    last: str
    kept: int
    number: int
    open: bool


@dataclass(frozen=True, slots=True)
class State:
    """What changes whenever the log does: the last number given, and how many changes are in it."""

    last: int = 0
    kept: int = 0
    at: str = ""


def new_change(event: Event, iri: str, digest: str, lines: Iterable[str] = ()) -> Change:
    """Make a change that is not in the log yet, with N-Triples of what is said now."""
    text = list(lines)
    said = zlib.compress("".join(f"{line}\n" for line in text).encode()) if text else b""
    return Change(0, 0, "", event, iri, digest, len(text), said)


class ChangeLog:
    """Reads the log; each call sees one state of it. Where there is none yet, it is empty."""

    def __init__(self, folder: DataFolder) -> None:
        self.path = folder.changes / "log.sqlite"

    def state(self) -> State:
        """Return what tells this state of the log from others."""
        found = self._ask("SELECT MAX(number), COUNT(*), MAX(at) FROM change")
        last, kept, at = found[0] if found else (None, 0, None)
        return State(last or 0, kept, at or "")

    def pages(self) -> list[PageBounds]:
        """Return the pages that still hold changes, in order; the last one is open."""
        rows = self._ask(
            "SELECT page, MIN(at), MAX(at), COUNT(*), MAX(number) FROM change GROUP BY page "
            "ORDER BY page"
        )
        newest = max((row[0] for row in rows), default=0)
        return [
            PageBounds(page, first, last, kept, number, page == newest)
            for page, first, last, kept, number in rows
        ]

    def page(self, page: int) -> list[Change]:
        """Return the changes of a page in order; none where it holds nothing (any more)."""
        sql = f"SELECT {_COLUMNS} FROM change WHERE page = ? ORDER BY number"  # noqa: S608
        return [Change(*row) for row in self._ask(sql, page)]

    def change(self, number: int) -> Change | None:
        """Return a change, None where it is not (any more) in the log."""
        rows = self._ask(f"SELECT {_COLUMNS} FROM change WHERE number = ?", number)  # noqa: S608
        return Change(*rows[0]) if rows else None

    def newest(self) -> dict[str, tuple[Event, str]]:
        """Return the last event and its moment, by IRI."""
        rows = self._ask("SELECT iri, event, at FROM change WHERE newest")
        return {iri: (event, at) for iri, event, at in rows}

    def moments(self, iris: Iterable[str]) -> dict[str, datetime]:
        """Return when each of these last changed; those that the log does not know are left out."""
        asked = sorted(set(iris))
        marks = ", ".join("?" * len(asked))
        sql = f"SELECT iri, at FROM change WHERE newest AND iri IN ({marks})"  # noqa: S608 - marks only
        return {iri: datetime.fromisoformat(at) for iri, at in self._ask(sql, *asked)}

    def generation(self) -> int:
        """Return the generation that the log is in step with; 0 where there is none."""
        rows = self._ask("SELECT value FROM state WHERE name = 'generation'")
        return int(rows[0][0]) if rows else 0

    @contextmanager
    def writer(self) -> Iterator["ChangeLogWriter"]:
        """Change the log in one step; only for the holder of the data folder's lock."""
        self.path.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as base:
            base.execute("PRAGMA secure_delete = ON")
            base.execute("PRAGMA cache_spill = OFF")  # readers go on until the end
            base.execute("BEGIN IMMEDIATE")
            try:
                if base.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
                    for statement in _SCHEMA:
                        base.execute(statement)
                    base.execute(f"PRAGMA user_version = {_FORMAT}")
                yield ChangeLogWriter(base)
            except BaseException:
                base.execute("ROLLBACK")
                raise
            base.execute("COMMIT")

    def _ask(self, sql: str, *values: object) -> list[Any]:
        if not self.path.exists():
            return []
        uri = f"{self.path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_WAIT)) as base:
            return base.execute(sql, values).fetchall()


class ChangeLogWriter:
    """The log inside one transaction."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def live(self) -> dict[str, str]:
        """Return the digest of what is said of each entity that was not deleted."""
        rows = self._base.execute(
            "SELECT iri, digest FROM change WHERE newest AND event != 'delete'"
        )
        return dict(rows.fetchall())

    def digest(self, iri: str) -> str | None:
        """Return the digest of what is said of an entity, None where it is not there."""
        row = self._base.execute(
            "SELECT digest FROM change WHERE iri = ? AND newest AND event != 'delete'", (iri,)
        ).fetchone()
        return row[0] if row else None

    def whole(self, part: str) -> str | None:
        """Return the entity that an IRI was a part of, None where none is noted."""
        row = self._base.execute("SELECT whole FROM part WHERE iri = ?", (part,)).fetchone()
        return row[0] if row else None

    def parts(self, whole: str) -> list[str]:
        """Return the IRIs that are parts of an entity."""
        rows = self._base.execute("SELECT iri FROM part WHERE whole = ? ORDER BY iri", (whole,))
        return [iri for (iri,) in rows]

    def all_parts(self) -> list[str]:
        """Return all IRIs that are parts of some entity."""
        return [iri for (iri,) in self._base.execute("SELECT iri FROM part")]

    def note(self, parts: Mapping[str, str | None]) -> None:
        """Note what is a part of what; None where it is none any more."""
        gone = [(part,) for part, whole in parts.items() if whole is None]
        here = [(part, whole) for part, whole in parts.items() if whole is not None]
        self._base.executemany("DELETE FROM part WHERE iri = ?", gone)
        self._base.executemany("INSERT OR REPLACE INTO part VALUES (?, ?)", here)

    def append(self, changes: Iterable[Change], most_members: int, most_quads: int) -> None:
        """Add changes, all of one moment each; a page takes so many of them, and so many quads."""
        number, page, last = self._end()
        members, quads = self._base.execute(
            "SELECT COUNT(*), COALESCE(SUM(quads), 0) FROM change WHERE page = ?", (page,)
        ).fetchone()
        moment = datetime.now(UTC)
        if last:
            moment = max(moment, datetime.fromisoformat(last))
        for each in changes:
            number += 1
            moment += timedelta(microseconds=1)
            if members and (members >= most_members or quads + each.quads > most_quads):
                page, members, quads = page + 1, 0, 0
            members, quads = members + 1, quads + each.quads
            self._base.execute("UPDATE change SET newest = 0 WHERE iri = ?", (each.iri,))
            at = moment.isoformat(timespec="microseconds")
            row = (number, page, at, each.event, each.iri, each.digest, each.quads, each.said)
            self._base.execute("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)", row)
        self._set("number", number)
        self._set("page", page)
        self._set("at", moment.isoformat(timespec="microseconds") if number else "")

    def compact(self) -> None:
        """Drop all changes that a later one of the same entity replaces."""
        self._base.execute("DELETE FROM change WHERE NOT newest")

    def replaced_share(self) -> float:
        """Return the share of changes that a later one replaces."""
        total, old = self._base.execute("SELECT COUNT(*), SUM(NOT newest) FROM change").fetchone()
        return (old or 0) / total if total else 0.0

    def set_generation(self, generation: int) -> None:
        """Say which generation the log is in step with."""
        self._set("generation", generation)

    def _end(self) -> tuple[int, int, str]:
        known = dict(self._base.execute("SELECT name, value FROM state").fetchall())
        return int(known.get("number", 0)), int(known.get("page", 1)), str(known.get("at", ""))

    def _set(self, name: str, value: object) -> None:
        self._base.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))
