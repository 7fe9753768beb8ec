"""OAI-PMH without its transport: arguments, tokens, bounds and pages."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.exchange.oai import (
    Header,
    Listing,
    OaiError,
    choose_page,
    read_arguments,
    read_listing,
    stamp,
)

OLD = datetime(2025, 3, 1, 12, 0, 0, tzinfo=UTC)
NEW = datetime(2026, 3, 1, 12, 0, 0, 700, tzinfo=UTC)
HEADERS = [Header(f"urn:{n:02}", OLD if n % 2 else NEW, "ab"[n % 3 == 0]) for n in range(10)]


def code(query: str) -> str:
    """The error code of a request that has one."""
    pairs = [pair.partition("=") for pair in query.split("&")]
    try:
        verb, arguments = read_arguments([(name, value) for name, _, value in pairs])
        read_listing(verb, arguments)
    except OaiError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "badVerb"),
        ("verb=Steal", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=２０２５-02-03", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2025-01-01", "badArgument"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-01&until=2026-01-01T00:00:00Z",
            "badArgument",
        ),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&resumptionToken=rubbish", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=é", "badResumptionToken"),
    ],
)
def test_refusals(query: str, expected: str) -> None:
    assert code(query) == expected


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        7,
        ["ListRecords", "oai_dc", "", "", "", "x", "1"],
        ["ListRecords", "oai_dc", "", "", "", "x", 0],
        ["ListRecords", "oai_dc", "", "", "", "x", True],
        ["ListRecords", "oai_dc", "never", "", "", "x", 1],
        ["ListRecords", "oai_dc", "", "", "", "", 1],
        ["ListRecords", "oai_dc", "", 3, "", "x", 1],
        ["ListRecords", "marc", "", "", "", "x", 1],
        ["ListIdentifiers", "oai_dc", "", "", "", "x", 1],
    ],
)
def test_forged_tokens(content: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
    assert code(f"verb=ListRecords&resumptionToken={token.rstrip('=')}") == "badResumptionToken"


def test_a_deep_token_is_refused() -> None:
    token = base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("=")
    assert code(f"verb=ListRecords&resumptionToken={token}") == "badResumptionToken"


@given(st.text(max_size=40), st.integers(1, 10**9))
def test_a_token_holds_its_place(after: str, sent: int) -> None:
    first = Listing("ListRecords", "rdf", "2025-01-01", "2026-01-01", "actor")
    if not after:
        return
    again = read_listing("ListRecords", {"resumptionToken": first.token(after, sent)})
    assert (again.after, again.sent, again.group) == (after, sent, "actor")


def _walk(listing: Listing, size: int) -> Iterator[tuple[list[str], str | None]]:
    while True:
        page = choose_page(HEADERS, listing, size)
        assert page.total == len(HEADERS)
        yield [each.identifier for each in page.headers], page.token
        if not page.token:
            return
        listing = read_listing("ListRecords", {"resumptionToken": page.token})


@given(st.integers(1, 12))
def test_pages_hold_each_record_once(size: int) -> None:
    pages = list(_walk(Listing("ListRecords", "oai_dc"), size))
    assert [iri for part, _ in pages for iri in part] == [each.identifier for each in HEADERS]
    # The last of several pages has an empty token, an only page has none.
    assert pages[-1][1] == ("" if len(pages) > 1 else None)


def test_bounds_are_inclusive() -> None:
    def found(since: str = "", until: str = "", group: str = "") -> int:
        listing = Listing("ListRecords", "oai_dc", since, until, group)
        return len(choose_page(HEADERS, listing, 100).headers)

    assert found(since="2026-03-01") == 5
    assert found(until="2025-03-01") == 5
    assert found(since="2025-03-01T12:00:00Z", until="2025-03-01T12:00:00Z") == 5
    assert found(until="2026-03-01") == 10
    # A record with parts of a second is shown with whole ones: that very bound finds it.
    assert found(since=stamp(NEW), until=stamp(NEW)) == 5
    assert found(group="b") == 4
    with pytest.raises(OaiError) as caught:
        found(since="2026-03-02")
    assert caught.value.code == "noRecordsMatch"


def test_a_list_that_vanished_is_begun_again() -> None:
    with pytest.raises(OaiError) as caught:
        choose_page([], Listing("ListRecords", "oai_dc", after="urn:03", sent=4), 2)
    assert caught.value.code == "badResumptionToken"
