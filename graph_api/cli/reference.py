"""Makes ``docs/reference/cli.md`` from the commands: ``python -m graph_api.cli.reference [--check]``."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

__all__ = ["cli_page", "main"]

_PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "cli.md"

_HEAD = """# Command line

Made by `make docs` from `graph_api/cli/`. Every command takes `--data DIR` (default: `MAILLON_DATA`,
else `var`). Messages are French or English, by `MAILLON_LOCALE` or the system's locale. Results go
to standard output, progress and remarks to standard error.

| exit code | means |
|---|---|
| 0 | done |
| 1 | some or all inputs failed or violate; the rest was done |
| 2 | usage, also a syntax error in a query |
| 3 | could not run: port busy, folder locked, engine missing |
"""


def cli_page() -> str:
    """Return the page as Markdown: one section a command, in alphabetical order."""
    # Imported here: the package's __init__ imports every command.
    from graph_api.cli import cli

    return "\n".join([_HEAD, *_sections(cli, "maillon")])


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` tell whether it is up to date; return the exit code."""
    text = cli_page()
    if "--check" in arguments:
        fresh = _PAGE.is_file() and _PAGE.read_text(encoding="utf-8") == text
        if not fresh:
            sys.stderr.write("stale: docs/reference/cli.md; run make docs\n")
        return 0 if fresh else 1
    _PAGE.parent.mkdir(parents=True, exist_ok=True)
    _PAGE.write_text(text, encoding="utf-8")
    return 0


def _sections(group: click.Group, path: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        full = f"{path} {name}"
        if isinstance(command, click.Group):
            yield f"## {full}\n\n{_help(command)}\n"
            yield from _sections(command, full)
        else:
            yield f"## {full}\n\n```\n{full} {_usage(command, full)}\n```\n\n{_help(command)}\n"
            if rows := list(_rows(command)):
                yield "| option | what it is for |\n|---|---|\n" + "\n".join(rows) + "\n"


def _help(command: click.Command) -> str:
    paragraphs = (command.help or "").strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _usage(command: click.Command, full: str) -> str:
    return " ".join(command.collect_usage_pieces(click.Context(command, info_name=full)))


def _rows(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            names = ", ".join(f"`{name}`" for name in parameter.opts)
            choices = ""
            if isinstance(parameter.type, click.Choice):
                choices = " One of " + ", ".join(f"`{c}`" for c in parameter.type.choices) + "."
            yield f"| {names} | {parameter.help or ''}{choices} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
