"""The annotations: tables, and the names of the entities they speak of."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

__all__ = ["TABLES", "EntityNames", "Gold", "Row", "document_key", "load_gold", "normalise_name"]

Row = Mapping[str, str]

TABLES = ("entities", "sections", "mentions", "relations", "figures", "structure", "questions")

_ARTICLES = frozenset(["le", "la", "les", "l", "the", "un", "une", "a", "d", "de", "du", "des"])
_WORD = re.compile(r"[a-z0-9&+]+")


def normalise_name(name: object) -> str:
    """Return a name as two of them are compared: no case, accents, punctuation, leading articles."""
    decomposed = unicodedata.normalize("NFKD", str(name))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    words = _WORD.findall(bare.replace("œ", "oe"))
    first = next((i for i, word in enumerate(words) if word not in _ARTICLES), len(words) - 1)
    return " ".join(words[max(first, 0) :])


def document_key(document: object) -> str:
    """Return what tells documents apart: the three digits that their file names begin with."""
    return str(document)[:3]


class EntityNames:
    """Which annotated entities a name may mean: preferred labels, aliases, identifiers."""

    def __init__(self, entities: Iterable[Row]) -> None:
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._twin: dict[str, str] = {}
        for row in entities:
            identifier, twin = row["id"], row.get("twin", "")
            if twin:
                self._twin[identifier], self._twin[twin] = twin, identifier
            labels = (row.get("preferred_label_fr", ""), row.get("preferred_label_en", ""))
            for name in (identifier, *labels, *row.get("aliases", "").split("|")):
                if name:
                    self._by_name[normalise_name(name)].add(identifier)

    def meant_by(self, name: object) -> frozenset[str]:
        """Return the identifiers of the entities that bear this name."""
        if name is None or name == "":
            return frozenset()
        return frozenset(self._by_name.get(normalise_name(name), ()))

    def with_twin(self, identifier: str) -> frozenset[str]:
        """Return the identifier and that of its twin: the same place as authority and territory."""
        twin = self._twin.get(identifier)
        return frozenset([identifier, twin]) if twin else frozenset([identifier])


@dataclass(frozen=True)
class Gold:
    """The tables of a folder of annotations; one that is missing there is empty here."""

    entities: Sequence[Row] = ()
    sections: Sequence[Row] = ()
    mentions: Sequence[Row] = ()
    relations: Sequence[Row] = ()
    figures: Sequence[Row] = ()
    structure: Sequence[Row] = ()
    questions: Sequence[Row] = ()
    all_relations: Sequence[Row] = field(default=())
    """Relations of every split: what is annotated elsewhere is never counted as wrong."""

    @cached_property
    def names(self) -> EntityNames:
        """The names of the entities."""
        return EntityNames(self.entities)

    @cached_property
    def languages(self) -> dict[str, str]:
        """The language of each document that has annotated sections, by their majority."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.sections:
            votes[document_key(row["doc"])][row.get("lang", "")] += 1
        return {doc: min(c, key=lambda tag: (-c[tag], tag)) for doc, c in votes.items()}


def load_gold(folder: Path, split: str = "all") -> Gold:
    """Return the annotations in ``folder``, those of one ``split`` if asked.

    Raises ``FileNotFoundError`` when the folder has none of the tables, ``ValueError`` with file
    and line for a row that has another number of cells than its table.
    """
    tables: dict[str, list[Row]] = {}
    for name in TABLES:
        path = folder / f"{name}.tsv"
        tables[name] = _read_table(path) if path.is_file() else []
    if not any(tables.values()):
        raise FileNotFoundError(f"no table of annotations ({', '.join(TABLES)}) in {folder}")
    kept: dict[str, Any] = {
        name: rows
        if name == "entities"  # names serve every split
        else [row for row in rows if split in ("all", row.get("split", ""))]
        for name, rows in tables.items()
    }
    return Gold(**kept, all_relations=tables["relations"])


def _read_table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        head = next(lines, [])
        rows: list[Row] = []
        for cells in lines:
            if not cells:
                continue
            if len(cells) != len(head):
                raise ValueError(
                    f"{path.name}, line {lines.line_num}: {len(cells)} cells, not {len(head)}"
                )
            rows.append(dict(zip(head, cells, strict=True)))
    return rows
