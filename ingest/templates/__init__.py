"""Structure templates: what recurs in a family of reports, told as data.

Each ``*.yaml`` file beside this module is one template; ``docs/templates.md`` says how to add one.
"""

from ingest.templates.loading import (
    Fact,
    Line,
    Names,
    Question,
    Questionnaire,
    Template,
    Units,
    load_templates,
)

__all__ = [
    "Fact",
    "Line",
    "Names",
    "Question",
    "Questionnaire",
    "Template",
    "Units",
    "load_templates",
]
