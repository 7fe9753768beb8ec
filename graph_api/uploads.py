"""Files that are sent to us: written into the builder's inbox as they come, up to a limit."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from graph_api.client import new_upload
from graph_api.errors import BadInputError, MissingError, TooLargeError
from graph_api.folder import SPOOLED, DataFolder

__all__ = ["Form", "staged_file", "take_body", "take_form"]

_FORM_OVERHEAD = 1_000_000  # bytes that boundaries and headers of a form may add
_FILES = 100


@dataclass(frozen=True, slots=True)
class Form:
    """A form with files: its text fields, the last of a name counting, and each file as a job names it."""

    fields: dict[str, str]
    files: list[dict[str, str]]


async def take_form(
    request: Request,
    folder: DataFolder,
    limit: int,
    undo: contextlib.AsyncExitStack,
    *,
    optional: bool = False,
) -> Form:
    """Spool every file of a form; ``optional`` allows one without any. The form as a whole may be as large as one file.

    ``undo`` removes them unless it is told otherwise: ``undo.pop_all()`` once something took them over.

    Raises:
        BadInputError: it is no form, or has no file.
        TooLargeError: it has more than ``limit`` bytes.
    """
    bounded = Request(request.scope, _bounded_receive(request, limit + _FORM_OVERHEAD))
    try:
        form = await bounded.form(max_files=_FILES, max_fields=_FILES)
    except HTTPException as error:
        # What the framework makes of a form that it cannot parse.
        raise BadInputError(f"the form cannot be read: {error.detail}") from error
    try:
        items = form.multi_items()
        # A browser sends a file without a name where none was chosen.
        uploads = [part for _, part in items if isinstance(part, UploadFile) and part.filename]
        if not uploads and not optional:
            raise BadInputError("the form has no file")
        files = [await _take(folder, u.filename or "", _pieces(u), undo) for u in uploads]
        return Form({name: part for name, part in items if isinstance(part, str)}, files)
    finally:
        await form.close()


async def take_body(
    request: Request, folder: DataFolder, name: str, limit: int, undo: contextlib.AsyncExitStack
) -> dict[str, str]:
    """Spool the body of a request as a file of that name; ``undo`` as in :func:`take_form`.

    Raises:
        TooLargeError: it has more than ``limit`` bytes.
    """
    return await _take(folder, name, _bounded(request, limit), undo)


def staged_file(folder: DataFolder, spooled: str) -> Path:
    """Return the path of a file that was spooled before.

    Raises:
        BadInputError: this is no name of a spooled file.
        MissingError: it is not there any more.
    """
    if not SPOOLED.fullmatch(spooled):
        raise BadInputError("an upload is named by its place in the inbox")
    place = folder.inbox / spooled
    if not place.is_file():
        raise MissingError("this upload is no longer kept; choose the file again")
    return place


async def _take(
    folder: DataFolder,
    name: str,
    chunks: AsyncIterator[bytes],
    undo: contextlib.AsyncExitStack,
) -> dict[str, str]:
    """Write an upload into the inbox; ``undo`` removes it if no job takes it over."""
    place, spooled = new_upload(folder, name)
    undo.callback(shutil.rmtree, place.parent, ignore_errors=True)
    await _write(place, chunks)
    return spooled


async def _write(path: Path, chunks: AsyncIterator[bytes]) -> None:
    with path.open("xb") as file:
        async for chunk in chunks:
            await run_in_threadpool(file.write, chunk)


async def _bounded(request: Request, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        yield chunk


def _bounded_receive(request: Request, limit: int) -> Any:
    size = 0

    async def receive() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise _too_large(limit)
        return message

    return receive


async def _pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(1 << 20):
        yield piece


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"the upload is larger than {limit} bytes (MAILLON_FILE_BYTES)")
