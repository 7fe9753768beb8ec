"""Competency questions: enough of them, in both languages, and bad files told by name."""

import csv
from pathlib import Path

import pytest

from corpus.question import ANSWERS, QuestionError, read_answers, read_questions

HEADER = "# en: Who?\n# fr: Qui ?\n# for: visitor\n# topic: actors\n# columns: who since\n"
QUERY = "SELECT ?who ?since WHERE { ?who ?p ?since }\n"


def test_there_are_sixty_of_them_and_each_is_answered() -> None:
    questions = read_questions()
    assert len(questions) >= 60
    assert {question.id for question in questions} == set(read_answers())
    for question in questions:
        assert question.titles["fr"] != question.titles["en"]
        assert len(question.titles["fr"]) > 10
    assert {q.user for q in questions} >= {"visitor", "researcher", "partner"}


def test_every_annotated_question_is_among_them(gold: Path) -> None:
    with (gold / "questions.tsv").open(encoding="utf-8", newline="") as file:
        asked = {row["qid"] for row in csv.DictReader(file, delimiter="\t")}
    assert asked
    assert asked == {question.annotation for question in read_questions()} - {""}


def test_a_question_is_read(tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_text(HEADER + "# answers: since\n# annotation: Q1\n" + QUERY)
    (question,) = read_questions(tmp_path)
    assert (question.id, question.columns, question.answers) == (
        "who",
        ("who", "since"),
        ("since",),
    )
    assert question.query == QUERY.strip()
    (tmp_path / ANSWERS).write_text("question\tanswer\nwho\t2002\nwho\t2022\n")
    assert read_answers(tmp_path) == {"who": frozenset({"2002", "2022"})}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QUERY, "the header lacks en, fr, for, topic, columns"),
        (HEADER.replace("visitor", "nobody") + QUERY, "“nobody” is none of"),
        (HEADER + "# answers: what\n" + QUERY, "the answers are no columns: what"),
    ],
)
def test_a_bad_question_is_named(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text(text)
    with pytest.raises(QuestionError, match=f"bad.rq: .*{said}"):
        read_questions(tmp_path)


def test_a_bad_row_of_answers_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"answers.tsv is missing"):
        read_answers(tmp_path)
    (tmp_path / ANSWERS).write_text("question\tanswer\nwho\t\n")
    with pytest.raises(QuestionError, match=r"answers.tsv, line 2"):
        read_answers(tmp_path)
