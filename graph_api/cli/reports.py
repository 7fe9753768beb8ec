"""What a job came to, as lines for people."""

from collections.abc import Iterable
from typing import Any

import click

from graph_api.cli.messages import say, tell, translate, translate_sentence
from graph_api.errors import CannotRunError, MaillonError

__all__ = ["print_documents", "print_problems", "raise_failure"]


def raise_failure(status: dict[str, Any]) -> dict[str, Any]:
    """Return the report of a job that was done.

    Raises:
        MaillonError: the job failed; with its sentence and exit code.
    """
    report: dict[str, Any] = status["report"]
    if status["state"] != "failed":
        return report
    failure = report.get("failure", {})
    error: MaillonError = CannotRunError(str(failure.get("detail", "the job failed")))
    error.exit_code = int(failure.get("exit_code", 3))
    raise error


def print_documents(reports: Iterable[dict[str, Any]]) -> int:
    """Print one line a document; return how many failed."""
    failed = 0
    for report in reports:
        if report["state"] == "failed":
            failed += 1
            detail = translate_sentence(str(report.get("detail", "")))
            advice = translate_sentence(str(report.get("advice", "")))
            # What the pipeline stumbled over is kept all the same, and tried again at each build.
            message = "{name}: not read. {detail}"
            if report.get("problem") == "extraction":
                message = "{name}: kept, but nothing could be read out of it. {detail}"
            line = translate(message, name=report["name"], detail=detail)
            click.echo(f"{line} {advice}".strip(), err=True)
            continue
        message = (
            "{name}: read, {blocks} blocks, {mentions} mentions, {claims} claims"
            if report["state"] != "present"
            else "{name}: was here already, {blocks} blocks, {mentions} mentions, {claims} claims"
        )
        tell(message, **{k: report.get(k, 0) for k in ("name", "blocks", "mentions", "claims")})
        for warning in report.get("warnings", ()):
            say("  " + translate("warning: {detail}", detail=translate_sentence(str(warning))))
    return failed


def print_problems(report: dict[str, Any]) -> int:
    """Print what of the sources could not be used; return how many sentences that are."""
    problems = report.get("problems", [])
    for problem in problems:
        click.echo(translate_sentence(str(problem)), err=True)
    return len(problems)
