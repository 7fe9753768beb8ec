"""The names that texts and tables are read with: of concepts, territories, and what sheets describe."""

from collections.abc import Iterable

from corpus.sheet import Sheet
from corpus.territories import load_territories
from ontology.iris import Iris
from ontology.model import Name
from ontology.names import concept_names

__all__ = ["names_with"]


def names_with(sheets: Iterable[Sheet], iris: Iris) -> list[Name]:
    """Return the names of all concepts and territories, and of what ``sheets`` describe."""
    return [
        *concept_names(iris),
        *load_territories().names(iris),
        *(name for sheet in sheets for name in sheet.names(iris)),
    ]
