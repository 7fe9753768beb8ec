"""The builder process: ``python -m graph_api.builder.server --data DIR``.

It holds the data folder's lock, answers on the socket in ``run/`` and runs jobs in order. A job is
acknowledged when it is on the disk. Protocol, one JSON object a line:

* ``{"op": "submit", "kind": …, "arguments": {…}}`` → ``{"job": id}``
* ``{"op": "status", "job": id}`` → the job's status
* ``{"op": "watch", "job": id}`` → progress events, then ``{"event": "finished", …status}``
* ``{"op": "ping"}`` → ``{"pid": …}``

Anything wrong is answered ``{"error": {"problem", "detail"}}``.
"""

import argparse
import json
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from graph_api.builder.inference import InferenceChild
from graph_api.builder.jobs import Job
from graph_api.builder.runner import Runner, open_runner
from graph_api.errors import BadInputError, CannotRunError, MaillonError
from graph_api.folder import DataFolder
from graph_api.logs import configure_logging
from graph_api.settings import Settings

__all__ = ["BuilderServer", "main"]

_log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds between two generations at least
_LONGEST_LINE = 1_000_000
_AFTER_BUILD = (
    "decide",
    "undo",
    "withdraw",
    "restore",
    "merge",
)  # kinds that refer to what earlier jobs of the queue make

_JUDGING = ("decide", "undo", "settle", "unsettle", "map")
_STOPPED = "the builder was stopped; the job is on the disk and runs when it starts again"

Events = queue.SimpleQueue[dict[str, object]]


class BuilderServer:
    """Takes jobs on any number of connections; :meth:`run` works on them in one thread."""

    def __init__(self, runner: Runner, listener: socket.socket) -> None:
        self._runner = runner
        self._listener = listener
        self._changed = threading.Condition()
        self._queue: list[Job] = []
        self._watchers: dict[str, list[Events]] = {}
        self._stopping = threading.Event()
        self._published = 0.0
        self._closed = False
        builder = runner.builder
        self._inference = InferenceChild(
            builder.folder, builder.settings, builder.inferred, self._wake
        )

    def stop(self) -> None:
        """Finish the batch under way, then let :meth:`run` return. Safe in a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped. What is left in the queue is on the disk for the next start."""
        threading.Thread(target=self._accept, name="accept", daemon=True).start()
        self._runner.reconcile()
        self._conclude()
        while (batch := self._next_batch()) is not None:
            done = []
            if batch:
                # Curators wait for what they decided; whoever builds asks for the hash.
                judged = all(job.kind in _JUDGING for job in batch)
                done = self._runner.run(batch, partial(self._tell, batch), hashed=not judged)
            else:
                self._runner.reconcile(hashed=False)  # the next job may be waiting
            self._published = time.monotonic()
            for job in done:
                self._tell([job], {"event": "finished", **job.status()})
            self._conclude()
        self._inference.close()
        self._close()

    def _conclude(self) -> None:
        builder = self._runner.builder
        self._inference.consider(builder.unconcluded(), builder.current())

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _close(self) -> None:
        """Let nobody in any more, and tell those who wait that they wait in vain."""
        # Closing alone would not wake the thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._changed:
            self._closed = True
            for watchers in self._watchers.values():
                for events in watchers:
                    events.put({"event": "stopped"})

    def _next_batch(self) -> list[Job] | None:
        """Wait for jobs; collect those that come within the pause after the last generation.

        The batch is empty where new conclusions are all there is to build in.
        """
        not_before = self._published + _PAUSE
        with self._changed:
            while not (self._queue or self._inference.ready) or time.monotonic() < not_before:
                if self._stopping.is_set():
                    return None
                left = not_before - time.monotonic()
                # The short wait lets a signal's flag be seen.
                self._changed.wait(min(0.2, left) if left > 0 else 0.2)
            if self._stopping.is_set():
                return None
            self._inference.take()
            size = _batch_size(self._queue)
            batch, self._queue = self._queue[:size], self._queue[size:]
            return batch

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                # Closed by run().
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            try:
                while line := stream.readline(_LONGEST_LINE):
                    for answer in self._answers(line):
                        stream.write(json.dumps(answer).encode() + b"\n")
                        stream.flush()
            except OSError:
                _log.debug("a client went away")

    def _answers(self, line: bytes) -> Iterator[dict[str, object]]:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise BadInputError("a request is a JSON object")
            yield from self._handle(request)
        except ValueError:
            yield {"error": {"problem": "bad-input", "detail": "a request is one line of JSON"}}
        except MaillonError as error:
            yield {"error": {"problem": error.problem, "detail": error.detail}}

    def _handle(self, request: dict[str, Any]) -> Iterator[dict[str, object]]:
        operation = request.get("op")
        if operation == "ping":
            yield {"pid": os.getpid()}
        elif operation == "submit":
            yield {"job": self._submit(request)}
        elif operation == "status":
            yield self._runner.jobs.get(str(request.get("job"))).status()
        elif operation == "watch":
            yield from self._watch(str(request.get("job")))
        else:
            raise BadInputError(f"there is no operation {operation!r}")

    def _submit(self, request: dict[str, Any]) -> str:
        arguments = request.get("arguments", {})
        if not isinstance(arguments, dict):
            raise BadInputError("the arguments of a job are a JSON object")
        # Under the lock, so that the queue has the order of the ids.
        with self._changed:
            if self._stopping.is_set():
                raise CannotRunError("the builder is stopping; try again")
            job = self._runner.jobs.add(str(request.get("kind")), arguments)
            self._queue.append(job)
            self._changed.notify_all()
        return job.id

    def _watch(self, job_id: str) -> Iterator[dict[str, object]]:
        events: Events = queue.SimpleQueue()
        with self._changed:
            self._watchers.setdefault(job_id, []).append(events)
            closed = self._closed
        try:
            job = self._runner.jobs.get(job_id)
            if job.state in ("done", "failed"):
                yield {"event": "finished", **job.status()}
                return
            if closed:
                raise CannotRunError(_STOPPED)
            while (event := events.get()).get("event") not in ("finished", "stopped"):
                yield event
            if event["event"] == "stopped":
                raise CannotRunError(_STOPPED)
            yield event
        finally:
            with self._changed:
                self._watchers[job_id].remove(events)
                if not self._watchers[job_id]:
                    del self._watchers[job_id]

    def _tell(self, jobs: list[Job], event: dict[str, object]) -> None:
        with self._changed:
            for job in jobs:
                for events in self._watchers.get(job.id, ()):
                    events.put(event)


def _batch_size(jobs: list[Job]) -> int:
    """Return how many jobs from the start can share one build.

    A judgement may name a claim, a merge an entity that a document before it in the queue makes: they
    wait for that build.
    """
    for number, job in enumerate(jobs):
        if number and job.kind in _AFTER_BUILD and jobs[number - 1].kind not in _AFTER_BUILD:
            return number
    return len(jobs)


def main(arguments: list[str]) -> int:
    """Run until SIGTERM or SIGINT; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m graph_api.builder.server")
    parser.add_argument("--data", type=Path)
    settings = Settings.from_env(data=parser.parse_args(arguments).data)
    configure_logging(settings)
    folder = DataFolder(settings.data)
    try:
        with open_runner(folder, settings, "maillon serve") as runner:
            server = BuilderServer(runner, folder.listen())
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: server.stop())
            server.run()
            (folder.run / "builder.sock").unlink(missing_ok=True)
    except MaillonError as error:
        _log.error("%s", error.detail)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
