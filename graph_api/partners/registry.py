"""Who our partners are: one folder ``partners/{id}/`` each, with the record ``partner.json``.

A partner may describe what lies under its own IRI prefixes and nothing else. Hence prefixes never
overlap: not between partners, not with ours, not with the vocabularies that all share.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale

from graph_api import durable
from graph_api.errors import BadInputError, MissingError
from graph_api.folder import DataFolder
from ontology.iris import ONTOLOGY, Iris
from ontology.vocabularies import PREFIXES

__all__ = ["Partner", "PartnerFolder"]

_ID = re.compile(r"(?=.{1,40}$)[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_RECORD = "partner.json"


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner's record. ``country`` is ISO 3166-1 alpha-2, ``languages`` are BCP 47 tags, ``licence``
    is an IRI, ``prefixes`` those of its IRIs; ``contact`` is a mail address or a web page, or empty;
    ``added`` is a day, ISO 8601.
    """

    id: str
    name: str
    country: str
    languages: tuple[str, ...]
    licence: str
    prefixes: tuple[str, ...]
    feeds: tuple[str, ...] = ()
    contact: str = ""
    added: str = ""

    def owns(self, iri: str) -> bool:
        """Whether an IRI lies under a prefix of this partner."""
        return iri.startswith(self.prefixes)


class PartnerFolder:
    """``partners/`` of the data folder."""

    def __init__(self, folder: DataFolder, iris: Iris) -> None:
        self._folder = folder.partners
        self._iris = iris

    def all(self) -> Iterator[Partner]:
        """Yield the partners by id; a folder without a readable record is none."""
        for path in sorted(self._folder.glob(f"*/{_RECORD}")):
            try:
                yield _load(path)
            except (OSError, ValueError, KeyError, TypeError):
                continue

    def get(self, partner: str) -> Partner:
        """Raises MissingError."""
        if not _ID.fullmatch(partner):
            raise MissingError("there is no such partner")
        try:
            return _load(self.place(partner) / _RECORD)
        except (OSError, ValueError, KeyError, TypeError):
            raise MissingError(f"there is no partner “{partner}”") from None

    def place(self, partner: str) -> Path:
        """The folder of a partner whose id is known to be one."""
        path: Path = self._folder / partner
        return path

    def add(self, partner: Partner, *, replace: bool = False) -> Partner:
        """Keep a partner's record; the day is filled in.

        Raises:
            BadInputError: something in it cannot be, or there is one of that id and ``replace`` is not
                asked for. The sentence says what.
        """
        _check(partner)
        others = [each for each in self.all() if each.id != partner.id]
        self._check_prefixes(partner, others)
        place = self.place(partner.id)
        known = (place / _RECORD).is_file()
        if known and not replace:
            raise BadInputError(f"there is a partner “{partner.id}” already; --replace changes it")
        added = self.get(partner.id).added if known else date.today().isoformat()
        kept = Partner(**{**asdict(partner), "added": added})
        place.mkdir(parents=True, exist_ok=True)
        durable.write_json(place / _RECORD, asdict(kept))
        return _load(place / _RECORD)

    def _check_prefixes(self, partner: Partner, others: Iterable[Partner]) -> None:
        if not partner.prefixes:
            raise BadInputError("a partner needs at least one prefix of its addresses")
        taken = [(f"{self._iris.base}/", "this site"), (f"{ONTOLOGY}#", "the shared ontology")]
        taken += [(namespace, "a shared vocabulary") for namespace in PREFIXES.values()]
        taken += [
            (prefix, f"the partner “{each.id}”") for each in others for prefix in each.prefixes
        ]
        for prefix in partner.prefixes:
            if not prefix.endswith(("/", "#")):
                raise BadInputError(f"the prefix {prefix} must end in / or #")
            if not _is_web(prefix.rstrip("#")) or urlsplit(prefix).query:
                raise BadInputError(f"the prefix {prefix} is no address of the web (http or https)")
            for other, whose in taken:
                if prefix.startswith(other) or other.startswith(prefix):
                    raise BadInputError(f"the prefix {prefix} overlaps with {other} of {whose}")


def _check(partner: Partner) -> None:
    """Raises BadInputError."""
    if not _ID.fullmatch(partner.id):
        raise BadInputError(
            f"the partner's id “{partner.id}” is made of at most 40 small letters, digits and hyphens"
        )
    if not partner.name.strip() or len(partner.name) > 200:
        raise BadInputError("a partner has a name of at most 200 characters")
    names = Locale.parse("en")
    # CLDR also lists what is no country: the whole EU, unknown places.
    if partner.country in ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ") or (
        partner.country not in names.territories or not partner.country.isalpha()
    ):
        raise BadInputError(
            f"“{partner.country}” is no country; two capital letters are meant, as LV"
        )
    if not partner.languages:
        raise BadInputError("a partner needs at least one language")
    for tag in partner.languages:
        if not _LANGUAGE.fullmatch(tag) or tag.partition("-")[0] not in names.languages:
            raise BadInputError(f"“{tag}” is no language; a tag is meant, as lv or fr")
    if not _is_web(partner.licence):
        raise BadInputError(f"the licence “{partner.licence}” must be given by its web address")
    for feed in partner.feeds:
        if not _is_web(feed):
            raise BadInputError(f"the feed {feed} is no address of the web (http or https)")
    contact = partner.contact
    if contact and not _is_web(contact) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", contact):
        raise BadInputError(f"the contact “{contact}” is no mail address or web page")


def _is_web(address: str) -> bool:
    if _NO_IRI.search(address):
        return False
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False


def _load(path: Path) -> Partner:
    said = json.loads(path.read_bytes())
    lists = {name: tuple(said[name]) for name in ("languages", "prefixes", "feeds")}
    return Partner(**{**said, **lists})
