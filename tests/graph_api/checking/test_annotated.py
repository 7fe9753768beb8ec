"""Answers against those of a reader: what counts as right, and the same as the annotations' scorer."""

import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from corpus import QUESTIONS
from corpus.question import Question, read_questions
from graph_api.checking import Matter
from graph_api.checking.annotated import (
    Answered,
    format_answered,
    names_in,
    score_questions,
)
from graph_api.checking.answers import Answering
from graph_api.store.oxigraph import to_ox
from ingest.evaluate import Gold, load_gold
from ontology.iris import Iris
from ontology.model import Iri

SKOS = "http://www.w3.org/2004/02/skos/core#"
DATA = f"""
GRAPH <http://e/sheets> {{
  <http://e/lab> <{SKOS}prefLabel> "The Lab"@en ; <{SKOS}altLabel> "Lab of Brest"@en ; <http://e/in> 2002 .
  <http://e/city> <{SKOS}prefLabel> "Brest"@en .
  <http://e/nobody> <{SKOS}prefLabel> "Nobody"@en .
}}
GRAPH <http://e/report> {{ <http://e/lab> <http://e/who> <http://e/city> , <http://e/nobody> . }}
"""
GOLD = Gold(
    entities=[
        {"id": "e1", "preferred_label_en": "Lab of Brest"},
        {"id": "city", "preferred_label_en": "City council", "twin": "place"},
        {"id": "place", "preferred_label_en": "Brest", "twin": "city"},
        {"id": "other", "preferred_label_en": "Other"},
    ],
    questions=[
        {"qid": "Q1", "answer_entities": "e1|city|other", "answer_literals": "in 2002"},
        {"qid": "Q2", "answer_entities": "", "answer_literals": "in 2002"},
        {"qid": "Q3", "answer_entities": "e1", "answer_literals": ""},
    ],
)


def question(annotation: str, query: str, answers: tuple[str, ...]) -> Question:
    titles = {"en": "Who?", "fr": "Qui ?"}
    return Question("who", titles, "visitor", "actors", answers, answers, query, annotation)


WHO = question(
    "Q1",
    "SELECT ?s ?o ?y { ?s <http://e/who> ?o . ?s <http://e/in> ?in BIND(CONCAT('in ', STR(?in)) AS ?y) }",
    ("s", "o", "y"),
)
NOTHING = question("Q2", "SELECT ?s { ?s <http://e/none> ?s }", ("s",))


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.update(f"INSERT DATA {{ {DATA} }}")
    return store


def test_answers_are_right_by_any_name_twin_or_words(store: ox.Store) -> None:
    answering = Answering(store, Iris())
    first, second = score_questions([WHO, NOTHING], GOLD, answering, names_in(store))
    assert set(first.given) == {"Brest", "Lab of Brest", "Nobody", "in 2002"}
    assert (first.wrong, first.missing, first.due) == (("Nobody",), ("other",), 4)
    assert (first.precision, first.recall) == (0.75, 0.75)
    assert (second.given, second.missing) == ((), ("in 2002",))
    assert (second.precision, second.recall) == (0.0, 0.0)


def test_a_part_of_the_graphs_answers_what_it_says_itself(store: ox.Store) -> None:
    said = question("Q1", "SELECT ?s ?o { ?s <http://e/who> ?o }", ("s", "o"))
    answering = Answering(store, Iris(), [Iri("http://e/report")])
    (part,) = score_questions([said], GOLD, answering, names_in(store))
    assert set(part.given) == {"Brest", "Lab of Brest", "Nobody"}
    (none,) = score_questions([WHO], GOLD, answering, names_in(store))
    assert none.given == ()


def test_the_table_names_what_is_wrong_and_missing() -> None:
    whole = Answered(WHO, ("Brest", "Nobody"), ("Nobody",), 4, ("lab", "other", "place"))
    part = Answered(WHO, (), (), 4, ("city", "lab", "other", "place"))
    lines = format_answered([whole], [part]).splitlines()
    assert lines[2].split() == ["who", "0.50", "0.25", "0.00", "0.00"]
    assert lines[3].split() == ["mean", "0.50", "0.25", "0.00", "0.00"]
    assert lines[4:] == ["who: not expected: Nobody", "who: missing: lab; other; place"]


@pytest.mark.slow
def test_scores_are_those_of_the_scorer_beside_the_annotations(gold: Path, tmp_path: Path) -> None:
    iris = Iris()
    store = ox.Store()
    store.extend(to_ox(quad) for quad in Matter.read(iris, QUESTIONS.parent).quads)
    answering = Answering(store, iris)
    scored = score_questions(read_questions(), load_gold(gold), answering, names_in(store))
    assert len(scored) >= 31
    answers = tmp_path / "answers.jsonl"
    rows = ({"qid": each.question.annotation, "answers": each.given} for each in scored)
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, str(gold / "score.py"), "--json", "--answers", str(answers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    theirs = json.loads(done.stdout)["answers"]["per_question"]
    for each in scored:
        assert theirs[each.question.annotation] == {
            "P": round(each.precision, 3),
            "R": round(each.recall, 3),
        }
