"""Taking in what a partner sends: through the gate, then the live copy is swapped and the run reported."""

import hashlib
import json
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph_api.errors import GoneError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.partners.copies import Copies
from graph_api.partners.gate_child import look_at
from graph_api.partners.registry import Partner, PartnerFolder
from graph_api.partners.rules import Finding, Refusal, in_words
from graph_api.partners.runs import Run, RunLog, new_id
from graph_api.settings import Settings
from ontology.iris import Iris

__all__ = ["Sent", "take_in"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that a partner sent, and how it is to be taken: ``shrink`` lets it lose records.

    ``remarks`` are sentences about what came before the gate, for the report.
    """

    partner: str
    file: Path
    name: str
    media_type: str = ""
    dry_run: bool = False
    shrink: bool = False
    remarks: tuple[str, ...] = ()


def take_in(folder: DataFolder, settings: Settings, iris: Iris, sent: Sent) -> Run:
    """Look at a file; unless it is a dry run or refused, let it be the partner's live copy.

    Raises:
        MissingError: there is no such partner.
        GoneError: its data were withdrawn.
        OSError: the disk.
    """
    partners = PartnerFolder(folder, iris)
    partner = partners.get(sent.partner)
    place = partners.place(partner.id)
    if iris.graph(f"partner/{partner.id}") in IdentityLog(folder.decisions).withdrawn():
        raise GoneError(
            f"the data of the partner “{partner.id}” were withdrawn; take that back first (--undo)"
        )
    now, started = datetime.now(UTC).replace(microsecond=0), time.monotonic()
    run = Run(
        id=new_id(now),
        partner=partner.id,
        at=now.isoformat(),
        file=Path(sent.name).name,
        sha256=_sha256(sent.file),
        state="previewed" if sent.dry_run else "live",
        seconds=0.0,
    )
    copies = Copies(place)
    with tempfile.TemporaryDirectory(prefix="partner-", dir=folder.run) as work:
        run = _through_gate(run, sent, partner, copies, folder, settings, Path(work))
        if run.state == "live":
            note = _note(run, Path(work))
            accepted, left = (
                Path(work, f"{n}.nt").read_bytes() for n in ("accepted", "quarantine")
            )
            copies.swap(accepted, left, note)
    run = replace(run, seconds=round(time.monotonic() - started, 3))
    RunLog(place, settings.partner_runs).save(run)
    return run


def _through_gate(
    run: Run,
    sent: Sent,
    partner: Partner,
    copies: Copies,
    folder: DataFolder,
    settings: Settings,
    work: Path,
) -> Run:
    try:
        withdrawn = IdentityLog(folder.decisions).withdrawn()
        found = look_at(
            sent.file, sent.name, sent.media_type, partner, copies, withdrawn, settings, work
        )
        remarks = [
            Finding(partner.id, "before", "info", messages=in_words(each)) for each in sent.remarks
        ]
        run = _counted(run, found, remarks, settings.partner_findings)
        foreign = {each["record"] for each in found["findings"] if each["rule"] == "foreign"}
        _guard(run, len(foreign), int(copies.note().get("records", 0)), sent.shrink, settings)
    except Refusal as refusal:
        words = in_words(refusal.detail)
        return replace(run, state="refused", rule=refusal.rule, messages=words)
    return run


def _note(run: Run, work: Path) -> dict[str, Any]:
    """What is known of the copy that becomes live: a sheet adds to it, so the run's counts are not its own."""
    passed = json.loads((work / "passed.json").read_bytes())
    return {
        "run": run.id, "records": passed["live_records"], "triples": passed["live_triples"],
    }  # fmt: skip


def _counted(run: Run, found: dict[str, Any], remarks: list[Finding], most: int) -> Run:
    findings = [*(Finding.from_json(each) for each in found["findings"][:most]), *remarks]
    return replace(
        run,
        records=found["records"],
        kept=found["kept"],
        triples=found["triples"],
        added=len(found["added"]),
        changed=len(found["changed"]),
        removed=len(found["removed"]),
        findings=tuple(findings),
        more=max(0, len(found["findings"]) - most),
    )


def _guard(run: Run, foreign: int, before: int, shrink: bool, settings: Settings) -> None:
    """Raises Refusal where too much would be left out, or lost.

    What is said of others' addresses is left out and does not count: catalogues also tell what the terms of
    public vocabularies mean.
    """
    own = run.records - foreign
    if not run.kept or run.left_out - foreign > settings.partner_bad_share * own:
        limit = settings.partner_bad_share * 100
        raise Refusal(
            "too-bad",
            f"{run.left_out:,} of {run.records:,} records cannot pass; the limit is {limit:g} %. "
            "Nothing of the file was taken.",
        )
    if not shrink and run.removed > settings.partner_shrink_share * before:
        limit = settings.partner_shrink_share * 100
        raise Refusal(
            "shrinks",
            f"{run.removed:,} of {before:,} live records would be lost; the limit is {limit:g} %. "
            "Send all records, or say that it shall shrink (--shrink).",
        )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError:
        return ""  # the gate says why it cannot be opened
    return digest.hexdigest()
