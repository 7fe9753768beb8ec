"""The gate: what of a partner's file may live, and why the rest may not.

Parse, scope, shapes; nothing is written but what is asked for. Only for the child of
:mod:`graph_api.partners.gate_child`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph_api.partners.practice_sheets import SheetOrigin, read_practices
from graph_api.partners.records import Records, gather, lines_of, record_of
from graph_api.partners.rules import Finding
from graph_api.partners.syntax import SHEETS, parse
from ontology.examples import BESIDE
from ontology.model import Triple
from ontology.validate import Severity, Validator

__all__ = ["Asked", "Passed", "pass_gate"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the child is asked for: ``file`` in ``syntax``, against the copy at ``current``.

    ``withdrawn`` are addresses that may not come back; ``most`` is how many statements are read,
    ``most_bytes`` how long a document may be. ``languages`` are the partner's, ``base`` that of our IRIs.
    """

    file: str
    syntax: str
    prefixes: tuple[str, ...]
    withdrawn: tuple[str, ...]
    current: str
    quarantine: str
    most: int
    most_bytes: int
    languages: tuple[str, ...]
    base: str


@dataclass(frozen=True, slots=True)
class Passed:
    """What may be live now and what may not: lines of N-Triples, and how that differs from the current copy.

    ``records``, ``kept`` and ``triples`` count what the file holds; what a sheet does not speak of stays.
    """

    accepted: list[str]
    quarantine: list[str]
    records: int
    kept: int
    triples: int
    live_records: int
    findings: list[Finding]
    added: list[str]
    changed: list[str]
    removed: list[str]


def pass_gate(asked: Asked) -> Passed:
    """Look at a file.

    Raises:
        Refusal: it cannot be read as a whole.
        OSError: it is not there.
    """
    data = Path(asked.file).read_bytes()
    sheets = asked.syntax in SHEETS
    notes: list[Finding] = []
    if sheets:
        origin = SheetOrigin(asked.prefixes, asked.languages, asked.base)
        triples, notes = read_practices(data, asked.syntax, origin, asked.most_bytes)
    else:
        triples = parse(data, asked.syntax, asked.most)
    records = gather(triples, asked.prefixes, frozenset(asked.withdrawn))
    validator = Validator(*BESIDE["partner"])
    findings = _checked(records, validator, asked.prefixes) + notes
    records.leave_out(each for each in findings if each.severity == Severity.VIOLATION)
    records.findings += (each for each in findings if each.severity != Severity.VIOLATION)
    sent = {record: set(lines_of(said)) for record, said in records.kept.items()}
    left_out = {line for said in records.left_out.values() for line in said}
    before = _copy(Path(asked.current), asked.prefixes)
    now = sent
    if sheets:  # a sheet speaks of its practices only, and tells of nothing that it is gone
        now = before | sent
        known = records.kept.keys() | records.left_out.keys()
        for record, said in _copy(Path(asked.quarantine), asked.prefixes).items():
            left_out |= set() if record in known else said
    return Passed(
        accepted=sorted(line for said in now.values() for line in said),
        quarantine=sorted(left_out),
        records=len(records.kept) + len(records.left_out),
        kept=len(records.kept),
        triples=sum(len(said) for said in sent.values()),
        live_records=len(now),
        findings=sorted(records.findings, key=_worst_first),
        added=sorted(now.keys() - before.keys()),
        changed=sorted(each for each in now.keys() & before.keys() if now[each] != before[each]),
        removed=sorted(before.keys() - now.keys()),
    )


def _checked(records: Records, validator: Validator, prefixes: tuple[str, ...]) -> list[Finding]:
    """What the shapes find in the records that are left."""
    whole = [triple for said in records.kept.values() for triple in said]
    found: dict[tuple[str, str, str, str], Finding] = {}
    for each in validator.validate(whole):
        for record in _concerned(each.focus, records, prefixes, whole):
            finding = Finding(
                record, each.shape, str(each.severity), each.path or "", each.value or "",
                {lang: each.message(lang) for lang in ("fr", "en")},
            )  # fmt: skip
            found[record, finding.rule, finding.path, finding.value] = finding
    return list(found.values())


def _concerned(
    focus: str, records: Records, prefixes: tuple[str, ...], whole: Iterable[Triple]
) -> list[str]:
    """The records that a finding is about: that of its node, else those that speak of the node."""
    home = record_of(focus, prefixes)
    if home in records.kept:
        return [home]
    said = {record_of(t.subject, prefixes) for t in whole if str(t.object) == focus}
    return sorted(said & records.kept.keys())


def _copy(path: Path, prefixes: tuple[str, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    if path.is_file():
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.N_TRIPLES):
            record = record_of(str(getattr(quad.subject, "value", "")), prefixes)
            found.setdefault(record, set()).add(f"{quad.triple} .")
    return found


def _worst_first(finding: Finding) -> tuple[int, str, str]:
    return list(Severity).index(Severity(finding.severity)), finding.record, finding.rule
