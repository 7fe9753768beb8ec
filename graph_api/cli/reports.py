"""What a job came to, as lines for people."""

from collections.abc import Iterable
from typing import Any

import click

from graph_api.builder.read_files import printable
from graph_api.cli.messages import say, tell, translate, translate_sentence
from graph_api.errors import CannotRunError, MaillonError

__all__ = ["print_documents", "print_generation", "print_problems", "raise_failure"]

_WIDEST = 200  # characters of a proposed value on a terminal


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


def print_generation(status: dict[str, Any]) -> dict[str, Any]:
    """Print which generation a job made; return its report.

    Raises:
        MaillonError: as :func:`raise_failure`.
    """
    report = raise_failure(status)
    tell(
        "Generation {generation}: {quads} quads, hash {hash}.",
        generation=status["generation"],
        quads=report["quads"],
        hash=report["hash"],
    )
    return report


def print_documents(reports: Iterable[dict[str, Any]]) -> int:
    """Print one line a document; return how many failed."""
    failed = 0
    for report in reports:
        name = _place(report)
        if report["state"] == "failed":
            failed += 1
            detail = translate_sentence(str(report.get("detail", "")))
            advice = translate_sentence(str(report.get("advice", "")))
            # What the pipeline stumbled over is kept all the same, and tried again at each build.
            message = "{name}: not read. {detail}"
            if report.get("problem") == "extraction":
                message = "{name}: kept, but nothing could be read out of it. {detail}"
            line = translate(message, name=name, detail=detail)
            click.echo(f"{line} {advice}".strip(), err=True)
            continue
        message = (
            "{name}: read, {blocks} blocks, {mentions} mentions, {claims} claims"
            if report["state"] != "present"
            else "{name}: was here already, {blocks} blocks, {mentions} mentions, {claims} claims"
        )
        counts = {key: report.get(key, 0) for key in ("blocks", "mentions", "claims")}
        tell(message, name=name, **counts)
        if waiting := report.get("waiting"):
            rules = ", ".join(f"{rule} ({n})" for rule, n in sorted(waiting.items()))
            total = sum(waiting.values())
            say(
                "  "
                + translate(
                    "wait for a person: {count} claims, of {rules}", count=total, rules=rules
                )
            )
        for warning in report.get("warnings", ()):
            say("  " + translate("warning: {detail}", detail=translate_sentence(str(warning))))
        if report["state"] != "present":
            _print_proposals(report.get("proposed", ()))
    return failed


def _place(report: dict[str, Any]) -> str:
    """Return the file's name, or where it is in its archive."""
    if "inside" in report:
        return f"{report['archive']}/{report['inside']}"
    return str(report["name"])


def _print_proposals(proposed: Iterable[dict[str, Any]]) -> None:
    """Print what the file says about itself: of each field the best, and all authors of one source."""
    best: dict[str, dict[str, Any]] = {}
    for proposal in proposed:
        field = str(proposal["field"])
        first = best.setdefault(field, proposal)
        same_source = field == "authors" and proposal["evidence"] == first["evidence"]
        if proposal is not first and not same_source:
            continue
        value = " ".join(printable(str(proposal["value"])).split())
        line = translate(
            "proposed {field}: {value} ({evidence})",
            field=translate(field),
            value=value if len(value) <= _WIDEST else f"{value[:_WIDEST]}…",
            evidence=translate_sentence(str(proposal["evidence"])),
        )
        say(f"  {line}")


def print_problems(report: dict[str, Any]) -> int:
    """Print what of the sources could not be used; return how many sentences that are."""
    problems = report.get("problems", [])
    for problem in problems:
        click.echo(translate_sentence(str(problem)), err=True)
    return len(problems)
