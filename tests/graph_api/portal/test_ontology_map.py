"""The picture of the ontology shows each property between kinds, and stays inside its frame."""

import re

from graph_api.portal.ontology_map import ANY, draw_map
from ontology import terms as mln
from ontology.iris import KINDS
from ontology.schema import Schema


def test_every_kind_has_its_place_inside_the_picture() -> None:
    drawn = draw_map(Schema.load())
    assert [node.kind for node in drawn.nodes] == [*KINDS, ANY]
    assert len({(node.x, node.y) for node in drawn.nodes}) == len(drawn.nodes)
    for node in drawn.nodes:
        assert 0 < node.x < drawn.width
        assert 0 < node.label_y < drawn.height


def test_a_pair_of_kinds_has_one_line_for_its_properties_both_ways() -> None:
    drawn = draw_map(Schema.load())
    pairs = {(link.first, link.second): link for link in drawn.links}
    assert len(pairs) == len(drawn.links)
    link = pairs["actor", "programme"]
    assert mln.operates in link.there
    assert mln.operatedBy in link.back
    assert mln.supports in pairs["actor", ANY].there
    assert ("programme", "actor") not in pairs


def test_members_of_an_outside_class_count_as_ours() -> None:
    pairs = {(link.first, link.second): link for link in draw_map(Schema.load()).links}
    assert mln.created in pairs["person", ANY].there  # its domain is foaf:Agent


def test_lines_stay_inside_the_picture() -> None:
    drawn = draw_map(Schema.load())
    for link in drawn.links:
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", link.path)]
        assert all(0 <= x <= drawn.width for x in numbers[::2]), link
        assert all(0 <= y <= drawn.height for y in numbers[1::2]), link
