"""The measures of search, computed by hand on small rankings; the shipped judged set is well formed."""

import math
from pathlib import Path

import pytest

from search.evaluate import (
    JudgedQuery,
    Judgement,
    QueryScore,
    Scorecard,
    format_scorecard,
    load_judged,
    score_query,
    scorecard_json,
    shipped_scorecard,
)
from search.protocol import Hit

JUDGED = Path(__file__).parent / "judged"
NAMES = {"sha-a": "a.txt", "sha-b": "b.txt"}
PASSAGES = {"a.txt": [(0, 20), (40, 70)], "b.txt": [(0, 9)]}


def hit(document: str, start: int, end: int) -> Hit:
    return Hit(
        f"{document}{start}",
        "passage",
        "passage",
        "",
        "fr",
        document,
        start,
        end,
        None,
        "",
        "",
        (),
        (),
    )


def query(*judgements: Judgement) -> JudgedQuery:
    return JudgedQuery("q1", "fr", "topic", "un phare", judgements, "tune")


A3, A1, B3 = (
    Judgement("a.txt", 0, 10, 3),
    Judgement("a.txt", 50, 60, 1),
    Judgement("b.txt", 0, 9, 3),
)


def test_the_ideal_ranking_scores_one() -> None:
    score = score_query(query(A3, A1), [hit("sha-a", 0, 20), hit("sha-a", 40, 70)], NAMES, PASSAGES)
    assert (score.ndcg, score.mrr, score.recall) == (1.0, 1.0, 1.0)


def test_gains_are_discounted_by_rank() -> None:
    ranking = [hit("sha-b", 500, 600), hit("sha-a", 5, 6)]
    score = score_query(query(A3, A1), ranking, NAMES, PASSAGES)
    best = 7 / math.log2(2) + 1 / math.log2(3)
    assert score.ndcg == pytest.approx((7 / math.log2(3)) / best)
    assert (score.mrr, score.recall) == (0.5, 0.5)


def test_a_span_counts_once_and_only_in_its_document() -> None:
    twice = score_query(query(A3), [hit("sha-a", 0, 5), hit("sha-a", 5, 10)], NAMES, PASSAGES)
    assert twice.ndcg == 1.0
    assert score_query(query(B3), [hit("sha-a", 0, 9)], NAMES, PASSAGES).ndcg == 0.0
    assert (
        score_query(query(A3), [hit("sha-a", 10, 20)], NAMES, PASSAGES).mrr == 0.0
    )  # touching is no overlap


def test_the_ideal_is_an_order_of_passages_not_of_spans() -> None:
    """Two spans in one passage are one result; a span in no passage cannot be found."""
    beside = Judgement("a.txt", 12, 18, 2)
    heading = Judgement("a.txt", 25, 30, 3)
    ranking = [hit("sha-a", 0, 20), hit("sha-a", 40, 70)]
    score = score_query(query(A3, A1, beside, heading), ranking, NAMES, PASSAGES)
    assert score.ndcg == 1.0
    assert score.recall == 0.75
    assert score_query(query(heading), ranking, NAMES, PASSAGES).ndcg == 0.0


def test_what_comes_after_the_tenth_counts_for_deep_recall_only() -> None:
    ranking = [hit("sha-b", 100 * n, 100 * n + 9) for n in range(1, 11)] + [hit("sha-a", 0, 9)]
    score = score_query(query(A3), ranking, NAMES, PASSAGES)
    assert (score.ndcg, score.mrr, score.recall, score.recall_deep) == (0.0, 0.0, 0.0, 1.0)


def test_groups_tell_where_the_answers_stand() -> None:
    def scored(qid: str, lang: str, *judgements: Judgement) -> QueryScore:
        return QueryScore(JudgedQuery(qid, lang, "topic", "x", judgements, "report"), 1, 1, 1, 1)

    card = Scorecard((scored("1", "fr", A3), scored("2", "en", A3), scored("3", "fr", A3, B3)))
    groups = card.groups({"a.txt": "fr", "b.txt": "en"})
    assert {name: [s.query.qid for s in found] for name, found in groups.items()} == {
        "all": ["1", "2", "3"], "report": ["1", "2", "3"], "lang fr": ["1", "3"],
        "lang en": ["2"], "mono": ["1"], "cross": ["2"], "both": ["3"], "kind topic": ["1", "2", "3"],
    }  # fmt: skip
    assert "report" in format_scorecard(card, {})


def test_the_judged_set_is_well_formed() -> None:
    queries = load_judged(JUDGED)
    assert len(queries) >= 60
    assert {each.lang for each in queries} == {"fr", "en"}
    assert {"acronym", "typo", "noaccent", "question", "cross"} <= {each.kind for each in queries}
    for each in queries:
        assert each.judgements, each.qid
        assert all(0 <= j.start < j.end and j.grade in (1, 2, 3) for j in each.judgements)
    halves = [each.half for each in queries]
    assert abs(halves.count("tune") - halves.count("report")) < len(queries) / 4


@pytest.mark.parametrize(
    ("queries", "judgements", "said"),
    [
        ("qid\tlang\n", "", "column"),
        ("qid\tlang\tquery\nq1\tfr\tx\nq1\tfr\ty\n", "", "twice"),
        ("qid\tlang\tquery\nq1\tfr\n", "", "cell"),
        ("qid\tlang\tquery\nq1\tfr\tx\n", "q1\ta.txt\t0\tten\t3\n", "number"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, queries: str, judgements: str, said: str) -> None:
    (tmp_path / "queries.tsv").write_text(queries, encoding="utf-8")
    head = "qid\tdoc\tstart\tend\tgrade\n"
    (tmp_path / "judgements.tsv").write_text(head + judgements, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        load_judged(tmp_path)


def test_the_scorecard_is_shipped_as_data_and_reaches_its_targets() -> None:
    shipped = shipped_scorecard()
    groups = {group["name"]: group for group in shipped["groups"]}
    queries = load_judged(JUDGED)
    assert groups["all"]["queries"] == len(queries)
    assert groups["report"]["ndcg10"] >= 0.70
    assert groups["report"]["mrr"] >= 0.88
    assert {loser["query"] for loser in shipped["losers"]} <= {query.text for query in queries}


def test_a_scorecard_as_json() -> None:
    scored = QueryScore(query(A3), 0.12345, 1, 0.5, 1)
    found = scorecard_json(Scorecard((scored,)), {"a.txt": "fr"})
    assert found["groups"][0] == {
        "name": "all", "queries": 1, "ndcg10": 0.123, "mrr": 1, "recall10": 0.5, "recall50": 1,
    }  # fmt: skip
    assert found["losers"][0]["query"] == "un phare"
