"""Writes what follows from the Turtle files: constants, read model, JSON-LD context, shapes.

``python -m ontology.generate`` writes them, ``--check`` only says which are stale (exit code 1).
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from rdflib import Graph

from ontology.description import describe
from ontology.load import module_graphs
from ontology.rendering import context, json_text, link_shapes, range_shapes, terms_module

__all__ = ["main", "outputs", "stale_files"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the generated files, or with ``--check`` name the stale ones. Returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m ontology.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    check: bool = parser.parse_args(arguments).check
    folder = Path(str(files("ontology")))
    stale = stale_files(folder)
    for name, text in stale.items():
        if not check:
            (folder / name).write_text(text, encoding="utf-8")
        sys.stderr.write(f"ontology/{name}: {'stale' if check else 'written'}\n")
    return 1 if check and stale else 0


def stale_files(folder: Path) -> dict[str, str]:
    """Return the text of each generated file below ``folder`` that is missing or out of date."""
    return {
        name: text
        for name, text in outputs(module_graphs()).items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    }


def outputs(graphs: Mapping[str, Graph]) -> dict[str, str]:
    """Return the text of each generated file by its path in the package."""
    schema = describe(graphs)
    return {
        "terms.py": terms_module(schema),
        "schema.json": json_text(schema),
        "context.jsonld": json_text(context(schema)),
        "shapes/ranges.ttl": range_shapes(schema),
        "shapes/links.ttl": link_shapes(schema),
    }


if __name__ == "__main__":
    sys.exit(main())
