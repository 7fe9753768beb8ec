"""The rules that add what follows from what is said, run to a fixpoint by whoever holds the graph.

Each file of ``rules/`` is one SPARQL CONSTRUCT query, named by its file; its first lines say it in
words. This module knows no store: the caller evaluates queries and makes conclusions visible.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from ontology.iris import Iris
from ontology.model import Quad, Triple

__all__ = ["Conclusion", "NoFixpoint", "Rule", "conclude", "inferred_quads", "load_rules"]

MAX_ROUNDS = 50

Construct = Callable[[str], Iterable[Triple]]
Add = Callable[[Iterable[Triple]], None]


class NoFixpoint(Exception):  # noqa: N818 — says what did not happen
    """The rules still found something new after the last round that was allowed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, its query, and what it says by language (``fr``, ``en``)."""

    name: str
    query: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A triple that no source says, the rule that first gave it and in which round, from 1 on."""

    triple: Triple
    rule: str
    round: int


def load_rules() -> tuple[Rule, ...]:
    """Return the rules that ship, by name."""
    folder = files("ontology") / "rules"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".rq"))
    return tuple(
        _rule(name.removesuffix(".rq"), (folder / name).read_text(encoding="utf-8"))
        for name in names
    )


def conclude(
    rules: Iterable[Rule], construct: Construct, add: Add, *, max_rounds: int = MAX_ROUNDS
) -> tuple[Conclusion, ...]:
    """Run the rules until a whole round finds nothing new, and return what they found, in order.

    ``construct`` evaluates a query over everything known: the ontology, the facts and what ``add``
    was given. Every conclusion is given to ``add`` once, at the end of the rule that found it, so
    the result is the same set whatever the order of the rules; ``rule`` names the first to find it.
    Nothing is returned twice. NoFixpoint after ``max_rounds``; what ``add`` got by then stays.
    """
    known: dict[Triple, Conclusion] = {}
    ordered = tuple(rules)
    for number in range(1, max_rounds + 1):
        before = len(known)
        for rule in ordered:
            found = sorted(set(construct(rule.query)) - known.keys(), key=_order)
            if found:
                known.update((triple, Conclusion(triple, rule.name, number)) for triple in found)
                add(found)
        if len(known) == before:
            return tuple(known.values())
    raise NoFixpoint(f"the rules found something new in each of {max_rounds} rounds")


def inferred_quads(conclusions: Iterable[Conclusion], iris: Iris) -> Iterator[Quad]:
    """Yield conclusions as quads: the graph ``inferred/{rule}`` names the rule of each."""
    for conclusion in conclusions:
        yield Quad(*conclusion.triple, iris.graph(f"inferred/{conclusion.rule}"))


def _rule(name: str, query: str) -> Rule:
    comments = (line[2:] for line in query.splitlines() if line.startswith("# "))
    pairs = (comment.partition(": ") for comment in comments)
    texts = {lang: text for lang, _, text in pairs if lang in ("fr", "en")}
    return Rule(name, query, MappingProxyType(texts))


def _order(triple: Triple) -> tuple[str, str, str]:
    return triple.subject, triple.predicate, repr(triple.object)
