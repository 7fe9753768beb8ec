"""What goes into the index: one flat, frozen record for a passage, an entity or a document."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Record", "RecordType", "Rights"]


class RecordType(StrEnum):
    """What a record stands for; also a value of the request's ``types``."""

    PASSAGE = "passage"
    ENTITY = "entity"
    DOCUMENT = "document"


class Rights(StrEnum):
    """How much of a document's text may be shown."""

    FULL = "full"
    QUOTES = "quotes"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that can be found.

    ``id`` is its IRI. ``kind`` is a page kind (``actor``, ``law`` …), ``concept``, ``passage`` or
    ``document``. ``labels`` and ``summaries`` are (text, language) pairs; the first label of a
    language is the preferred one, ``""`` as language means any. A passage is shown under its labels
    (its document's title), but found by its text, its section's title and those of the sections
    ``around`` it (outermost first). ``text`` is what is searched and
    quoted, in ``lang``; an entity has ``summaries`` instead, not in ``text`` again. Offsets are code
    points of the document's stored text.

    ``document`` is the SHA-256 of the original file (passages and documents), ``entity`` the IRI
    of the entity the record is (entities), ``mentions`` the IRIs of entities that a passage names,
    ``topics`` of those that the titles of its sections name.
    ``themes`` to ``publisher`` are facets: IRIs or short codes, listed as they are given and
    filtered by the whole value or its last segment. ``territories`` holds those around a territory too,
    so that a region counts what lies in its communes; ``countries`` are ISO 3166 codes, ``reviews`` the
    review states of facts (``accepted`` …). ``weight`` orders namesakes, larger first.
    """

    id: str
    type: RecordType
    kind: str
    labels: tuple[tuple[str, str], ...] = ()
    text: str = ""
    lang: str = ""
    summaries: tuple[tuple[str, str], ...] = ()
    document: str = ""
    start: int = 0
    end: int = 0
    page: int | None = None
    section: str = ""
    around: tuple[str, ...] = ()
    entity: str = ""
    mentions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    year: int | None = None
    countries: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    publisher: str = ""
    weight: float = 1.0
    rights: Rights = Rights.QUOTES
