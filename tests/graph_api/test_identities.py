"""The log of what became of addresses: the last word counts, rubbish is passed over."""

from pathlib import Path

from graph_api.identities import Fate, IdentityLog, new_fate

BASE = "https://maillon.example/id"


def test_the_last_word_counts(tmp_path: Path) -> None:
    log = IdentityLog(tmp_path)
    assert log.fates() == {}
    document = f"{BASE}/document/aa"
    log.append(new_fate(document, "withdrawn", who="w", why="asked", also=[f"{BASE}/claim/1"]))
    log.append(new_fate(f"{BASE}/actor/a", "merged", who="w", to=f"{BASE}/actor/b"))
    with log.path.open("a") as file:
        file.write('{"half": \n{"event": "sold", "iri": "x", "at": ""}\n')
    log.append(new_fate(f"{BASE}/actor/c", "withdrawn", who="w"))
    again = IdentityLog(tmp_path)
    for each in (log, again):
        passage = each.find(f"{document}/p/1-2")
        assert passage is not None
        assert (passage.iri, passage.why) == (document, "asked")
        assert each.find(f"{BASE}/claim/1") == passage
        assert each.withdrawn() == {document, f"{BASE}/claim/1", f"{BASE}/actor/c"}
        assert each.find(f"{BASE}/actor/none") is None
    log.append(Fate(document, "restored", "2026-01-01T00:00:00+00:00", also=(f"{BASE}/claim/1",)))
    assert again.withdrawn() == {f"{BASE}/actor/c"}
    merged = again.find(f"{BASE}/actor/a")
    assert merged is not None
    assert merged.to == f"{BASE}/actor/b"
