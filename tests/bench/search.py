"""Measures search on synthetic passages: ``python -m tests.bench.search [PASSAGES]``.

Prints, as one JSON line per measurement, what building costs (beside the bare engine on the same
tokens, as calibration) and the latency of query + facets + snippets; in the same run bare tantivy and SQLite
FTS5, and up to 10,000 passages whoosh. The vocabulary is drawn by
Zipf's law; queries are words, names, phrases and prefixes of middling to high frequency. Fifty
passages make a document, which has six themes, four territories, three audiences, two stages.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from ontology.model import Iri, LabelRole, Name
from search.build import IndexBuilder
from search.engines.choice import engine_named
from search.engines.tantivy import TantivyEngine
from search.entries import SCHEMA, make_entry
from search.records import Record, RecordType
from search.service import SearchRequest, SearchService
from tests.bench.bare_engines import BareEngine, BareFts5, BareTantivy

T = TypeVar("T")

SYLLABLES = (
    "ba",
    "ci",
    "do",
    "fé",
    "ga",
    "li",
    "mo",
    "nu",
    "pré",
    "ro",
    "sa",
    "té",
    "vi",
    "zo",
    "con",
)
WORDS_PER_PASSAGE = 130
PASSAGES_PER_DOCUMENT = 50
ENTITIES = 2_000
QUERIES = 300
MOST_FOR_WHOOSH = 10_000
WHOOSH_QUERIES = 40
_CALIBRATED = 200  # documents


class Corpus:
    """Deterministic synthetic passages, entities and queries."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311 - not for secrets
        count = 30_000
        self.words = [
            "".join(self._random.choices(SYLLABLES, k=self._random.randint(2, 4)))
            for _ in range(count)
        ]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(count)))

    def text(self, words: int) -> str:
        return " ".join(self._random.choices(self.words, cum_weights=self._weights, k=words)) + "."

    def names(self) -> Iterator[Name]:
        for n in range(ENTITIES):
            iri = Iri(f"https://maillon.example/id/actor/e{n}")
            for lang in ("fr", "en"):
                yield Name(self.text(3), lang, iri, "Actor", LabelRole.PREFERRED)
            yield Name(f"AC{n}", "", iri, "Actor", LabelRole.ACRONYM)

    def document(self, number: int, passages: int) -> tuple[str, list[Record]]:
        sha256 = f"{number:064x}"
        lang = ("fr", "en")[number % 2]
        themes = self._random.sample(range(30), 6)
        territories = self._random.sample(range(100), 4)
        audiences = self._random.sample(range(10), 3)
        return sha256, [
            Record(
                f"https://maillon.example/id/document/{sha256}/p/{n * 1000}-{n * 1000 + 900}",
                RecordType.PASSAGE,
                "passage",
                text=self.text(WORDS_PER_PASSAGE),
                lang=lang,
                document=sha256,
                start=n * 1000,
                end=n * 1000 + 900,
                section=self.text(4),
                themes=tuple(f"theme{n}" for n in self._random.sample(themes, 2)),
                territories=(f"territory{self._random.choice(territories)}",),
                stages=(f"stage{self._random.randrange(2) + number % 4}",),
                audiences=(f"audience{self._random.choice(audiences)}",),
                year=2010 + number % 15,
                countries=(("FR", "BE", "PT")[number % 3],),
                publisher=f"publisher{number % 40}",
            )
            for n in range(passages)
        ]

    def queries(self, names: list[Name]) -> dict[str, list[str]]:
        draw = self._random
        common, rare = self.words[20:400], self.words[400:8000]
        return {
            "one word": [draw.choice(common) for _ in range(QUERIES)],
            "three words": [
                f"{draw.choice(common)} {draw.choice(rare)} {draw.choice(common)}"
                for _ in range(QUERIES)
            ],
            "name": [draw.choice(names).text for _ in range(QUERIES)],
            "phrase": [f'"{draw.choice(common)} {draw.choice(common)}"' for _ in range(QUERIES)],
            "prefix": [f"{draw.choice(rare)[:4]}*" for _ in range(QUERIES)],
            "typo": [f"{draw.choice(rare)[:-1]}x" for _ in range(QUERIES)],
            "long question": [self.text(12)[:250] for _ in range(QUERIES // 3)],
        }


def main(passages: int) -> None:
    """Build and query; everything in a temporary folder."""
    corpus = Corpus()
    names = list(corpus.names())
    documents = [
        corpus.document(n, PASSAGES_PER_DOCUMENT) for n in range(passages // PASSAGES_PER_DOCUMENT)
    ]
    with tempfile.TemporaryDirectory() as folder:
        _build(Path(folder), names, documents)
        service = SearchService.open(Path(folder) / "index")
        everything: list[tuple[float, float]] = []
        for kind, queries in corpus.queries(names).items():
            times = _times([SearchRequest(q) for q in queries], service.search)
            everything += times
            _print(kind, times)
        _print("all, with facets and snippets", everything)
        requests = [SearchRequest(q, group=True) for q in corpus.queries(names)["three words"]]
        _print("three words, grouped", _times(requests, service.search))
        words = [name.text[:5] for name in names[:QUERIES]]
        _print("suggest", _times(words, service.suggest))
        three = corpus.queries(names)["three words"]
        _two_clients(service, three)
        _print("three words, ours", _times([SearchRequest(q) for q in three], service.search))
        _beside(Path(folder), documents, three)
        if passages <= MOST_FOR_WHOOSH:
            _whoosh(Path(folder), names, documents, three)


def _two_clients(service: SearchService, queries: list[str]) -> None:
    """Queries a second that two threads get, each asking the next when the last was answered."""
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as clients:
        answers = list(clients.map(lambda q: service.search(SearchRequest(q)).total, queries))
    seconds = time.perf_counter() - started
    row = {"what": "two clients", "n": len(answers), "per_second": round(len(answers) / seconds, 1)}
    print(json.dumps(row), flush=True)  # noqa: T201


def _beside(folder: Path, documents: list[tuple[str, list[Record]]], queries: list[str]) -> None:
    """Bare engines, on the same passages and queries in the same run."""
    engines: list[BareEngine] = [BareTantivy(folder / "plain"), BareFts5(folder / "fts5")]
    for engine in engines:
        cpu = time.process_time()
        engine.build(record for _, records in documents for record in records)
        built = round(time.process_time() - cpu, 2)
        print(json.dumps({"what": f"build, {engine.name}", "cpu_s": built}), flush=True)  # noqa: T201
        _print(f"three words, {engine.name}", _times(queries, engine.search))


def _whoosh(
    folder: Path,
    names: list[Name],
    documents: list[tuple[str, list[Record]]],
    queries: list[str],
) -> None:
    """The other engine behind the same service, as far as it is meant to go."""
    cpu = time.process_time()
    with IndexBuilder.create(folder / "whoosh", names, engine_named("whoosh")) as builder:
        for sha256, records in documents:
            builder.replace_document(sha256, records)
        builder.commit()
    built = round(time.process_time() - cpu, 2)
    print(json.dumps({"what": "build, whoosh", "cpu_s": built}), flush=True)  # noqa: T201
    service = SearchService.open(folder / "whoosh")
    requests = [SearchRequest(q) for q in queries[:WHOOSH_QUERIES]]
    _print("three words, whoosh", _times(requests, service.search))


def _build(folder: Path, names: list[Name], documents: list[tuple[str, list[Record]]]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    with IndexBuilder.create(folder / "index", names) as builder:
        for sha256, records in documents:
            builder.replace_document(sha256, records)
        labels: dict[str, list[tuple[str, str]]] = {}
        for name in names:
            labels.setdefault(name.entity, []).append((name.text, name.lang))
        builder.replace_entities(
            Record(iri, RecordType.ENTITY, "actor", tuple(texts), entity=iri)
            for iri, texts in labels.items()
        )
        builder.commit()
    wall, built = time.perf_counter() - wall, time.process_time() - cpu
    passages = sum(len(records) for _, records in documents)
    bare = _bare_engine(folder / "bare", documents)
    size = sum(p.stat().st_size for p in (folder / "index").rglob("*") if p.is_file())
    print(  # noqa: T201
        json.dumps(
            {
                "what": "build",
                "passages": passages,
                "wall_s": round(wall, 2),
                "cpu_s": round(built, 2),
                "times_bare_engine": round(built / passages / bare, 1),
                "index_mb": round(size / 1e6, 1),
            }
        )
    )
    _update(folder / "index", documents[0])


def _bare_engine(folder: Path, documents: list[tuple[str, list[Record]]]) -> float:
    """CPU seconds a passage of the engine alone, given entries that were analysed before."""
    engine = TantivyEngine()
    sample = documents[:_CALIBRATED]
    entries = [make_entry(record) for _, records in sample for record in records]
    engine.create(folder, SCHEMA)
    cpu = time.process_time()
    with engine.writer(folder, SCHEMA) as writer:
        writer.add(entries)
        writer.commit()
    return (time.process_time() - cpu) / len(entries)


def _update(folder: Path, document: tuple[str, list[Record]]) -> None:
    service = SearchService.open(folder)
    with IndexBuilder.open_writer(folder) as builder:

        def replace(_: int) -> None:
            builder.replace_document(*document)
            builder.commit()
            service.reload()

        _print("replace a document, commit, reload", _times(list(range(10)), replace))


def _times(values: list[T], run: Callable[[T], object]) -> list[tuple[float, float]]:
    """Wall and CPU milliseconds of each run; on a busy machine only the latter compare."""
    times = []
    for value in values:
        wall, cpu = time.perf_counter(), time.process_time()
        run(value)
        times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return times


def _print(what: str, times: list[tuple[float, float]]) -> None:
    wall, cpu = (statistics.quantiles(column, n=20) for column in zip(*times, strict=True))
    row = {
        "what": what,
        "n": len(times),
        "p50_ms": round(wall[9], 2),
        "p95_ms": round(wall[18], 2),
        "p50_cpu_ms": round(cpu[9], 2),
        "p95_cpu_ms": round(cpu[18], 2),
    }
    print(json.dumps(row, ensure_ascii=False), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
