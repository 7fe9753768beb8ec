"""What every search engine must do. A test module of an engine derives from ``EngineContract``."""

import threading
from pathlib import Path

import pytest

from search.analysis import Token
from search.engines.base import (
    Boost,
    Constant,
    DisMax,
    Engine,
    Entry,
    Exclude,
    FieldKind,
    IndexBusyError,
    IndexUnusableError,
    MatchAll,
    MatchNone,
    Must,
    PhraseQuery,
    Query,
    Reader,
    Schema,
    Should,
    Term,
    TermSet,
)

SCHEMA: Schema = {
    "body": FieldKind.TEXT,
    "words": FieldKind.WORDS,
    "id": FieldKind.EXACT,
    "theme": FieldKind.COUNTED,
    "weight": FieldKind.NUMBER,
}


def entry(name: str, words: str, *themes: str, weight: float = 1.0) -> Entry:
    tokens = [Token(word, n, 0, 0, word) for n, word in enumerate(words.split())]
    return Entry(
        {"body": tokens},
        {"words": words.split()},
        {"id": (name,), "theme": themes},
        {"weight": weight},
        name.encode(),
    )


ENTRIES = (
    entry("1", "red green blue", "x", "y"),
    entry("2", "red red fish", "x", weight=3.0),
    entry("3", "green red", "z", weight=2.0),
    entry("4", "été_1 r&d https://é/#'\" fse+", "https://x/a b\x1fé"),
)


class EngineContract:
    """Derive, give the ``engine`` fixture, and name the class ``Test…``."""

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return tmp_path / "index-1"

    @pytest.fixture
    def reader(self, engine: Engine, folder: Path) -> Reader:
        engine.create(folder, SCHEMA)
        with engine.writer(folder, SCHEMA) as writer:
            writer.add(ENTRIES)
            writer.commit()
        return engine.reader(folder, SCHEMA)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (Term("body", "red"), {"1", "2", "3"}),
            (Term("words", "fish"), {"2"}),
            (Term("body", "absent"), set()),
            (Term("id", "3"), {"3"}),
            (Term("body", "https://é/#'\""), {"4"}),
            (TermSet("theme", ("x", "z", "absent")), {"1", "2", "3"}),
            (TermSet("theme", ()), set()),
            (Term("theme", "https://x/a b\x1fé"), {"4"}),
            (PhraseQuery("body", ((0, "red"), (1, "green"))), {"1"}),
            (PhraseQuery("body", ((0, "red"), (2, "blue"))), {"1"}),
            (PhraseQuery("body", ((0, "green"), (2, "blue"))), set()),
            (PhraseQuery("body", ((0, "fish"),)), {"2"}),
            (DisMax((Term("body", "blue"), Term("body", "fish"))), {"1", "2"}),
            (Should((Term("body", "blue"), Term("body", "absent"))), {"1"}),
            (Should(()), set()),
            (Must((Term("body", "red"), Term("body", "green"))), {"1", "3"}),
            (Must((Term("body", "red"), MatchNone())), set()),
            (Exclude(MatchAll(), Term("body", "red")), {"4"}),
            (Boost(Term("body", "blue"), 0.5), {"1"}),
            (Constant(Term("body", "red")), {"1", "2", "3"}),
            (MatchAll(), {"1", "2", "3", "4"}),
            (MatchNone(), set()),
        ],
    )
    def test_finds(self, reader: Reader, query: Query, found: set[str]) -> None:
        answer = reader.search(query, 10)
        assert {payload.decode() for _, payload in answer.entries} == found
        assert answer.total == len(found)

    def test_more_of_a_rare_word_ranks_higher(self, reader: Reader) -> None:
        query = Should((Term("body", "red"), Term("body", "fish")))
        assert reader.search(query, 1).entries[0][1] == b"2"

    def test_scores_add_multiply_and_are_fixed(self, reader: Reader) -> None:
        def score(query: Query) -> float:
            return reader.search(query, 1).entries[0][0]

        blue, green = Term("body", "blue"), Term("body", "green")
        assert score(Boost(blue, 0.5)) == pytest.approx(0.5 * score(blue))
        assert score(Must((blue, Constant(green)))) == pytest.approx(score(blue))
        assert score(Must((blue, Constant(green, 7.0)))) == pytest.approx(score(blue) + 7.0)
        assert score(DisMax((blue, Boost(blue, 2.0)))) == pytest.approx(2 * score(blue))
        assert score(Should((blue, blue))) == pytest.approx(2 * score(blue))

    def test_pages_and_sorting(self, reader: Reader) -> None:
        by_weight = [
            reader.search(MatchAll(), 1, offset=n, sort="weight").entries[0][1] for n in (0, 1)
        ]
        assert by_weight == [b"2", b"3"]
        beyond = reader.search(MatchAll(), 10, offset=100)
        assert (beyond.total, beyond.entries) == (4, ())
        assert reader.search(MatchAll(), 0).entries == ()

    def test_counts_values_of_the_matches(self, reader: Reader) -> None:
        assert reader.count_values(Term("body", "red"), "theme") == {"x": 2, "y": 1, "z": 1}
        assert reader.count_values(MatchNone(), "theme") == {}

    @pytest.mark.slow
    def test_counts_are_exact_for_many_values(self, engine: Engine, folder: Path) -> None:
        engine.create(folder, SCHEMA)
        with engine.writer(folder, SCHEMA) as writer:
            values = [[f"v{n}-{m:x}" for m in range(1_000)] for n in range(70)]
            writer.add(entry(str(n), "red", *themes) for n, themes in enumerate(values))
            writer.commit()
        counts = engine.reader(folder, SCHEMA).count_values(Term("body", "red"), "theme")
        assert len(counts) == 70_000
        assert set(counts.values()) == {1}

    def test_vocabulary(self, reader: Reader) -> None:
        assert reader.frequency("words", "red") == 3
        assert reader.frequency("words", "absent") == 0
        assert reader.words("words", "re", 10) == ["red"]
        assert reader.words("words", "", 1) == ["red"]
        assert reader.words("words", "a.*", 10) == []
        assert reader.words("words", "r&", 10) == ["r&d"]

    def test_nothing_is_seen_before_commit_and_refresh(self, engine: Engine, folder: Path) -> None:
        engine.create(folder, SCHEMA)
        reader = engine.reader(folder, SCHEMA)
        with engine.writer(folder, SCHEMA) as writer:
            writer.add(ENTRIES)
            assert reader.refreshed().search(MatchAll(), 1).total == 0
            writer.commit()
            newer = reader.refreshed()
            assert newer.search(MatchAll(), 1).total == 4
            writer.delete("theme", ["x"])
            writer.commit()
            assert reader.search(MatchAll(), 1).total == 0
            assert newer.search(MatchAll(), 1).total == 4
            assert newer.refreshed().search(MatchAll(), 1).total == 2

    def test_replacing_within_one_batch(self, engine: Engine, folder: Path) -> None:
        engine.create(folder, SCHEMA)
        with engine.writer(folder, SCHEMA) as writer:
            writer.add([entry("1", "old")])
            writer.delete("id", ["1"])
            writer.add([entry("1", "new")])
            writer.commit()
        reader = engine.reader(folder, SCHEMA)
        assert reader.search(MatchAll(), 5).total == 1
        assert reader.search(Term("body", "new"), 5).total == 1

    def test_close_drops_what_was_not_committed(self, engine: Engine, folder: Path) -> None:
        engine.create(folder, SCHEMA)
        writer = engine.writer(folder, SCHEMA)
        writer.add(ENTRIES)
        writer.close()
        writer.close()
        with engine.writer(folder, SCHEMA) as again:
            again.commit()
        assert engine.reader(folder, SCHEMA).search(MatchAll(), 1).total == 0

    def test_one_writer(self, engine: Engine, folder: Path) -> None:
        engine.create(folder, SCHEMA)
        with engine.writer(folder, SCHEMA), pytest.raises(IndexBusyError):
            engine.writer(folder, SCHEMA)
        engine.writer(folder, SCHEMA).close()

    def test_no_index(self, engine: Engine, folder: Path) -> None:
        for _ in range(2):
            with pytest.raises(IndexUnusableError):
                engine.reader(folder, SCHEMA)
            with pytest.raises(IndexUnusableError):
                engine.writer(folder, SCHEMA)
            folder.mkdir(exist_ok=True)

    def test_create_keeps_an_index_that_is_there(self, engine: Engine, folder: Path) -> None:
        engine.create(folder, SCHEMA)
        with pytest.raises(FileExistsError):
            engine.create(folder, SCHEMA)

    def test_readers_share_threads_and_a_writer(
        self, engine: Engine, folder: Path, reader: Reader
    ) -> None:
        failures: list[BaseException] = []

        def read() -> None:
            try:
                for _ in range(30):
                    newest = reader.refreshed()
                    assert newest.search(Term("body", "red"), 10).total >= 3
            except BaseException as error:
                failures.append(error)
                raise

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        with engine.writer(folder, SCHEMA) as writer:
            for n in range(5):
                writer.add([entry(f"new{n}", "red")])
                writer.commit()
        for thread in threads:
            thread.join()
        assert failures == []
