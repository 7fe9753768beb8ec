"""The gate: shapes by severity, what is left out, how a file differs; and hostile files in the child."""

from collections import Counter
from pathlib import Path

import pytest

from graph_api.partners.copies import Copies
from graph_api.partners.gate import Asked, pass_gate
from graph_api.partners.gate_child import look_at
from graph_api.partners.gate_process import answer
from graph_api.partners.rules import REFUSALS, Refusal, in_words
from graph_api.settings import Settings
from tests.graph_api.partners.samples import HOSTILE, actor, turtle
from tests.graph_api.partners.test_registry import LATVIA

NAMELESS = actor(9, label='"Bez nosaukuma"@lv')


def ask(folder: Path, data: bytes, current: bytes = b"", syntax: str = "ttl") -> Asked:
    (folder / "file").write_bytes(data)
    (folder / "current.nt").write_bytes(current)
    file, live, left = (str(folder / name) for name in ("file", "current.nt", "quarantine.nt"))
    prefixes, base = LATVIA.prefixes, "https://maillon.example"
    return Asked(file, syntax, prefixes, (), live, left, 10_000, 10_000, ("lv",), base)


@pytest.mark.slow
def test_of_ten_one_bad_nine_pass(tmp_path: Path) -> None:
    passed = pass_gate(ask(tmp_path, turtle([*(actor(n) for n in range(9)), NAMELESS])))
    assert (passed.records, passed.kept) == (10, 9)
    assert len(passed.accepted) == 63
    assert len(passed.quarantine) == 6
    assert all("actor-9>" in line for line in passed.quarantine)
    (bad,) = (f for f in passed.findings if f.severity == "violation")
    assert (bad.record, bad.rule) == ("https://lv.example/id/actor-9", "PartnerLabel")
    assert bad.message("fr") == "Il faut un nom en français ou en anglais, avec sa langue."
    assert bad.message("en") == "A name in French or English is needed, with its language."
    assert passed.findings[0] == bad  # the worst first
    assert len(passed.added) == 9


@pytest.mark.slow
def test_a_file_is_compared_with_what_is_live(tmp_path: Path) -> None:
    first = pass_gate(ask(tmp_path, turtle(actor(n) for n in range(4))))
    live = "".join(f"{line}\n" for line in first.accepted).encode()
    changed = actor(0).replace("Sociāls", "Jauns")
    second = pass_gate(ask(tmp_path, turtle([changed, actor(1), actor(7)]), live))
    names = [
        [iri.rpartition("-")[2] for iri in each]
        for each in (second.added, second.changed, second.removed)
    ]
    assert names == [["7"], ["0"], ["2", "3"]]


@pytest.mark.slow
def test_practice_sheets_add_to_what_is_live(tmp_path: Path) -> None:
    live = "".join(
        f"{line}\n" for line in pass_gate(ask(tmp_path, turtle([actor(0)]))).accepted
    ).encode()
    (tmp_path / "quarantine.nt").write_text(
        "".join(f'<https://lv.example/id/{n}> <https://p.example/q> "left out" .\n' for n in "xy")
    )
    # In Latvian a practice needs a name in French or English too: of ten, the second has none.
    lines = [
        "Nosaukums;English name;Vajadzība;Saņēmēji;Piemērs;Rezultāti;Datums",
        *(f"Virtuve {n};{'' if n == 1 else f'Kitchen {n}'};a;b;c;d;2026-01-02" for n in range(10)),
    ]
    passed = pass_gate(ask(tmp_path, "\n".join(lines).encode(), live, "csv"))
    assert (passed.records, passed.kept, passed.live_records) == (10, 9, 10)
    assert (len(passed.added), passed.changed, passed.removed) == (9, [], [])
    assert live.decode().splitlines()[0] in passed.accepted
    (bad,) = (f for f in passed.findings if f.severity == "violation")
    assert (bad.record, bad.rule) == ("https://lv.example/id/practice/virtuve-1", "PartnerLabel")
    assert bad.message("fr") == "Il faut un nom en français ou en anglais, avec sa langue."
    assert sum("left out" in line for line in passed.quarantine) == 2
    assert any("practice/virtuve-1>" in line for line in passed.quarantine)


@pytest.mark.slow
def test_a_fault_of_a_part_leaves_its_record_out(tmp_path: Path) -> None:
    part = "<https://lv.example/id/actor-1#x> <http://www.w3.org/2002/07/owl#sameAs> <https://a.example/> ."
    passed = pass_gate(ask(tmp_path, turtle([actor(0), actor(1), part])))
    assert (passed.records, passed.kept) == (2, 1)
    rules = Counter(f.rule for f in passed.findings if f.severity == "violation")
    assert rules == {"PartnerNoIdentity": 1}


def look(tmp_path: Path, name: str, data: bytes, **changed: object) -> dict[str, object]:
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "file").write_bytes(data)
    settings = Settings(**changed)  # type: ignore[arg-type]
    return look_at(tmp_path / "file", name, "", LATVIA, Copies(tmp_path), [], settings, work)


@pytest.mark.service
@pytest.mark.parametrize("name", sorted(set(HOSTILE) - {"foreign.ttl"}))
def test_a_hostile_file_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    data, rules = HOSTILE[name]
    with pytest.raises(Refusal) as refused:
        look(tmp_path, name, data, partner_memory=800_000_000)
    assert refused.value.rule in rules <= set(REFUSALS)
    assert in_words(refused.value.detail)["fr"].startswith(("Le fichier ", "La syntaxe "))


@pytest.mark.service
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"partner_bytes": 10}, "too-large"),
        ({"partner_triples": 10}, "too-many"),
        ({"partner_seconds": 0.05}, "too-slow"),
        ({"partner_memory": 20_000_000}, "crashed"),
    ],
)
def test_past_a_limit_a_file_is_refused(
    tmp_path: Path, changed: dict[str, object], rule: str
) -> None:
    with pytest.raises(Refusal) as refused:
        look(tmp_path, "a.ttl", turtle(actor(n) for n in range(9)), **changed)
    assert refused.value.rule == rule
    words = in_words(refused.value.detail)
    assert words["fr"] != words["en"]


@pytest.mark.service
def test_the_child_leaves_what_passed_and_what_did_not(tmp_path: Path) -> None:
    found = look(tmp_path, "a.ttl", turtle([actor(0), actor(1), NAMELESS]))
    assert (found["records"], found["kept"]) == (3, 2)
    assert b"actor-9" in (tmp_path / "work" / "quarantine.nt").read_bytes()
    assert b"actor-9" not in (tmp_path / "work" / "accepted.nt").read_bytes()


def test_a_refusal_is_an_answer_too(tmp_path: Path) -> None:
    told = answer(ask(tmp_path, b"<a:a> <b:b> ."), tmp_path)
    assert told["refusal"]["rule"] == "syntax"
    assert not (tmp_path / "accepted.nt").exists()
