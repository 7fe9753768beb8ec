"""Competency questions, evaluated over quads: columns, answers, and where they differ from what is due.

``python -m graph_api.checking.answers`` writes what the shipped corpus answers now into
``corpus/questions/answers.tsv``: to be read as a difference before it is committed.
"""

import csv
import io
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from corpus import QUESTIONS
from corpus.question import ANSWERS, Question, read_answers, read_questions
from graph_api.checking.matter import Matter
from graph_api.store.oxigraph import to_ox
from ontology.checks import Problem
from ontology.iris import Iris
from ontology.model import Iri, Quad

__all__ = ["Answering", "check_answers", "main"]


class Answering:
    """A dataset that answers competency questions: all its graphs together, or those named."""

    def __init__(self, store: ox.Store, iris: Iris, graphs: Collection[Iri] | None = None) -> None:
        self._store = store
        self._iris = iris
        self._graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None = (
            None if graphs is None else [ox.NamedNode(graph) for graph in graphs]
        )

    @classmethod
    def over(cls, quads: Iterable[Quad], iris: Iris) -> "Answering":
        """Make one in memory."""
        store = ox.Store()
        store.extend(to_ox(quad) for quad in quads)
        return cls(store, iris)

    def rows(self, question: Question) -> ox.QuerySolutions:
        """Return the result. Raises SyntaxError for what is no SELECT query."""
        found = self._store.query(
            question.query,
            base_iri=f"{self._iris.base}/",
            use_default_graph_as_union=self._graphs is None,
            default_graph=self._graphs,
        )
        if not isinstance(found, ox.QuerySolutions):
            raise SyntaxError("a competency question is a SELECT query")
        return found

    def answer(self, question: Question) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the names of the columns, and the values of those that hold the answer."""
        columns, terms = self.terms(question)
        return columns, frozenset(self._short(term) for term in terms)

    def terms(
        self, question: Question
    ) -> tuple[tuple[str, ...], frozenset[ox.NamedNode | ox.Literal]]:
        """Return what :meth:`answer` does, as terms; blank nodes are no answers."""
        rows = self.rows(question)
        columns = tuple(variable.value for variable in rows.variables)
        held = [name for name in question.answers if name in columns]
        values = (row[name] for row in rows for name in held)
        return columns, frozenset(v for v in values if isinstance(v, ox.NamedNode | ox.Literal))

    def _short(self, term: object) -> str:
        value = getattr(term, "value", str(term))
        return str(value).removeprefix(f"{self._iris.base}/id/")


def check_answers(
    questions: Iterable[Question],
    expected: dict[str, frozenset[str]],
    answering: Answering,
    *,
    exact: bool,
) -> Iterator[Problem]:
    """Yield the questions that fail, have other columns than they say, or are answered otherwise.

    Without ``exact`` the expected answers must be there and others may be: the operator has sheets
    of their own.
    """
    for question in questions:
        try:
            columns, found = answering.answer(question)
        except SyntaxError as error:
            yield Problem("questions", question.id, f"is no query: {error}")
            continue
        if columns != question.columns:
            yield Problem("questions", question.id, f"gives the columns {', '.join(columns)}")
        due = expected.get(question.id, frozenset())
        for value in sorted(due - found):
            yield Problem("questions", question.id, f"does not answer {value}")
        if exact:
            for value in sorted(found - due):
                yield Problem("questions", question.id, f"answers {value}, which is not expected")


def main() -> int:
    """Write the table of answers anew."""
    iris = Iris()
    answering = Answering.over(Matter.read(iris, QUESTIONS.parent).quads, iris)
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(("question", "answer"))
    for question in read_questions():
        table.writerows((question.id, value) for value in sorted(answering.answer(question)[1]))
    path = Path(QUESTIONS / ANSWERS)
    path.write_text(out.getvalue(), encoding="utf-8")
    sys.stderr.write(f"{path.name}: {sum(map(len, read_answers().values()))} answers\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
