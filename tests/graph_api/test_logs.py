"""The access log: one line a request, with an id that others can find again."""

import asyncio
import json
import logging
from typing import Any

import pytest

from graph_api.logs import AccessLog, configure_logging
from graph_api.settings import Settings


async def app(scope: Any, receive: Any, send: Any) -> None:
    logging.getLogger("maillon.test").warning("inside")
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b"abc", "more_body": False})


def ask(path: str, **headers: str) -> tuple[list[Any], list[tuple[str, str, int, float]]]:
    sent: list[Any] = []
    finished: list[tuple[str, str, int, float]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"q=private",
        "client": ("192.0.2.1", 1),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    log = AccessLog(app, lambda *told: finished.append(told))
    asyncio.run(log(scope, None, send))  # type: ignore[arg-type]  # receive is not used
    return sent, finished


def identity(sent: list[Any]) -> str:
    value: bytes = dict(sent[0]["headers"])[b"x-request-id"]
    return value.decode()


def test_a_line_without_what_people_search_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    _, finished = ask("/fr/search")
    record = caplog.records[-1]
    assert record.getMessage() == "GET /fr/search 204"
    assert (record.__dict__["bytes"], record.__dict__["complete"]) == (3, True)
    assert record.__dict__["client"] == "192.0.2.1"
    assert "private" not in str(record.__dict__)
    ((method, route, status, seconds),) = finished
    assert (method, route, status) == ("GET", "none", 204)
    assert seconds >= 0


def test_probes_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "maillon.access")
    ask("/health")
    assert [record for record in caplog.records if record.name == "maillon.access"] == []


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f", "é" * 10])
def test_an_id_is_made_where_none_can_be_used(given: str) -> None:
    assert identity(ask("/", x_request_id=given)[0]) != given
    assert len(identity(ask("/")[0])) == 16


def test_an_id_is_kept() -> None:
    assert identity(ask("/", x_request_id="from-the-proxy.1")[0]) == "from-the-proxy.1"


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_configured_logs(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        configure_logging(Settings(log_format=log_format))
        ask("/fr/", x_request_id="0123456789")
        logging.getLogger("uvicorn.error").info("up", extra={"color_message": "\x1b[1mup"})
    finally:
        root.handlers[:], root.level = before
    inside, access, up = capsys.readouterr().err.splitlines()
    assert "color" not in up
    if log_format == "json":
        line = json.loads(access)
        assert (line["level"], line["logger"], line["status"]) == ("INFO", "maillon.access", 204)
        assert json.loads(inside)["request_id"] == line["request_id"] == "0123456789"
    else:
        assert access.endswith("INFO maillon.access: GET /fr/ 204")
