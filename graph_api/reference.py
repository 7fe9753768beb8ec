"""Writes the reference pages that are made from the code; with ``--check`` fails where one is stale.

``python -m graph_api.reference [--check]``
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

from fastapi.dependencies.models import Dependant
from fastapi.params import Query
from fastapi.routing import APIRoute

from graph_api.app import ROUTERS
from graph_api.cli.reference import cli_page
from graph_api.ontology_reference import ontology_page
from graph_api.settings import Settings

__all__ = ["PAGES", "http_page", "main", "routes", "settings_page"]

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


def routes() -> Iterator[APIRoute]:
    """Yield every route but /sparql, which is no FastAPI route (see docs/sparql.md)."""
    for router in ROUTERS:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def http_page() -> str:
    """Return the list of addresses as Markdown: machines first, then pages."""
    listed = sorted(routes(), key=lambda route: (route.path.startswith("/{lang}"), route.path))
    return "\n".join([_HTTP_HEAD, *map(_route_section, listed)])


_HTTP_HEAD = """# Addresses

Made by `make docs` from `graph_api/routers/`. Paths are below the base path, if there is one
(`MAILLON_BASE_PATH`). Errors are `application/problem+json` (RFC 9457) for machines and pages for
browsers: 404 missing, 410 withdrawn, 503 engine down or busy, 504 too slow, 413 too large, 406 not
offered. `{lang}` is `fr` or `en`.

## GET, POST /sparql

SPARQL 1.1 Protocol, read-only: [sparql.md](../sparql.md). With `Accept: text/html` it leads to the
SPARQL page; without a query it answers with the service description.
"""


def _parameters(dependant: Dependant) -> Iterator[tuple[str, str]]:
    """Yield name and title of the query parameters, those of shared dependencies included."""
    for parameter in dependant.query_params:
        if isinstance(parameter.field_info, Query):
            yield parameter.alias, (parameter.field_info.title or "").strip()
    for shared in dependant.dependencies:
        yield from _parameters(shared)


def _route_section(route: APIRoute) -> str:
    methods = ", ".join(sorted(route.methods or ()))
    text = inspect.cleandoc(route.endpoint.__doc__ or "")
    rows = [f"| `{name}` | {title} |" for name, title in sorted(set(_parameters(route.dependant)))]
    table = ["| parameter | what it is |", "|---|---|", *rows, ""] if rows else []
    return "\n".join([f"## {methods} {route.path}", "", text, "", *table])


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "cli.md": cli_page,
    "http.md": http_page,
    "ontology.en.md": lambda: ontology_page("en"),
    "ontology.fr.md": lambda: ontology_page("fr"),
}
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
