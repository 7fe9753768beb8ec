"""Following a partner's event stream: what it says now, as a file for the gate.

What all instances share (territories, vocabularies) is referred to by our addresses and not taken in; nor are
documents and the evidence of statements, which stay where they were read.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph_api.errors import BadInputError
from graph_api.exchange.fetching import Fetcher
from graph_api.exchange.mirror import Mirror
from graph_api.folder import DataFolder
from graph_api.partners.pulling import allowed_hosts
from graph_api.partners.records import record_of
from graph_api.partners.registry import Partner
from graph_api.settings import Settings
from ontology.iris import Iris
from ontology.vocabularies import DCTERMS_MODIFIED, DCTERMS_SOURCE, XSD_DATE

__all__ = ["Followed", "Member", "feed_place", "follow", "forget_feeds", "statements_of"]

_SHARED = ("territory/", "concept/")
_EVIDENCE = ("document/", "claim/")


@dataclass(frozen=True, slots=True)
class Member:
    """An object of a stream: its address, when it changed (ISO 8601) and lines of N-Triples."""

    iri: str
    at: str
    said: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What a stream says: a file in N-Triples, how many objects are in it, and what was left there."""

    data: bytes
    objects: int
    remarks: tuple[str, ...]
    pages: int


def follow(
    folder: DataFolder,
    settings: Settings,
    partner: Partner,
    address: str,
    withdrawn: Collection[str],
    told: Callable[[str], None],
) -> Followed:
    """Read what is new in a partner's stream. ``told`` hears of each page.

    Raises:
        BadInputError: the address is none of its feeds, is in a private network, or leads to no stream.
        CannotRunError: it cannot be reached.
    """
    if address not in partner.feeds:
        raise BadInputError(f"{address} is none of the feeds of the partner “{partner.id}”")
    fetcher = Fetcher(
        address, settings.mirror_page_bytes, settings.mirror_seconds, allowed_hosts(settings)
    )
    mirror = Mirror(feed_place(folder, partner.id) / _name(address), address, fetcher)
    run = mirror.run(told)
    mirror.forget(
        iri for iri, _, _ in list(mirror.objects()) if record_of(iri, partner.prefixes) in withdrawn
    )
    members = (Member(*row) for row in mirror.objects())
    lines, kinds = statements_of(members, partner.prefixes, Iris(settings.base))
    remarks = tuple(_remarks(kinds))
    return Followed(("\n".join(lines) + "\n").encode(), kinds["taken"], remarks, run.pages)


def feed_place(folder: DataFolder, partner: str) -> Path:
    """Where what was read of a partner's streams is kept between runs; it can be read again."""
    return folder.run / "feeds" / partner


def forget_feeds(folder: DataFolder, partner: str) -> None:
    """Forget what was read: the next run reads the whole streams."""
    shutil.rmtree(feed_place(folder, partner), ignore_errors=True)


def statements_of(
    members: Iterable[Member], prefixes: Collection[str], iris: Iris
) -> tuple[list[str], Counter[str]]:
    """Return the sorted lines that members say of themselves, and how many objects were ``taken``, are
    ``shared`` by all or are ``evidence``; ``statements`` counts those about something else.

    An object without source has the one it was read from; without a day of change, that of the stream.
    """
    homes = tuple(
        prefix if prefix.endswith("/id/") else f"{prefix}id/"
        for prefix in prefixes
        if prefix.endswith("/")
    )
    lines: set[str] = set()
    kinds: Counter[str] = Counter()
    for member in members:
        kind = _kind(member.iri, homes)
        kinds[kind] += 1
        if kind == "taken":
            for line in _own(member, homes, iris, kinds):
                lines.add(line)
    return sorted(lines), kinds


def _own(member: Member, homes: tuple[str, ...], iris: Iris, kinds: Counter[str]) -> Iterator[str]:
    known: set[str] = set()
    for quad in ox.parse(member.said.encode(), format=ox.RdfFormat.N_TRIPLES):
        subject = getattr(quad.subject, "value", "")
        if subject != member.iri and not subject.startswith(f"{member.iri}#"):
            kinds["statements"] += 1
            continue
        if subject == member.iri:
            known.add(quad.predicate.value)
        value = quad.object
        if isinstance(value, ox.NamedNode):
            value = ox.NamedNode(_ours(value.value, homes, iris))
        yield f"{ox.Triple(quad.subject, quad.predicate, value)} ."
    node = ox.NamedNode(member.iri)
    if DCTERMS_SOURCE not in known:
        yield f"{ox.Triple(node, ox.NamedNode(DCTERMS_SOURCE), node)} ."
    if DCTERMS_MODIFIED not in known:
        day = ox.Literal(member.at[:10], datatype=ox.NamedNode(XSD_DATE))
        yield f"{ox.Triple(node, ox.NamedNode(DCTERMS_MODIFIED), day)} ."


def _kind(iri: str, homes: tuple[str, ...]) -> str:
    for home in homes:
        if iri.startswith(tuple(home + path for path in _SHARED)):
            return "shared"
        if iri.startswith(tuple(home + path for path in _EVIDENCE)):
            return "evidence"
    return "taken"


def _ours(iri: str, homes: tuple[str, ...], iris: Iris) -> str:
    for home in homes:
        path = iri.removeprefix(home)
        if path != iri and path.startswith(_SHARED):
            return f"{iris.base}/id/{path}"
    return iri


def _remarks(kinds: Counter[str]) -> Iterator[str]:
    if kinds["shared"]:
        yield (
            f"{kinds['shared']:,} territories and concepts of the feed are those of the common graph: they "
            "were not taken in, and what refers to them refers to ours."
        )
    if kinds["evidence"] or kinds["statements"]:
        yield (
            f"{kinds['evidence']:,} documents, and {kinds['statements']:,} statements about passages and "
            "evidence, stay with the partner."
        )


def _name(address: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in address)[-100:]
