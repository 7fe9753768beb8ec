"""Reads a form that was sent in the body of a request, up to a limit."""

from urllib.parse import parse_qsl

from fastapi import Request

from graph_api.errors import BadInputError, TooLargeError

__all__ = ["read_form"]

MOST_FIELDS = 1_000


async def read_form(request: Request, most: int) -> list[tuple[str, str]]:
    """Return the fields in their order; ``most`` is the longest body, in bytes.

    Raises:
        TooLargeError: the body is longer; the rest of it is not read.
        BadInputError: the body is no form (application/x-www-form-urlencoded, in UTF-8).
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLargeError(f"this form has at most {most:,} bytes")
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise BadInputError("this is not a form") from error
