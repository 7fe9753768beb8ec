"""Competency questions: what the graph must be able to answer, as queries with their answers.

``questions/{id}.rq`` holds the query behind a header of comments::

    # en: Who finances the Fonds i?
    # fr: Qui finance le Fonds i ?
    # for: visitor
    # topic: money
    # columns: funder year
    # answers: funder
    # annotation: Q05

Entities are named relative to the base of the data (``<id/actor/avise>``), so that a query reads
the same in every installation. ``answers`` names the columns that hold the answer, the first one
where it is absent; ``annotation`` the question in a folder of annotations, which has what a reader
answered. ``questions/answers.tsv`` holds what the shipped corpus alone answers, a value a row: a
path below ``id/`` (``actor/avise``) or the text of a literal.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus import QUESTIONS

__all__ = ["ANSWERS", "Question", "QuestionError", "read_answers", "read_questions"]

ANSWERS = "answers.tsv"
USERS = ("visitor", "researcher", "partner", "curator")
_HEADER = re.compile(r"# (en|fr|for|topic|columns|answers|annotation): (.+)")


class QuestionError(Exception):
    """A question or the table of answers cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its titles by language, who asks it, what about, and its query.

    ``columns`` are the names of the result's columns in their order, ``answers`` those among them
    that hold the answer. Relative IRIs of the query are below the base of the data.
    """

    id: str
    titles: Mapping[str, str]
    user: str
    topic: str
    columns: tuple[str, ...]
    answers: tuple[str, ...]
    query: str
    annotation: str = ""


def read_questions(folder: Path = QUESTIONS) -> list[Question]:
    """Return the questions of a folder, sorted by id. Raises QuestionError for the first bad one."""
    return [_read(path) for path in sorted(folder.glob("*.rq"))]


def read_answers(folder: Path = QUESTIONS) -> dict[str, frozenset[str]]:
    """Return the expected answers by question. Raises QuestionError where a row is wrong."""
    path = folder / ANSWERS
    found: dict[str, set[str]] = {}
    if not path.is_file():
        raise QuestionError(f"{path.name} is missing")
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if number == 1:
                continue
            if len(row) != 2 or not all(cell.strip() for cell in row):
                raise QuestionError(f"{path.name}, line {number}: a question and an answer are due")
            found.setdefault(row[0], set()).add(row[1])
    return {question: frozenset(values) for question, values in found.items()}


def _read(path: Path) -> Question:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    head = [match for line in lines if (match := _HEADER.fullmatch(line.strip()))]
    said = {match[1]: match[2].strip() for match in head}
    missing = [key for key in ("en", "fr", "for", "topic", "columns") if not said.get(key)]
    if missing:
        raise QuestionError(f"{path.name}: the header lacks {', '.join(missing)}")
    if said["for"] not in USERS:
        raise QuestionError(f"{path.name}: “{said['for']}” is none of {', '.join(USERS)}")
    columns = tuple(said["columns"].split())
    answers = tuple(said.get("answers", columns[0]).split())
    if not set(answers) <= set(columns):
        raise QuestionError(f"{path.name}: the answers are no columns: {', '.join(answers)}")
    query = "\n".join(line for line in lines if not _HEADER.fullmatch(line.strip())).strip()
    return Question(
        id=path.stem,
        titles={lang: said[lang] for lang in ("en", "fr")},
        user=said["for"],
        topic=said["topic"],
        columns=columns,
        answers=answers,
        query=query,
        annotation=said.get("annotation", ""),
    )
