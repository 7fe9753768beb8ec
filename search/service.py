"""Search over one index folder: requests in, responses out. Opens nothing else, writes nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ontology.model import Name
from search.build import ENGINE_FOLDER, IndexUnusableError, check_version, engine_of, load_thesaurus
from search.engines.base import (
    Constant,
    Engine,
    MatchAll,
    Must,
    Query,
    Reader,
    TermSet,
)
from search.entries import SCHEMA, count_units, facet_key, facet_keys, read_payload, read_unit
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
from search.similar import MOST_PASSAGES, plan_similar
from search.snippets import Marks
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
_TYPES, _ABOUT, _DOCUMENT = "types", "about", "document"  # filters that are no facets
_NOTHING = Note("query.nothing")
_LIKE = Note("query.like")


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
        notes = parsed.notes
        if parsed.root is None and parsed.text:
            notes = (*notes, _NOTHING)
        if request.like:
            models = _read_models(snapshot.reader, request.like)
            notes = notes if models else (*notes, _LIKE)
            plan = _resembling(plan, models, snapshot)
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
            notes,
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

    def resembling(self, iri: str, ui: str, most: int) -> tuple[Hit, ...]:
        """Return the ``most`` best of what resembles an entity, a document or a passage: documents at
        their best passage, without counts.
        """
        snapshot = self._snapshot
        models = _read_models(snapshot.reader, iri)
        plan = _resembling(Plan(MatchAll(), Marks()), models, snapshot)
        request = SearchRequest(ui=ui, size=most, group=True)
        return tuple(_grouped(snapshot.reader, plan.query, plan, request))

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
    if request.document:
        filters[_DOCUMENT] = _any_value("document", [request.document])
    return filters


def _read_models(reader: Reader, iri: str) -> list[Record]:
    """Return the record of that address; of a document, its passages too."""
    found = reader.search(_any_value("id", [iri]), 1)
    records = [read_payload(payload) for _, payload in found.entries]
    if records and records[0].type is RecordType.DOCUMENT:
        whole = reader.search(_any_value("document", [records[0].document]), MOST_PASSAGES + 1)
        parts = [read_payload(payload) for _, payload in whole.entries]
        records += [record for record in parts if record.type is RecordType.PASSAGE]
    return records


def _resembling(plan: Plan, models: list[Record], snapshot: _Snapshot) -> Plan:
    """Return a plan for what resembles the models and, where words were typed, holds them too."""
    entries = snapshot.reader.search(MatchAll(), 0).total
    similar = plan_similar(models, snapshot.thesaurus, snapshot.reader, entries)
    if isinstance(plan.query, MatchAll):
        return similar
    return replace(plan, query=Must((plan.query, similar.query)), scored=True)


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
        best: dict[str, tuple[float, bytes]] = {}
        passages: Counter[str] = Counter()
        for score, payload in found.entries:
            unit, is_passage = read_unit(payload)
            best.setdefault(unit, (score, payload))
            passages[unit] += is_passage
        if len(best) >= offset + size or window >= min(found.total, DEEPEST):
            break
        window *= 4
    page = [
        (unit, score, read_payload(payload))
        for unit, (score, payload) in list(best.items())[offset : offset + size]
    ]
    hits = [
        replace(make_hit(record, plan, request, score), passages=passages[unit])
        for unit, score, record in page
    ]
    return _in_order(hits, [(score, record) for _, score, record in page])


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
