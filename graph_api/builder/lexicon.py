"""The Lexicon of all sources, and which part of it matters to which document.

A document is extracted again only when a name that occurs in it changed. To find that out without
reading every text against every name, the last Lexicon is kept and only the difference is looked
for.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph_api import durable
from graph_api.builder.extractions import Extractions
from graph_api.builder.ledger import hash_of
from ingest.extract.lexicon import Lexicon
from ontology.model import Iri, LabelRole, Name

__all__ = ["Relevance", "names_from_json", "names_to_json"]


class Relevance:
    """Tells the part of a Lexicon that a document's extraction depends on."""

    def __init__(
        self, path: Path, extractions: Extractions, lexicon: Lexicon, known: Iterable[str]
    ) -> None:
        """``path`` is the file that keeps the last answers; ``known`` the documents there are."""
        self._path = path
        self._extractions = extractions
        self._lexicon = lexicon
        saved = _load(path)
        self._before: dict[str, list[str]] = saved.get("documents", {})
        self._now: dict[str, list[str]] = {}
        self._known = set(known)
        self._difference = _difference(names_from_json(saved.get("names", [])), lexicon)

    def hash(self, sha256: str, own: frozenset[Name]) -> str:
        """Return the hash of :meth:`lexicon` for a document that itself introduces ``own``."""
        basis = hash_of(self._extractions.content(sha256), names_to_json(own))
        before = self._before.get(sha256)
        if before is None or before[0] != basis or self._changed_for(sha256):
            before = [basis, self.lexicon(sha256, own).hash]
        self._now[sha256] = before
        return before[1]

    def lexicon(self, sha256: str, own: frozenset[Name]) -> Lexicon:
        """Return the names of the Lexicon that matter to a document, and its own."""
        relevant = self._extractions.relevant(sha256, self._lexicon)
        more = {n for name in own for n in self._lexicon.names_of(name.entity)}
        return relevant.with_names((*own, *more))

    def save(self) -> None:
        """Keep the answers for the next run."""
        names = names_to_json(self._lexicon.names)
        text = json.dumps({"documents": self._now, "names": names}, ensure_ascii=False)
        durable.write_bytes(self._path, text.encode())

    def _changed_for(self, sha256: str) -> bool:
        if not self._difference.names:
            return False
        return bool(self._extractions.relevant(sha256, self._difference).names)


def names_to_json(names: Iterable[Name]) -> list[list[str]]:
    """Return names as rows, sorted."""
    return sorted([n.text, n.lang, n.entity, n.cls, str(n.role), n.context] for n in names)


def names_from_json(rows: Iterable[list[str]]) -> frozenset[Name]:
    """Return the names that :func:`names_to_json` wrote."""
    return frozenset(
        Name(text, lang, Iri(entity), cls, LabelRole(role), context)
        for text, lang, entity, cls, role, context in rows
    )


def _difference(before: frozenset[Name], lexicon: Lexicon) -> Lexicon:
    """Return all names, old and new, of the entities of which a name was added or removed.

    All of them, because a document that prints one name depends on the entity's other names.
    """
    now = frozenset(lexicon.names)
    entities = {name.entity for name in before ^ now}
    return Lexicon(name for name in before | now if name.entity in entities)


def _load(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return data
