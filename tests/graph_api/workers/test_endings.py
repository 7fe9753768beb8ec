"""What a client is told when its query failed."""

import signal

import pytest

from graph_api.errors import BadQueryError, DeadlineError, EngineDownError, MaillonError
from graph_api.settings import Settings
from graph_api.sparql.refusals import MemoryLimitError, ResultLimitError
from graph_api.workers.endings import explain_death, explain_error

SETTINGS = Settings(worker_memory=5, result_bytes=7)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (-signal.SIGABRT, MemoryLimitError),
        (-signal.SIGALRM, DeadlineError),
        (-signal.SIGSEGV, EngineDownError),
        (-signal.SIGKILL, EngineDownError),
        (1, EngineDownError),
        (None, EngineDownError),
    ],
)
def test_deaths(code: int | None, expected: type[MaillonError]) -> None:
    assert type(explain_death(code, SETTINGS)) is expected


def test_errors_name_their_limit() -> None:
    memory = explain_error({"problem": "memory-limit"}, SETTINGS)
    assert isinstance(memory, MemoryLimitError)
    assert memory.extra["limit"] == 5
    assert "more than 5 bytes of memory, which is the limit" in memory.detail
    assert "narrow it first" in memory.detail
    result = explain_error({"problem": "result-limit", "limit": 7}, SETTINGS)
    assert isinstance(result, ResultLimitError)
    assert "longer than 7 bytes, which is the limit" in result.detail
    assert "Ask for fewer columns or rows" in result.detail


def test_syntax_errors_with_and_without_a_place() -> None:
    error = {"problem": "syntax", "detail": "expected X", "line": 2, "column": 3}
    located = explain_error(error, SETTINGS)
    assert isinstance(located, BadQueryError)
    assert located.detail == "Syntax error at line 2, column 3: expected X."
    assert located.extra == {"line": 2, "column": 3}
    assert explain_error({**error, "line": None}, SETTINGS).extra == {}


def test_other_failures_are_the_query_s() -> None:
    error = explain_error({"problem": "evaluation", "detail": "odd"}, SETTINGS)
    assert isinstance(error, BadQueryError)
    assert error.detail.endswith("odd")
