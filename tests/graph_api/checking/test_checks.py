"""``maillon check``: what ships is sound, and each planted fault turns its own check red."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

import ontology
from corpus import QUESTIONS
from corpus.sheet import SheetError
from graph_api.checking import CHECKS, Matter, Outcome, run_checks
from ontology import alignments, examples, rules
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri

pytestmark = pytest.mark.slow  # every check runs over the whole of what ships

IRIS = Iris()
PACKAGE = Path(ontology.__file__).parent
FUND = URIRef(mln.Fund)


@pytest.fixture(scope="module")
def matter() -> Matter:
    return Matter.read(IRIS, PACKAGE)


def red(outcomes: list[Outcome]) -> set[str]:
    return {outcome.check for outcome in outcomes if outcome.problems}


def test_what_ships_is_sound(matter: Matter) -> None:
    outcomes = list(run_checks(matter))
    assert [outcome.check for outcome in outcomes] == [check.name for check in CHECKS]
    assert [problem for outcome in outcomes for problem in outcome.problems] == []
    skipped = {outcome.check for outcome in outcomes if outcome.skipped}
    assert skipped == (set() if shutil.which("java") else {"consistency"})


def with_triple(matter: Matter, *triple: object) -> Matter:
    """The same matter whose core module says one more thing."""
    core = Graph()
    core += matter.modules["core"]
    core.add(triple)  # type: ignore[arg-type]
    return replace(matter, modules={**matter.modules, "core": core})


def with_concept(matter: Matter, *triple: object) -> Matter:
    themes = Graph()
    themes += matter.schemes["themes"]
    themes.add(triple)  # type: ignore[arg-type]
    return replace(matter, schemes={**matter.schemes, "themes": themes})


def with_questions(matter: Matter, tmp_path: Path, file: str, text: str) -> Matter:
    folder = tmp_path / "questions"
    shutil.copytree(QUESTIONS, folder)
    path = folder / file
    path.write_text(path.read_text() + text if path.exists() else text)
    return replace(matter, questions=folder)


def with_fact(matter: Matter, predicate: Iri, cls: str) -> Matter:
    """One sheet alone, of a class, that says what only an actor can."""
    source = next(s for s in matter.sheets if any(f.predicate == predicate for f in s.facts))
    fact = next(f for f in source.facts if f.predicate == predicate)
    target = next(s for s in matter.sheets if s.cls == cls)
    return replace(matter, sheets=(replace(target, facts=(fact,), slug="planted"),))


HEADER = "# en: x\n# fr: x\n# for: visitor\n# topic: x\n# columns: x\n"
FAULTS: dict[str, tuple[str, Callable[[Matter, Path], Matter]]] = {
    "an outside term that is not": (
        "ontology",
        lambda m, _: with_triple(
            m, FUND, RDFS.subClassOf, URIRef("http://data.europa.eu/m8g/FoundationEvent")
        ),
    ),
    "a class above itself": (
        "ontology",
        lambda m, _: with_triple(m, URIRef(mln.Entity), RDFS.subClassOf, FUND),
    ),
    "a term without words": (
        "ontology",
        lambda m, _: with_triple(m, URIRef(f"{ONTOLOGY}#New"), RDF.type, OWL.Class),
    ),
    "a concept without English": (
        "vocabularies",
        lambda m, _: with_concept(
            m, URIRef(IRIS.concept("themes", "new")), SKOS.inScheme, URIRef(IRIS.scheme("themes"))
        ),
    ),
    "a label that the generated files do not have": (
        "generated",
        lambda m, _: with_triple(m, FUND, RDFS.label, Literal("fondo", lang="es")),
    ),
    "a sheet that cannot be read": (
        "sheets",
        lambda m, _: replace(m, sheet_errors=(SheetError("x.md", 3, "is wrong"),)),
    ),
    "a question that is no query": (
        "questions",
        lambda m, t: with_questions(m, t, "planted.rq", HEADER + "SELECT ?x WHERE { oops"),
    ),
    "an answer that nobody gives": (
        "questions",
        lambda m, t: with_questions(m, t, "answers.tsv", "chairs\tactor/nobody\n"),
    ),
    "an organisation that is a text": (
        "shapes",
        lambda m, _: with_fact(m, mln.createdInYear, "Definition"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_turns_its_check_red(fault: str, matter: Matter, tmp_path: Path) -> None:
    check, plant = FAULTS[fault]
    outcomes = list(run_checks(plant(matter, tmp_path), only={check}))
    assert red(outcomes) == {check}


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java here: HermiT was not run")
def test_a_contradiction_turns_consistency_red(matter: Matter) -> None:
    few = replace(matter, sheets=matter.sheets[:9])  # that all of them are sound is seen above
    planted = with_triple(few, URIRef(mln.open), OWL.sameAs, URIRef(mln.closed))
    assert red(list(run_checks(planted, only={"consistency"}))) == {"consistency"}
    (outcome,) = run_checks(planted, reasoner=False, only={"consistency"})
    assert outcome.skipped == "not asked for"


def test_a_wrong_alignment_rule_or_shape_turns_its_check_red(
    matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graph_api.checking import checks

    table = alignments.load_alignments()[0]
    wrong = replace(table.mappings[0], subject=Iri(f"{ONTOLOGY}#Nothing"))
    monkeypatch.setattr(checks, "load_alignments", lambda: (replace(table, mappings=(wrong,)),))
    bad = rules.Rule("planted", f"CONSTRUCT {{?s <{ONTOLOGY}#nothing> 1}} WHERE {{?s ?p ?o}}", {})
    monkeypatch.setattr(checks, "load_rules", lambda: (bad,))
    monkeypatch.setattr(examples, "failing", lambda file: {})
    faults = {"alignments", "rules", "examples"}
    assert red(list(run_checks(matter, only=faults))) == faults


def test_questions_of_an_operator_with_sheets_may_answer_more(matter: Matter) -> None:
    chair = next(s for s in matter.sheets if s.slug == "chaire-terress")
    more = replace(
        matter,
        sheets=(*matter.sheets, replace(chair, slug="chaire-neuve")),
        added=frozenset({"actor/chaire-neuve"}),
    )
    assert "questions" not in red(list(run_checks(more, only={"questions"})))
    strict = replace(more, added=frozenset())
    assert "questions" in red(list(run_checks(strict, only={"questions"})))
