"""Rules that hold over the whole tree: sizes, who imports what, who reads the environment."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("ontology", "corpus", "ingest", "search", "graph_api")
ONLY = {
    "owlready2": {"ontology"},
    "pyshacl": {"ontology"},
    "pypdfium2": {"ingest"},
    "tantivy": {"search"},
    "pyoxigraph": {"graph_api"},
    "fastapi": {"graph_api"},
    "starlette": {"graph_api"},
    "jinja2": {"graph_api"},
    "uvicorn": {"graph_api"},
}
LONGEST = 500


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def test_modules_are_short() -> None:
    too_long = {
        str(p.relative_to(ROOT)): n
        for p in modules()
        if p.name != "terms.py" and (n := len(p.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not too_long


def test_each_library_is_imported_only_where_it_belongs() -> None:
    wrong = []
    for path in modules():
        package = path.relative_to(ROOT).parts[0]
        for name in _imported(path):
            if package not in ONLY.get(name, {package}):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_only_settings_read_the_environment() -> None:
    readers = {
        str(p.relative_to(ROOT))
        for p in modules()
        if any(_names_environ(node) for node in ast.walk(ast.parse(p.read_text(encoding="utf-8"))))
    }
    # The two that start processes hand the environment on; they read no setting from it.
    starters = {"graph_api/serving.py", "graph_api/workers/processes.py"}
    assert readers <= {"graph_api/settings.py"} | starters


def test_public_modules_declare_their_surface() -> None:
    missing = [
        str(p.relative_to(ROOT))
        for p in modules()
        if p.name not in ("__init__.py", "__main__.py")
        and "__all__" not in p.read_text(encoding="utf-8")
    ]
    assert not missing


@cache
def _imported_by_tests() -> frozenset[str]:
    return frozenset(name for p in (ROOT / "tests").rglob("*.py") for name in _dotted(p))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_is_tested_by_itself_or_with_its_package(package: str) -> None:
    imported = _imported_by_tests()
    tops = set(PACKAGES)
    untested = []
    for path in sorted((ROOT / package).rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        parent = dotted.rpartition(".")[0]
        if path.name == "__init__.py" or dotted in imported:
            continue
        if parent in tops or not any(name.startswith(parent) for name in imported):
            untested.append(dotted)
    assert not untested


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


def _names_environ(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )


def _dotted(path: Path) -> Iterator[str]:
    """Yield every module, and every name taken from one, that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
