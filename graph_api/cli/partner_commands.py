"""Commands about partners: who they are."""

from pathlib import Path

import click

from graph_api.cli.framework import Group, command, data_option, open_folder, option
from graph_api.cli.messages import say, tell
from graph_api.partners.registry import Partner, PartnerFolder
from ontology.iris import Iris

__all__ = ["partner"]


@click.group(cls=Group)
def partner() -> None:
    """Register partners in other countries, and list them."""


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


for _each in (add, list_partners):
    partner.add_command(_each)
