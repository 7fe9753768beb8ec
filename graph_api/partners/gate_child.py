"""Runs the gate in a process with limits, so that no file can stop, crash or fill the builder."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph_api.partners.copies import Copies
from graph_api.partners.registry import Partner
from graph_api.partners.rules import Refusal
from graph_api.partners.syntax import MEDIA_TYPES, syntax_of
from graph_api.settings import Settings

__all__ = ["look_at"]

# -P: nothing is taken from the folder one happens to be in.
_COMMAND = (sys.executable, "-P", "-m", "graph_api.partners.gate_process")


def look_at(
    file: Path,
    name: str,
    media_type: str,
    partner: Partner,
    copies: Copies,
    withdrawn: Iterable[str],
    settings: Settings,
    work: Path,
) -> dict[str, Any]:
    """Return what the child found; ``accepted.nt`` and ``quarantine.nt`` are in ``work`` then.

    ``name`` and ``media_type`` tell the syntax.

    Raises:
        Refusal: the file as a whole cannot pass.
    """
    syntax = syntax_of(name, media_type)
    if syntax is None:
        known = ", ".join(f".{extension}" for extension in MEDIA_TYPES)
        raise Refusal("format", f"The file's syntax is none that is read here: {known}.")
    try:
        size = file.stat().st_size
    except OSError as error:
        raise Refusal("unreadable", f"The file cannot be opened: {error.strerror}.") from error
    if size > settings.partner_bytes:
        limit = settings.partner_bytes
        raise Refusal("too-large", f"The file has {size:,} bytes; the limit is {limit:,}.")
    asked = {
        "file": str(file),
        "syntax": syntax,
        "prefixes": partner.prefixes,
        "withdrawn": [iri for iri in withdrawn if partner.owns(iri)],
        "current": str(copies.current),
        "quarantine": str(copies.quarantine),
        "most": settings.partner_triples,
        "most_bytes": settings.partner_bytes,
        "languages": partner.languages,
        "base": settings.base,
    }
    (work / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    try:
        code = subprocess.run(  # noqa: S603 - our own module
            [*_COMMAND, str(settings.partner_memory), str(work)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # libraries chatter there
            timeout=settings.partner_seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        limit_seconds = settings.partner_seconds
        raise Refusal(
            "too-slow", f"Looking at the file took longer than {limit_seconds:g} seconds."
        ) from None
    try:
        answer: dict[str, Any] = json.loads((work / "passed.json").read_bytes())
    except (OSError, ValueError):
        answer = {}
    if code != 0 or not answer:
        raise Refusal("crashed", "The file stopped its reader, or needed too much memory.")
    if refusal := answer.get("refusal"):
        raise Refusal(refusal["rule"], refusal["detail"])
    return answer
