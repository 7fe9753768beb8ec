"""What ships with the project: sheets, territories, the register of sources and two reports of ours."""

from importlib.resources import files
from pathlib import Path

__all__ = [
    "DEMO",
    "OUTLINES",
    "PRACTICE_SHEET",
    "QUESTIONS",
    "REGISTER",
    "REPORTS",
    "SHEETS",
    "TABLES",
    "TERRITORIES",
]

_HERE = Path(str(files(__name__)))

SHEETS = _HERE / "sheets"
"""The folder of the shipped sheets, ``{kind}/{slug}.md``."""

QUESTIONS = _HERE / "questions"
"""The folder of the competency questions, ``{id}.rq``."""

REPORTS = _HERE / "reports"
"""The folder of our own reports, to be ingested like any other document."""

TABLES = _HERE / "tables"
"""The folder of the forms of tables, ``{name}.yaml``."""

DEMO = _HERE / "demo"
"""The folder of the sheets of the demonstration of exchange, by country; invented, and no part of the graph."""

PRACTICE_SHEET = _HERE / "practice-sheet.yaml"
"""The headings of a practice sheet in the languages of the Union."""

OUTLINES = _HERE / "outlines"
TERRITORIES = _HERE / "territories"
"""The folder of the territory tables."""

REGISTER = _HERE / "register.ttl"
"""The register of known publications."""
