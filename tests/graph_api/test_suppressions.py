"""The log of suppressions and the receipts: what is kept, what is told."""

from pathlib import Path

import pytest

from graph_api.errors import MissingError
from graph_api.suppressions import Channel, Receipt, ReceiptLog, SuppressionLog, new_suppression


def test_what_holds_is_blacked_out_until_it_is_lifted(tmp_path: Path) -> None:
    log = SuppressionLog(tmp_path)
    assert (log.holding(), bool(log.masks())) == ((), False)
    made = new_suppression("ana", why="asked", iri="http://e/id/person/x", names=["Ada Lovelorn"])
    log.append(made)
    assert log.path.stat().st_mode & 0o077 == 0
    assert log.holding() == (made,)
    assert SuppressionLog(tmp_path).masks().found("ada LOVELORN")
    assert log.find(made.id) == made
    log.append(new_suppression("ana", lifts=made.id))
    assert log.holding() == ()
    assert not log.masks()
    with pytest.raises(MissingError):
        log.find(made.id)


def test_what_is_not_understood_shows_nothing_rather_than_everything(tmp_path: Path) -> None:
    log = SuppressionLog(tmp_path)
    log.path.write_text('{"id": "cut', encoding="utf-8")  # by a crash, before it was acknowledged
    assert not log.masks()
    made = new_suppression("ana", names=["Ada Lovelorn"])
    log.append(made)
    assert log.holding() == (made,)
    with log.path.open("a", encoding="utf-8") as file:
        file.write('{"id": "x", "names": [], "of a newer version": 1}\n')
    with pytest.raises(TypeError):
        log.masks()


def test_receipts_say_when_and_what(tmp_path: Path) -> None:
    log = ReceiptLog(tmp_path)
    with pytest.raises(MissingError):
        log.get("r1")
    first = Receipt("r1", "2026-11-28T01:00:00+00:00", (Channel("graph", 1, 2),))
    last = Receipt("r1", "2026-11-28T02:00:00+00:00", (Channel("graph", 1, 0),))
    for each in (first, last, Receipt("r2", first.at, ())):
        log.append(each)
    assert log.get("r1") == last
    assert (first.clean, last.clean) == (False, True)
    assert last.when.hour == 2
