"""The picture of the ontology: its kinds on a circle, and how they are linked to each other."""

import math
from collections import defaultdict
from dataclasses import dataclass

from ontology import terms as mln
from ontology.iris import KINDS
from ontology.model import Iri
from ontology.schema import Schema

__all__ = ["ANY", "KindLink", "KindNode", "OntologyMap", "draw_map"]

ANY = "entity"
"""Stands for every kind at once."""

WIDTH, HEIGHT = 720, 470
_CENTRE_X, _CENTRE_Y = WIDTH / 2, HEIGHT / 2
_RADIUS_X, _RADIUS_Y = 230, 180
_LOOP = 52
_PULL = 0.35  # how far a line bends towards the centre: 1 is straight through it


@dataclass(frozen=True, slots=True)
class KindNode:
    """A kind: where it stands, and where its name does (``anchor`` as SVG's text-anchor)."""

    kind: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class KindLink:
    """The properties that lead from ``first`` to ``second`` and back, and the line for them all."""

    first: str
    second: str
    there: tuple[Iri, ...]
    back: tuple[Iri, ...]
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class OntologyMap:
    """A picture of ``width`` by ``height`` units: nodes in the order of kinds, links by their ends."""

    width: int
    height: int
    nodes: tuple[KindNode, ...]
    links: tuple[KindLink, ...]


def draw_map(schema: Schema) -> OntologyMap:
    """Place the kinds on an ellipse and draw a line for each pair that properties link.

    In the middle stands :data:`ANY`, for properties that every entity may have.
    """
    nodes = (
        *(_node(kind, position) for position, kind in enumerate(KINDS)),
        KindNode(ANY, _CENTRE_X, _CENTRE_Y, _CENTRE_X, _CENTRE_Y + 26, "middle"),
    )
    places = {node.kind: node for node in nodes}
    pairs: dict[tuple[str, str], list[Iri]] = defaultdict(list)
    for term in schema.properties.values():
        if not term.has_literal:
            for source in _kinds(schema, term.domain):
                for target in _kinds(schema, term.range):
                    pairs[source, target].append(term.iri)
    links = []
    for position, first in enumerate(places):
        for second in list(places)[position:]:
            there = tuple(pairs.get((first, second), ()))
            back = tuple(pairs.get((second, first), ())) if first != second else ()
            if there or back:
                path = _path(places[first], places[second])
                links.append(KindLink(first, second, there, back, path, _width(there + back)))
    return OntologyMap(WIDTH, HEIGHT, nodes, tuple(links))


def _kinds(schema: Schema, classes: tuple[Iri, ...]) -> tuple[str, ...]:
    """The kinds that a domain or range takes; a class of another vocabulary counts for ours in it."""
    found: set[str | None] = set()
    for cls in classes:
        if cls == mln.Entity:
            found.add(ANY)
        ours = [cls] if cls in schema.classes else _members(schema, cls)
        found |= {schema.kind(each) for each in ours}
    return tuple(kind for kind in (*KINDS, ANY) if kind in found)


def _members(schema: Schema, outside: Iri) -> list[Iri]:
    return [term.iri for term in schema.classes.values() if outside in term.outside]


def _node(kind: str, position: int) -> KindNode:
    angle = 2 * math.pi * position / len(KINDS) - math.pi / 2
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = _CENTRE_X + _RADIUS_X * cos, _CENTRE_Y + _RADIUS_Y * sin
    anchor = "middle" if abs(cos) < 0.3 else "start" if cos > 0 else "end"
    aside = 14 if anchor == "start" else -14 if anchor == "end" else 0
    label_y = y + (5 if aside else 24 if sin > 0 else -14)
    return KindNode(kind, round(x, 1), round(y, 1), round(x + aside, 1), round(label_y, 1), anchor)


def _path(source: KindNode, target: KindNode) -> str:
    if source.kind == target.kind:  # a loop on the inner side: names stand on the outer one
        in_x, in_y = _CENTRE_X - source.x, _CENTRE_Y - source.y
        length = math.hypot(in_x, in_y)
        in_x, in_y = (in_x / length, in_y / length) if length else (0.0, -1.0)
        first, second = (
            f"{source.x + _LOOP * (in_x - side * in_y):.1f} "
            f"{source.y + _LOOP * (in_y + side * in_x):.1f}"
            for side in (0.6, -0.6)
        )
        return f"M{source.x} {source.y}C{first} {second} {source.x} {source.y}"
    middle_x, middle_y = (source.x + target.x) / 2, (source.y + target.y) / 2
    bend_x = middle_x + (_CENTRE_X - middle_x) * _PULL
    bend_y = middle_y + (_CENTRE_Y - middle_y) * _PULL
    return f"M{source.x} {source.y}Q{bend_x:.1f} {bend_y:.1f} {target.x} {target.y}"


def _width(found: tuple[Iri, ...]) -> float:
    return round(1 + math.sqrt(len(found)), 1)
