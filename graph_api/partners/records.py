"""Statements gathered into records, and what of them a partner may say.

A record is an address of the partner with what hangs on it: ``https://p.example/a`` and
``https://p.example/a#part``. Under a prefix that ends in ``#`` each address is a record.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_api.partners.rules import Finding, found
from graph_api.store.oxigraph import from_ox, to_ox
from ontology import terms as mln
from ontology.model import Iri, Quad, Triple
from ontology.vocabularies import (
    OA_HAS_SELECTOR,
    OA_HAS_SOURCE,
    OWL,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_STATEMENT,
    RDF_SUBJECT,
    RDF_TYPE,
    RDFS,
)

__all__ = ["Records", "gather", "lines_of", "record_of"]

_ANNOTATIONS = tuple(f"{RDFS}{name}" for name in ("label", "comment", "seeAlso", "isDefinedBy"))
# The shapes have their own words for these.
_SHAPED = (
    f"{OWL}sameAs", f"{RDFS}subPropertyOf", f"{OWL}equivalentClass", f"{OWL}inverseOf",
)  # fmt: skip
# What readings are made of: a partner who sent it could put words into a document's mouth.
_MADE_HERE = {
    RDF_STATEMENT, RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT, mln.Assertion, mln.Document, mln.passage,
    mln.passageOf, mln.citation, mln.fingerprint, OA_HAS_SOURCE, OA_HAS_SELECTOR,
}  # fmt: skip
_NAMELESS = "_:"
_ANY = ox.NamedNode("urn:any")


@dataclass(slots=True)
class Records:
    """The records that may be looked at further, those left out, and what was found in these."""

    kept: dict[str, list[Triple]] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def leave_out(self, findings: Iterable[Finding]) -> None:
        """Leave out the kept records that these findings are about."""
        for finding in findings:
            self.findings.append(finding)
            if (triples := self.kept.pop(finding.record, None)) is not None:
                self.left_out[finding.record] = lines_of(triples)


def lines_of(triples: Iterable[Triple]) -> list[str]:
    """Return statements as lines of canonical N-Triples, without line ends."""
    return [f"{to_ox(Quad(*triple, Iri(_ANY.value))).triple} ." for triple in triples]


def record_of(iri: str, prefixes: Sequence[str]) -> str:
    """Return the record that an address belongs to."""
    if any(prefix.endswith("#") and iri.startswith(prefix) for prefix in prefixes):
        return iri
    return iri.partition("#")[0]


def gather(triples: Iterable[ox.Triple], prefixes: Sequence[str], withdrawn: Set[str]) -> Records:
    """Gather statements into records; leave out those with anything a partner may not say."""
    whole = list(triples)
    homes = _homes(whole, prefixes)
    by_record: dict[str, list[ox.Triple]] = {}
    for triple in whole:
        by_record.setdefault(_record(triple.subject, homes, prefixes), []).append(triple)
    records = Records()
    for record, said in sorted(by_record.items()):
        faults = {fault.rule: fault for fault in _faults(record, said, prefixes, withdrawn)}
        if faults:
            records.findings += faults.values()
            # What was withdrawn is not even kept among what was left out.
            lines = [] if "withdrawn" in faults else [f"{triple} ." for triple in said]
            records.left_out[record] = lines
        else:
            records.kept[record] = [_own(triple) for triple in said]
    return records


def _faults(
    record: str, said: list[ox.Triple], prefixes: Sequence[str], withdrawn: Set[str]
) -> Iterable[Finding]:
    if record in withdrawn:
        yield found(record, "withdrawn")
        return
    if record == _NAMELESS:
        yield found(record, "blank")
        return
    if not record.startswith(tuple(prefixes)):
        yield found(record, "foreign")
        return
    for triple in said:
        predicate, value = triple.predicate.value, triple.object
        if isinstance(triple.subject, ox.BlankNode) or isinstance(value, ox.BlankNode):
            yield found(record, "blank")
        if isinstance(value, ox.Triple):
            yield found(record, "triple-term")
        elif predicate in _MADE_HERE or (predicate == RDF_TYPE and _value(value) in _MADE_HERE):
            yield found(record, "machinery", _value(value))
        elif predicate.startswith((RDFS, OWL)) and predicate not in (*_ANNOTATIONS, *_SHAPED):
            yield found(record, "axiom", predicate)


def _homes(triples: list[ox.Triple], prefixes: Sequence[str]) -> dict[ox.BlankNode, str]:
    """Return the record on which each blank node hangs, followed upwards; ``_:`` if on none."""
    above = {t.object: t.subject for t in triples if isinstance(t.object, ox.BlankNode)}
    homes: dict[ox.BlankNode, str] = {}
    for node in above:
        passed: dict[ox.BlankNode, None] = {}
        here: object = node
        while isinstance(here, ox.BlankNode) and here not in homes and here not in passed:
            passed[here] = None
            here = above.get(here)
        home = _NAMELESS
        if isinstance(here, ox.NamedNode):
            home = record_of(here.value, prefixes)
        elif isinstance(here, ox.BlankNode):
            home = homes.get(here, _NAMELESS)
        homes |= dict.fromkeys(passed, home)
    return homes


def _record(node: object, homes: dict[ox.BlankNode, str], prefixes: Sequence[str]) -> str:
    if isinstance(node, ox.NamedNode):
        return record_of(node.value, prefixes)
    return homes.get(node, _NAMELESS) if isinstance(node, ox.BlankNode) else _NAMELESS


def _value(node: object) -> str:
    return str(getattr(node, "value", ""))


def _own(triple: ox.Triple) -> Triple:
    quad = from_ox(ox.Quad(triple.subject, triple.predicate, triple.object, _ANY))
    return Triple(quad.subject, quad.predicate, quad.object)
