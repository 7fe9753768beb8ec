"""Two entities that are one: their statements come together under one address, and can part again.

A merge rewrites nothing that is kept: whatever makes statements about the one goes on making them, and
each graph is written with the other's address in their place. So it holds when documents are read again,
in any order, and taking it back gives the former graph.
"""

from collections.abc import Iterable, Iterator, Mapping

from graph_api.builder.review import Judge
from graph_api.builder.withdrawing import resolve
from graph_api.errors import BadInputError, MissingError
from graph_api.identities import Fate, IdentityLog, new_fate
from graph_api.store.base import View
from ontology.iris import KINDS, Iris
from ontology.model import Iri, Quad
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_PREF_LABEL

__all__ = ["Merges", "merge", "part", "tell_apart"]


class Merges:
    """What was merged, and where the graph still speaks of it by its old address."""

    def __init__(self, merged: Mapping[str, str], view: View) -> None:
        self._into = {Iri(old): Iri(new) for old, new in merged.items()}
        self._graphs = {
            old: {quad.graph for quad in view.quads(subject=old)}
            | {quad.graph for quad in view.quads(object=old)}
            for old in self._into
        }

    def __bool__(self) -> bool:
        return bool(self._into)

    def of(self, iri: Iri) -> Iri:
        """Return the address that an entity goes by."""
        return self._into.get(iri, iri)

    def met(self, graphs: Iterable[str], before: Iterable[str]) -> dict[str, str]:
        """Return which merges a piece of the graph depends on: those of entities that ``graphs`` name
        by the old address, and of those that it met ``before``, when it was written."""
        written, known = set(graphs), set(before)
        return {
            old: self._into[old]
            for old in self._into
            if old in known or not written.isdisjoint(self._graphs[old])
        }

    def rewrite(self, quads: Iterable[Quad], met: set[Iri]) -> Iterator[Quad]:
        """Yield quads with the addresses that things go by; ``met`` is told whom this concerned.

        The preferred names of what was merged become further names. What would relate a thing to itself
        is left out.
        """
        if not self._into:
            yield from quads
            return
        for quad in quads:
            subject, value = quad.subject, quad.object
            if subject not in self._into and value not in self._into:
                yield quad
                continue
            met.update(iri for iri in (subject, value) if iri in self._into)
            predicate = quad.predicate
            if subject in self._into and predicate == SKOS_PREF_LABEL:
                predicate = SKOS_ALT_LABEL
            if isinstance(value, Iri):
                value = self.of(value)
            subject = self.of(subject)
            if subject != value:
                yield quad._replace(subject=subject, predicate=predicate, object=value)


def merge(log: IdentityLog, view: View, iris: Iris, name: str, into: str, judge: Judge) -> Fate:
    """Merge the entity ``name`` into ``into``: both IRIs or kind/slug.

    Raises:
        BadInputError: they are one already, of different kinds, one is withdrawn, or one is no entity.
        MissingError: nothing is known about one of them.
    """
    old, new = _entity(iris, name), _entity(iris, into)
    fates = log.fates()
    for iri in (old, new):
        fate = fates.get(iri)
        if fate is not None:
            told = f"merged into {fate.to}" if fate.event == "merged" else "withdrawn"
            raise BadInputError(f"{iri} is {told}")
        if next(view.quads(subject=iri), None) is None:
            raise MissingError(f"nothing is known about {iri}")
    if old == new:
        raise BadInputError(f"{old} cannot be merged into itself")
    if iris.split(old)[0] != iris.split(new)[0]:  # type: ignore[index]  # entities have a kind
        raise BadInputError("only things of one kind can be merged")
    made = new_fate(old, "merged", who=judge.who, why=judge.why, to=new)
    log.append(made)
    return made


def part(log: IdentityLog, iris: Iris, name: str, judge: Judge) -> Fate:
    """Take a merge back. Raises BadInputError where there is none."""
    iri = _entity(iris, name)
    fate = log.fates().get(iri)
    if fate is None or fate.event != "merged":
        raise BadInputError(f"{iri} is not merged into anything")
    back = new_fate(iri, "restored", who=judge.who, why=judge.why)
    log.append(back)
    return back


def tell_apart(log: IdentityLog, iris: Iris, name: str, other: str, judge: Judge) -> Fate:
    """Note that two entities are different, so that they are not proposed as one again.

    Raises:
        BadInputError: they are the same address, or no entities.
    """
    first, second = sorted((_entity(iris, name), _entity(iris, other)))
    if first == second:
        raise BadInputError(f"{first} does not differ from itself")
    made = new_fate(first, "distinct", who=judge.who, why=judge.why, to=second)
    log.append(made)
    return made


def _entity(iris: Iris, name: str) -> Iri:
    iri = resolve(iris, name)
    if (iris.split(iri) or ("", ""))[0] not in KINDS:
        raise BadInputError(f"{name} is no entity; only entities can be merged")
    return iri
