"""Refusals that only SPARQL knows, each with its own machine name."""

from graph_api.errors import BadQueryError, MaillonError, TooLargeError

__all__ = [
    "MemoryLimitError",
    "NestingError",
    "QueryTooLongError",
    "RequestTimeoutError",
    "ResultLimitError",
    "ServiceRefusedError",
    "UpdateRefusedError",
    "UriTooLongError",
]


class QueryTooLongError(TooLargeError):
    """More bytes than ``query_bytes``."""

    problem = "query-too-long"


class NestingError(BadQueryError):
    """Brackets deeper than ``query_nesting``."""

    problem = "query-nesting"


class ServiceRefusedError(BadQueryError):
    """``SERVICE`` or ``LOAD``: this server asks no other server on behalf of a visitor."""

    problem = "federation-not-offered"


class UpdateRefusedError(BadQueryError):
    """A SPARQL Update."""

    problem = "update-not-offered"


class ResultLimitError(TooLargeError):
    """A result of more than ``result_bytes``."""

    problem = "result-limit"


class MemoryLimitError(TooLargeError):
    """A query that needed more than ``worker_memory``."""

    problem = "memory-limit"


class UriTooLongError(TooLargeError):
    """A GET that should have been a POST."""

    status, problem = 414, "uri-too-long"


class RequestTimeoutError(MaillonError):
    """A body that came too slowly."""

    status, exit_code, problem = 408, 3, "request-timeout"
