"""The register of known publications: which file is a copy of which publication.

A file that is found here is linked with its publication, so that facts cited by sheets re-anchor
to its sentences. Kept in ``register.ttl``, relative to ``{base}/id/``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS

from corpus import REGISTER
from ontology.iris import ONTOLOGY, Iris

__all__ = ["KnownFile", "Publication", "load_register", "match"]

_MLN = Namespace(f"{ONTOLOGY}#")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A copy of a publication: its SHA-256 and the name under which it is known."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication. ``rights`` is how much of its text may be shown: full, quotes or metadata.

    ``publisher`` is the path of an actor, ``year`` a year; both are empty where the publication
    does not say them.
    """

    slug: str
    title: str
    lang: str
    publisher: str
    year: str
    rights: str
    files: tuple[KnownFile, ...]


@cache
def load_register() -> Mapping[str, Publication]:
    """Return the publications by slug. The file is read once per process."""
    base = Iris().entity("", "").removesuffix("/")
    graph = Graph().parse(data=REGISTER.read_text(encoding="utf-8"), format="turtle", publicID=base)
    found = {
        str(subject).rpartition("/")[2]: _publication(graph, subject, base)
        for subject in graph.subjects(DCTERMS.title, unique=True)
        if isinstance(subject, URIRef)
    }
    return MappingProxyType(dict(sorted(found.items())))


def match(sha256: str, name: str) -> str | None:
    """Return the slug of the publication that a file is a copy of, None where it is unknown.

    The content decides; the name only counts where no publication has that content.
    """
    publications = load_register().values()
    for publication in publications:
        if any(file.sha256 == sha256 for file in publication.files):
            return publication.slug
    for publication in publications:
        if any(file.name == name for file in publication.files):
            return publication.slug
    return None


def _publication(graph: Graph, subject: URIRef, base: str) -> Publication:
    def text(predicate: URIRef) -> str:
        return str(graph.value(subject, predicate) or "")

    files = tuple(
        KnownFile(
            str(graph.value(node, DCTERMS.identifier) or ""),
            str(graph.value(node, _MLN.fileName) or ""),
        )
        for node in graph.objects(subject, _MLN.hasFile)
    )
    return Publication(
        slug=str(subject).rpartition("/")[2],
        title=text(DCTERMS.title),
        lang=text(DCTERMS.language),
        publisher=text(DCTERMS.publisher).removeprefix(base),
        year=text(DCTERMS.issued),
        rights=text(DCTERMS.accessRights),
        files=tuple(sorted(files, key=lambda file: file.sha256)),
    )
