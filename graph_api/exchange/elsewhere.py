"""What may be the same thing in another country: proposals for a person to confirm, from names alone.

The names of a partner's record are matched as lists of names are (:mod:`graph_api.exchange.reconciling`), with the
entities of this site and with the records of partners before it in the alphabet, of the same kind.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from graph_api.exchange.names import read_table
from graph_api.exchange.reconciling import Named, NameTable
from graph_api.partners.registry import Partner
from graph_api.store.base import View
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.schema import Schema
from ontology.vocabularies import RDF_TYPE, SKOS_ALT_LABEL, SKOS_PREF_LABEL

__all__ = ["Proposal", "propose", "records_of"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two addresses that may mean one thing: a name of each, and a score between 0 and 1."""

    subject: str
    object: str
    subject_name: str
    object_name: str
    score: float

    def row(self) -> dict[str, str]:
        """Return it as a mapping that a person has not judged yet."""
        return {
            "event": "map",
            "subject": self.subject,
            "predicate": "skos:exactMatch",
            "object": self.object,
            "justification": "semapv:LexicalMatching",
            "confidence": f"{self.score:.2f}",
            "comment": f"{self.subject_name} / {self.object_name}",
        }


def propose(
    view: View, iris: Iris, partners: Iterable[Partner], settled: Container[frozenset[str]]
) -> Iterator[Proposal]:
    """Yield proposals, of each record the best with each of the other collections; none in ``settled``."""
    tables = [(f"{iris.base}/id/", read_table(view, iris))]
    for partner in partners:
        records = records_of(view, iris, partner)
        for record in records:
            for prefix, table in tables:
                found = _best(record, table)
                if found is None:
                    continue
                named, name, score = found
                subject = named.id if "://" in named.id else f"{prefix}{named.id}"
                if frozenset((subject, record.id)) not in settled:
                    yield Proposal(subject, record.id, named.names[0], name, score)
        tables.append(("", NameTable(records)))


def records_of(view: View, iris: Iris, partner: Partner) -> list[Named]:
    """Return the records of a partner that have a name and a kind of ours; their ids are their addresses."""
    graph, schema = iris.graph(f"partner/{partner.id}"), Schema.load()
    kinds: dict[Iri, str] = {}
    for quad in view.quads(predicate=RDF_TYPE, graph=graph):
        kind = schema.kind(str(quad.object).rpartition("#")[2])
        if isinstance(quad.subject, Iri) and kind:
            kinds[quad.subject] = kind
    names: dict[Iri, list[str]] = {}
    for predicate in (SKOS_PREF_LABEL, SKOS_ALT_LABEL):
        for quad in view.quads(predicate=predicate, graph=graph):
            if isinstance(quad.subject, Iri) and isinstance(quad.object, Literal):
                names.setdefault(quad.subject, []).append(quad.object.value)
    return [
        Named(iri, kinds[iri], tuple(dict.fromkeys(sorted(said))))
        for iri, said in sorted(names.items())
        if iri in kinds
    ]


def _best(record: Named, table: NameTable) -> tuple[Named, str, float] | None:
    best: tuple[Named, str, float] | None = None
    for name in record.names:
        first = next(iter(table.candidates(name, {record.kind}, limit=1)), None)
        if first is not None and first.match and (best is None or first.score / 100 > best[2]):
            best = first.entity, name, first.score / 100
    return best
