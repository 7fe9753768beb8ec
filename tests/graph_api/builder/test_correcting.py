"""Corrections of class, link, relation and boundary: into the graph and the mentions, and back."""

from pathlib import Path

import pytest

from graph_api.builder.correcting import AROUND, Wish
from graph_api.builder.jobs import Job
from graph_api.builder.review import claim_of
from graph_api.builder.runner import Runner
from graph_api.client import spool_file
from graph_api.errors import BadInputError
from graph_api.exports import read_documents
from graph_api.workbench import Choice, Item
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import RDF_TYPE, SKOS_PREF_LABEL, XSD_G_YEAR

pytestmark = pytest.mark.slow  # a folder is built

TEXT = """# Un rapport d'essai

Les Ateliers du Port Neuf (APN) ouvrent. Les APN Bretagne accueillent des habitants.

"""
TEXT += "Ici rien n'est dit de personne.\n" * 20
TEXT += """
Le Réseau des Essais Partagés (REP) a été créé en 2011 par l'Avise, et le REP grandit.
Le REP soutient la Fabrique à initiatives. L'Avise Bretagne suit le REP.
"""


def run(runner: Runner, kind: str, **arguments: object) -> Job:
    return runner.run([runner.jobs.add(kind, arguments)])[0]


def correct(runner: Runner, item: Item, **wish: object) -> Job:
    return run(runner, "decide", action="correct", claims=[item.hash], who="ana", **wish)


def said(runner: Runner, subject: str, predicate: Iri) -> set[str]:
    return {
        str(q.object) for q in runner.builder.view.quads(subject=Iri(subject), predicate=predicate)
    }


def labels(runner: Runner, subject: str) -> set[str]:
    quads = runner.builder.view.quads(subject=Iri(subject), predicate=SKOS_PREF_LABEL)
    return {getattr(quad.object, "value", "") for quad in quads}


def surfaces(runner: Runner, entity: str) -> list[str]:
    """How the document prints an entity, as the export and the index have it."""
    builder = runner.builder
    return [
        document.text[m.start : m.end]
        for document, read in read_documents(builder.folder, builder.settings)
        for m in read.mentions
        if m.entity == entity and m.asserted and document.name == "essai.md"
    ]


def test_what_was_read_wrong_is_named_right_and_back(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "essai.md").write_text(TEXT, encoding="utf-8")
    builder, iris = runner.builder, runner.builder.iris
    sent = run(runner, "ingest", files=[spool_file(builder.folder, tmp_path / "essai.md")])
    (sha256,) = builder.documents.kept()
    assert sent.state == "done"
    before = builder.hash()
    items = builder.workbench.chosen(Choice(document=sha256, what="all"), 99)
    network, avise = iris.entity("actor", "reseau-des-essai-partage"), iris.entity("actor", "avise")
    supports = next(i for i in items if i.predicate == mln.supports and i.subject == network)

    claim, corrector = claim_of(supports), builder.claims().corrector()
    far = "Ateliers du Port Neuf"  # in the text, but not in or around the sentence
    assert TEXT.index("Fabrique") - TEXT.index(far) > AROUND + 200
    for wrong in (
        Wish(), Wish(predicate=mln.createdInYear), Wish(predicate=mln.holdsRoleAt),
        Wish(predicate=mln.mentions), Wish(side="subject", cls="Nonsense"),
        Wish(side="subject", cls="Network"), Wish(side="neither", cls="Association"),
        Wish(side="subject", cls="Territory"), Wish(side="subject", name="ssais Part"),
        Wish(side="subject", name="Essais Privés"), Wish(side="subject", name="x" * 300),
        Wish(side="subject", name=far), Wish(side="subject", address="https://x.test/fr/actor/none"),
        Wish(side="subject", address="nonsense"), Wish(subject=supports.object),
        Wish(side="subject", name="Avise", cls="Foundation"),
    ):  # fmt: skip
        with pytest.raises(BadInputError):
            corrector.correct(claim, wrong)

    # Another relation between the same ends.
    assert correct(runner, supports, predicate=mln.operates).state == "done"
    assert supports.object in said(runner, network, mln.operates)
    assert supports.object not in said(runner, network, mln.supports)
    run(runner, "undo", who="ana")

    # Another class, of the same kind: the address stays.
    retyped = correct(runner, supports, side="subject", cls="Association", everywhere="yes")
    assert said(runner, network, RDF_TYPE) == {str(mln.Association)}
    run(runner, "undo", job=retyped.id)
    assert builder.hash() == before

    # A narrower name, which the text has; everything that was read of it moves, mentions as well.
    moved = correct(runner, supports, side="subject", name="Essais  Partagés", everywhere="yes")
    narrow = iris.entity("actor", "essai-partage")
    assert moved.report["refused"] == []
    spoken = [i for i in items if network in (i.subject, i.object)]
    assert len(moved.report["decisions"]) == len(spoken) == 4
    assert labels(runner, narrow) == {"Essais Partagés"}
    assert said(runner, network, RDF_TYPE) == set()
    assert supports.object in said(runner, narrow, mln.supports)
    assert surfaces(runner, narrow)[0] == "Essais Partagés"
    assert surfaces(runner, network) == []
    assert builder.workbench.find(supports.hash)[0].state == "corrected"
    run(runner, "undo", job=moved.id)

    # A name that nothing is known by: accepted it is a thing, linked it is one that was here.
    branch = next(i for i in items if i.rule == "branch-of" and i.object_label == "Avise Bretagne")
    mention = next(i for i in items if i.predicate == mln.mentions and i.object == network)
    assert (branch.public, mention.public) == (False, True)
    assert not said(runner, branch.object, RDF_TYPE)
    number = len(surfaces(runner, avise))
    job = run(runner, "decide", action="accept", claims=[branch.hash], who="ana")
    assert labels(runner, branch.object) == {"Avise Bretagne"}
    assert surfaces(runner, branch.object) == ["Avise Bretagne"]
    linked = correct(runner, branch, side="object", address="https://x.test/fr/actor/avise?a=b")
    assert linked.state == "done", linked.report
    assert said(runner, branch.object, RDF_TYPE) == set()
    assert len(surfaces(runner, avise)) == number + 1
    run(runner, "decide", action="reject", claims=[mention.hash], who="ana")
    assert surfaces(runner, network) == []
    # What its source has misprinted is void, with a reason; it leaves the graph and stays in the log.
    created = next(i for i in items if i.predicate == mln.createdInYear and i.subject == network)
    assert said(runner, network, mln.createdInYear) == {str(Literal("2011", XSD_G_YEAR))}
    unsaid = run(runner, "decide", action="void", claims=[created.hash], who="ana", why=" ")
    assert unsaid.state == "failed"
    run(runner, "decide", action="void", claims=[created.hash], who="ana", why="printed 2O11")
    assert said(runner, network, mln.createdInYear) == set()
    assert builder.workbench.find(created.hash)[0].state == "voided"
    assert builder.decisions.read()[0][-1].why == "printed 2O11"
    run(runner, "undo", since=job.id, who="ana")
    assert builder.hash() == before
