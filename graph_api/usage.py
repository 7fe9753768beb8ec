"""How the portal is used: counts by day, without cookies and without anything that names a person.

A *visitor-day* is a browser seen on a day. To count one only once, address and browser are hashed with a
salt that is made anew each day; salt and hashes live in memory and are never written. What is kept
(``usage/2026-11-28.json``) are numbers. Robots that say so are counted apart, and so is what calls itself no
browser.
"""

import hashlib
import json
import logging
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_api import durable
from graph_api.budgets import client_of
from graph_api.portal.i18n import LANGUAGES
from graph_api.proxies import own_path

__all__ = ["DIMENSIONS", "Day", "UsageCounter", "UsageLog", "is_robot", "note_usage", "page_of"]

DIMENSIONS = ("page", "theme", "need", "stage", "guide")
"""What views are counted by: type of page; theme (sector) of the thing shown; need and stage of the guide's
answers; use of the guide (``begun``, ``results``)."""

_UNCOUNTED = frozenset({"review"})
"""Pages of curators: they are at work."""

_ROBOTS = re.compile(
    r"bot\b|crawl|spider|slurp|curl|wget|python|java/|http-?client|okhttp|go-http|libwww|headless"
    r"|monitor|preview|scrap|archiver|feed|^\W*$",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_LOG = logging.getLogger("maillon.usage")


@dataclass(frozen=True)
class Day:
    """The counts of one day (UTC). ``cut``: more visitors came than are told apart, so they are more."""

    day: str
    visitors: int
    views: int
    robots: int
    counts: Mapping[str, Mapping[str, int]]
    cut: bool = False


class UsageLog:
    """Counts in memory, written to a folder now and then; the process's own, used by any thread.

    ``most_visitors`` bounds the hashes that are held. After a restart a visitor of the same day counts
    again: the salt is gone.
    """

    def __init__(
        self,
        folder: Path,
        most_visitors: int,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._folder = folder
        self._most = most_visitors
        self._today = today
        self._lock = threading.Lock()
        self._begin("")

    def _begin(self, day: str) -> None:
        """Start a day where its file left off."""
        kept = self._read(self._folder / f"{day}.json") if day else None
        self._day = day
        self._salt = secrets.token_bytes(16)
        self._seen: set[bytes] = set()
        self._kept = kept or Day(day, 0, 0, 0, {})
        self._cut = self._kept.cut
        self._views = self._robots = 0
        self._counts: dict[str, Counter[str]] = {each: Counter() for each in DIMENSIONS}

    def add(self, client: str, agent: str, noted: Iterable[tuple[str, str]]) -> None:
        """Count one view of a page, with what it was about."""
        with self._lock:
            today = self._today().isoformat()
            if today != self._day:
                if self._day:
                    self._write()
                self._begin(today)
            if is_robot(agent):
                self._robots += 1
                return
            self._views += 1
            visitor = hashlib.blake2b(
                f"{client}\n{agent}".encode(errors="replace"), key=self._salt, digest_size=16
            ).digest()
            if visitor not in self._seen and len(self._seen) >= self._most:
                self._cut = True
            else:
                self._seen.add(visitor)
            for dimension, value in noted:
                self._counts[dimension][value] += 1

    def save(self) -> None:
        """Write the counts of today; where that fails they stay in memory, and the log says so."""
        with self._lock:
            if self._day:
                self._write()

    def days(self, last: int = 0) -> tuple[Day, ...]:
        """The counts of each day, the oldest first; of the ``last`` days only, where it is given."""
        with self._lock:
            found = {self._day: self._now()} if self._day else {}
        for path in sorted(self._folder.glob("*.json"))[-last:]:
            day = self._read(path) if _DAY.fullmatch(path.name) else None
            if day is not None:
                found.setdefault(day.day, day)
        return tuple(found[day] for day in sorted(found))[-last:]

    def _now(self) -> Day:
        counts = {
            each: dict(sorted((Counter(self._kept.counts.get(each, {})) + counter).items()))
            for each, counter in self._counts.items()
        }
        return Day(
            self._day,
            self._kept.visitors + len(self._seen),
            self._kept.views + self._views,
            self._kept.robots + self._robots,
            counts,
            self._cut,
        )

    def _write(self) -> None:
        now = self._now()
        try:
            durable.write_json(self._folder / f"{now.day}.json", now.__dict__)
        except OSError as error:  # no page fails because it could not be counted
            _LOG.warning("counts of usage cannot be written: %s", error)

    def _read(self, path: Path) -> Day | None:
        try:
            said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return Day(**said)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            _LOG.warning("counts of usage cannot be read: %s: %s", path.name, error)
            return None


class UsageCounter:
    """Counts the pages that people were shown; writes the counts at most every ``seconds``."""

    def __init__(
        self,
        app: ASGIApp,
        log: UsageLog,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self.log = log
        self.seconds = seconds
        self.clock = clock
        self.written = clock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then count it where it was a page."""
        page = page_of(own_path(scope)) if scope["type"] == "http" else ""
        if not page or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["usage"] = noted = [("page", page)]
        shown = False

        async def watch(message: Message) -> None:
            nonlocal shown
            if message["type"] == "http.response.start":
                kind = dict(message.get("headers", ())).get(b"content-type", b"")
                shown = message["status"] == 304 or (
                    message["status"] == 200 and kind.startswith(b"text/html")
                )
            await send(message)

        await self.app(scope, receive, watch)
        if shown:
            request = Request(scope)
            self.log.add(client_of(request), request.headers.get("user-agent", ""), noted)
            if self.clock() - self.written >= self.seconds:
                self.written = self.clock()
                await run_in_threadpool(self.log.save)


def note_usage(request: Request, dimension: str, *values: str) -> None:
    """Say what the page that is being made is about, for the counts. Values are of vocabularies only."""
    noted: list[tuple[str, str]] = getattr(request.state, "usage", [])
    noted += [(dimension, value) for value in values]


def is_robot(agent: str) -> bool:
    """Whether a browser's name is that of a program which nobody sits before."""
    return _ROBOTS.search(agent) is not None


def page_of(path: str) -> str:
    """The type of page of an address (``home``, ``search``, a kind); ``""`` for what is no page of visitors."""
    lang, _, rest = path.lstrip("/").partition("/")
    first = rest.partition("/")[0] or "home"
    return first if lang in LANGUAGES and first not in _UNCOUNTED and "." not in first else ""
