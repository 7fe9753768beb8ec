"""OAI-PMH 2.0 without its transport: arguments, errors, resumption tokens and which records match.

https://www.openarchives.org/OAI/openarchivesprotocol.html. Nothing here reads or writes anything.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = [
    "FORMATS",
    "Header",
    "Listing",
    "OaiError",
    "Page",
    "choose_page",
    "read_arguments",
    "read_listing",
    "stamp",
]

FORMATS = ("oai_dc", "rdf")
_REQUIRED: Mapping[str, frozenset[str]] = {
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset(),
    "ListSets": frozenset(),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    "ListIdentifiers": frozenset({"metadataPrefix"}),
    "ListRecords": frozenset({"metadataPrefix"}),
}
_OPTIONAL: Mapping[str, frozenset[str]] = {
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListIdentifiers": frozenset({"from", "until", "set"}),
    "ListRecords": frozenset({"from", "until", "set"}),
}
_RESUMABLE = frozenset({"ListSets", "ListIdentifiers", "ListRecords"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z", re.ASCII)


class OaiError(Exception):
    """A request that the protocol answers with an error code. Never ends the service."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Header:
    """A record without its metadata; ``group`` is its set."""

    identifier: str
    when: datetime
    group: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list request asks for: bounds are inclusive; ``after`` is the last identifier sent."""

    verb: str
    prefix: str
    since: str = ""
    until: str = ""
    group: str = ""
    after: str = ""
    sent: int = 0

    def token(self, after: str, sent: int) -> str:
        """Return the token that goes on behind ``after``; it holds all that is needed."""
        parts = [self.verb, self.prefix, self.since, self.until, self.group, after, sent]
        return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list; ``token`` is empty on its last page, None where the list has one page only."""

    headers: Sequence[Header]
    total: int
    cursor: int
    token: str | None


def stamp(when: datetime) -> str:
    """Return a moment as the protocol writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_arguments(pairs: Iterable[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """Return the verb and its arguments.

    Raises:
        OaiError: badVerb; badArgument for what is unknown, missing, repeated or empty.
    """
    given = list(pairs)
    verbs = [value for name, value in given if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _REQUIRED:
        raise OaiError("badVerb", "one verb is needed: " + ", ".join(_REQUIRED))
    verb = verbs[0]
    arguments: dict[str, str] = {}
    for name, value in given:
        if name == "verb":
            continue
        if name in arguments:
            raise OaiError("badArgument", f"{name[:40]} is given more than once")
        if not value:
            raise OaiError("badArgument", f"{name[:40]} has no value")
        arguments[name] = value
    if "resumptionToken" in arguments and verb in _RESUMABLE:
        if len(arguments) > 1:
            raise OaiError("badArgument", "resumptionToken excludes every other argument")
        return verb, arguments
    allowed = _REQUIRED[verb] | _OPTIONAL.get(verb, frozenset())
    if unknown := sorted(arguments.keys() - allowed):
        raise OaiError("badArgument", f"{verb} has no argument {unknown[0][:40]}")
    if missing := sorted(_REQUIRED[verb] - arguments.keys()):
        raise OaiError("badArgument", f"{verb} needs {missing[0]}")
    return verb, arguments


def read_listing(verb: str, arguments: Mapping[str, str]) -> Listing:
    """Return what a ListIdentifiers or ListRecords asks for.

    Raises:
        OaiError: badResumptionToken, badArgument (dates), cannotDisseminateFormat.
    """
    if (token := arguments.get("resumptionToken")) is not None:
        return _from_token(verb, token)
    prefix = arguments["metadataPrefix"]
    if prefix not in FORMATS:
        raise OaiError("cannotDisseminateFormat", "the formats are " + ", ".join(FORMATS))
    since, until = arguments.get("from", ""), arguments.get("until", "")
    first, last = _moment(since), _moment(until, end=True)
    if since and until and len(since) != len(until):
        raise OaiError("badArgument", "from and until must have the same granularity")
    if first and last and first > last:
        raise OaiError("badArgument", "from is later than until")
    return Listing(verb, prefix, since, until, arguments.get("set", ""))


def choose_page(headers: Iterable[Header], listing: Listing, size: int) -> Page:
    """Return the next part of a list, in the order of identifiers.

    Records that change between two pages never make one that did not change be left out or sent
    twice: a page goes on behind an identifier, not behind a number.

    Raises:
        OaiError: noRecordsMatch; badResumptionToken where nothing is left of the list.
    """
    first, last = _moment(listing.since), _moment(listing.until, end=True)
    matching = sorted(
        (
            each
            for each in headers
            if (not first or each.when.replace(microsecond=0) >= first)
            and (not last or each.when.replace(microsecond=0) <= last)
            and (not listing.group or each.group == listing.group)
        ),
        key=lambda each: each.identifier,
    )
    rest = [each for each in matching if each.identifier > listing.after]
    if not rest:
        if listing.after:
            raise OaiError("badResumptionToken", "nothing is left of this list: begin it again")
        raise OaiError("noRecordsMatch", "no record matches")
    part = rest[:size]
    sent = listing.sent + len(part)
    token: str | None = None
    if len(rest) > size:
        token = listing.token(part[-1].identifier, sent)
    elif listing.after:
        token = ""
    return Page(part, len(matching), listing.sent, token)


def _from_token(verb: str, token: str) -> Listing:
    try:
        padded = token + "=" * (-len(token) % 4)
        parts = json.loads(base64.b64decode(padded.encode("ascii"), b"-_", validate=True))
        *texts, sent = parts
        made_for, prefix, since, until, group, after = texts
        listing = Listing(made_for, prefix, since, until, group, after, sent)
        sound = all(isinstance(each, str) for each in texts) and type(sent) is int and sent > 0
        _moment(listing.since), _moment(listing.until)
    except (binascii.Error, ValueError, TypeError, RecursionError, OaiError):
        raise OaiError("badResumptionToken", "this is no token of ours") from None
    if not sound or listing.verb != verb or listing.prefix not in FORMATS or not listing.after:
        raise OaiError("badResumptionToken", "this is no token of ours for this verb")
    return listing


def _moment(text: str, *, end: bool = False) -> datetime | None:
    """Read a bound; a day as an upper bound lasts to its end. Raises OaiError: badArgument."""
    if not text:
        return None
    if not _DAY.match(text) and not _SECOND.match(text):
        raise OaiError("badArgument", "dates are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise OaiError("badArgument", f"there is no date {text}") from None
    if end and _DAY.match(text):
        return moment.replace(hour=23, minute=59, second=59)
    return moment
