"""Commands about tokens: who may write through the web."""

from datetime import UTC, datetime
from pathlib import Path

import click

from graph_api.access import SCOPES, TokenFile, is_scope
from graph_api.cli.framework import Group, command, data_option, open_folder, option
from graph_api.cli.messages import say, tell, translate

__all__ = ["token"]


@click.group(cls=Group)
def token() -> None:
    """Make, list and revoke the tokens that let programs and people write."""


class _Scope(click.Choice[str]):
    """One of the scopes; ``partner:ID`` stands for that of any partner."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return a scope that tokens can have."""
        return value if is_scope(value) else super().convert(value, param, ctx)


@command()
@click.argument("name")
@option(
    "--scope",
    "scopes",
    type=_Scope((*SCOPES, "partner:ID")),
    multiple=True,
    required=True,
    help="What it is for; may be given several times.",
)
@option("--days", type=click.IntRange(1), help="Days until it expires (default: never).")
@data_option
def create(name: str, scopes: tuple[str, ...], data: Path | None, days: int | None) -> None:
    """Make a token called NAME and print it, once."""
    folder, _ = open_folder(data)
    secret, made = TokenFile(folder).create(name, scopes, days)
    say(secret)
    click.echo(
        translate("Token {id}. It is shown this once: keep it in a safe place.", id=made.id),
        err=True,
    )


@command("list")
@data_option
def list_tokens(data: Path | None) -> None:
    """List the tokens: number, state, scopes, how they begin, name."""
    folder, _ = open_folder(data)
    now = datetime.now(UTC)
    for each in TokenFile(folder).all():
        until = each.expires or "-"
        state = translate(each.state(now))
        say(f"{each.id}  {state}  {','.join(each.scopes)}  {until}  {each.begins}…  {each.name}")


@command()
@click.argument("token_id", metavar="TOKEN")
@data_option
def revoke(token_id: str, data: Path | None) -> None:
    """Make a token worthless, named by its number (see `token list`)."""
    folder, _ = open_folder(data)
    tell("Revoked: {id} ({name}).", id=token_id, name=TokenFile(folder).revoke(token_id).name)


for _each in (create, list_tokens, revoke):
    token.add_command(_each)
