"""Errors: one table from error to status and exit code."""

import pytest

from graph_api import errors
from graph_api.errors import MaillonError


def kinds() -> list[type[MaillonError]]:
    return [getattr(errors, name) for name in errors.__all__ if name != "MaillonError"]


@pytest.mark.parametrize("kind", kinds())
def test_each_has_a_status_an_exit_code_and_a_name(kind: type[MaillonError]) -> None:
    error = kind("in plain words", retry_after=2)
    assert 300 <= error.status < 600
    assert error.exit_code in (1, 2, 3)
    assert error.problem.replace("-", "").isalpha()
    assert str(error) == error.detail == "in plain words"
    assert error.extra == {"retry_after": 2}


def test_missing_is_404_down_is_503_slow_is_504() -> None:
    assert errors.MissingError.status == 404
    assert errors.EngineDownError.status == 503
    assert errors.DeadlineError.status == 504


def test_names_are_distinct() -> None:
    assert len({k.problem for k in kinds()}) == len(kinds())
