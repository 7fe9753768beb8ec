"""The web process's ends of zygotes and workers. Everything here runs on the event loop."""

import asyncio
import contextlib
import os
import resource
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import graph_api
from graph_api.workers.frames import (
    FRAME_HEADER,
    Kind,
    decode_json,
    encode_json,
    encode_request,
)
from graph_api.workers.zygote import MESSAGE_BYTES

__all__ = ["WorkerHandle", "WorkerLostError", "ZygoteHandle", "ZygoteLostError"]

_STACK_BYTES = 1 << 30
_READ_AHEAD = 262_144
_ORPHANS_SECONDS = 0.02
_EXIT_SECONDS = 1.0


class ZygoteLostError(Exception):
    """The zygote is gone or refused; the caller starts another."""


class WorkerLostError(Exception):
    """The worker's socket ended in the middle of a query."""


class WorkerHandle:
    """One worker: its socket, its pidfd and what it serves."""

    def __init__(self, pid: int, pidfd: int, sock: socket.socket, zygote: "ZygoteHandle") -> None:
        self.pid = pid
        self.zygote = zygote
        self.served = 0
        self.exit_status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._pidfd = pidfd
        self._sock = sock
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Wait until the worker can take queries.

        Raises:
            WorkerLostError: it could not open its store, or died.
        """
        self._reader, self._writer = await asyncio.open_unix_connection(
            sock=self._sock, limit=_READ_AHEAD
        )
        kind, payload = await self.read_frame()
        if kind is not Kind.READY:
            raise WorkerLostError(decode_json(payload).get("detail", "not ready"))

    @property
    def alive(self) -> bool:
        """Whether the process still runs, as the kernel says at this moment."""
        if self._pidfd < 0:
            return False
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return not poll.poll(0)

    def send(self, request: dict[str, Any]) -> None:
        """Hand over one query."""
        assert self._writer is not None, "open() comes first"  # noqa: S101 - for the type checker
        self.served += 1
        self._writer.write(encode_request(request))

    async def read_frame(self) -> tuple[Kind, bytes]:
        """Return the next frame.

        Raises:
            WorkerLostError: the worker died.
        """
        assert self._reader is not None, "open() comes first"  # noqa: S101 - for the type checker
        try:
            kind, size = FRAME_HEADER.unpack(await self._reader.readexactly(FRAME_HEADER.size))
            payload = await self._reader.readexactly(size) if size else b""
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerLostError("the worker died") from error
        return Kind(kind), payload

    def kill(self) -> None:
        """End it at once. Safe at any time: a pidfd never means another process."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    async def close(self) -> None:
        """Kill it if it lives, wait until it is gone, free the descriptors."""
        if self._pidfd < 0:
            return
        self.kill()
        await _wait_readable(self._pidfd)  # to reap it is its zygote's part
        os.close(self._pidfd)
        self._pidfd = -1
        if self._writer is not None:
            self._writer.transport.abort()
        else:
            self._sock.close()

    async def exit_code(self) -> int | None:
        """Return how the worker ended (negative: by that signal); None if nobody can tell."""
        # Only its zygote knows, and that may be dead too without our having noticed yet.
        either: list[asyncio.Future[Any]] = [self.exit_status, self.zygote.lost]
        await asyncio.wait(either, timeout=_EXIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        return self.exit_status.result() if self.exit_status.done() else None


class ZygoteHandle:
    """One zygote process. ``on_lost`` is called once, when it has ended for whatever reason.

    ``useful`` tells whether it has ever forked a worker, ``lost`` is done once it has ended.
    """

    def __init__(self, on_lost: Callable[["ZygoteHandle"], None]) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.useful = False
        self._on_lost = on_lost
        self._forks: dict[int, asyncio.Future[WorkerHandle]] = {}
        self._loading: asyncio.Future[int] | None = None
        self._workers: dict[int, WorkerHandle] = {}
        self._next_token = 0
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        with theirs:
            self._process = _start_process(theirs.fileno())
        asyncio.get_running_loop().add_reader(self._control.fileno(), self._receive)

    @property
    def alive(self) -> bool:
        """Whether it can be asked for anything, as far as this process has noticed."""
        return not self.lost.done()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    async def load(self, folder: Path, snapshot: int | None, generation: int) -> None:
        """Load a snapshot, or follow deltas from what is loaded, up to ``generation``.

        Raises:
            ZygoteLostError: it could not; the zygote must then be closed.
        """
        self._loading = asyncio.get_running_loop().create_future()
        self._say(
            {
                "op": "load",
                "folder": str(folder),
                "snapshot": snapshot,
                "generation": generation,
            }
        )
        await self._loading

    async def fork(self, store: Path | None, generation: int, memory: int) -> WorkerHandle:
        """Fork a worker and wait until it is ready.

        Raises:
            ZygoteLostError, WorkerLostError
        """
        token = self._next_token
        self._next_token += 1
        future: asyncio.Future[WorkerHandle] = asyncio.get_running_loop().create_future()
        self._forks[token] = future
        self._say(
            {
                "op": "fork",
                "token": token,
                "store": None if store is None else str(store),
                "generation": generation,
                "memory": memory,
            }
        )
        worker = await future
        try:
            await worker.open()
        except BaseException:
            await worker.close()
            raise
        return worker

    def renice(self, worker: WorkerHandle, value: int) -> None:
        """Lower a worker's priority; nothing happens if the zygote is gone."""
        with contextlib.suppress(ZygoteLostError):
            self._say({"op": "nice", "pid": worker.pid, "value": value})

    def retire(self) -> None:
        """Let the zygote end once its last worker has; it forks no more."""
        with contextlib.suppress(ZygoteLostError):
            self._say({"op": "retire"})

    async def close(self) -> None:
        """End the zygote, and wait until it and its workers are gone."""
        self._lose()
        try:
            await asyncio.wait_for(self._wait(), 2.0)
        except TimeoutError:  # busy loading: it does not look at its socket
            self._process.kill()
            await self._wait()
        await self._reap_orphans()

    async def _wait(self) -> None:
        while self._process.poll() is None:
            await asyncio.sleep(0.005)

    async def _reap_orphans(self) -> None:
        """Collect workers that outlived a zygote that was killed.

        They have become children of this process (see ``WorkerPool.start``), among them any that was
        forked a moment before and never announced. All are still of the zygote's process group.
        """
        with contextlib.suppress(ChildProcessError):  # there are no more
            while True:
                if os.waitid(os.P_PGID, self.pid, os.WEXITED | os.WNOHANG) is None:
                    await asyncio.sleep(_ORPHANS_SECONDS)

    def _say(self, message: dict[str, Any]) -> None:
        if not self.alive:
            raise ZygoteLostError("the zygote has ended")
        try:
            self._control.send(encode_json(message))
        except OSError as error:
            self._lose()
            raise ZygoteLostError(str(error)) from error

    def _receive(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 2)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if not data:
            self._lose()
            return
        message = decode_json(data)
        match message["op"]:
            case "forked":
                self._adopt(message, descriptors)
            case "unforked":
                self._forks.pop(message["token"]).set_exception(ZygoteLostError(message["detail"]))
            case "exit":
                worker = self._workers.pop(message["pid"], None)
                if worker is not None and not worker.exit_status.done():
                    worker.exit_status.set_result(message["status"])
            case "loaded" | "failed" if self._loading is not None and not self._loading.done():
                if message["op"] == "loaded":
                    self._loading.set_result(message["generation"])
                else:
                    self._loading.set_exception(ZygoteLostError(message["detail"]))

    def _adopt(self, message: dict[str, Any], descriptors: list[int]) -> None:
        sock = socket.socket(fileno=descriptors[0])
        sock.setblocking(False)
        worker = WorkerHandle(message["pid"], descriptors[1], sock, self)
        self._workers[worker.pid] = worker
        self.useful = True
        future = self._forks.pop(message["token"])
        if future.done():  # whoever asked has been cancelled
            worker.kill()
            asyncio.get_running_loop().create_task(worker.close())
        else:
            future.set_result(worker)

    def _lose(self) -> None:
        if not self.alive:
            return
        self.lost.set_result(None)
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        self._control.close()
        waiting: list[asyncio.Future[Any]] = [*self._forks.values()]
        if self._loading is not None:
            waiting.append(self._loading)
        for future in waiting:
            if not future.done():
                future.set_exception(ZygoteLostError("the zygote died"))
        self._forks.clear()
        self._on_lost(self)


def _start_process(descriptor: int) -> subprocess.Popen[bytes]:
    root = str(Path(graph_api.__file__).parent.parent)
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    # The engine's parser recurses: on the usual 8 MB of stack some ten KB of query overflow it, on
    # 1 GB the longest query that is let in does not. Read at exec, and only reserved. It is set
    # here, for the moment, because code run between fork and exec is not safe beside threads.
    stack = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, hard))
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "graph_api.workers.zygote", str(descriptor)],
            pass_fds=(descriptor,),
            env={"PYTHONPATH": root, "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    finally:
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))


async def _wait_readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
