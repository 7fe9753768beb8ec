"""The command that looks whether ontology, vocabularies and sheets are sound as a whole."""

from importlib.resources import files
from pathlib import Path

import click

from graph_api.checking import Matter, Outcome, run_checks
from graph_api.cli.framework import command, data_option, option
from graph_api.cli.messages import language, tell, translate_sentence, warn
from graph_api.cli.progress import show_progress
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from ontology.iris import Iris

__all__ = ["check"]

NAMES = {
    "ontology": "ontology: labels, definitions, outside terms, loops, pitfalls",
    "vocabularies": "vocabularies",
    "generated": "generated files",
    "alignments": "alignments",
    "rules": "rules",
    "examples": "shapes against their examples",
    "sheets": "sheets, what they refer to and cite",
    "questions": "competency questions",
    "shapes": "sheets against the shapes",
    "consistency": "consistency (HermiT)",
}
_SHOWN = 20  # problems of one check that are printed


@command()
@option("--no-reasoner", is_flag=True, help="Leave out HermiT, which takes longest and needs Java.")
@option(
    "--only",
    multiple=True,
    type=click.Choice(list(NAMES)),
    help="Make this check alone; may be given several times.",
)
@data_option
def check(data: Path | None, no_reasoner: bool, only: tuple[str, ...]) -> None:
    """Check ontology, vocabularies, shapes, sheets and competency questions.

    Looks at what ships and, where the data folder exists, at the sheets in it. Exit code 1 where
    something is wrong; a check that cannot be made is named.
    """
    settings = Settings.from_env(data=data)
    folder = DataFolder(settings.data)
    sheets = folder.sheets if folder.sheets.is_dir() else None
    matter = Matter.read(Iris(settings.base), Path(str(files("ontology"))), sheets, language())
    with show_progress() as progress:
        outcomes = list(run_checks(matter, reasoner=not no_reasoner, only=only, progress=progress))
    for outcome in outcomes:
        _print(outcome)
    if any(outcome.problems for outcome in outcomes):
        raise click.exceptions.Exit(1)


def _print(outcome: Outcome) -> None:
    name = translate_sentence(NAMES[outcome.check])
    if outcome.skipped:
        reason = translate_sentence(outcome.skipped)
        warn("NOT CHECKED: {name}: {reason}", name=name, reason=reason)
        return
    if not outcome.problems:
        tell("fine: {name} ({seconds} s)", name=name, seconds=f"{outcome.seconds:.1f}")
        return
    tell("WRONG: {name}: {count}", name=name, count=len(outcome.problems))
    for problem in outcome.problems[:_SHOWN]:
        detail = translate_sentence(problem.detail)
        tell("  {subject}: {detail}", subject=problem.subject, detail=detail)
    if len(outcome.problems) > _SHOWN:
        tell("  … and {count} more", count=len(outcome.problems) - _SHOWN)
