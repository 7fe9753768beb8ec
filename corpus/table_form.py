"""What a table may hold: the forms of structures, calls, events and indicators, read from data.

A form names its columns, the headers that are understood for each (French and English), and what a
cell becomes. Forms are the YAML files of ``corpus/tables``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from corpus import TABLES
from ontology import terms as mln
from ontology.folding import fold
from ontology.model import Iri
from ontology.vocabularies import FOAF_HOMEPAGE

__all__ = ["Column", "TableForm", "form_names", "load_form"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``scheme`` and ``entities`` say among which names a cell is looked up, ``value`` what
    else it is (``date``, ``year``, ``number``, ``amount``, ``url``, ``word``).

    ``classes`` maps what a cell may say, folded, to a class; ``several`` allows a list in a cell.
    """

    key: str
    headers: tuple[str, ...]
    predicate: Iri | None = None
    scheme: str = ""
    entities: tuple[str, ...] = ()
    value: str = ""
    classes: Mapping[str, str] | None = None
    required: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class TableForm:
    """A form: its rows become entities of ``kind`` and class ``cls``."""

    name: str
    kind: str
    cls: str
    titles: Mapping[str, str]
    columns: tuple[Column, ...]

    def column_of(self, header: str) -> Column | None:
        """Return the column that a header means; accents, case and punctuation do not count."""
        wanted = fold(header)
        for column in self.columns:
            if wanted in {fold(each) for each in (*column.headers, column.key)}:
                return column
        return None

    def template(self, lang: str) -> tuple[str, ...]:
        """The headers of an empty table in a language: of each column the first that fits it."""
        position = 0 if lang == "fr" else -1
        return tuple(column.headers[position] for column in self.columns)


def form_names() -> tuple[str, ...]:
    """The names of the forms: ``calls``, ``events`` …"""
    return tuple(sorted(path.stem for path in TABLES.glob("*.yaml")))


@cache
def load_form(name: str) -> TableForm:
    """Read a form.

    Raises:
        KeyError: there is none of that name.
        ValueError: the file cannot be understood; the message names it.
    """
    if name not in form_names():
        raise KeyError(name)
    data = yaml.safe_load((TABLES / f"{name}.yaml").read_text(encoding="utf-8"))
    try:
        columns = tuple(_column(key, said) for key, said in data["columns"].items())
        return TableForm(name, data["kind"], data["class"], data["title"], columns)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{name}.yaml: {error!r}") from error


def _column(key: str, said: Mapping[str, Any]) -> Column:
    prop = said.get("property", "")
    classes = said.get("classes")
    return Column(
        key=key,
        headers=tuple(str(each) for each in said["headers"]),
        predicate=_predicate(prop) if prop else None,
        scheme=said.get("scheme", ""),
        entities=tuple(said.get("entities", "").split()),
        value=said.get("value", ""),
        classes={fold(word): cls for cls, words in classes.items() for word in [cls, *words]}
        if classes
        else None,
        required=bool(said.get("required", False)),
        several=bool(said.get("several", False)),
    )


def _predicate(name: str) -> Iri:
    found: Iri = FOAF_HOMEPAGE if name == "homepage" else getattr(mln, name)
    return found
