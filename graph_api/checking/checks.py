"""The checks, in the order they run: what is cheap and explains most comes first, the reasoner last."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from rdflib.plugins.sparql import prepareQuery

from corpus.question import QuestionError, read_answers, read_questions
from corpus.sheets import reference_errors
from corpus.territories import load_territories
from graph_api.builder.jobs import Progress, silent
from graph_api.checking.answers import Answering, check_answers
from graph_api.checking.matter import Matter
from ontology.alignments import CONCEPT, AlignmentError, load_alignments
from ontology.checks import Problem, check_ontology, check_vocabulary
from ontology.examples import check_examples
from ontology.generate import outputs
from ontology.iris import ONTOLOGY
from ontology.load import GENERAL_SHAPES, quads
from ontology.outside import missing_terms
from ontology.reason import ReasonerMissing, check_consistency
from ontology.rules import load_rules
from ontology.validate import Severity, Validator

__all__ = ["CHECKS", "Check", "Outcome", "run_checks"]

REASONER = "consistency"


@dataclass(frozen=True, slots=True)
class Check:
    """A named look at the matter. ``run`` yields what is wrong."""

    name: str
    run: Callable[[Matter], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to; ``skipped`` says why it was not made, empty where it was."""

    check: str
    problems: tuple[Problem, ...]
    seconds: float
    skipped: str = ""


def run_checks(
    matter: Matter,
    *,
    reasoner: bool = True,
    only: Collection[str] = (),
    progress: Progress = silent,
) -> Iterator[Outcome]:
    """Run the checks, or ``only`` those named, and yield their outcomes as they come.

    HermiT is started once, at the end.
    """
    chosen = [check for check in CHECKS if not only or check.name in only]
    for number, check in enumerate(chosen, start=1):
        progress({"event": "check", "name": check.name, "done": number, "total": len(chosen)})
        begun = time.monotonic()
        problems: tuple[Problem, ...] = ()
        skipped = ""
        if check.name == REASONER and not reasoner:
            skipped = "not asked for"
        else:
            try:
                problems = tuple(sorted(set(check.run(matter))))
            except ReasonerMissing as error:
                skipped = str(error)
        yield Outcome(check.name, problems, time.monotonic() - begun, skipped)


def _ontology(matter: Matter) -> Iterable[Problem]:
    return check_ontology(matter.ontology)


def _vocabularies(matter: Matter) -> Iterator[Problem]:
    for graph in matter.schemes.values():
        yield from check_vocabulary(graph + matter.ontology)


def _generated(matter: Matter) -> Iterator[Problem]:
    for name, text in outputs(matter.modules).items():
        file = matter.package / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            yield Problem("generated", name, "is not what the modules say: run `make docs`")


def _alignments(matter: Matter) -> Iterator[Problem]:
    try:
        tables = load_alignments()
    except AlignmentError as error:
        yield Problem("alignments", "ontology/alignments", str(error))
        return
    concepts = {str(s) for graph in matter.schemes.values() for s in graph.subjects()}
    terms = {str(s) for s in matter.ontology.subjects()}
    for table in tables:
        for mapping in table.mappings:
            subject = mapping.subject
            if subject.startswith(CONCEPT):
                scheme, _, slug = subject.removeprefix(CONCEPT).partition("/")
                subject = matter.iris.concept(scheme, slug)
            if subject not in concepts and subject not in terms:
                yield Problem("alignments", table.name, f"maps {mapping.subject}, which is not")
        for iri in missing_terms(mapping.object for mapping in table.mappings):
            yield Problem("alignments", iri, "does not exist in its vocabulary")


def _rules(matter: Matter) -> Iterator[Problem]:
    known = {str(s) for s in matter.ontology.subjects()}
    for rule in load_rules():
        for lang in {"fr", "en"} - rule.texts.keys():
            yield Problem("rules", rule.name, f"has no words in {lang}")
        try:
            prepareQuery(rule.query)
        except Exception as error:  # the parser's own errors have no common class
            yield Problem("rules", rule.name, f"is no query: {error}")
            continue
        named = {w.rstrip(">.,;)") for w in rule.query.replace("<", " ").split()}
        for iri in sorted(w for w in named if w.startswith(f"{ONTOLOGY}#") and w[-1] != "#"):
            if iri not in known:
                yield Problem("rules", rule.name, f"names {iri}, which is not defined")


def _examples(_: Matter) -> Iterable[Problem]:
    return check_examples()


def _sheets(matter: Matter) -> Iterator[Problem]:
    known = dict(load_territories().classes())
    for name, graph in matter.schemes.items():
        prefix = f"{matter.iris.base}/id/"
        known |= {
            str(s).removeprefix(prefix): "Concept"
            for s in graph.subjects()
            if str(s).startswith(f"{prefix}concept/{name}/")
        }
    for error in (*matter.sheet_errors, *reference_errors(matter.sheets, known)):
        where = error.file if error.line is None else f"{error.file}, line {error.line}"
        yield Problem("sheets", where, error.problem)


def _shapes(matter: Matter) -> Iterator[Problem]:
    validator = Validator(*GENERAL_SHAPES, "publish")
    for finding in validator.validate([*quads(matter.iris), *matter.described]):
        if finding.severity is not Severity.INFO:
            yield Problem("shapes", finding.focus, finding.message(matter.lang))


def _questions(matter: Matter) -> Iterator[Problem]:
    try:
        questions, expected = read_questions(matter.questions), read_answers(matter.questions)
    except QuestionError as error:
        yield Problem("questions", str(matter.questions.name), str(error))
        return
    for stray in sorted(expected.keys() - {question.id for question in questions}):
        yield Problem("questions", stray, "has answers and is no question")
    answering = Answering.over(matter.quads, matter.iris)
    yield from check_answers(questions, expected, answering, exact=not matter.added)


def _consistency(matter: Matter) -> Iterator[Problem]:
    report = check_consistency(matter.ontology + matter.data_graph)
    for cls in report.unsatisfiable:
        yield Problem(REASONER, cls, "can have no individual at all")
    if not report.consistent and not report.unsatisfiable:
        yield Problem(REASONER, ONTOLOGY, "contradicts itself, or the sheets contradict it")


CHECKS = (
    Check("ontology", _ontology),
    Check("vocabularies", _vocabularies),
    Check("generated", _generated),
    Check("alignments", _alignments),
    Check("rules", _rules),
    Check("examples", _examples),
    Check("sheets", _sheets),
    Check("questions", _questions),
    Check("shapes", _shapes),
    Check(REASONER, _consistency),
)
"""All of them. ``consistency`` needs Java and takes longest."""
