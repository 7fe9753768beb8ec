"""Search over one index folder: requests in, responses out. Opens nothing else, writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ontology.model import Name
from search.build import ENGINE_FOLDER, IndexUnusableError, check_version, engine_of, load_thesaurus
from search.engines.base import (
    Constant,
    Engine,
    Must,
    Query,
    Reader,
    TermSet,
)
from search.entries import SCHEMA, count_units, facet_key, facet_keys, read_payload
from search.hits import make_hit
from search.lookup import Matches, make_match
from search.protocol import (
    FACETS,
    Bridge,
    FacetValue,
    Hit,
    Note,
    SearchRequest,
    SearchResponse,
    SnippetPart,
    Suggestion,
)
from search.query import ParsedQuery, parse_query
from search.ranking import QUERY_FIELDS, Plan, Weights, make_plan
from search.records import Record, RecordType
from search.suggest import suggest
from search.thesaurus import Thesaurus

__all__ = [
    "Bridge",
    "FacetValue",
    "Hit",
    "IndexUnusableError",
    "Note",
    "SearchRequest",
    "SearchResponse",
    "SearchService",
    "SnippetPart",
    "Suggestion",
]

MOST_RESULTS = 100
"""Largest page of results."""
DEEPEST = 10_000
"""Results beyond this rank are counted but not listed."""
MOST_FACET_VALUES = 100
"""Values listed of each facet, the commonest first; chosen values are always listed."""

_GROUP_WINDOW = 200
_TYPES, _ABOUT = "types", "about"  # filters that are no facets
_NOTHING = Note("query.nothing")


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A commit and the names that belong to it: one search sees one of them throughout."""

    reader: Reader
    thesaurus: Thesaurus


class SearchService:
    """An open index; may be shared between threads."""

    def __init__(self, folder: Path, engine: Engine, weights: Weights) -> None:
        self._folder = folder
        self._engine = engine
        self._weights = weights
        self._snapshot = _Snapshot(
            engine.reader(folder / ENGINE_FOLDER, SCHEMA), load_thesaurus(folder)
        )

    @classmethod
    def open(
        cls, path: Path, engine: Engine | None = None, weights: Weights | None = None
    ) -> "SearchService":
        """Open an index folder that :class:`search.build.IndexBuilder` made.

        Raises:
            IndexUnusableError: no index, damaged, or written by another version.
        """
        engine = engine or engine_of(path)
        check_version(path, engine)
        return cls(path, engine, weights or Weights())

    def reload(self) -> None:
        """Go over to the newest commit; searches under way finish on the old one."""
        reader = self._snapshot.reader.refreshed()
        self._snapshot = _Snapshot(reader, load_thesaurus(self._folder))

    def names(self) -> tuple[Name, ...]:
        """Return the names that queries are bridged by."""
        return self._snapshot.thesaurus.names

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer any request, however odd, from one snapshot.

        Page and size are brought into bounds; unknown filter names match nothing.
        """
        snapshot = self._snapshot
        parsed = parse_query(request.q, QUERY_FIELDS)
        thesaurus = snapshot.thesaurus if request.bridges else Thesaurus()
        plan = make_plan(parsed, thesaurus, snapshot.reader, self._weights)
        filters = _filters(request)
        query = _filtered(plan.query, filters)
        counts = snapshot.reader.count_values(query, "tally")
        share = snapshot.reader.count_values(query, "share")
        documents, facets = count_units(counts, share)
        for name in (_TYPES, *FACETS):
            if name in filters:
                facets |= self._facets_without(snapshot.reader, plan, filters, name)
        if request.group:
            total = documents + counts.get(f"type={RecordType.ENTITY}", 0)
            hits = _grouped(snapshot.reader, query, plan, request)
        else:
            total, hits = _listed(snapshot.reader, query, plan, request)
        return SearchResponse(
            total,
            _shown_facets(facets, request),
            tuple(hits),
            parsed.read_as,
            (*parsed.notes, _NOTHING) if parsed.root is None and parsed.text else parsed.notes,
            plan.bridges,
            _corrected(parsed, plan),
        )

    def lookup(self, request: SearchRequest, most: int) -> Matches:
        """Return the ``most`` best matches of a request, without facets, pages or groups."""
        snapshot = self._snapshot
        thesaurus = snapshot.thesaurus if request.bridges else Thesaurus()
        parsed = parse_query(request.q, QUERY_FIELDS)
        plan = make_plan(parsed, thesaurus, snapshot.reader, self._weights)
        query = _filtered(plan.query, _filters(request))
        found = snapshot.reader.search(query, most, sort=None if plan.scored else "weight")
        matches = (make_match(each, score, plan, request.ui) for score, each in found.entries)
        return Matches(found.total, tuple(matches))

    def suggest(self, q: str, lang: str = "", limit: int = 10) -> list[Suggestion]:
        """Return labels of entities and documents that hold all words of ``q``, the last one begun.

        Labels in ``lang`` come first, then labels that begin with ``q``, then the heaviest.
        """
        return suggest(self._snapshot.reader, q, lang, limit)

    def _facets_without(
        self, reader: Reader, plan: Plan, filters: Mapping[str, Query], name: str
    ) -> dict[str, dict[str, int]]:
        """Count the facets that a filter is about as if it were not set."""
        others = {key: value for key, value in filters.items() if key != name}
        query = _filtered(plan.query, others)
        _, facets = count_units(
            reader.count_values(query, "tally"), reader.count_values(query, "share")
        )
        about = ("type", "kind") if name == _TYPES else (name,)
        return {facet: facets.get(facet, {}) for facet in about}


def _filters(request: SearchRequest) -> dict[str, Query]:
    filters: dict[str, Query] = {}
    if request.types:
        keys = [facet_key(name, value) for value in request.types for name in ("type", "kind")]
        filters[_TYPES] = _any_value("facet", keys)
    chosen = {name: values for name, values in request.filters.items() if values}
    if request.lang:
        chosen["lang"] = (request.lang,)
    for name, values in chosen.items():
        filters[name] = _any_value(
            "facet", [k for value in values for k in facet_keys(name, value)]
        )
    if request.entity:
        filters[_ABOUT] = _any_value("about", [request.entity])
    return filters


def _any_value(field: str, values: list[str]) -> TermSet:
    """Match any of a request's values; characters that no text can hold match nothing."""
    return TermSet(field, tuple(value.encode("utf-8", "replace").decode() for value in values))


def _filtered(query: Query, filters: Mapping[str, Query]) -> Query:
    if not filters:
        return query
    return Must((query, *(Constant(f) for f in filters.values())))


def _bounds(request: SearchRequest) -> tuple[int, int]:
    """Return (offset, size) within the limits."""
    size = min(max(request.size, 1), MOST_RESULTS)
    return (max(request.page, 1) - 1) * size, size


def _listed(
    reader: Reader, query: Query, plan: Plan, request: SearchRequest
) -> tuple[int, list[Hit]]:
    offset, size = _bounds(request)
    size = min(size, max(DEEPEST - offset, 0))
    found = reader.search(query, size, min(offset, DEEPEST), None if plan.scored else "weight")
    records = [(score, read_payload(payload)) for score, payload in found.entries]
    return found.total, _in_order(
        [make_hit(r, plan, request, score) for score, r in records], records
    )


def _grouped(reader: Reader, query: Query, plan: Plan, request: SearchRequest) -> list[Hit]:
    """List each document once, where its best passage stands."""
    offset, size = _bounds(request)
    window = max(_GROUP_WINDOW, 4 * (offset + size))
    sort = None if plan.scored else "weight"
    while True:
        found = reader.search(query, min(window, DEEPEST), sort=sort)
        records = [(score, read_payload(payload)) for score, payload in found.entries]
        best: dict[str, tuple[float, Record]] = {}
        passages: dict[str, int] = {}
        for score, record in records:
            unit = record.document or record.id
            best.setdefault(unit, (score, record))
            if record.type is RecordType.PASSAGE:
                passages[unit] = passages.get(unit, 0) + 1
        if len(best) >= offset + size or window >= min(found.total, DEEPEST):
            break
        window *= 4
    page = list(best.items())[offset : offset + size]
    hits = [
        replace(make_hit(record, plan, request, score), passages=passages.get(unit, 0))
        for unit, (score, record) in page
    ]
    return _in_order(hits, [pair for _, pair in page])


def _in_order(hits: list[Hit], records: list[tuple[float, Record]]) -> list[Hit]:
    """Put the heavier of several namesakes first; anything else stays where its score put it."""
    weights = {record.id: record.weight for _, record in records}
    return sorted(
        hits,
        key=lambda hit: (
            not hit.named,
            hit.type != RecordType.ENTITY if hit.named else False,
            -weights[hit.id] if hit.named else 0.0,
        ),
    )


def _shown_facets(
    facets: Mapping[str, Mapping[str, int]], request: SearchRequest
) -> dict[str, tuple[FacetValue, ...]]:
    shown = {}
    for name in FACETS:
        counts = facets.get(name, {})
        chosen = {facet_key(name, value) for value in request.filters.get(name, ())}
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        shown[name] = tuple(
            FacetValue(value, count)
            for rank, (value, count) in enumerate(ordered)
            if rank < MOST_FACET_VALUES or facet_key(name, value) in chosen
        )
    return shown


def _corrected(parsed: ParsedQuery, plan: Plan) -> str:
    text = parsed.read_as
    for typed, used in plan.corrections:
        text = text.replace(typed, used, 1)
    return text if plan.corrections else ""
