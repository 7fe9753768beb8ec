"""Evaluation: what the pipeline produced, against a folder of annotations.

Predictions are rows as ``maillon export`` writes them, annotations tables in tab-separated files.
Both name documents by files whose first three characters tell them apart.
"""

from ingest.evaluate.gold import Gold, load_gold
from ingest.evaluate.measurements import Measurement, measure
from ingest.evaluate.report import HEADINGS, format_report
from ingest.evaluate.scores import Results, Score
from ingest.evaluate.scoring import Predictions, evaluate

__all__ = [
    "HEADINGS",
    "Gold",
    "Measurement",
    "Predictions",
    "Results",
    "Score",
    "evaluate",
    "format_report",
    "load_gold",
    "measure",
]
