"""The command ``maillon``. Exit codes: 0 done, 1 some inputs failed, 2 usage, 3 could not run."""

import sys

import click

from graph_api.cli.check_command import check
from graph_api.cli.demo_command import demo_partners
from graph_api.cli.document_commands import evaluate, export, ingest
from graph_api.cli.entity_commands import merge
from graph_api.cli.folder_commands import backup, build, init, restore, serve
from graph_api.cli.framework import Group
from graph_api.cli.mapping_commands import mapping
from graph_api.cli.mirror_command import mirror
from graph_api.cli.partner_commands import partner
from graph_api.cli.query_command import query
from graph_api.cli.release_commands import dump, release, suppress, withdraw
from graph_api.cli.report_commands import reports
from graph_api.cli.review_commands import review
from graph_api.cli.table_commands import import_table, tables
from graph_api.cli.token_commands import token

__all__ = ["cli", "main"]


@click.group(cls=Group)
@click.version_option(package_name="maillon", message="%(package)s %(version)s")
def cli() -> None:
    """A knowledge graph of the social innovation field, in which every fact opens its sentence.

    Exit codes: 0 done; 1 some or all inputs failed, the rest was done; 2 usage, also an error in a
    query; 3 could not run.
    """


for _command in (
    init, ingest, import_table, tables, build, serve, query, export, evaluate, check, review, reports,
    token, backup, restore, dump, release, withdraw, suppress, merge, mirror,
    partner, mapping, demo_partners,
):  # fmt: skip
    cli.add_command(_command)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # The texts are French: output must not depend on the locale's character set.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    cli(prog_name="maillon")
