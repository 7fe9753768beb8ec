"""The workbench: every claim that was read, public or waiting, where curators look for what to judge.

``store/workbench.sqlite`` is made from the extractions and the log of decisions, and can be made again
at any time. The builder writes it, others only read: no query of the public reaches what waits here.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from graph_api.folder import DataFolder
from ingest.extraction import Extraction
from ontology import terms as mln
from ontology.model import Claim, Iri, Literal, Term

__all__ = ["Choice", "Item", "Workbench", "items_of"]

_FORMAT = 2  # of the tables; a file of another one is made again
_WAIT = 10.0  # seconds that a reader waits for the writer's lock at most


@dataclass(frozen=True, slots=True)
class Item:
    """A claim to judge. ``[start, end)`` is its sentence in the document's text.

    Where ``literal`` is true, ``object`` is a text, else an IRI; labels are those of the document.
    ``public`` says that its rule may speak without a person; ``state`` is what people said of it.
    """

    hash: str
    document: str
    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    literal: bool
    start: int
    end: int
    page: int | None
    section: str
    lang: str
    quote: str
    rule: str
    confidence: float
    public: bool
    state: str = "unreviewed"
    subject_class: str = ""
    object_class: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which items: empty fields choose nothing. ``public`` None takes both kinds.

    ``what`` is ``facts``, ``names`` (what documents merely name), ``all``, or empty: facts, and of the
    names those that wait or were judged.
    """

    state: str = "unreviewed"
    public: bool | None = None
    rule: str = ""
    document: str = ""
    predicate: str = ""
    entity: str = ""
    what: str = ""

    def where(self) -> tuple[str, list[str | int]]:
        """Return the condition in SQL and its values."""
        parts, values = ["1"], list[str | int]()
        for name in ("state", "rule", "document", "predicate"):
            if value := getattr(self, name):
                parts.append(f"{name} = ?")
                values.append(value)
        if self.public is not None:
            parts.append("public = ?")
            values.append(self.public)
        if self.entity:
            parts.append("? IN (subject, object)")
            values.append(self.entity)
        if self.what != "all":
            parts.append(_WHAT[self.what])
            values.append(mln.mentions)
        return " AND ".join(parts), values


_WHAT = {
    "": "(predicate <> ? OR NOT public OR state <> 'unreviewed')",
    "facts": "predicate <> ?",
    "names": "predicate = ?",
}
_COLUMNS = tuple(field.name for field in fields(Item))
# What waits comes before what is public already; in each what is said of the things named most
# often, then what its rule is least sure of.
_ORDER = "public, uses DESC, confidence, document, start, hash"


class Workbench:
    """The claims of one data folder."""

    def __init__(self, folder: DataFolder) -> None:
        self.path = folder.store / "workbench.sqlite"

    def bring_up(
        self,
        keys: Mapping[str, str],
        load: Callable[[str], Iterable[Item]],
        states: Mapping[str, str],
    ) -> None:
        """Hold the claims of these documents and the states of those judged. For the builder.

        ``keys`` gives document → name of its extraction; ``load`` is asked for those that changed.
        """
        with closing(self._open_for_writing()) as base, base:
            held = dict(base.execute("SELECT document, key FROM reading").fetchall())
            stale = [document for document in keys if held.get(document) != keys[document]]
            gone = sorted(set(held) - set(keys))
            for document in (*stale, *gone):
                base.execute("DELETE FROM claim WHERE document = ?", (document,))
                base.execute("DELETE FROM reading WHERE document = ?", (document,))
            marks = ", ".join("?" * len(_COLUMNS))
            for document in stale:
                base.executemany(
                    f"INSERT OR IGNORE INTO claim ({', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608 - names of ours
                    (astuple(item) for item in load(document)),
                )
                base.execute("INSERT INTO reading VALUES (?, ?)", (document, keys[document]))
            if stale or gone:
                _count_uses(base)
            base.execute("UPDATE claim SET state = 'unreviewed' WHERE state <> 'unreviewed'")
            base.executemany(
                "UPDATE claim SET state = ? WHERE hash = ?",
                ((state, claim) for claim, state in states.items()),
            )

    def find(self, start: str) -> list[Item]:
        """Return the claims whose hash begins with ``start`` (hexadecimal digits)."""
        return self._items("hash >= ? AND hash < ?", [start, f"{start}g"], 20)

    def chosen(self, choice: Choice, most: int, after: str = "") -> list[Item]:
        """Return the first ``most`` items in the order of review; ``after`` that one, if it is there."""
        where, values = choice.where()
        if after and (place := self._place(after)):
            columns = "public, -uses, confidence, document, start, hash"
            where += f" AND ({columns}) > (?, ?, ?, ?, ?, ?)"
            values += place
        return self._items(where, values, most)

    def beside(self, item: Item, most: int = 20) -> list[Item]:
        """Return the other claims that are read in the same sentence or in a part of it."""
        where = "document = ? AND start < ? AND end > ? AND hash <> ?"
        return self._items(where, [item.document, item.end, item.start, item.hash], most)

    def count(self, choice: Choice) -> int:
        """Return how many items are chosen."""
        where, values = choice.where()
        rows = self._rows(f"SELECT COUNT(*) FROM claim WHERE {where}", values)  # noqa: S608 - no value in it
        return int(rows[0][0]) if rows else 0

    def tally(self, column: str, choice: Choice) -> list[tuple[str, int]]:
        """Return the values of ``rule``, ``document`` or ``predicate`` among the chosen, commonest first."""
        if column not in ("rule", "document", "predicate"):
            raise ValueError(column)
        where, values = choice.where()
        sql = f"SELECT {column}, COUNT(*) FROM claim WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608
        return [(str(value), int(n)) for value, n in self._rows(sql, values)]

    def judged_by_rule(self) -> list[tuple[str, int, int, int]]:
        """Return (rule, accepted, rejected or corrected, unreviewed) for each rule, most judged first."""
        sql = (
            "SELECT rule, SUM(state = 'accepted'), SUM(state IN ('rejected', 'corrected')), "
            "SUM(state = 'unreviewed')"
            " FROM claim GROUP BY rule ORDER BY SUM(state <> 'unreviewed') DESC, rule"
        )
        return [(str(rule), int(a), int(r), int(u)) for rule, a, r, u in self._rows(sql, [])]

    def _place(self, claim: str) -> list[str | int]:
        sql = "SELECT public, -uses, confidence, document, start, hash FROM claim WHERE hash = ?"
        rows = self._rows(sql, [claim])
        return list(rows[0]) if rows else []

    def _items(self, where: str, values: list[str | int], most: int) -> list[Item]:
        sql = f"SELECT {', '.join(_COLUMNS)} FROM claim WHERE {where} ORDER BY {_ORDER} LIMIT ?"  # noqa: S608
        return list(_read(self._rows(sql, [*values, most])))

    def _rows(self, sql: str, values: Iterable[object]) -> list[tuple[str | int, ...]]:
        if not self.path.exists():
            return []
        with closing(
            sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, timeout=_WAIT)
        ) as base:
            return base.execute(sql, list(values)).fetchall()

    def _open_for_writing(self) -> sqlite3.Connection:
        base = _connect(self.path)
        if base is not None:
            return base
        self.path.unlink(missing_ok=True)
        base = sqlite3.connect(self.path, timeout=_WAIT)
        with base:
            columns = ", ".join(_COLUMNS)
            base.execute(f"CREATE TABLE claim ({columns}, uses DEFAULT 0, PRIMARY KEY (hash))")
            base.execute("CREATE INDEX claim_order ON claim (state, public)")
            base.execute("CREATE TABLE reading (document PRIMARY KEY, key)")
            base.execute(f"PRAGMA user_version = {_FORMAT}")
        return base


def items_of(extraction: Extraction) -> Iterator[Item]:
    """Yield the claims of a document."""
    introduced = (*extraction.proposed, *extraction.minted)
    labels: dict[str, str] = {m.entity: m.label for m in extraction.mentions if m.entity}
    labels |= {entity.iri: entity.labels[0][0] for entity in introduced if entity.labels}
    labels |= {f.iri: " ".join(f.surface.split()) for f in extraction.figures if f.iri}
    classes: dict[str, str] = {entity.iri: entity.cls for entity in introduced}
    for claims, public in ((extraction.claims, True), (extraction.candidates, False)):
        for claim in claims:
            yield _item(claim, labels, classes, public=public)


def _item(
    claim: Claim, labels: Mapping[str, str], classes: Mapping[str, str], *, public: bool
) -> Item:
    passage = claim.passage
    return Item(
        claim.hash, passage.document, claim.subject, labels.get(claim.subject, ""),
        claim.predicate, _text(claim.object), labels.get(_text(claim.object), ""),
        isinstance(claim.object, Literal), passage.start, passage.end, passage.page,
        passage.section or "", passage.lang, passage.quote, claim.rule, claim.confidence, public,
        subject_class=classes.get(claim.subject, ""), object_class=classes.get(_text(claim.object), ""),
    )  # fmt: skip


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal) else Iri(term)


def _read(rows: Iterable[tuple[str | int, ...]]) -> Iterator[Item]:
    for row in rows:
        values = dict(zip(_COLUMNS, row, strict=True))
        values["literal"], values["public"] = bool(values["literal"]), bool(values["public"])
        yield Item(**values)  # type: ignore[arg-type]  # the columns are its fields


def _count_uses(base: sqlite3.Connection) -> None:
    """Write how often facts speak of the two ends of each claim, in all documents."""
    base.execute("CREATE TEMP TABLE use (entity PRIMARY KEY, n)")
    base.execute(
        "INSERT INTO use SELECT entity, COUNT(*) FROM (SELECT subject AS entity FROM claim "
        "WHERE predicate <> ? UNION ALL SELECT object FROM claim WHERE NOT literal AND predicate <> ?) "
        "GROUP BY entity",
        (mln.mentions, mln.mentions),
    )
    base.execute(
        "UPDATE claim SET uses = COALESCE((SELECT n FROM use WHERE entity = subject), 0)"
        " + COALESCE((SELECT n FROM use WHERE entity = object), 0)"
    )
    base.execute("DROP TABLE use")


def _connect(path: Path) -> sqlite3.Connection | None:
    """Open a workbench of this version; None where there is none, or the file is broken."""
    if not path.exists():
        return None
    base = sqlite3.connect(path, timeout=_WAIT)
    try:
        if base.execute("PRAGMA user_version").fetchone() == (_FORMAT,):
            return base
    except sqlite3.DatabaseError:
        # A broken file holds nothing that the extractions do not.
        base.close()
        return None
    base.close()
    return None
