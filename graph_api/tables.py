"""The tables that an operator imported: kept as they were given, read again at every build."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus import SHEETS
from corpus.all_names import names_with
from corpus.sheets import read_sheets
from corpus.table import KnownNames, TableError, TableReading, read_table, slug_of
from corpus.table_form import form_names, load_form
from graph_api import durable
from graph_api.errors import BadInputError, MissingError, TooLargeError
from graph_api.folder import DataFolder
from ontology.iris import Iris

__all__ = ["KeptTable", "TableFolder", "known_names", "name_of", "read_file"]

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table in the data folder: its name, form, title and the day it came."""

    name: str
    form: str
    title: str
    added: str


class TableFolder:
    """``tables/`` of the data folder: ``{name}.csv`` beside ``{name}.json``."""

    def __init__(self, folder: DataFolder, iris: Iris) -> None:
        self._folder = folder.tables
        self._iris = iris

    def all(self) -> Iterator[KeptTable]:
        """Yield the tables by name; one without its description is none."""
        for path in sorted(self._folder.glob("*.json")):
            try:
                said = json.loads(path.read_bytes())
                table = KeptTable(path.stem, said["form"], said["title"], said["added"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if table.form in form_names() and self._data(table.name).is_file():
                yield table

    def check(
        self, data: bytes, form: str, name: str, title: str, known: KnownNames
    ) -> TableReading:
        """Read a table without keeping it.

        Raises:
            BadInputError: it cannot be used at all.
        """
        if not _NAME.fullmatch(name):
            raise BadInputError(
                f"the name “{name}” is made of small letters, digits and hyphens only"
            )
        try:
            return read_table(data, load_form(form), name, title, known)
        except TableError as error:
            raise BadInputError(str(error)) from error
        except KeyError:
            raise BadInputError(
                f"there is no form “{form}”; forms are {', '.join(form_names())}"
            ) from None

    def save(self, data: bytes, form: str, name: str, title: str) -> None:
        """Keep a table; one of the same name is replaced as a whole."""
        durable.write_bytes(self._data(name), data)
        described = {"form": form, "title": title, "added": date.today().isoformat()}
        durable.write_json(self._folder / f"{name}.json", described)

    def remove(self, name: str) -> None:
        """Forget a table.

        Raises:
            MissingError: there is none of that name.
        """
        if not _NAME.fullmatch(name) or not (self._folder / f"{name}.json").is_file():
            raise MissingError(f"there is no table “{name}”")
        (self._folder / f"{name}.json").unlink()
        self._data(name).unlink(missing_ok=True)
        durable.sync_folder(self._folder)

    def read(self, table: KeptTable, known: KnownNames) -> TableReading:
        """Read a kept table.

        Raises:
            BadInputError: it can no longer be used.
        """
        return self.check(self.content(table), table.form, table.name, table.title, known)

    def content(self, table: KeptTable) -> bytes:
        """The table as it was given."""
        return self._data(table.name).read_bytes()

    def _data(self, name: str) -> Path:
        path: Path = self._folder / f"{name}.csv"
        return path


def known_names(folder: DataFolder, iris: Iris, *, shipped: bool = True) -> KnownNames:
    """The entities and concepts that cells of tables can name: what ships, and the operator's sheets."""
    sheets = [*(read_sheets(SHEETS)[0] if shipped else ()), *read_sheets(folder.sheets)[0]]
    return KnownNames(names_with(sheets, iris), iris)


def read_file(path: Path, most: int) -> bytes:
    """Return the bytes of a table to import.

    Raises:
        BadInputError: it cannot be opened.
        TooLargeError: it has more than ``most`` bytes.
    """
    try:
        if path.stat().st_size > most:
            raise TooLargeError(f"the file has more than {most} bytes")
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path} cannot be opened: {error.strerror}") from error


def name_of(path: Path) -> str:
    """The name that a table gets from its file's."""
    return slug_of(path.stem) or "table"
