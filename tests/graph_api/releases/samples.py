"""Two small states of a graph, and the releases made of them."""

from dataclasses import dataclass

import pyoxigraph as ox

from graph_api.folder import DataFolder
from graph_api.releases.shelf import Release
from graph_api.settings import Settings
from ontology.vocabularies import OA_START, SKOS_PREF_LABEL, XSD_INTEGER

__all__ = ["BASE", "Shelved", "first", "quad", "second"]

BASE = "https://data.example"
_LABEL = ox.NamedNode(SKOS_PREF_LABEL)


@dataclass(frozen=True)
class Shelved:
    """A data folder with two releases, the older one first."""

    folder: DataFolder
    settings: Settings
    old: Release
    new: Release


def quad(slug: str, text: str, graph: str = "corpus") -> ox.Quad:
    """The name of an entity, in a graph."""
    subject = ox.NamedNode(f"{BASE}/id/{slug}")
    return ox.Quad(subject, _LABEL, ox.Literal(text, language="fr"), _graph(graph))


def first() -> list[ox.Quad]:
    """What the first release holds."""
    passage = ox.NamedNode(f"{BASE}/id/document/aa/p/1-5")
    return [
        quad("actor/a", 'Aé "un"\n <x> .'),
        quad("actor/b", "B"),
        quad("programme/p", "P", "document/aa"),
        ox.Quad(
            passage,
            ox.NamedNode(OA_START),
            ox.Literal("1", datatype=ox.NamedNode(XSD_INTEGER)),
            _graph("document/aa"),
        ),
    ]


def second() -> list[ox.Quad]:
    """What the second one holds: one gone, one new, one changed, in a graph of its own too."""
    return [*first()[:1], *first()[2:], quad("actor/c", "C"), quad("programme/p", "P2", "added")]


def _graph(path: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}/graph/{path}")
