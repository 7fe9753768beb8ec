"""Erasing what a partner sent from its folder: one record, or all of it.

For personal data this must leave nothing: neither in the copy that is live, nor in the one before it,
nor in what was left out, nor in reports.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from graph_api import durable
from graph_api.partners.copies import Copies
from graph_api.partners.records import record_of
from graph_api.partners.runs import RunLog

__all__ = ["erase_all", "erase_record", "subjects_of"]


def subjects_of(place: Path, prefixes: Sequence[str], record: str | None = None) -> set[str]:
    """Return the addresses that a partner's copies describe: of one record with its parts, or all."""
    found: set[str] = set()
    copies = Copies(place)
    for path in (copies.current, copies.previous, copies.quarantine):
        for triple in _read(path):
            subject = getattr(triple.subject, "value", "")
            # Quarantine also holds what is said of others' addresses: these are not the partner's.
            own = isinstance(triple.subject, ox.NamedNode) and subject.startswith(tuple(prefixes))
            if own and record in (None, record_of(subject, prefixes)):
                found.add(subject)
    return found


def erase_record(place: Path, prefixes: Sequence[str], record: str) -> None:
    """Remove a record, its parts, and what other records say of it, from all copies and reports."""

    def stays(triple: ox.Triple) -> bool:
        ends = [end for end in (triple.subject, triple.object) if not isinstance(end, ox.Literal)]
        # A node without address may hang on the record: it is not worth the risk.
        return all(
            isinstance(end, ox.NamedNode) and record_of(end.value, prefixes) != record
            for end in ends
        )

    copies = Copies(place)
    for path in (copies.current, copies.previous, copies.quarantine):
        _filter(path, stays)
    if note := copies.note():
        live = _read(copies.current)
        records = {record_of(getattr(each.subject, "value", ""), prefixes) for each in live}
        copies.keep_note({**note, "records": len(records), "triples": len(live)})
    runs = RunLog(place)
    for run in runs.all():
        told = tuple(each for each in run.findings if each.record != record)
        told = tuple(
            replace(each, value="") if each.value.partition("#")[0] == record else each
            for each in told
        )
        if told != run.findings:
            more = run.more + len(run.findings) - len(told)
            runs.save(replace(run, findings=told, more=more))


def erase_all(place: Path) -> None:
    """Remove all but the partner's record in the registry."""
    copies = Copies(place)
    for path in (copies.current, copies.previous, copies.quarantine):
        path.unlink(missing_ok=True)
    shutil.rmtree(place / "runs", ignore_errors=True)
    copies.forget_note()
    durable.sync_folder(place)


def _read(path: Path) -> list[ox.Triple]:
    if not path.is_file():
        return []
    return [q.triple for q in ox.parse(path.read_bytes(), format=ox.RdfFormat.N_TRIPLES)]


def _filter(path: Path, stays: Callable[[ox.Triple], bool]) -> None:
    triples = _read(path)
    lines = [f"{triple} .\n" for triple in triples if stays(triple)]
    if len(lines) != len(triples):
        mode = path.stat().st_mode & 0o777
        durable.write_bytes(path, "".join(lines).encode(), mode=mode)
