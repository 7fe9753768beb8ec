"""The errors a user can meet. Each knows its HTTP status and its exit code; one table serves all."""

__all__ = [
    "BadInputError",
    "BadQueryError",
    "BusyError",
    "CannotRunError",
    "DeadlineError",
    "EngineDownError",
    "FolderInUseError",
    "ForbiddenError",
    "GoneError",
    "MaillonError",
    "MissingError",
    "MovedError",
    "NotAllowedError",
    "NotOfferedError",
    "TooLargeError",
    "TooManyError",
    "UnsupportedMediaError",
]


class MaillonError(Exception):
    """The base: ``status`` for HTTP, ``exit_code`` for the command line, a sentence for people.

    ``problem`` is a short machine name; ``extra`` further members of the problem document (RFC 9457).
    """

    status = 500
    exit_code = 3
    problem = "internal-error"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class BadInputError(MaillonError):
    """The input cannot be read; the batch goes on with the other inputs."""

    status, exit_code, problem = 422, 1, "bad-input"


class BadQueryError(MaillonError):
    """A query that is not SPARQL, or asks for what is not offered (``line`` and ``column`` in extra)."""

    status, exit_code, problem = 400, 2, "bad-query"


class NotAllowedError(MaillonError):
    """No token, or one without the scope that the action needs."""

    status, exit_code, problem = 401, 3, "not-allowed"


class ForbiddenError(NotAllowedError):
    """A valid token, but without the scope that the action needs."""

    status, problem = 403, "forbidden"


class MissingError(MaillonError):
    """Nothing of that name."""

    status, exit_code, problem = 404, 1, "missing"


class NotOfferedError(MaillonError):
    """No representation that the client accepts."""

    status, exit_code, problem = 406, 2, "not-acceptable"


class GoneError(MaillonError):
    """Was there, was withdrawn."""

    status, exit_code, problem = 410, 1, "gone"


class MovedError(MaillonError):
    """Merged into another entity, whose address is in ``extra["location"]``."""

    status, exit_code, problem = 308, 1, "moved"


class TooLargeError(MaillonError):
    """Past a limit of size; the message names the limit and what was reached."""

    status, exit_code, problem = 413, 1, "too-large"


class TooManyError(MaillonError):
    """More requests than one client may make in a while; ``extra["retry_after"]`` in seconds."""

    status, exit_code, problem = 429, 3, "too-many-requests"


class UnsupportedMediaError(MaillonError):
    """A request body of a type that is not read here."""

    status, exit_code, problem = 415, 2, "unsupported-media-type"


class BusyError(MaillonError):
    """No room in the queue; ``extra["retry_after"]`` in seconds."""

    status, exit_code, problem = 503, 3, "busy"


class EngineDownError(MaillonError):
    """The engine died or does not answer. Never shown as a missing page."""

    status, exit_code, problem = 503, 3, "engine-down"


class DeadlineError(MaillonError):
    """Stopped at its deadline."""

    status, exit_code, problem = 504, 3, "deadline"


class CannotRunError(MaillonError):
    """The command could not start: port busy, folder locked, engine missing."""

    status, exit_code, problem = 503, 3, "cannot-run"


class FolderInUseError(CannotRunError):
    """Another process writes in the data folder; nothing was begun, so one may ask again."""

    problem = "folder-in-use"
