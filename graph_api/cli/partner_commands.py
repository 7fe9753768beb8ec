"""Commands about partners: who they are, and what they send."""

import getpass
import hashlib
import time
from pathlib import Path
from typing import Any

import click

from corpus.practice_sheet import load_practice_form
from graph_api.cli.framework import Group, command, data_option, open_folder, option
from graph_api.cli.messages import language, say, tell, translate, warn
from graph_api.cli.progress import show_progress
from graph_api.cli.reports import raise_failure
from graph_api.client import new_upload, run_job, spool_file
from graph_api.errors import BadInputError, CannotRunError, MissingError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.partners.following import follow
from graph_api.partners.pulling import pull
from graph_api.partners.registry import Partner, PartnerFolder
from graph_api.partners.runs import Run, RunLog
from graph_api.releases.withholding import withhold
from graph_api.settings import Settings
from ontology.iris import Iris

__all__ = ["partner"]


@click.group(cls=Group)
def partner() -> None:
    """Register partners in other countries, take in what they send, and say what came of it."""


@command()
@click.argument("partner_id", metavar="ID")
@option("--name", required=True, help="What the partner is called.")
@option("--country", required=True, help="Its country, two letters (ISO 3166-1), as LV.")
@option(
    "--language",
    "languages",
    multiple=True,
    required=True,
    help="A language of its data, as lv; may be given several times.",
)
@option("--licence", required=True, help="Web address of the licence of its data.")
@option(
    "--prefix",
    "prefixes",
    multiple=True,
    required=True,
    help="What the addresses of its entities begin with; may be given several times.",
)
@option("--feed", "feeds", multiple=True, help="Where its data can be followed.")
@option("--contact", default="", help="A mail address or web page for questions.")
@option("--replace", is_flag=True, help="Change the record of a partner that is registered.")
@data_option
def add(
    partner_id: str,
    name: str,
    country: str,
    languages: tuple[str, ...],
    licence: str,
    prefixes: tuple[str, ...],
    feeds: tuple[str, ...],
    contact: str,
    replace: bool,
    data: Path | None,
) -> None:
    """Register the partner ID: who it is, and what it may describe.

    It may send what is said of addresses under its own prefixes, and of nothing else. Prefixes of two
    partners never overlap.
    """
    folder, settings = open_folder(data)
    record = Partner(
        id=partner_id,
        name=name.strip(),
        country=country.upper(),
        languages=tuple(dict.fromkeys(languages)),
        licence=licence,
        prefixes=tuple(dict.fromkeys(prefixes)),
        feeds=tuple(dict.fromkeys(feeds)),
        contact=contact,
    )
    kept = PartnerFolder(folder, Iris(settings.base)).add(record, replace=replace)
    tell("Registered: {name} ({id}).", name=kept.name, id=kept.id)


@command("list")
@data_option
def list_partners(data: Path | None) -> None:
    """List the partners: id, country, name, prefixes."""
    folder, settings = open_folder(data)
    for each in PartnerFolder(folder, Iris(settings.base)).all():
        say(f"{each.id}  {each.country}  {each.name}  {' '.join(each.prefixes)}")


@command("import")
@click.argument("partner_id", metavar="ID")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option("--dry-run", is_flag=True, help="Say what would be taken in; change nothing.")
@option("--shrink", is_flag=True, help="Take it in however many records are missing in it.")
@data_option
def import_file(
    partner_id: str, file: Path, dry_run: bool, shrink: bool, data: Path | None
) -> None:
    """Take in FILE of the partner ID: all that it has to say as RDF, or practice sheets.

    Turtle, TriG, N-Triples, N-Quads, JSON-LD with its context in it, RDF/XML: these replace what was live
    as a whole. DOCX, Markdown, CSV: practice sheets of twelve questions in any language of the Union,
    which add to what is live. A record with a fault is left out and named with the rule and the remedy; a
    file that cannot be read, or would lose too many records, is refused, and what was live stays.
    """
    folder, settings = open_folder(data)
    PartnerFolder(folder, Iris(settings.base)).get(partner_id)
    try:
        spooled = spool_file(folder, file)
    except OSError as error:
        raise BadInputError(f"{file} cannot be opened: {error.strerror}") from error
    arguments = {
        "partner": partner_id, "files": [spooled], "dry_run": dry_run, "shrink": shrink,
    }  # fmt: skip
    run = _run(folder, settings, arguments)
    raise click.exceptions.Exit(1 if run.left_out or run.state == "refused" else 0)


@command("follow")
@click.argument("partner_id", metavar="ID")
@click.argument("feed", required=False)
@option("--dry-run", is_flag=True, help="Say what would be taken in; change nothing.")
@option("--shrink", is_flag=True, help="Take it in however many records are missing in it.")
@option("--every", type=click.IntRange(min=1), help="Go on, and look again after so many seconds.")
@data_option
def follow_feed(
    partner_id: str, feed: str | None, dry_run: bool, shrink: bool, every: int | None,
    data: Path | None,
) -> None:  # fmt: skip
    """Take in what the partner ID says in its event stream (LDES, DCAT-AP Feeds), through the gate.

    FEED is one of its registered feeds; without it, the first. Run again, only what changed is read, and
    what was deleted there goes here too. Another instance of maillon is such a partner: its feed is /feed.
    """
    folder, settings = open_folder(data)
    known = PartnerFolder(folder, Iris(settings.base)).get(partner_id)
    if not known.feeds:
        raise BadInputError(f"the partner “{partner_id}” has no feed; register it with --feed")
    address = feed or known.feeds[0]
    while True:
        try:
            fine = _follow_once(folder, settings, known, address, dry_run, shrink)
        except CannotRunError as error:
            if every is None:
                raise
            tell("Error: {detail}", detail=error.detail)
        if every is None:
            raise click.exceptions.Exit(0 if fine else 1)
        time.sleep(every)


def _follow_once(
    folder: DataFolder,
    settings: Settings,
    known: Partner,
    address: str,
    dry_run: bool,
    shrink: bool,
) -> bool:
    withdrawn = IdentityLog(folder.decisions).withdrawn()
    found = follow(folder, settings, known, address, withdrawn, lambda _: None)
    tell("Pages read: {pages}; objects: {objects}.", pages=found.pages, objects=found.objects)
    place = PartnerFolder(folder, Iris(settings.base)).place(known.id)
    last = RunLog(place).last()
    digest = hashlib.sha256(found.data).hexdigest()
    if last is not None and last.state == "live" and last.sha256 == digest and not dry_run:
        tell("Nothing new since the run {run}.", run=last.id)
        return True
    target, spooled = new_upload(folder, "feed.nt")
    target.write_bytes(found.data)
    arguments = {
        "partner": known.id, "files": [spooled], "dry_run": dry_run, "shrink": shrink,
        "remarks": found.remarks,
    }  # fmt: skip
    run = _run(folder, settings, arguments)
    return not run.left_out and run.state != "refused"


@command("fetch")
@click.argument("partner_id", metavar="ID")
@click.argument("address")
@option(
    "--construct",
    "query",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file with a CONSTRUCT query; ADDRESS is a SPARQL endpoint then.",
)
@option("--dry-run", is_flag=True, help="Say what would be taken in; change nothing.")
@option("--shrink", is_flag=True, help="Take it in however many records are missing in it.")
@data_option
def fetch_address(
    partner_id: str, address: str, query: Path | None, dry_run: bool, shrink: bool,
    data: Path | None,
) -> None:  # fmt: skip
    """Take in all that the partner ID says at ADDRESS, through the gate: a file of RDF, a DCAT-AP catalogue.

    ADDRESS is on a machine of the partner's feeds or prefixes.
    """
    folder, settings = open_folder(data)
    known = PartnerFolder(folder, Iris(settings.base)).get(partner_id)
    asked = query.read_text(encoding="utf-8") if query else ""
    found = pull(settings, known, address, asked)
    target, spooled = new_upload(folder, found.name)
    target.write_bytes(found.data)
    arguments = {
        "partner": known.id, "files": [spooled], "media_type": found.media_type,
        "dry_run": dry_run, "shrink": shrink,
    }  # fmt: skip
    run = _run(folder, settings, arguments)
    raise click.exceptions.Exit(1 if run.left_out or run.state == "refused" else 0)


@command("sheet")
@click.argument("language_tag", metavar="LANGUAGE")
def print_sheet(language_tag: str) -> None:
    """Print an empty practice sheet in LANGUAGE, in Markdown.

    Any language of the Union, as lv. Filled in, it is taken in by `maillon partner import`, also when
    saved as DOCX.
    """
    form = load_practice_form()
    if language_tag not in form.headings:
        known = ", ".join(form.headings)
        raise BadInputError(
            f"“{language_tag}” is no language of the Union; one of {known} is meant"
        )
    say(form.blank(language_tag))


@command("report")
@click.argument("partner_id", metavar="ID")
@click.argument("run_id", metavar="RUN", required=False)
@data_option
def show_report(partner_id: str, run_id: str | None, data: Path | None) -> None:
    """Say what came of a RUN of the partner ID, or of its last."""
    folder, settings = open_folder(data)
    partners = PartnerFolder(folder, Iris(settings.base))
    log = RunLog(partners.place(partners.get(partner_id).id))
    run = log.get(run_id) if run_id else next(log.all(), None)
    if run is None:
        raise MissingError(f"the partner “{partner_id}” sent nothing so far")
    _print_run(run)


@command("withdraw")
@click.argument("partner_id", metavar="ID")
@click.argument("entity", required=False)
@option("--why", default="", help="The reason, shown at the address that is gone.")
@option("--who", help="Who decides (default: the user who runs the command).")
@option("--undo", is_flag=True, help="Take a withdrawal back.")
@data_option
def withdraw_data(
    partner_id: str, entity: str | None, why: str, who: str | None, undo: bool, data: Path | None
) -> None:
    """Withdraw ENTITY of the partner ID, or all that the partner sent.

    It leaves the graph, all releases, the copies on the disk and the reports, and is not taken in again.
    """
    folder, settings = open_folder(data)
    arguments = {
        "partner": partner_id, "entity": entity, "why": why, "who": who or getpass.getuser(),
    }  # fmt: skip
    kind = "partner-restore" if undo else "partner-withdraw"
    with show_progress() as progress:
        fate = raise_failure(run_job(folder, settings, kind, arguments, progress))["fate"]
        hidden = IdentityLog(folder.decisions).withdrawn()
        changed = [] if undo else withhold(folder, settings, hidden, progress)
    if undo:
        tell("{iri} is no longer withdrawn.", iri=fate["iri"])
        return
    tell("{iri} is withdrawn.", iri=fate["iri"])
    if changed:
        tell("Removed from releases: {releases}.", releases=", ".join(changed))


def _run(folder: DataFolder, settings: Settings, arguments: dict[str, Any]) -> Run:
    with show_progress() as progress:
        status = run_job(folder, settings, "partner", arguments, progress)
    name = raise_failure(status)["run"]["id"]
    place = PartnerFolder(folder, Iris(settings.base)).place(arguments["partner"])
    run = RunLog(place).get(name)
    _print_run(run)
    return run


def _print_run(run: Run) -> None:
    lang = language()
    tell("Run {run}: {state}.", run=run.id, state=translate(run.state))
    if run.state == "refused":
        warn("Refused: {detail}", detail=run.message(lang))
    for finding in run.findings:
        if finding.severity == "violation":
            warn(
                "{record}: {detail} (rule {rule})",
                record=finding.record,
                detail=finding.message(lang),
                rule=finding.rule,
            )
        else:
            remark = translate("Remark: {detail}", detail=finding.message(lang))
            say(f"  {finding.record}: {remark}")
    if run.more:
        warn("Further remarks: {count}.", count=run.more)
    if run.records:
        tell(
            "Records: {records}; passed: {kept} with {triples} statements; left out: {left}; "
            "new: {added}, changed: {changed}, gone: {removed}.",
            records=run.records,
            kept=run.kept,
            triples=run.triples,
            left=run.left_out,
            added=run.added,
            changed=run.changed,
            removed=run.removed,
        )


for _each in (
    add,
    list_partners,
    import_file,
    fetch_address,
    follow_feed,
    print_sheet,
    show_report,
    withdraw_data,
):
    partner.add_command(_each)
