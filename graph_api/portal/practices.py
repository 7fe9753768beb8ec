"""Practices side by side: their answers to the same questions, and the support they bring."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph_api.portal.labels import Text, choose_text
from graph_api.portal.queries import reference, references
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import SKOS_IN_SCHEME, SKOS_NOTATION

__all__ = ["FACTS", "Practices", "answers_query", "described_query", "read_practices"]

FACTS = (mln.supportType, mln.audience, mln.operatedBy, mln.appliesIn)
"""What is compared besides the questions, each with a line of its own."""


@dataclass(frozen=True)
class Practices:
    """``questions`` in their order, those that somebody answers; ``answers`` and ``values`` by practice."""

    questions: tuple[Iri, ...]
    answers: Mapping[tuple[Iri, Iri], tuple[Literal, ...]]
    values: Mapping[tuple[Iri, Iri], tuple[Iri, ...]]

    def answer(self, practice: Iri, question: Iri, lang: str) -> Text | None:
        """What a practice answers; None where no source says it."""
        return choose_text(self.answers.get((practice, question), ()), lang)

    @property
    def facts(self) -> tuple[Iri, ...]:
        """Those of :data:`FACTS` that one of the practices has."""
        said = {prop for _, prop in self.values}
        return tuple(prop for prop in FACTS if prop in said)

    @property
    def mentioned(self) -> set[Iri]:
        """Everything that needs a label."""
        values = {value for several in self.values.values() for value in several}
        return {*self.questions, *values}


def described_query() -> str:
    """SELECT (s): the practices that are described by questions."""
    return f"SELECT DISTINCT ?s WHERE {{ GRAPH ?g {{ ?s <{mln.hasPracticePart}> ?part }} }}"


def answers_query(practices: Iterable[Iri], iris: Iris) -> str:
    """SELECT (s, p, o, order): answers (p is the question, with its place), and facts."""
    wanted = " ".join(sorted(reference(iri) for iri in set(practices)))
    facts = references((*FACTS, mln.offersSupportType))
    return f"""SELECT DISTINCT ?s ?p ?o ?order WHERE {{
  VALUES ?s {{ {wanted} }}
  {{
    GRAPH ?g {{ ?s <{mln.hasPracticePart}> ?part . ?part <{mln.question}> ?p ; <{mln.answer}> ?o }}
    GRAPH ?h {{ ?p <{SKOS_IN_SCHEME}> {reference(iris.scheme("practice-questions"))} ;
      <{SKOS_NOTATION}> ?order }}
  }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({facts})) }}
}}"""


def read_practices(rows: Iterable[Row]) -> Practices:
    """Make the table of the rows of :func:`answers_query`."""
    order: dict[Iri, int] = {}
    answers: dict[tuple[Iri, Iri], list[Literal]] = defaultdict(list)
    values: dict[tuple[Iri, Iri], set[Iri]] = defaultdict(set)
    for row in rows:
        subject, predicate, value, place = row["s"], row["p"], row["o"], row.get("order")
        if not isinstance(subject, Iri) or not isinstance(predicate, Iri):
            continue
        if isinstance(value, Iri):
            # To offer a kind of support is to be of that kind, drawn as a conclusion or not.
            fact = mln.supportType if predicate == mln.offersSupportType else predicate
            values[subject, fact].add(value)
        elif isinstance(place, Literal) and place.value.isdigit():
            order[predicate] = int(place.value)
            answers[subject, predicate].append(value)
    return Practices(
        tuple(sorted(order, key=lambda question: order[question])),
        {key: tuple(several) for key, several in answers.items()},
        {key: tuple(sorted(several)) for key, several in values.items()},
    )
