"""The zygote: a small single-threaded process that forks query workers on request.

Run as ``python -m graph_api.workers.zygote DESCRIPTOR``. It is exec'd, not forked, so that it carries
none of the web process's threads. As a *checkpoint* zygote it holds no data: each worker opens the
generation's folder after the fork. As a *memory* zygote it loads a snapshot, follows it by deltas,
and every worker is a copy of it. It ends, with all its children, when the web process closes its
end of the control socket.

Messages in: ``load {folder, snapshot, generation}`` (the number of the snapshot to start from, or null
to follow the deltas from what is loaded), ``fork {token, store, generation, memory}``,
``nice {pid, value}``, ``retire`` (end when the last worker has).
Messages out: ``loaded {generation}``, ``failed {detail}``, ``forked {token, pid}`` with two
descriptors (the worker's socket, a pidfd), ``unforked {token, detail}``, ``exit {pid, status}``.
"""

import contextlib
import ctypes
import errno
import gc
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from graph_api.workers.frames import Kind, decode_json, encode_frame, encode_json
from graph_api.workers.worker import limit_memory, serve

__all__ = ["MESSAGE_BYTES", "Zygote", "main"]

MESSAGE_BYTES = 65_536
"""Longest control message."""

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


class Zygote:
    """Owns the control socket and, as a memory zygote, the store. Nothing else changes its state."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.store: ox.Store | None = None
        self.generation = 0
        self.children: set[int] = set()
        self.retired = False
        self.wake_read, self.wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Serve the control socket until its other end is closed, then end all workers."""
        # The handler does nothing: it is there so that SIGCHLD reaches the wake-up descriptor.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self.wake_write)
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(self.wake_read, select.POLLIN)
        while not (self.retired and not self.children):
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self.wake_read in ready:
                os.read(self.wake_read, 4096)
                self.reap()
            if self.control.fileno() in ready:
                message = self.control.recv(MESSAGE_BYTES)
                if not message:
                    self.end()
                    return
                self.handle(decode_json(message))

    def handle(self, message: dict[str, Any]) -> None:
        """Carry out one message of the web process."""
        match message["op"]:
            case "fork":
                self.fork(message)
            case "nice":
                # Only a child that has not been reaped: its number cannot be another process's.
                if message["pid"] in self.children:
                    os.setpriority(os.PRIO_PROCESS, message["pid"], message["value"])
            case "load":
                self.load(message)
            case "retire":
                self.retired = True

    def say(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        """Send a message; a web process that is gone will be noticed by the next read."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self.control, [encode_json(message)], descriptors)

    def load(self, message: dict[str, Any]) -> None:
        """Load a snapshot, or go on from what is loaded, and follow the deltas to ``generation``.

        After ``failed`` the store may be half changed: the web process then discards this zygote.
        """
        folder, snapshot, last = Path(message["folder"]), message["snapshot"], message["generation"]
        try:
            if snapshot is not None:
                self.store, self.generation = ox.Store(), snapshot
                # Not bulk_load: it starts threads, and a process with threads must not fork.
                path = str(folder / f"{snapshot}.nq")
                self.store.load(path=path, format=ox.RdfFormat.N_QUADS)
            if self.store is None:
                raise ValueError("nothing is loaded that deltas could be applied to")
            for number in range(self.generation + 1, last + 1):
                apply_delta(self.store, folder / f"{number}.delta")
        except (OSError, ValueError, SyntaxError, MemoryError) as error:
            self.say({"op": "failed", "detail": f"{type(error).__name__}: {error}"[:500]})
            return
        self.generation = last
        gc.collect()
        gc.freeze()
        self.say({"op": "loaded", "generation": last})

    def fork(self, message: dict[str, Any]) -> None:
        """Fork a worker and pass its socket and pidfd to the web process."""
        ours, theirs = socket.socketpair()
        try:
            if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
                raise OSError(errno.EBUSY, f"the zygote has {threads} threads, it must not fork")
            pid = os.fork()
        except OSError as error:
            ours.close()
            theirs.close()
            self.say({"op": "unforked", "token": message["token"], "detail": str(error)})
            return
        if pid == 0:
            ours.close()
            self.become_worker(theirs, message)
        theirs.close()
        self.children.add(pid)
        # The number cannot be reused before this process reaps the child, which it does elsewhere.
        pidfd = os.pidfd_open(pid)
        answer = {"op": "forked", "token": message["token"], "pid": pid}
        self.say(answer, (ours.fileno(), pidfd))
        os.close(pidfd)
        ours.close()

    def become_worker(self, sock: socket.socket, message: dict[str, Any]) -> NoReturn:
        """Turn the forked child into a worker; never returns."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self.wake_read)
            os.close(self.wake_write)
            self.control.close()
            name_process("maillon-worker")
            store = self.store
            if message["store"] is not None:
                store = open_checkpoint(sock, message["store"])
            if store is not None:
                limit_memory(message["memory"])
                serve(sock, store, message["generation"])
                status = 0
        except (BrokenPipeError, ConnectionResetError):
            status = 0  # the web process closed the socket: it wants this worker no more
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def reap(self) -> None:
        """Collect children that ended and say how."""
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.children.discard(pid)
                code = os.waitstatus_to_exitcode(status)
                self.say({"op": "exit", "pid": pid, "status": code})

    def end(self) -> None:
        """Kill and collect all children."""
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
        for pid in self.children:
            os.waitpid(pid, 0)


def open_checkpoint(sock: socket.socket, folder: str) -> ox.Store | None:
    """Open a generation's folder read-only; None, and an error frame, if it is gone or damaged."""
    try:
        return ox.Store.read_only(folder)
    except (OSError, ValueError) as error:
        detail = {"problem": "store", "detail": str(error)[:500]}
        sock.sendall(encode_frame(Kind.ERROR, encode_json(detail)))
        return None


def apply_delta(store: ox.Store, path: Path) -> None:
    """Apply a file of lines ``D <quad>`` (remove) and ``A <quad>`` (add) to ``store``.

    Raises:
        ValueError, SyntaxError: the file is not of that form; the store may be half changed.
    """
    parts: dict[bytes, list[bytes]] = {b"D ": [], b"A ": []}
    for line in path.read_bytes().splitlines():
        if line[:2] not in parts:
            raise ValueError(f"{path.name}: a line starts neither with A nor with D")
        parts[line[:2]].append(line[2:])
    for quad in ox.parse(b"\n".join(parts[b"D "]), format=ox.RdfFormat.N_QUADS):
        store.remove(quad)
    store.extend(ox.parse(b"\n".join(parts[b"A "]), format=ox.RdfFormat.N_QUADS))


def name_process(name: str) -> None:
    """Set the name that ``ps`` and ``top`` show, at most 15 characters."""
    Path("/proc/self/comm").write_text(name)


def leave_network() -> bool:
    """Move into a network namespace of one's own, which has no way out; False where not allowed.

    The tokenizer refuses SERVICE already; this is the second wall.
    """
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    return bool(unshare(_CLONE_NEWNET) == 0 or unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def main(argv: list[str]) -> int:
    """Serve the control socket whose descriptor is the only argument."""
    leave_network()
    name_process("maillon-zygote")
    Zygote(socket.socket(fileno=int(argv[1]))).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
