"""``maillon check``: is what ships, and what an operator added to it, sound as a whole?

:mod:`graph_api.checking.matter` collects what is checked, :mod:`graph_api.checking.checks` the
checks, each a function from that matter to problems; :mod:`graph_api.checking.answers` evaluates the
competency questions.
"""

from graph_api.checking.checks import CHECKS, Check, Outcome, run_checks
from graph_api.checking.matter import Matter

__all__ = ["CHECKS", "Check", "Matter", "Outcome", "run_checks"]
