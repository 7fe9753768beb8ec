"""Reading what a partner says at an address: a file of RDF, a DCAT-AP catalogue, or a CONSTRUCT query's answer."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from graph_api.errors import BadInputError
from graph_api.exchange.fetching import Fetcher
from graph_api.partners.registry import Partner
from graph_api.partners.syntax import SYNTAXES, syntax_of
from graph_api.settings import Settings

__all__ = ["Pulled", "allowed_hosts", "pull"]

_ACCEPT = ", ".join(
    f"{media};q={quality}"
    for quality, media in zip((1.0, 0.9, 0.9, 0.8, 0.7, 0.5), (m for m, _ in SYNTAXES.values()), strict=True)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pulled:
    """What an address answered: its bytes and their media type; ``name`` is a file name for reports."""

    name: str
    media_type: str
    data: bytes


def pull(settings: Settings, partner: Partner, address: str, query: str = "") -> Pulled:
    """Ask an address of a partner; with ``query``, a SPARQL endpoint (SPARQL 1.1 Protocol, 2.1.1).

    Raises:
        BadInputError: the address is on none of the partner's machines (those of its feeds and prefixes), is in
            a private network, or answers no RDF, or more than is read.
        CannotRunError: it cannot be reached.
    """
    hosts = {urlsplit(each).netloc for each in (*partner.feeds, *partner.prefixes)}
    if urlsplit(address).netloc not in hosts:
        raise BadInputError(
            f"{address} is on none of the machines of the partner “{partner.id}”; register it with --feed"
        )
    fetcher = Fetcher(
        address, settings.partner_bytes, settings.mirror_seconds, allowed_hosts(settings)
    )
    asked = address
    if query:
        asked += ("&" if "?" in address else "?") + urlencode({"query": query})
    answer = fetcher.get(asked, _ACCEPT)
    name = "construct" if query else urlsplit(address).path.rpartition("/")[2] or "data"
    syntax = syntax_of("" if query else name, answer.media_type)
    if answer.status != 200 or syntax not in SYNTAXES:
        said = answer.media_type if answer.status == 200 else f"{answer.status}"
        raise BadInputError(f"{address} answers no RDF ({said})")
    return Pulled(name, SYNTAXES[syntax][0], answer.body)


def allowed_hosts(settings: Settings) -> list[str]:
    """The hosts of private networks that may be asked."""
    return [host.strip() for host in settings.fetch_allow.split(",") if host.strip()]
