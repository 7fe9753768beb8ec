"""Competency questions against what a reader answered: precision and recall of each.

A folder of annotations may hold ``questions.tsv``: per question the entities (by their identifiers in
``entities.tsv``) and the words that answer it. An answer of ours is right where one of its names is
the name of such an entity, or where it says such words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from corpus.question import Question
from graph_api.checking.answers import Answering
from ingest.evaluate import Gold
from ingest.evaluate.gold import normalise_name
from ontology.vocabularies import DCTERMS_TITLE, SKOS_ALT_LABEL, SKOS_PREF_LABEL

__all__ = ["Answered", "NamesOf", "format_answered", "names_in", "score_questions"]

NamesOf = Callable[[ox.NamedNode], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answered:
    """One question: what came, which of it is right, what is due and did not come."""

    question: Question
    given: tuple[str, ...]
    """A name of each answer: the one that the annotations know, else its preferred one."""
    wrong: tuple[str, ...]
    due: int
    missing: tuple[str, ...]
    """Identifiers of entities and normalised words."""

    @property
    def precision(self) -> float:
        """The share of right answers; 0 where there is no answer, as the annotations' scorer has it."""
        return 1 - len(self.wrong) / len(self.given) if self.given else 0.0

    @property
    def recall(self) -> float:
        """The share of what is due that came."""
        return 1 - len(self.missing) / self.due if self.due else 0.0


def names_in(store: ox.Store) -> NamesOf:
    """Return what looks names up in all graphs of a store; preferred ones come first."""

    def names_of(entity: ox.NamedNode) -> Sequence[str]:
        found: list[str] = []
        for predicate in (SKOS_PREF_LABEL, DCTERMS_TITLE, SKOS_ALT_LABEL):
            said = store.quads_for_pattern(entity, ox.NamedNode(predicate), None)
            found += sorted({q.object.value for q in said if isinstance(q.object, ox.Literal)})
        return found or [entity.value]

    return names_of


def score_questions(
    questions: Iterable[Question], gold: Gold, answering: Answering, names_of: NamesOf
) -> list[Answered]:
    """Answer each annotated question that one of ``questions`` says it is, in the annotations' order.

    Raises:
        SyntaxError: a question is no SELECT query.
    """
    ours = {question.annotation: question for question in questions if question.annotation}
    return [
        _score(
            ours[row["qid"]],
            row["answer_entities"],
            row["answer_literals"],
            gold,
            answering,
            names_of,
        )
        for row in gold.questions
        if row["qid"] in ours
    ]


def _score(
    question: Question,
    entities: str,
    literals: str,
    gold: Gold,
    answering: Answering,
    names_of: NamesOf,
) -> Answered:
    meant = {entity for entity in entities.split("|") if entity}
    words = {normalise_name(literal) for literal in literals.split("|") if literal}
    given, wrong, found = [], [], set()
    _, terms = answering.terms(question)
    for term in sorted(terms, key=str):
        names = names_of(term) if isinstance(term, ox.NamedNode) else [term.value]
        hits = {name: _meant_by(name, meant, words, gold) for name in names}
        found |= set().union(*hits.values())
        given.append(next((name for name, hit in hits.items() if hit), names[0]))
        if not any(hits.values()):
            wrong.append(names[0])
    due = meant | words
    return Answered(question, tuple(given), tuple(wrong), len(due), tuple(sorted(due - found)))


def _meant_by(name: str, entities: set[str], words: set[str], gold: Gold) -> set[str]:
    known = gold.names.meant_by(name)
    said = normalise_name(name)
    return {e for e in entities if known & gold.names.with_twin(e)} | {
        w for w in words if w in said
    }


def format_answered(all_graphs: Sequence[Answered], documents: Sequence[Answered]) -> str:
    """Return a table: each question over the whole graph and over what documents say alone.

    Below it the answers that no reader gave, and those that are missing, in the whole graph.
    """
    lines = [f"{'':38}{'all':>12}{'documents':>16}", f"{'':38}{'P':>6}{'R':>6}{'P':>10}{'R':>6}"]
    for whole, part in zip(all_graphs, documents, strict=True):
        lines.append(f"{whole.question.id:38}{_figures([whole], 6)}{_figures([part], 10)}")
    lines.append(f"{'mean':38}{_figures(all_graphs, 6)}{_figures(documents, 10)}")
    for each in all_graphs:
        if each.wrong:
            lines.append(f"{each.question.id}: not expected: {'; '.join(each.wrong)}")
        if each.missing:
            lines.append(f"{each.question.id}: missing: {'; '.join(each.missing)}")
    return "\n".join(lines)


def _figures(answered: Sequence[Answered], width: int) -> str:
    count = len(answered) or 1
    precision = sum(each.precision for each in answered) / count
    recall = sum(each.recall for each in answered) / count
    return f"{precision:{width}.2f}{recall:6.2f}"
