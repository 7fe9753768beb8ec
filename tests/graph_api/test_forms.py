"""Forms in the body of a request: in order, in UTF-8, and no longer than they may be."""

import asyncio

import pytest
from fastapi import Request
from starlette.types import Message

from graph_api.errors import BadInputError, TooLargeError
from graph_api.forms import read_form


def read(*chunks: bytes, most: int = 100) -> list[tuple[str, str]]:
    left = list(chunks)

    async def receive() -> Message:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return asyncio.run(read_form(Request({"type": "http"}, receive), most))


def test_fields_stay_in_order_and_may_be_empty_or_repeated() -> None:
    assert read(b"a=1&b=", b"&a=%C3%A9+2") == [("a", "1"), ("b", ""), ("a", "é 2")]
    assert read(b"") == []


def test_a_longer_body_is_refused_before_it_is_read_whole() -> None:
    with pytest.raises(TooLargeError, match="at most 100 bytes"):
        read(b"x" * 60, b"x" * 60, b"never read")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=%FF", b"&".join([b"a=1"] * 1_001)])
def test_what_is_no_form_is_said(body: bytes) -> None:
    with pytest.raises(BadInputError):
        read(body, most=10_000)
