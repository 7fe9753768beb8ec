"""What a generation changed, entity by entity, for the change log.

An entity is what has an address of its own below ``/id/``: with its parts (``…#criterion-1``), and with the
statements about it and where they were read; a document with its passages. What the log knows is
compared with what the store says, so that it comes to the same after a crash, a restore or an upgrade.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from graph_api.change_log import Change, ChangeLog, ChangeLogWriter, new_change
from graph_api.store.base import Delta, View
from graph_api.store.oxigraph import quad_line
from ontology.iris import Iris
from ontology.model import Iri
from ontology.vocabularies import RDF_SUBJECT

__all__ = ["ChangeRecorder", "is_exchanged"]

_NOT_OURS = ("inferred", "ontology", "mappings", "catalogue", "partner", "quarantine")
_REPLACED = 0.5
"""The share of replaced changes from which they are dropped: readers fetch them for nothing."""
_MUCH = 0.1
"""The share of the store from which reading it once is faster than asking (measured: 70 µs a quad)."""


def is_exchanged(graph: str, iris: Iris) -> bool:
    """Whether what a graph says is ours to tell others: not what rules conclude, nor partners say."""
    path = graph.removeprefix(f"{iris.base}/graph/")
    return path.partition("/")[0] not in _NOT_OURS


@dataclass(frozen=True, slots=True)
class ChangeRecorder:
    """Compares the store with the log. Only for the builder."""

    log: ChangeLog
    iris: Iris
    page_changes: int
    page_quads: int

    def record(self, view: View, generation: int, delta: Delta | None) -> int:
        """Add what changed and return how many entities did.

        ``delta`` is what was written since the generation before; None compares everything, and
        holds all that is said in memory meanwhile.
        """
        much = delta is None or len(delta.added) + len(delta.removed) > len(view) * _MUCH
        said: _Said = _Everything(view, self.iris) if much else _Asked(view, self.iris)
        with self.log.writer() as log:
            known = () if delta is not None else (*said.subjects(), *log.all_parts(), *log.live())
            subjects = set(known) if delta is None else self._touched(delta)
            wholes = self._place(subjects, said, log)
            changes = [change for w in sorted(wholes) if (change := _compare(w, said, log))]
            if changes:
                log.append(changes, self.page_changes, self.page_quads)
                deleted = any(change.event == "delete" for change in changes)
                if deleted or log.replaced_share() > _REPLACED:
                    log.compact()
            log.set_generation(generation)
        return len(changes)

    def _touched(self, delta: Delta) -> set[str]:
        start = f"{self.iris.base}/id/"
        return {
            quad.subject
            for quad in (*delta.added, *delta.removed)
            if quad.subject.startswith(start) and is_exchanged(quad.graph, self.iris)
        }

    def _place(self, subjects: set[str], said: "_Said", log: ChangeLogWriter) -> set[str]:
        """Note what each subject is a part of, and return the entities that may have changed."""
        wholes: set[str] = set()
        parts: dict[str, str | None] = {}
        for subject in subjects:
            before = log.whole(subject)
            now = self._whole(subject, said) if said.lines(subject) else None
            wholes |= {each for each in (before, now) if each}
            if before is None and now is None:
                wholes.add(subject)
            part_of = now if now != subject else None
            if part_of != before:
                parts[subject] = part_of
        log.note(parts)
        return wholes

    def _whole(self, subject: str, said: "_Said") -> str:
        bare = subject.partition("#")[0]
        kind, _, name = bare.removeprefix(f"{self.iris.base}/id/").partition("/")
        if kind == "document":
            return str(self.iris.document(name.partition("/")[0]))
        if kind != "claim":
            return bare
        about = said.about(bare)
        if about.startswith(f"{self.iris.base}/id/") and "/id/claim/" not in about:
            return self._whole(about, said)
        return bare


class _Said(Protocol):
    """What the store says and we tell others, as lines of N-Triples by their subject."""

    def subjects(self) -> Iterable[str]: ...

    def lines(self, subject: str) -> AbstractSet[str]: ...

    def about(self, claim: str) -> str:
        """Return the subject of a statement, empty where it has none."""
        ...


class _Asked:
    """Asks the store for each subject."""

    def __init__(self, view: View, iris: Iris) -> None:
        self._view = view
        self._iris = iris

    def subjects(self) -> Iterable[str]:
        return (quad.subject for quad in self._view.quads())

    def lines(self, subject: str) -> AbstractSet[str]:
        return {
            _without_graph(quad_line(quad))[0]
            for quad in self._view.quads(subject=Iri(subject))
            if is_exchanged(quad.graph, self._iris)
        }

    def about(self, claim: str) -> str:
        found = self._view.quads(subject=Iri(claim), predicate=RDF_SUBJECT)
        return next((str(quad.object) for quad in found), "")


class _Everything:
    """Reads the store once: many times faster than asking where everything is asked for."""

    def __init__(self, view: View, iris: Iris) -> None:
        self._lines: dict[str, set[str]] = defaultdict(set)
        self._about: dict[str, str] = {}
        start, about = f"<{iris.base}/id/", f"> <{RDF_SUBJECT}> <"
        for line in view.lines():
            if not line.startswith(start):
                continue
            triple, graph = _without_graph(line)
            if not is_exchanged(graph, iris):
                continue
            subject = line[1 : line.index(">")]
            self._lines[subject].add(triple)
            if triple.startswith(about, len(subject) + 1):
                self._about[subject] = triple[len(subject) + 1 + len(about) : -3]

    def subjects(self) -> Iterable[str]:
        return self._lines.keys()

    def lines(self, subject: str) -> AbstractSet[str]:
        return self._lines.get(subject, frozenset())

    def about(self, claim: str) -> str:
        return self._about.get(claim, "")


def _compare(whole: str, said: _Said, log: ChangeLogWriter) -> Change | None:
    lines = sorted(line for s in (whole, *log.parts(whole)) for line in said.lines(s))
    before = log.digest(whole)
    if not lines:
        return new_change("delete", whole, "") if before is not None else None
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    if digest == before:
        return None
    return new_change("create" if before is None else "update", whole, digest, lines)


def _without_graph(line: str) -> tuple[str, str]:
    """Split a line of N-Quads in one of N-Triples and its graph."""
    place = line.rindex("<")
    return f"{line[:place]}.", line[place + 1 : -3]
