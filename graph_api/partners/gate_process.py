"""The child process that looks at one file: ``python -m graph_api.partners.gate_process BYTES FOLDER``.

``FOLDER/asked.json`` has what is asked. It writes ``accepted.nt``, ``quarantine.nt`` and, last,
``passed.json``, which has the counts and findings, or ``refusal``.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from graph_api.partners.gate import Asked, pass_gate
from graph_api.partners.rules import Refusal

__all__ = ["answer", "main"]


def main(arguments: list[str]) -> int:
    """Look at a file; ``arguments`` are the address space in bytes and the folder."""
    space = int(arguments[0])
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = Path(arguments[1])
    said = json.loads((folder / "asked.json").read_bytes())
    lists = {name: tuple(said[name]) for name in ("prefixes", "withdrawn", "languages")}
    said_back = answer(Asked(**{**said, **lists}), folder)
    (folder / "passed.json").write_text(json.dumps(said_back), encoding="utf-8")
    return 0


def answer(asked: Asked, folder: Path) -> dict[str, Any]:
    """Return what is told of a file; what passed and what did not is in ``folder`` then."""
    try:
        passed = pass_gate(asked)
    except Refusal as refusal:
        return {"refusal": {"rule": refusal.rule, "detail": refusal.detail}}
    for name, lines in (("accepted", passed.accepted), ("quarantine", passed.quarantine)):
        text = "".join(f"{line}\n" for line in lines)
        (folder / f"{name}.nt").write_text(text, encoding="utf-8")
    return {
        "records": passed.records,
        "kept": passed.kept,
        "triples": passed.triples,
        "live_records": passed.live_records,
        "live_triples": len(passed.accepted),
        "findings": [finding.to_json() for finding in passed.findings],
        "added": passed.added,
        "changed": passed.changed,
        "removed": passed.removed,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
