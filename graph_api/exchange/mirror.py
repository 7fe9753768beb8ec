"""A reference consumer: mirrors an event stream in the form of DCAT-AP Feeds, ours or another's.

A mirror is a folder with ``mirror.sqlite`` (what is said of each object, and how far the stream was read)
and ``mirror.nq``, written after each run: the statements, each in the graph of its object. A page is
applied in one transaction, so that a run that is cut short anywhere goes on where it was. Nothing of an
object is applied that is older than what is known of it; a deleted one leaves its moment only.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_api import durable
from graph_api.errors import BadInputError
from graph_api.exchange.event_stream import AS, TREE
from graph_api.exchange.fetching import Fetched, Fetcher
from ontology.vocabularies import RDF_TYPE

__all__ = ["Mirror", "Run"]

_ACCEPT = (
    "application/trig, application/n-quads;q=0.9, application/ld+json;q=0.8, text/turtle;q=0.7"
)
_SYNTAXES = {
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "text/turtle": ox.RdfFormat.TURTLE,
}
_EVENTS = {f"{AS}Create", f"{AS}Update", f"{AS}Delete"}
_MOST_PAGES = 1_000_000
_SCHEMA = (
    "CREATE TABLE object (iri TEXT PRIMARY KEY, at TEXT NOT NULL, said TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE page (address TEXT PRIMARY KEY, bounds TEXT NOT NULL, tag TEXT NOT NULL, "
    "full INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did: pages read, objects written and removed, and how many the mirror holds now."""

    pages: int
    written: int
    removed: int
    objects: int


@dataclass(frozen=True, slots=True)
class _Member:
    about: str
    at: str
    deleted: bool
    said: str


class Mirror:
    """A folder that mirrors one stream. One process at a time."""

    def __init__(self, folder: Path, address: str, fetcher: Fetcher) -> None:
        """Raises BadInputError where the folder mirrors another address."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._address = address
        self._fetcher = fetcher
        self._path = folder / "mirror.sqlite"
        with closing(self._open()) as base, base:
            found = base.execute("SELECT value FROM state WHERE name = 'address'").fetchone()
            if found is not None and found[0] != address:
                raise BadInputError(f"{folder} mirrors {found[0]}; choose another folder")
            base.execute("INSERT OR REPLACE INTO state VALUES ('address', ?)", (address,))

    def run(self, told: Callable[[str], None] = lambda _: None) -> Run:
        """Read what is new, apply it, and write ``mirror.nq``. ``told`` hears of each page.

        Raises:
            CannotRunError: an address cannot be read; what was read before it is applied.
            BadInputError: what came is no event stream.
        """
        pages = written = removed = 0
        with closing(self._open()) as base:
            for address, bounds in self._unread(base):
                told(address)
                new, gone = self._apply(base, address, bounds)
                pages, written, removed = pages + 1, written + new, removed + gone
            lines = [
                f"{line.removesuffix(' .')} <{iri}> .\n"
                for iri, said in base.execute("SELECT iri, said FROM object WHERE said != ''")
                for line in said.splitlines()
            ]
            durable.write_bytes(self.folder / "mirror.nq", "".join(sorted(lines)).encode())
            (objects,) = base.execute("SELECT COUNT(*) FROM object WHERE said != ''").fetchone()
        return Run(pages, written, removed, objects)

    def objects(self) -> Iterator[tuple[str, str, str]]:
        """Yield address, moment (UTC, ISO 8601) and statements (lines of N-Triples) of each object."""
        with closing(self._open()) as base:
            yield from base.execute(
                "SELECT iri, at, said FROM object WHERE said != '' ORDER BY iri"
            )

    def forget(self, iris: Iterable[str]) -> None:
        """Drop what is said of these objects until they change there."""
        with closing(self._open()) as base, base:
            base.executemany("UPDATE object SET said = '' WHERE iri = ?", ((iri,) for iri in iris))

    def _unread(self, base: sqlite3.Connection) -> Iterator[tuple[str, str]]:
        """Yield the addresses to read with what the stream says of them, from old to new."""
        seen: set[str] = set()
        waiting = [(self._address, "")]
        while waiting:
            if len(seen) > _MOST_PAGES:
                raise BadInputError("the stream has too many pages")
            address, bounds = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            known = base.execute(
                "SELECT full FROM page WHERE address = ? AND bounds = ?", (address, bounds)
            ).fetchone()
            if known is not None and known[0]:
                continue
            yield address, bounds
            found = base.execute(
                "SELECT value FROM state WHERE name = ?", (f"links {address}",)
            ).fetchone()
            links = [tuple(line.split("\t")) for line in found[0].splitlines()] if found else []
            waiting += [(link[0], link[1]) for link in links]

    def _apply(self, base: sqlite3.Connection, address: str, bounds: str) -> tuple[int, int]:
        known = base.execute("SELECT tag FROM page WHERE address = ?", (address,)).fetchone()
        answer = self._fetcher.get(address, _ACCEPT, known[0] if known else "")
        if answer.status == 304:
            return 0, 0
        quads = [] if answer.status == 410 else _read(answer)
        with base:
            counts = self._write(base, _members(quads))
            links = "\n".join(f"{to}\t{told}" for to, told in _links(quads, self._fetcher))
            page = (address, bounds, answer.tag, answer.immutable or answer.status == 410)
            base.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?)", page)
            base.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (f"links {address}", links))
        return counts

    def _write(self, base: sqlite3.Connection, members: Iterable[_Member]) -> tuple[int, int]:
        written = removed = 0
        for member in members:
            row = base.execute("SELECT at FROM object WHERE iri = ?", (member.about,)).fetchone()
            if row is not None and row[0] >= member.at:
                continue
            values = (member.about, member.at, "" if member.deleted else member.said)
            base.execute("INSERT OR REPLACE INTO object VALUES (?, ?, ?)", values)
            written, removed = written + (not member.deleted), removed + member.deleted
        return written, removed

    def _open(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._path)
        base.execute("PRAGMA secure_delete = ON")  # what was withdrawn there leaves this file too
        if base.execute("PRAGMA user_version").fetchone() == (0,):
            for statement in _SCHEMA:
                base.execute(statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
            base.execute("PRAGMA user_version = 1")
            base.commit()
        base.isolation_level = "DEFERRED"
        return base


def _read(answer: Fetched) -> list[ox.Quad]:
    """Return the quads of an answer. Raises BadInputError."""
    syntax = _SYNTAXES.get(answer.media_type)
    if syntax is None:
        raise BadInputError(f"{answer.address} has the type {answer.media_type or 'of nothing'}")
    try:
        return list(ox.parse(answer.body, format=syntax, base_iri=answer.address))
    except (SyntaxError, ValueError) as error:
        raise BadInputError(f"{answer.address} cannot be read: {error}") from error


def _members(quads: Iterable[ox.Quad]) -> list[_Member]:
    """Return the activities of a page, from old to new."""
    plain: dict[str, dict[str, str]] = {}
    said: dict[str, list[str]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, ox.DefaultGraph):
            plain.setdefault(str(quad.subject), {})[quad.predicate.value] = _value(quad.object)
        else:
            said.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .")
    members = []
    for activity, terms in plain.items():
        kind, about = terms.get(RDF_TYPE), terms.get(f"{AS}object")
        if kind in _EVENTS and about and f"{AS}published" in terms:
            at = _moment(terms[f"{AS}published"])
            text = "\n".join(sorted(said.get(activity, ())))
            members.append(_Member(about, at, kind == f"{AS}Delete", text))
    return sorted(members, key=lambda each: each.at)


def _links(quads: Iterable[ox.Quad], fetcher: Fetcher) -> list[tuple[str, str]]:
    """Return the pages that a node leads to, with all that it says of them, by their lower bound."""
    relations: dict[str, dict[str, str]] = {}
    for quad in quads:
        name = quad.predicate.value
        if name in (f"{TREE}node", f"{TREE}value", RDF_TYPE):
            relations.setdefault(str(quad.subject), {})[name] = _value(quad.object)
    bounds: dict[str, set[str]] = {}
    for terms in relations.values():
        if f"{TREE}node" in terms:
            kind = terms.get(RDF_TYPE, "").rpartition("#")[2]
            value = " ".join(terms.get(f"{TREE}value", "").split())
            bounds.setdefault(fetcher.same_origin(terms[f"{TREE}node"]), set()).add(
                f"{value} {kind}"
            )
    found = [(address, ", ".join(sorted(said))) for address, said in bounds.items()]
    return sorted(found, key=lambda each: (each[1], each[0]))


def _value(term: Any) -> str:
    return str(getattr(term, "value", ""))


def _moment(text: str) -> str:
    """Return a moment so that texts sort as moments do. Raises BadInputError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInputError(f"{text[:60]!r} is no moment") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
