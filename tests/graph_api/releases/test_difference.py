"""The difference of two releases: what came, went and changed."""

import io

import pyoxigraph as ox

from graph_api.releases.difference import compare, difference_quads, main, read_changes
from graph_api.releases.dumps import FORMATS, write_quads
from graph_api.releases.shelf import Shelf
from tests.graph_api.releases.samples import BASE, Shelved, first, second


def test_counts_and_entities(shelved: Shelved) -> None:
    shelf = Shelf(shelved.folder)
    old, new = (shelf.place(r.id) / r.whole("nq").name for r in (shelved.old, shelved.new))
    found = compare(read_changes(old, new), "a", "b", BASE)
    assert (found.added, found.gone) == (2, 1)
    assert found.graphs == {f"{BASE}/graph/added": (1, 0), f"{BASE}/graph/corpus": (1, 1)}
    assert found.created == (f"{BASE}/id/actor/c",)
    assert found.removed == (f"{BASE}/id/actor/b",)
    assert found.changed == (f"{BASE}/id/programme/p",)
    same = compare(read_changes(new, new), "b", "b", BASE)
    assert (same.added, same.gone, same.entities) == (0, 0, dict.fromkeys(found.entities, 0))


def test_trig_says_what_to_add_and_what_to_remove(shelved: Shelved) -> None:
    """Applied to the older release it gives the newer one."""
    shelf = Shelf(shelved.folder)
    old, new = (shelf.place(r.id) / r.whole("nq").name for r in (shelved.old, shelved.new))
    target = io.BytesIO()
    quads = difference_quads(read_changes(old, new), shelved.old, shelved.new, BASE)
    write_quads(quads, FORMATS["trig"], target, BASE)
    change = ox.Store()
    change.load(target.getvalue(), format=ox.RdfFormat.TRIG)
    about = {
        q.subject.value: q.object
        for q in change.quads_for_pattern(None, None, None, ox.DefaultGraph())
        if isinstance(q.subject, ox.NamedNode)
    }
    result = set(first())
    for name, graph in about.items():
        assert isinstance(graph, ox.NamedNode)
        for q in change.quads_for_pattern(None, None, None, ox.NamedNode(name)):
            moved = ox.Quad(q.subject, q.predicate, q.object, graph)
            (result.add if f"/since/{shelved.old.id}/added/" in name else result.remove)(moved)
    assert result == set(second())


def test_command(shelved: Shelved, capsysbinary) -> None:  # type: ignore[no-untyped-def]
    arguments = ["", str(shelved.folder.root), shelved.old.id, shelved.new.id]
    assert main([*arguments, "json"]) == 0
    assert b'"added": 2' in capsysbinary.readouterr().out
