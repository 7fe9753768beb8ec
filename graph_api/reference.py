"""Writes the reference pages that are made from the code; with ``--check`` fails where one is stale.

``python -m graph_api.reference [--check]``
"""

import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from graph_api.cli.reference import cli_page
from graph_api.settings import Settings

__all__ = ["PAGES", "main", "settings_page"]

_FOLDER = Path(__file__).parent.parent / "docs" / "reference"


def settings_page() -> str:
    """Return the table of settings as Markdown."""
    rows = [
        f"| `MAILLON_{f.name.upper()}` | `{getattr(f.type, '__name__', f.type)}` "
        f"| `{f.default}` | {f.metadata['doc']} |"
        for f in fields(Settings)
    ]
    head = [
        "# Settings",
        "",
        "Made by `make docs` from `graph_api/settings.py`. Each is read from the environment once, at start;",
        "options of the command line win. A variable that begins with `MAILLON_` and is not here is refused.",
        "",
        "| variable | type | default | what it is for |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page, "cli.md": cli_page}
"""Page name below ``docs/reference`` to the function that makes its text."""


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are stale; return the exit code."""
    stale = []
    for name, page in PAGES.items():
        path, text = _FOLDER / name, page()
        if "--check" in arguments:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.stderr.write(f"stale: docs/reference/{', '.join(stale)}; run make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
