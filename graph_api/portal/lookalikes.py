"""Entities that may be one and the same: proposed by what they share, decided by a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from graph_api.services import QueryService, Row
from ontology import terms as mln
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_EXACT_MATCH, SKOS_PREF_LABEL

__all__ = ["COMPARED", "Pair", "find_pairs", "load_pairs", "named_query"]

COMPARED = ("actor", "programme", "law", "publication", "person", "event")
"""Kinds whose entities are compared; places of one name are many."""

_LONG = 7
"""Letters from which on names that differ in one letter are alike."""

_CROWD = 6
"""A name or acronym that more entities share tells nothing."""

_WEIGHTS = {"identifier": 8, "name": 4, "acronym": 2, "spelling": 2, "place": 1}


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two entities, in the order of their addresses, and what they share: ``identifier``, ``name``,
    ``acronym``, ``spelling`` (one letter apart), ``place``."""

    first: Iri
    second: Iri
    shared: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much speaks for it: the sum over what is shared."""
        return sum(_WEIGHTS[feature] for feature in self.shared)


def named_query(iris: Iris) -> str:
    """Return the query for names, places and outside identifiers of all that is compared."""
    starts = " || ".join(f'STRSTARTS(STR(?e), "{iris.base}/id/{kind}/")' for kind in COMPARED)
    return (
        f"SELECT DISTINCT ?e ?p ?v WHERE {{ VALUES ?p {{ <{SKOS_PREF_LABEL}> <{SKOS_ALT_LABEL}> "
        f"<{SKOS_EXACT_MATCH}> <{mln.locatedIn}> }} ?e ?p ?v FILTER({starts}) }}"
    )


async def load_pairs(queries: QueryService, iris: Iris) -> list[Pair]:
    """Ask for what :func:`find_pairs` needs and return its pairs.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    return find_pairs(await queries.select(named_query(iris)), iris)


def find_pairs(rows: Iterable[Row], iris: Iris) -> list[Pair]:
    """Return the pairs of one kind that share a name, an acronym, an identifier or nearly a name; what
    they share most first. ``rows`` are those of :func:`named_query`, in any order."""
    shared: dict[tuple[Iri, Iri], set[str]] = defaultdict(set)
    groups: dict[tuple[str, str, str], set[Iri]] = defaultdict(set)
    places: dict[Iri, set[str]] = defaultdict(set)
    for row in rows:
        entity, predicate, value = Iri(str(row["e"])), str(row["p"]), row["v"]
        kind = (iris.split(entity) or ("", ""))[0]
        if predicate == mln.locatedIn:
            places[entity].add(str(value))
        elif not isinstance(value, Literal):
            groups[kind, "identifier", str(value)].add(entity)
        else:
            for feature, key in _keys(value.value):
                groups[kind, feature, key].add(entity)
    for (_, feature, _), entities in groups.items():
        if 1 < len(entities) <= _CROWD:
            for pair in combinations(sorted(entities), 2):
                shared[pair].add(feature)
    found = []
    for (first, second), features in shared.items():
        if "name" in features:
            features -= {"spelling"}
        if places[first] & places[second]:
            features.add("place")
        ordered = tuple(feature for feature in _WEIGHTS if feature in features)
        found.append(Pair(first, second, ordered))
    return sorted(found, key=lambda pair: (-pair.weight, pair))


def _keys(name: str) -> Iterator[tuple[str, str]]:
    """Yield what a name is found by: itself, as an acronym or as a name with any one letter left out."""
    folded = fold(name)
    if not folded:
        return
    if len(name) <= _LONG and name.isupper() and name.isalpha():
        yield "acronym", folded
        return
    yield "name", folded
    letters = folded.replace(" ", "")
    if len(letters) >= _LONG:
        yield "spelling", letters
        for at in range(len(letters)):
            yield "spelling", letters[:at] + letters[at + 1 :]
