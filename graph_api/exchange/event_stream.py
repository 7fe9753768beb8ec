"""The change log as a Linked Data Event Stream: its description, its pages and its members, as quads.

https://w3id.org/ldes/specification and https://w3id.org/tree/specification; members are activities in the
form of DCAT-AP Feeds: ``as:Create``, ``as:Update`` or ``as:Delete`` with ``as:object`` and
``as:published``, and what is said of the object in the named graph of the activity.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pyoxigraph as ox

from graph_api.change_log import Change, PageBounds
from graph_api.releases.dumps import declared, prefixes
from ontology.vocabularies import RDF_TYPE, XSD

__all__ = [
    "FORMATS",
    "POLLING_SECONDS",
    "StreamAddresses",
    "describe_stream",
    "page_quads",
    "write",
]

AS = "https://www.w3.org/ns/activitystreams#"
LDES = "https://w3id.org/ldes#"
TREE = "https://w3id.org/tree#"
SH = "http://www.w3.org/ns/shacl#"
DCTERMS = "http://purl.org/dc/terms/"
POLLING_SECONDS = 60
"""How often a follower is asked to look."""

FORMATS = MappingProxyType(
    {
        "application/trig": ox.RdfFormat.TRIG,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/n-quads": ox.RdfFormat.N_QUADS,
    }
)
"""Media type to syntax: each can tell graphs apart."""

_EVENTS = MappingProxyType({"create": "Create", "update": "Update", "delete": "Delete"})


@dataclass(frozen=True, slots=True)
class StreamAddresses:
    """Where the stream is: ``base`` makes IRIs that stay, ``place`` is the address it is read at."""

    base: str
    place: str

    @property
    def stream(self) -> str:
        """The IRI of the stream."""
        return f"{self.base}/feed#stream"

    def page(self, page: int) -> str:
        """The address of a page."""
        return f"{self.place}/page/{page}"

    def change(self, number: int) -> str:
        """The IRI of an activity."""
        return f"{self.base}/feed/change/{number}"


def describe_stream(
    addresses: StreamAddresses, pages: Sequence[PageBounds], title: str, licence: str
) -> Iterator[ox.Quad]:
    """Yield the root of the search tree: what the stream is, what it keeps, and all its pages.

    A full page has a lower and an upper bound, so that a follower need not look into it again; the
    page that still fills has a lower one.
    """
    stream, view = addresses.stream, addresses.place
    shape, keeps = f"{view}#shape", f"{view}#retention"
    yield _link(stream, RDF_TYPE, f"{LDES}EventStream")
    yield _text(stream, f"{DCTERMS}title", title)
    yield _link(stream, f"{DCTERMS}license", licence)
    yield _link(stream, f"{LDES}timestampPath", f"{AS}published")
    yield _link(stream, f"{LDES}versionOfPath", f"{AS}object")
    for event in _EVENTS.values():
        yield _link(stream, f"{LDES}version{event}Path", RDF_TYPE)
        yield _link(stream, f"{LDES}version{event}Object", f"{AS}{event}")
    yield _value(stream, f"{LDES}pollingInterval", str(POLLING_SECONDS), "integer")
    yield _link(stream, f"{TREE}shape", shape)
    yield _link(stream, f"{TREE}view", view)
    yield _link(view, RDF_TYPE, f"{TREE}Node")
    yield _link(view, f"{LDES}retentionPolicy", keeps)
    yield _link(keeps, RDF_TYPE, f"{LDES}RetentionPolicy")
    yield _value(keeps, f"{LDES}versionAmount", "1", "integer")
    yield from _shape(shape)
    for page in pages:
        yield from _relation(addresses, page, "GreaterThanOrEqualTo", page.first)
        if not page.open:
            yield from _relation(addresses, page, "LessThanOrEqualTo", page.last)


def page_quads(
    addresses: StreamAddresses, node: str, changes: Iterable[Change]
) -> Iterator[ox.Quad]:
    """Yield the members of a page, or of one change alone, with what is said of each."""
    yield _link(node, RDF_TYPE, f"{TREE}Node")
    yield _link(addresses.stream, f"{TREE}view", addresses.place)
    for change in changes:
        activity = addresses.change(change.number)
        yield _link(addresses.stream, f"{TREE}member", activity)
        yield _link(activity, RDF_TYPE, AS + _EVENTS[change.event])
        yield _link(activity, f"{AS}object", change.iri)
        yield _value(activity, f"{AS}published", _moment(change.at), "dateTime")
        graph = ox.NamedNode(activity)
        for triple in ox.parse(change.ntriples, format=ox.RdfFormat.N_TRIPLES):
            quad = declared(ox.Quad(triple.subject, triple.predicate, triple.object))
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def write(quads: Iterable[ox.Quad], media_type: str, base: str) -> bytes:
    """Return quads in one of :data:`FORMATS`."""
    names = {"as": AS, "ldes": LDES, "tree": TREE, **prefixes(base)}
    return ox.serialize(quads, format=FORMATS[media_type], prefixes=names) or b""


def _relation(
    addresses: StreamAddresses, page: PageBounds, kind: str, moment: str
) -> Iterator[ox.Quad]:
    relation = f"{addresses.place}#{kind}-{page.page}"
    yield _link(addresses.place, f"{TREE}relation", relation)
    yield _link(relation, RDF_TYPE, f"{TREE}{kind}Relation")
    yield _link(relation, f"{TREE}path", f"{AS}published")
    yield _value(relation, f"{TREE}value", _moment(moment), "dateTime")
    yield _link(relation, f"{TREE}node", addresses.page(page.page))


def _shape(shape: str) -> Iterator[ox.Quad]:
    yield _link(shape, RDF_TYPE, f"{SH}NodeShape")
    for path, constraint, wanted in (
        ("object", "nodeKind", f"{SH}IRI"),
        ("published", "datatype", f"{XSD}dateTime"),
    ):
        place = f"{shape}-{path}"
        yield _link(shape, f"{SH}property", place)
        yield _link(place, f"{SH}path", AS + path)
        yield _link(place, f"{SH}{constraint}", wanted)
        yield _value(place, f"{SH}minCount", "1", "integer")
        yield _value(place, f"{SH}maxCount", "1", "integer")


def _moment(at: str) -> str:
    return at.replace("+00:00", "Z")


def _link(subject: str, predicate: str, target: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(target))


def _text(subject: str, predicate: str, value: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(value))


def _value(subject: str, predicate: str, value: str, datatype: str) -> ox.Quad:
    literal = ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), literal)
