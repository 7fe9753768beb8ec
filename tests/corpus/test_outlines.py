"""Outlines: every area has one that draws something, in its box; and the parts of how they are made."""

import math
import re

import pytest

from corpus import outlines_build
from corpus.outlines import AREAS, load_outlines
from corpus.outlines_build import project, rings_of, simplify
from corpus.territories import load_territories


@pytest.mark.parametrize("area", AREAS)
def test_every_territory_of_a_map_has_an_outline(area: str) -> None:
    start = {"fr": "fr-reg-", "fr-dep": "fr-dep-", "eu": "eu-"}[area]
    known = load_territories().by_slug.values()
    today = {t.slug for t in known if t.slug.startswith(start) and not t.valid_until}
    found = load_outlines(area)
    assert set(found.paths) == today
    assert len(today) == {"fr": 18, "fr-dep": 101, "eu": 27}[area]
    for slug, path in found.paths.items():
        assert re.fullmatch(r"(M\d+ \d+(L\d+ \d+){2,}Z)+", path), slug
    assert found.width == 600
    assert 500 < found.height < 800


def test_the_projection_keeps_areas_and_points_north() -> None:
    flat = project((10.0, 50.0))
    assert flat((10.0, 50.0)) == pytest.approx((0, 0), abs=1e-12)
    assert flat((10.0, 51.0))[1] < 0 < flat((11.0, 50.0))[0]

    def area(lat: float) -> float:
        corners = [flat(p) for p in ((9.9, lat), (10.1, lat), (10.1, lat + 0.1), (9.9, lat + 0.1))]
        pairs = zip(corners, corners[1:] + corners[:1], strict=True)
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2

    ratio = math.cos(math.radians(40.05)) / math.cos(math.radians(65.05))
    assert area(40.0) / area(65.0) == pytest.approx(ratio, rel=1e-3)


def test_small_bends_go_and_ends_stay() -> None:
    line = [(0.0, 0.0), (1.0, 0.01), (2.0, 0.0), (3.0, 2.0), (4.0, 0.0), (5.0, 0.0)]
    assert simplify(line, 0.1) == [line[0], line[2], line[3], line[4], line[5]]
    assert simplify(line, 0.0) == line


def test_a_border_that_two_areas_share_is_not_drawn() -> None:
    # Two squares side by side: arc 0 is the border, 1 the left part, 2 the right one.
    arcs = [
        [(1.0, 0.0), (1.0, 1.0)],
        [(1.0, 1.0), (0.0, 1.0), (0.0, 0.0), (1.0, 0.0)],
        [(1.0, 1.0), (2.0, 1.0), (2.0, 0.0), (1.0, 0.0)],
    ]
    left, right = {"arcs": [[0, 1]]}, {"arcs": [[~2, ~0]]}
    (ring,) = rings_of([left, right], arcs)
    assert ring[0] == ring[-1]
    assert set(ring) == {(1, 1), (0, 1), (0, 0), (1, 0), (2, 0), (2, 1)}
    assert len(rings_of([left], arcs)[0]) == 5


def test_a_country_is_drawn_without_what_lies_overseas() -> None:
    def square(west: float, south: float) -> list[list[float]]:
        return [[west, south], [0, 4], [4, 0], [0, -4], [-4, 0]]

    world = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [square(10, 50), square(-60, 4)],
        "objects": {
            "countries": {
                "geometries": [
                    {"properties": {"name": "Germany"}, "arcs": [[[0]], [[1]]]},
                    {"properties": {"name": "Nowhere"}, "arcs": [[0]]},
                ]
            }
        },
    }
    found = outlines_build.member_states(world)
    assert list(found) == ["eu-DE"]
    assert len(found["eu-DE"]) == 1
    assert max(x for x, _ in found["eu-DE"][0]) == pytest.approx(600)
