"""Commands of a curator about the errors that visitors reported."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from graph_api.cli.framework import Group, command, data_option, open_folder, option
from graph_api.cli.messages import say, tell, translate
from graph_api.error_reports import STATES, ReportLog

__all__ = ["reports"]


@click.group(cls=Group)
def reports() -> None:
    """Read the errors that visitors reported; accept or reject them."""


@command("list")
@option("--state", type=click.Choice(STATES), help="Only these.")
@option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@data_option
def list_reports(data: Path | None, state: str | None, as_json: bool) -> None:
    """List reports: number, state, page, fact, and what the visitor wrote."""
    folder, _ = open_folder(data)
    for each in ReportLog(folder.decisions).all():
        if state not in (None, each.state):
            continue
        if as_json:
            say(json.dumps(asdict(each), ensure_ascii=False))
        else:
            say(f"{each.id}  {translate(each.state)}  /{each.page}  {each.fact}".rstrip())
            say(f"    {' '.join(each.text.split())}")


@command()
@click.argument("report", metavar="REPORT")
@option("--note", default="", help="What was done; it shows on the page of errata.")
@data_option
def accept(report: str, data: Path | None, note: str) -> None:
    """Accept a report, named by its number: it shows among the errata."""
    folder, _ = open_folder(data)
    tell("Accepted: {id}.", id=ReportLog(folder.decisions).decide(report, "accepted", note).id)


@command()
@click.argument("report", metavar="REPORT")
@option("--note", default="", help="The reason, kept with the report.")
@data_option
def reject(report: str, data: Path | None, note: str) -> None:
    """Reject a report, named by its number: it is kept and does not show."""
    folder, _ = open_folder(data)
    tell("Rejected: {id}.", id=ReportLog(folder.decisions).decide(report, "rejected", note).id)


for _each in (list_reports, accept, reject):
    reports.add_command(_each)
