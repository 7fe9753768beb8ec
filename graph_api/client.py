"""Handing work to the builder: for the command line (waits, or does it itself) and for the web."""

import asyncio
import json
import secrets
import shutil
import socket
import time
from pathlib import Path
from typing import Any

from graph_api.builder.jobs import Progress, silent
from graph_api.errors import (
    BadInputError,
    CannotRunError,
    EngineDownError,
    FolderInUseError,
    MissingError,
)
from graph_api.folder import DataFolder
from graph_api.settings import Settings

__all__ = ["AsyncBuilderClient", "new_upload", "run_job", "spool_file"]

_PROBLEMS = {error.problem: error for error in (BadInputError, CannotRunError, MissingError)}


def spool_file(folder: DataFolder, path: Path) -> dict[str, str]:
    """Copy a file into the builder's inbox, as the user who calls; return it as a job names it.

    Raises:
        OSError: the file cannot be read, or the inbox cannot be written.
    """
    target, spooled = new_upload(folder, path.name)
    try:
        shutil.copyfile(path, target)
    except OSError:
        shutil.rmtree(target.parent, ignore_errors=True)
        raise
    return spooled


def new_upload(folder: DataFolder, name: str) -> tuple[Path, dict[str, str]]:
    """Return a path in the builder's inbox to write an upload to, and how a job names it."""
    place = _new_place(folder)
    return place / "file", {"name": Path(name).name, "spooled": f"{place.name}/file"}


def run_job(
    folder: DataFolder,
    settings: Settings,
    kind: str,
    arguments: dict[str, Any],
    progress: Progress = silent,
) -> dict[str, Any]:
    """Have a job done, and return its status when it is.

    A running builder takes it; without one this process takes the lock and does it. A folder that
    is held while nobody answers is asked again for ``settings.lock_seconds``: its builder may just
    be starting.

    Raises:
        FolderInUseError: another process holds the lock.
        CannotRunError: the builder went away.
    """
    folder.check()
    deadline = time.monotonic() + settings.lock_seconds
    while True:
        if connection := folder.connect():
            with connection:
                return _run_there(connection, kind, arguments, progress)
        try:
            return _run_here(folder, settings, kind, arguments, progress)
        except FolderInUseError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.1)


def _run_here(
    folder: DataFolder,
    settings: Settings,
    kind: str,
    arguments: dict[str, Any],
    progress: Progress,
) -> dict[str, Any]:
    # Imported here: a client of a running builder needs neither the engine nor the pipeline.
    from graph_api.builder.runner import open_runner

    with open_runner(folder, settings, f"maillon {kind}") as runner:
        job = runner.jobs.add(kind, arguments)
        done = runner.run([job], progress)[0]
        if kind != "backup":
            runner.builder.conclude(progress)
        return done.status()


def _run_there(
    connection: socket.socket, kind: str, arguments: dict[str, Any], progress: Progress
) -> dict[str, Any]:
    with connection.makefile("rwb") as stream:

        def ask(request: dict[str, Any]) -> dict[str, Any]:
            stream.write(json.dumps(request).encode() + b"\n")
            stream.flush()
            return _answer(stream.readline())

        try:
            job = ask({"op": "submit", "kind": kind, "arguments": arguments})["job"]
            event = ask({"op": "watch", "job": job})
            while event.get("event") != "finished":
                progress(event)
                event = _answer(stream.readline())
        except OSError as error:
            raise CannotRunError(f"the builder does not answer: {error.strerror}") from error
    event.pop("event")
    return event


class AsyncBuilderClient:
    """The web's way to the builder: one short connection a question."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    async def submit(self, job: dict[str, object]) -> str:
        """Return the job's id once the builder has it on disk.

        ``job`` has ``kind`` and ``arguments``. Raises EngineDownError.
        """
        answer = await self._ask({"op": "submit", **job})
        return str(answer["job"])

    async def status(self, job_id: str) -> dict[str, object]:
        """Return ``{id, kind, state, generation, reports, report}``. Raises MissingError."""
        return await self._ask({"op": "status", "job": job_id})

    async def _ask(self, request: dict[str, object]) -> dict[str, Any]:
        try:
            with self._folder.socket_path() as path:
                reader, writer = await asyncio.open_unix_connection(path, limit=64_000_000)
            try:
                writer.write(json.dumps(request).encode() + b"\n")
                await writer.drain()
                line = await reader.readline()
            finally:
                writer.close()
        except (OSError, ValueError) as error:
            raise EngineDownError("the builder does not answer; try again later") from error
        try:
            return _answer(line)
        except CannotRunError as error:
            raise EngineDownError(error.detail) from error


def _answer(line: bytes) -> dict[str, Any]:
    if not line:
        raise CannotRunError("the builder stopped before it answered; its work is not lost")
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        error = answer["error"]
        raise _PROBLEMS.get(error["problem"], CannotRunError)(error["detail"])
    return answer


def _new_place(folder: DataFolder) -> Path:
    place = folder.inbox / secrets.token_hex(8)
    place.mkdir(parents=True)
    return place
