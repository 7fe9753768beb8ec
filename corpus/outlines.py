"""Outlines of areas for maps: SVG paths by territory, read from ``corpus/outlines``."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from corpus import OUTLINES

__all__ = ["AREAS", "Outlines", "load_outlines"]

AREAS = ("fr", "fr-dep", "eu")
"""The maps that ship: régions and départements of France, Member States of the European Union."""


@dataclass(frozen=True)
class Outlines:
    """One map: ``paths`` are SVG path data by the slug of a territory, within ``width`` × ``height``."""

    width: int
    height: int
    paths: Mapping[str, str]


@cache
def load_outlines(area: str) -> Outlines:
    """Return the map of one of :data:`AREAS`, read once per process. Raises OSError without it."""
    with (OUTLINES / f"{area}.csv").open(encoding="utf-8", newline="") as file:
        paths = {row["slug"]: row["path"] for row in csv.DictReader(file)}
    points = [
        (int(x), int(y)) for path in paths.values() for x, y in re.findall(r"(\d+) (\d+)", path)
    ]
    return Outlines(max(x for x, _ in points), max(y for _, y in points), paths)
