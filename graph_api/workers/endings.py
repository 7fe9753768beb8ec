"""What to tell a client whose query failed, from what its worker said or how it died."""

import signal
from typing import Any

from graph_api.errors import BadQueryError, DeadlineError, EngineDownError, MaillonError
from graph_api.settings import Settings
from graph_api.sparql.refusals import MemoryLimitError, ResultLimitError

__all__ = ["AbandonedError", "explain_death", "explain_error"]


class AbandonedError(MaillonError):
    """The client left; nobody reads this, it is counted."""

    status, problem = 499, "abandoned"


def explain_error(error: dict[str, Any], settings: Settings) -> MaillonError:
    """Return the error for an ``ERROR`` frame."""
    match error["problem"]:
        case "syntax":
            return _explain_syntax(error)
        case "result-limit":
            return ResultLimitError(
                f"The result was longer than {settings.result_bytes} bytes, which is the limit. Ask "
                "for fewer columns or rows (LIMIT, OFFSET), or use a dump.",
                limit=settings.result_bytes,
            )
        case "memory-limit":
            return _explain_memory(settings)
    return BadQueryError(f"The query could not be evaluated: {error.get('detail', '')}")


def explain_death(code: int | None, settings: Settings) -> MaillonError:
    """Return the error for a worker that died by itself; ``code`` is negative for a signal."""
    if code == -signal.SIGABRT:  # how the engine ends when it is refused memory
        return _explain_memory(settings)
    if code == -signal.SIGALRM:
        return DeadlineError("The query was stopped at its last deadline.")
    if code == -signal.SIGSEGV:
        return EngineDownError(
            "The query crashed the engine; nothing else was harmed. Make it simpler."
        )
    return EngineDownError("The worker that ran the query was killed. Try again.", retry_after=1)


def _explain_syntax(error: dict[str, Any]) -> BadQueryError:
    line, column = error["line"], error["column"]
    if line is None:
        return BadQueryError(f"Syntax error: {error['detail']}")
    detail = f"Syntax error at line {line}, column {column}: {error['detail']}."
    return BadQueryError(detail, line=line, column=column)


def _explain_memory(settings: Settings) -> MemoryLimitError:
    return MemoryLimitError(
        f"The query was stopped when it asked for more than {settings.worker_memory} bytes of memory, "
        "which is the limit. Sorting, grouping and DISTINCT keep their whole input: narrow it first "
        "with more specific patterns or a FILTER, or leave them out.",
        limit=settings.worker_memory,
    )
