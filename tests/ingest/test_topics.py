"""What pronouns and headings refer to."""

import pytest

from ingest.topics import Topics
from tests.ingest.lexicons import document, facts

SHEET = "# Ruche aux projets\n\n## Summary\n\n{}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La Ruche aux projets aide. Ce dispositif est financé par l'Arpège.",
         {("arpege", "funds", "ruche-aux-projets")}),
        ("La Ruche aux projets aide.\n\nElle a été créée en 2012.",
         {("ruche-aux-projets", "createdInYear", "2012")}),
        ("Créée en 2012 par l'Arpège, elle aide.", set()),
        ("Le Fonds Brindille et Élan rural aident. Ce dispositif est financé par l'Arpège.", set()),
        (SHEET.format("This scheme was created in 2012."),
         {("ruche-aux-projets", "createdInYear", "2012")}),
        ("# Arpège\n\n## Our work\n\nWe run the Project Hive.\n",
         {("arpege", "operates", "ruche-aux-projets")}),
        ("# Ce que fait Arpège dans tous les villages de la vallée\n\nWe run the Project Hive.\n",
         set()),
        ("# Arpège\n\nUn texte.\n\n# Autre chose\n\nWe run the Project Hive.\n", set()),
    ],
)  # fmt: skip
def test_references(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert facts(text) == expected


def test_sections_come_innermost_first() -> None:
    read = document("# Un\n\n## Deux\n\nTexte.\n")
    topics = Topics(read, ())
    assert [s.title for s in topics.sections_at(read.text.index("Texte"))] == ["Deux", "Un"]
