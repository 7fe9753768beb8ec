"""Erasing a record, or all that a partner sent, from its folder: nothing is left of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.partners.copies import Copies
from graph_api.partners.erasing import erase_all, erase_record, subjects_of
from graph_api.partners.runs import RunLog
from tests.graph_api.partners.test_runs import RUN

SLASH = ("https://lv.example/id/",)
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
SEE = "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
FIRST = f"""<https://lv.example/id/9> {LABEL} "nine" .
<https://lv.example/id/9#part> {LABEL} "part of nine" .
<https://lv.example/id/1> {SEE} <https://lv.example/id/9#part> .
<https://lv.example/id/1> {LABEL} "one" .
<https://lv.example/id/99> {LABEL} "another" .
"""
LEFT = f"""<https://lv.example/id/9> {SEE} _:b .
_:b {LABEL} "hangs on nine" .
<https://maillon.example/id/actor/avise> {LABEL} "foreign" .
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    copies = Copies(tmp_path)
    for _ in range(2):
        copies.swap(FIRST.encode(), LEFT.encode(), {"records": 3, "triples": 5, "run": RUN.id})
    about = replace(RUN.findings[1], value="https://lv.example/id/9#part")
    RunLog(tmp_path).save(replace(RUN, findings=(*RUN.findings, about)))
    (tmp_path / "partner.json").write_text("{}")
    return tmp_path


def everything(place: Path) -> str:
    return "\n".join(p.read_text() for p in place.rglob("*") if p.is_file())


def test_a_record_is_known_with_its_parts(place: Path) -> None:
    nine = "https://lv.example/id/9"
    assert subjects_of(place, SLASH, nine) == {nine, f"{nine}#part"}
    assert subjects_of(place, SLASH, "https://lv.example/id/none") == set()
    whole = subjects_of(place, SLASH)
    assert whole == {nine, f"{nine}#part", "https://lv.example/id/1", "https://lv.example/id/99"}


def test_nothing_is_left_of_an_erased_record(place: Path) -> None:
    erase_record(place, SLASH, "https://lv.example/id/9")
    text = everything(place)
    for said in ("nine", "id/9>", "id/9#", 'id/9"', "_:b"):
        assert said not in text
    assert "another" in text
    assert "one" in Copies(place).current.read_text()
    assert "foreign" in Copies(place).quarantine.read_text()
    assert Copies(place).quarantine.stat().st_mode & 0o077 == 0
    note = Copies(place).note()
    assert (note["records"], note["triples"]) == (2, 2)
    (run,) = RunLog(place).all()
    assert run.more == 1  # it is told that something was remarked


def test_erasing_twice_is_erasing_once(place: Path) -> None:
    erase_record(place, SLASH, "https://lv.example/id/9")
    before = everything(place)
    erase_record(place, SLASH, "https://lv.example/id/9")
    assert everything(place) == before


def test_of_a_partner_only_its_record_in_the_registry_is_left(place: Path) -> None:
    for _ in range(2):
        erase_all(place)
        assert [p.name for p in place.iterdir()] == ["partner.json"]
    assert Copies(place).note() == {}
