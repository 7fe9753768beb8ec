"""``maillon serve`` as real processes: start, refusals, what dies comes back, nothing stays behind."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_api.errors import CannotRunError
from graph_api.serving import environment_of, open_listener
from graph_api.settings import Settings
from tests.graph_api.published import Publisher, descendants, quads
from tests.graph_api.served import Running, free_port, gone, start, wait

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("data")
    publisher = Publisher(data, quads(30))
    publisher.publish()
    del publisher  # the builder opens the store itself
    running = Running(start(data, port := free_port()), data, port)
    wait(running.answers)
    yield running
    running.process.kill()
    running.process.communicate()


def test_a_second_serve_is_refused(running: Running) -> None:
    second = start(running.data, free_port())
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 3
    assert f"is in use by `maillon serve` (process {running.process.pid})" in out
    assert running.answers()


def test_a_busy_port_is_refused(running: Running, tmp_path: Path) -> None:
    Publisher(tmp_path, [])
    second = start(tmp_path, running.port)
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 3
    assert "choose another with --port" in out


def test_a_web_process_that_dies_is_replaced(running: Running) -> None:
    victim = running.child("web")
    below = descendants(victim)
    os.kill(victim, signal.SIGKILL)
    # The port stays open: a request waits for the next web process, it is not refused.
    assert running.answers()
    assert running.child("web") not in (0, victim)
    wait(lambda: gone(below))


def test_a_builder_that_dies_is_replaced(running: Running) -> None:
    wait(lambda: running.child("builder"))
    victim = running.child("builder")
    os.kill(victim, signal.SIGKILL)
    wait(lambda: running.child("builder") not in (0, victim))
    assert running.answers()


def test_nothing_outlives_a_killed_supervisor(running: Running) -> None:
    below = descendants(running.process.pid)
    assert len(below) >= 3
    running.process.kill()
    running.process.wait()
    wait(lambda: gone(below), seconds=60)


@pytest.mark.slow  # the builder finishes what it has begun
def test_sigterm_ends_everything(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, quads(30))
    publisher.publish()
    del publisher
    running = Running(start(tmp_path, port := free_port()), tmp_path, port)
    wait(running.answers)
    below = descendants(running.process.pid)
    running.process.terminate()
    running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert gone(below)


def test_a_port_in_use_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"port {port} of 127.0.0.1 is in use"):
            open_listener(Settings(port=port))


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(CannotRunError, match="no address of this machine"):
        open_listener(Settings(host="name.invalid", port=0))


def test_settings_survive_the_way_to_the_children(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=1, union_default_graph=False, fast_seconds=0.25)
    assert Settings.from_env(environment_of(settings)) == settings
