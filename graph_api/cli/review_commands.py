"""Commands of a reviewer: list, accept, reject, undo."""

import getpass
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import click

from graph_api.builder.decisions import ClaimRef, DecisionLog, replay
from graph_api.builder.generations import open_current
from graph_api.builder.review import claim_of, claims_in, judged_claims
from graph_api.cli.framework import Group, command, data_option, open_folder, option
from graph_api.cli.messages import say, tell, translate, warn
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import raise_failure
from graph_api.client import run_job
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from graph_api.workbench import Choice, Workbench

__all__ = ["review"]


@click.group(cls=Group)
def review() -> None:
    """Judge what was read: every judgement is kept, and can be taken back."""


@command("list")
@option(
    "--state",
    type=click.Choice(["unreviewed", "accepted", "rejected", "corrected", "voided"]),
    help="Only these.",
)
@option("--waiting", is_flag=True, help="Only what its rule may not say without a person.")
@option("--document", default="", help="Only claims of this document: its SHA-256 or its start.")
@option("--limit", type=click.IntRange(1), default=50, help="How many at most (default: 50).")
@option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@data_option
def list_claims(
    data: Path | None, state: str | None, waiting: bool, document: str, limit: int, as_json: bool
) -> None:
    """List claims: hash, state, what is said, and the sentence that says it."""
    folder, _ = open_folder(data)
    chosen = (
        (claim, found)
        for claim, found in (_waiting(folder, state, limit) if waiting else _claims(folder))
        if state in (None, found) and claim.document.startswith(document)
    )
    for claim, found in islice(chosen, limit):
        if as_json:
            say(json.dumps({**asdict(claim), "state": found}, ensure_ascii=False))
        else:
            said = " ".join(_short(t) for t in (claim.subject, claim.predicate, claim.object))
            say(f"{claim.hash}  {translate(found)}  {said}")
            say(f"    « {' '.join(claim.quote.split())} »")


@command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM…")
@option("--why", default="", help="The reason, kept with the judgement.")
@option("--who", default=None, help="Who judges (default: the user who runs the command).")
@data_option
def accept(claims: tuple[str, ...], data: Path | None, why: str, who: str | None) -> None:
    """Accept claims, named by their hash or the beginning of it."""
    _judge("accept", claims, data, why, who)


@command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM…")
@option("--why", default="", help="The reason, kept with the judgement.")
@option("--who", default=None, help="Who judges (default: the user who runs the command).")
@data_option
def reject(claims: tuple[str, ...], data: Path | None, why: str, who: str | None) -> None:
    """Reject claims: they leave the graph, and stay out of it."""
    _judge("reject", claims, data, why, who)


@command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM…")
@option("--why", required=True, help="What is wrong in the source, kept with the judgement.")
@option("--who", default=None, help="Who judges (default: the user who runs the command).")
@data_option
def void(claims: tuple[str, ...], data: Path | None, why: str, who: str | None) -> None:
    """Void claims that their source has misprinted or malformed: they leave the graph."""
    _judge("void", claims, data, why, who)


@command()
@click.argument("claim", metavar="CLAIM")
@option("--subject", default="", help="The address of what it is said of, if that was wrong.")
@option("--object", "value", default="", help="What is said: an address, or a year or number.")
@option("--predicate", default="", help="The relation of the ontology that holds instead.")
@option(
    "--side",
    type=click.Choice(["subject", "object"]),
    default="object",
    help="Which end --entity, --name and --class are about (default: object).",
)
@option("--entity", "address", default="", help="That end is the entity of this address.")
@option("--name", default="", help="That end is called so: words of the document, more or fewer.")
@option("--class", "cls", default="", help="That end is of this class of the ontology.")
@option("--everywhere", is_flag=True, help="Also in all else that was read of it there.")
@option("--why", default="", help="The reason, kept with the judgement.")
@option("--who", default=None, help="Who judges (default: the user who runs the command).")
@data_option
def correct(
    claim: str, data: Path | None, why: str, who: str | None, value: str, **wish: str | bool
) -> None:
    """Correct a claim, in the same sentence: its relation, or what one of its ends is."""
    folder, settings = open_folder(data)
    arguments = {"action": "correct", "claims": [claim], "object": value, **wish}
    arguments |= {"who": who or getpass.getuser(), "why": why}
    report = raise_failure(_run(folder, settings, "decide", arguments))
    for made in report["decisions"]:
        tell(
            "Corrected: {claim} (decision {decision}).",
            claim=made["claim"]["hash"],
            decision=made["id"],
        )
    for refused in report["refused"]:
        warn("warning: {detail}", detail=refused)


@command()
@click.argument("decision", required=False)
@option("--since", default="", help="Take back the decision of this number and all later ones.")
@option("--why", default="", help="The reason, kept with the judgement.")
@option("--who", default=None, help="Who judges (default: the user who runs the command).")
@data_option
def undo(decision: str | None, since: str, data: Path | None, why: str, who: str | None) -> None:
    """Take back a judgement: the DECISION of that number, or the last one."""
    if decision and since:
        raise click.UsageError(translate("Give a DECISION or --since, not both."))
    folder, settings = open_folder(data)
    named = {"since": since} if since else {"decision": decision}
    arguments = {**named, "who": who or getpass.getuser(), "why": why}
    report = raise_failure(_run(folder, settings, "undo", arguments))
    for undone in report["decisions"] if since else [report["decision"]]:
        tell("Undone: {decision}.", decision=undone["undoes"])


for _each in (list_claims, accept, reject, void, correct, undo):
    review.add_command(_each)


def _judge(
    action: str, claims: Iterable[str], data: Path | None, why: str, who: str | None
) -> None:
    folder, settings = open_folder(data)
    for claim in claims:
        arguments = {"action": action, "claim": claim, "who": who or getpass.getuser(), "why": why}
        report = raise_failure(_run(folder, settings, "decide", arguments))
        made = report["decision"]
        message = {
            "accept": "Accepted: {claim} (decision {decision}).",
            "reject": "Rejected: {claim} (decision {decision}).",
            "void": "Voided: {claim} (decision {decision}).",
        }[action]
        tell(message, claim=made["claim"]["hash"], decision=made["id"])


def _run(
    folder: DataFolder, settings: Settings, kind: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    with show_progress() as progress:
        return run_job(folder, settings, kind, arguments, progress)


def _claims(folder: DataFolder) -> Iterator[tuple[ClaimRef, str]]:
    """Yield what is in the graph, then what was rejected or corrected and is not."""
    log = DecisionLog(folder.decisions)
    decisions, warnings = log.read()
    for warning in warnings:
        warn("warning: {detail}", detail=warning)
    states = replay(decisions)
    for claim in claims_in(open_current(folder)):
        yield claim, states.get(claim.hash, "unreviewed")
    for decision, state in judged_claims(log):
        if state in ("rejected", "corrected", "voided") and decision.claim is not None:
            yield decision.claim, state


def _waiting(folder: DataFolder, state: str | None, most: int) -> Iterator[tuple[ClaimRef, str]]:
    """Yield what no generation holds, in the order of the review."""
    for item in Workbench(folder).chosen(Choice(state=state or "", public=False), most):
        yield claim_of(item), item.state


def _short(term: str) -> str:
    return term.rpartition("/id/")[2] if "/id/" in term else term.rpartition("#")[2]
