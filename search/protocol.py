"""The values between the search service and its callers: a request, its response, suggestions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "FACETS",
    "Bridge",
    "FacetValue",
    "Hit",
    "Note",
    "SearchRequest",
    "SearchResponse",
    "SnippetPart",
    "Suggestion",
]

FACETS = (
    "type", "kind", "lang", "theme", "territory", "stage", "audience", "support", "year",
    "country", "publisher", "review",
)  # fmt: skip
"""Names that a request may filter by, and that responses count."""

SnippetPart = tuple[str, bool]
"""A piece of plain text and whether it is marked as found. Callers escape it."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as a visitor asks it.

    ``q`` may be anything, also empty (then everything that passes the filters, heaviest first).
    ``lang`` keeps content in that language, ``ui`` chooses labels and summaries. ``types`` holds
    ``passage``, ``entity``, ``document`` or kinds; any of them may match. ``filters`` maps names
    of :data:`FACETS` to values; one value of each name must match. ``page`` counts from 1.
    ``group`` lists each document once, with its best passage. ``bridges`` switches the thesaurus.
    """

    q: str = ""
    lang: str = ""
    types: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    size: int = 20
    ui: str = "en"
    group: bool = False
    bridges: bool = True
    entity: str = ""
    """IRI of an entity: only records that are about it or mention it."""
    document: str = ""
    """SHA-256 of a document: only it and its passages."""
    like: str = ""
    """IRI of an entity, a document or a passage: what resembles it. Beside words, both must match."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on how a query was read: a message key and its values, for the caller to word."""

    key: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bridge:
    """A name of the query and another name of the same thing that was searched with it.

    ``related`` where it is the name of a related or narrower concept: then shown with ``~``.
    """

    said: str
    name: str
    lang: str
    entity: str
    related: bool = False

    def __str__(self) -> str:
        return f"{self.said} {'~' if self.related else '='} {self.name}"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many documents and entities (not passages) have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.

    ``matched`` says why, in words that need no translation: a name or word as it stands in the
    text, ``DLA = local support scheme`` for a bridge, ``incubatuer → incubateur`` for a corrected
    word. ``named`` is true when the whole query is a name of the entity or document.
    ``passages`` counts the document's passages that match, in a grouped search (else 1).
    """

    id: str
    type: str
    kind: str
    label: str
    lang: str
    document: str
    start: int
    end: int
    page: int | None
    section: str
    entity: str
    snippet: tuple[SnippetPart, ...]
    matched: tuple[str, ...]
    named: bool = False
    year: int | None = None
    publisher: str = ""
    passages: int = 1
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """``total`` counts what is listed over all pages; ``facets`` count documents and entities.

    The counts of a facet leave its own filter out: they say what choosing another value would
    give. ``read_as`` is the query as it was understood, ``did_you_mean`` a corrected one or "".
    """

    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    results: tuple[Hit, ...]
    read_as: str
    notes: tuple[Note, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    did_you_mean: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label that goes on from what was typed, with its language and what it leads to."""

    label: str
    lang: str
    id: str
    type: str
    kind: str
