"""Sheets: what we say of an entity in our own words, each fact with its citation.

The format is described in ``docs/sheets.md``. Sheets are read independently of each other;
:func:`reference_errors` then checks, over all of them, that what they refer to exists.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from corpus.sheet import Citation, Fact, Sheet, SheetError, SheetName
from corpus.sheet_reader import read_sheet
from corpus.values import Part, Reference
from ontology.model import Iri
from ontology.schema import Schema
from ontology.vocabularies import SKOS_CONCEPT

__all__ = [
    "Citation",
    "Fact",
    "Sheet",
    "SheetError",
    "SheetName",
    "load_sheets",
    "read_sheet",
    "read_sheets",
    "reference_errors",
]


def load_sheets(folder: Path | Traversable, schema: Schema | None = None) -> list[Sheet]:
    """Read every sheet below ``folder``, sorted by kind and slug.

    Raises the first :class:`SheetError`; use :func:`read_sheets` to go on without the bad ones.
    """
    sheets, errors = read_sheets(folder, schema)
    if errors:
        raise errors[0]
    return sheets


def read_sheets(
    folder: Path | Traversable, schema: Schema | None = None
) -> tuple[list[Sheet], list[SheetError]]:
    """Read every ``{kind}/{slug}.md`` below ``folder``: the good ones, and why others are not."""
    schema = schema or Schema.load()
    sheets: list[Sheet] = []
    errors: list[SheetError] = []
    for kind_folder in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not kind_folder.is_dir():
            continue
        for file in sorted(kind_folder.iterdir(), key=lambda entry: entry.name):
            if not file.name.endswith(".md"):
                continue
            try:
                text = file.read_bytes().decode("utf-8")
                sheets.append(read_sheet(text, kind_folder.name, file.name, schema, str(file)))
            except SheetError as error:
                errors.append(error)
            except (OSError, UnicodeDecodeError) as error:
                errors.append(SheetError(str(file), None, f"cannot be read: {error}"))
    return sheets, errors


def reference_errors(sheets: Iterable[Sheet], known: Mapping[str, str]) -> list[SheetError]:
    """Return what the sheets refer to in vain.

    ``known`` maps paths to the local names of their classes (``Concept`` for concepts): those of
    other sheets, territories and schemes. The sheets given here are known to each other.
    """
    schema = Schema.load()
    sheets = list(sheets)
    classes = {**known, **{sheet.path: sheet.cls for sheet in sheets}}
    return [error for sheet in sheets for error in _errors_of(sheet, classes, schema)]


def _errors_of(sheet: Sheet, classes: Mapping[str, str], schema: Schema) -> Iterator[SheetError]:
    for fact in sheet.facts:
        for citation in fact.citations:
            if f"publication/{citation.publication}" not in classes:
                problem = f"the publication “{citation.publication}” has no sheet"
                yield SheetError(sheet.file, fact.line, problem)
        inside = fact.value.facts if isinstance(fact.value, Part) else ()
        for predicate, value in ((fact.predicate, fact.value), *fact.qualifiers, *inside):
            if not isinstance(value, Reference):
                continue
            cls = classes.get(value.path)
            if cls is None:
                yield SheetError(sheet.file, fact.line, f"“{value.path}” does not exist")
            elif not _fits(schema, predicate, cls):
                name = schema.properties[predicate].name
                problem = f"“{name}” cannot point to {value.path}, which is a {cls}"
                yield SheetError(sheet.file, fact.line, problem)


def _fits(schema: Schema, predicate: Iri, cls: str) -> bool:
    if cls == "Concept":
        return SKOS_CONCEPT in schema.properties[predicate].range
    return schema.accepts(predicate, cls)
