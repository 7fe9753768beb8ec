"""What the web process is given: small protocols between routes and the processes behind them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graph_api.settings import Settings
from ingest.document import Document
from ontology.iris import Iris
from ontology.model import Term
from search.service import SearchService

__all__ = [
    "Answer",
    "BuilderClient",
    "DocumentSource",
    "IndexSource",
    "QueryRequest",
    "QueryService",
    "Row",
    "Services",
]

Row = dict[str, Term]
"""One solution of a SELECT: variable name (without ``?``) to value; unbound variables are absent."""


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A SPARQL query as it came in, with what the protocol lets a client choose.

    ``accept`` is the raw Accept header; ``client`` the budget it is charged to (an address);
    ``pages`` takes the worker reserved for our own pages. ``min_generation`` waits (bounded) for it.
    ``gzip`` lets the worker compress a result that is worth it (see ``Answer.encoding``).
    ``evaluated`` is what a worker evaluates where it is not ``query`` itself, which is checked;
    ``store`` the path of a release's store to read instead of the newest generation.
    """

    query: str
    accept: str = "application/sparql-results+json"
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    client: str = ""
    pages: bool = False
    min_generation: int = 0
    gzip: bool = False
    evaluated: str = ""
    store: str = ""


class Answer(Protocol):
    """A result under way. ``chunks`` raises in the middle if the worker dies or passes a limit."""

    media_type: str
    encoding: str
    """``gzip`` if it was asked for and done, else empty."""
    generation: int

    def whole(self) -> bytes | None:
        """Return the serialised result if all of it is here already, else None: see ``chunks``."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the serialised result; closing the iterator early stops the worker."""
        ...


class QueryService(Protocol):
    """Evaluates SPARQL outside the web process, with deadlines."""

    async def run(self, request: QueryRequest) -> Answer:
        """Return once the first bytes are there.

        Raises:
            BadQueryError, TooLargeError, BusyError, DeadlineError, NotOfferedError, EngineDownError
        """
        ...

    async def select(self, query: str) -> list[Row]:
        """Run a SELECT of ours in the reserved lane and return all rows."""
        ...

    async def ask(self, query: str) -> bool:
        """Run an ASK of ours in the reserved lane."""
        ...

    @property
    def generation(self) -> int:
        """The newest generation that workers serve; 0 before the first."""
        ...

    @property
    def ready(self) -> bool:
        """Whether a query would be answered now."""
        ...


class IndexSource(Protocol):
    """The search index of the newest generation."""

    def current(self) -> SearchService:
        """Return the open index, reopened when a newer one was published.

        Raises:
            EngineDownError: there is no index yet, or it cannot be opened.
        """
        ...


class DocumentSource(Protocol):
    """The documents on disk, kept and shipped."""

    def get(self, sha256: str) -> Document:
        """Raises MissingError for a document that is not here."""
        ...

    def rights(self, sha256: str) -> str:
        """The display policy: ``full``, ``quotes`` or ``metadata``."""
        ...

    def original(self, sha256: str) -> Path:
        """The file as it was given."""
        ...


class BuilderClient(Protocol):
    """Hands work to the builder process."""

    async def submit(self, job: dict[str, object]) -> str:
        """Return the job's id once the builder has it on disk. Raises EngineDownError."""
        ...

    async def status(self, job_id: str) -> dict[str, object]:
        """Return ``{id, state, generation, reports}``. Raises MissingError."""
        ...


@dataclass(frozen=True)
class Services:
    """All that routes may use; kept in ``app.state.services``."""

    settings: Settings
    iris: Iris
    queries: QueryService
    index: IndexSource
    documents: DocumentSource
    builder: BuilderClient
