"""How well search finds what people judged relevant: nDCG, MRR and recall over passages.

A folder of judged queries holds ``queries.tsv`` (qid, lang, kind, query) and ``judgements.tsv`` (qid, doc,
start, end, grade): spans of documents, by file name and code points, with a grade above 0. A passage is
relevant when it overlaps a span; each span counts once, for the first passage that holds it.
The ideal that a ranking is measured against is the best order of the passages there are: three spans in
one passage are one result, and what stands in none (a heading) cannot be found.

nDCG: Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002, with 2^grade - 1
as gain.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.protocol import Hit, SearchRequest
from search.service import SearchService

__all__ = [
    "DEPTH",
    "JudgedQuery",
    "Judgement",
    "QueryScore",
    "Scorecard",
    "Slice",
    "evaluate_search",
    "format_scorecard",
    "load_judged",
    "score_query",
    "scorecard_json",
    "shipped_scorecard",
]

_SHIPPED = Path(__file__).parent / "scorecard.json"

DEPTH = 10
_DEEP = 50

Slice = tuple[int, int]
"""Start and end of a passage in its document's text."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A span of a document that answers a query; ``grade`` 1 touches it, 3 answers it."""

    doc: str
    start: int
    end: int
    grade: int


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query with what answers it. ``half`` is ``tune`` or ``report``: nothing is tuned to the latter."""

    qid: str
    lang: str
    kind: str
    text: str
    judgements: tuple[Judgement, ...]
    half: str


@dataclass(frozen=True, slots=True)
class QueryScore:
    """The measures of one query, each between 0 and 1; recall in the first ten and fifty."""

    query: JudgedQuery
    ndcg: float
    mrr: float
    recall: float
    recall_deep: float


@dataclass(frozen=True)
class Scorecard:
    """The scores of all queries that could be judged, and means over groups of them."""

    scores: tuple[QueryScore, ...]
    left_out: tuple[str, ...] = ()

    def groups(self, languages: Mapping[str, str]) -> dict[str, tuple[QueryScore, ...]]:
        """All, the half to report, each language, each kind; and by where the answers stand.

        ``languages`` says the language of each document: ``mono`` queries have answers in their own
        language only, ``cross`` in others only, ``both`` in both.
        """
        found: dict[str, list[QueryScore]] = defaultdict(list)
        for score in self.scores:
            query = score.query
            inside = {languages.get(j.doc, "") == query.lang for j in query.judgements}
            where = "both" if len(inside) > 1 else "mono" if inside == {True} else "cross"
            for name in ("all", query.half, f"lang {query.lang}", where, f"kind {query.kind}"):
                found[name].append(score)
        return {name: tuple(scores) for name, scores in found.items()}

    def losers(self, most: int = 10) -> tuple[QueryScore, ...]:
        """The queries that come off worst."""
        return tuple(sorted(self.scores, key=lambda score: (score.ndcg, score.query.qid))[:most])


def load_judged(folder: Path) -> tuple[JudgedQuery, ...]:
    """Read the judged queries of a folder; every second one of each kind is for reporting.

    Raises:
        FileNotFoundError: one of the two files is missing.
        ValueError: a row is wrong; the message names file and line.
    """
    judged: dict[str, list[Judgement]] = defaultdict(list)
    for line, row in _rows(folder / "judgements.tsv", ("qid", "doc", "start", "end", "grade")):
        try:
            judged[row["qid"]].append(
                Judgement(row["doc"], int(row["start"]), int(row["end"]), int(row["grade"]))
            )
        except ValueError:
            raise ValueError(f"judgements.tsv, line {line}: a number is none") from None
    found: list[JudgedQuery] = []
    seen: dict[str, int] = defaultdict(int)
    taken: set[str] = set()
    for line, row in _rows(folder / "queries.tsv", ("qid", "lang", "query")):
        kind = row.get("kind") or "query"
        half = row.get("half") or ("report" if seen[kind] % 2 else "tune")
        seen[kind] += 1
        if row["qid"] in taken:
            raise ValueError(f"queries.tsv, line {line}: {row['qid']} stands twice")
        taken.add(row["qid"])
        found.append(
            JudgedQuery(
                row["qid"], row["lang"], kind, row["query"], tuple(judged[row["qid"]]), half
            )
        )
    return tuple(found)


def evaluate_search(
    service: SearchService,
    queries: Iterable[JudgedQuery],
    name_of: Callable[[str], str],
    passages: Mapping[str, Sequence[Slice]],
) -> Scorecard:
    """Ask every query and score what comes; ``name_of`` gives a document's file name by its hash.

    ``passages`` are the slices of each document, by file name, that can be found. Passages of
    documents that no judgement names do not count. A query without judgements is left out and named.
    """
    judged = list(queries)
    about = {j.doc for query in judged for j in query.judgements}
    scores, left_out = [], []
    names: dict[str, str] = {}
    for query in judged:
        request = SearchRequest(q=query.text, types=("passage",), size=2 * _DEEP, ui=query.lang)
        hits = service.search(request).results
        for hit in hits:
            names.setdefault(hit.document, name_of(hit.document))
        # What stands in documents that nobody judged is neither right nor wrong.
        known = [hit for hit in hits if names[hit.document] in about][:_DEEP]
        if query.judgements:
            scores.append(score_query(query, known, names, passages))
        else:
            left_out.append(query.qid)
    return Scorecard(tuple(scores), tuple(left_out))


def score_query(
    query: JudgedQuery,
    hits: Sequence[Hit],
    names: Mapping[str, str],
    passages: Mapping[str, Sequence[Slice]],
) -> QueryScore:
    """Score one ranking against the best order of ``passages``."""
    found = [(names.get(hit.document, ""), (hit.start, hit.end)) for hit in hits]
    gains = _gains(query.judgements, found)
    ideal = _ideal(query.judgements, passages)
    first = next((rank for rank, gain in enumerate(gains[:DEPTH], start=1) if gain), 0)
    best = _discounted(ideal[:DEPTH])
    total = len(query.judgements)
    return QueryScore(
        query,
        ndcg=min(1.0, _discounted(gains[:DEPTH]) / best) if best else 0.0,
        mrr=1 / first if first else 0.0,
        recall=_held(query, found[:DEPTH]) / total if total else 0.0,
        recall_deep=_held(query, found) / total if total else 0.0,
    )


def _held(query: JudgedQuery, found: Sequence[tuple[str, Slice]]) -> int:
    return sum(any(_overlaps(*each, span) for each in found) for span in query.judgements)


def _overlaps(doc: str, passage: Slice, judgement: Judgement) -> bool:
    start, end = passage
    return judgement.doc == doc and judgement.start < end and start < judgement.end


def _gains(judgements: Iterable[Judgement], ranked: Iterable[tuple[str, Slice]]) -> list[int]:
    """Return what each of the ranked passages is worth: its best span that none before it held."""
    open_spans = set(judgements)
    gains: list[int] = []
    for doc, passage in ranked:
        held = {each for each in open_spans if _overlaps(doc, passage, each)}
        gains.append(max((2**each.grade - 1 for each in held), default=0))
        open_spans -= held
    return gains


def _ideal(judgements: Sequence[Judgement], passages: Mapping[str, Sequence[Slice]]) -> list[int]:
    """Return the gains of the best order of all passages."""
    worth = [
        (max(held), doc, passage)
        for doc in {each.doc for each in judgements}
        for passage in passages.get(doc, ())
        if (held := [each.grade for each in judgements if _overlaps(doc, passage, each)])
    ]
    best_first = sorted(worth, key=lambda each: (-each[0], each[1:]))
    ranked = [(doc, passage) for _, doc, passage in best_first]
    return sorted(_gains(judgements, ranked), reverse=True)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _rows(path: Path, needed: Sequence[str]) -> Iterable[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path.name}: the column {missing[0]} is missing")
        for row in reader:
            if any(row.get(name) is None for name in needed):
                raise ValueError(f"{path.name}, line {reader.line_num}: a cell is missing")
            yield reader.line_num, row


def format_scorecard(card: Scorecard, languages: Mapping[str, str]) -> str:
    """Return the scorecard as plain text: means over groups, then the queries that come off worst."""
    lines = [f"{'':22}{'queries':>8}{'nDCG@10':>9}{'MRR':>7}{'R@10':>7}{'R@50':>7}"]
    for name, scores in card.groups(languages).items():
        ndcg, mrr = _mean(s.ndcg for s in scores), _mean(s.mrr for s in scores)
        recall, deep = _mean(s.recall for s in scores), _mean(s.recall_deep for s in scores)
        lines.append(f"{name:22}{len(scores):8}{ndcg:9.3f}{mrr:7.3f}{recall:7.3f}{deep:7.3f}")
    lines += ["", *(f"{s.ndcg:5.2f}  {s.query.qid}  {s.query.text}" for s in card.losers())]
    return "\n".join(lines)


def scorecard_json(card: Scorecard, languages: Mapping[str, str]) -> dict[str, Any]:
    """Return the scorecard as JSON values.

    ``{groups: [{name, queries, ndcg10, mrr, recall10, recall50}], losers: [{query, lang, kind, ndcg10}]}``,
    measures rounded to a thousandth.
    """
    groups = [
        {
            "name": name,
            "queries": len(scores),
            "ndcg10": round(_mean(s.ndcg for s in scores), 3),
            "mrr": round(_mean(s.mrr for s in scores), 3),
            "recall10": round(_mean(s.recall for s in scores), 3),
            "recall50": round(_mean(s.recall_deep for s in scores), 3),
        }
        for name, scores in card.groups(languages).items()
    ]
    losers = [
        {
            "query": s.query.text,
            "lang": s.query.lang,
            "kind": s.query.kind,
            "half": s.query.half,
            "ndcg10": round(s.ndcg, 3),
        }
        for s in card.losers()
    ]
    return {"groups": groups, "losers": losers}


def shipped_scorecard() -> dict[str, Any]:
    """Return the scorecard of the project's judged queries over the five reports, as it was released."""
    found: dict[str, Any] = json.loads(_SHIPPED.read_text(encoding="utf-8"))
    return found


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
