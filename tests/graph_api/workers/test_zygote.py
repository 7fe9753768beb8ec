"""What the zygote does by itself; forking is seen in ``test_pool``."""

import socket
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_api.workers.frames import decode_json
from graph_api.workers.zygote import Zygote, apply_delta
from tests.graph_api.published import quad


def test_deltas(tmp_path: Path) -> None:
    store = ox.Store()
    store.extend([quad(1), quad(2)])
    path = tmp_path / "2.delta"
    path.write_text(f"D {quad(1)} .\nA {quad(3, 'deux lignes')} .\nD {quad(9)} .\n")
    apply_delta(store, path)
    assert set(store) == {quad(2), quad(3, "deux lignes")}
    path.write_text("")
    apply_delta(store, path)
    assert len(store) == 2


@pytest.mark.parametrize("text", ["X <a:b> <a:b> <a:b> .\n", "A <a:b> .\n", "A\n"])
def test_a_damaged_delta_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "2.delta"
    path.write_text(text)
    with pytest.raises((ValueError, SyntaxError)):
        apply_delta(ox.Store(), path)


def test_loading_follows_the_deltas_and_tells_failures(tmp_path: Path) -> None:
    (tmp_path / "4.nq").write_text(f"{quad(1)} .\n")
    (tmp_path / "5.delta").write_text(f"A {quad(2)} .\n")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        zygote = Zygote(theirs)
        message = {"op": "load", "folder": str(tmp_path), "snapshot": 4, "generation": 5}
        zygote.handle(message)
        assert decode_json(ours.recv(1_000)) == {"op": "loaded", "generation": 5}
        assert zygote.store is not None
        assert set(zygote.store) == {quad(1), quad(2)}
        zygote.handle({**message, "snapshot": None, "generation": 6})
        assert decode_json(ours.recv(1_000))["op"] == "failed"
        zygote.handle({"op": "nice", "pid": 1, "value": 10})  # no child of it: nothing happens
