"""Claims in words, sentences in their surroundings, and how curators agree."""

from graph_api.builder.decisions import ClaimRef, new_decision
from graph_api.portal.details import Details
from graph_api.portal.reviewing import AROUND, Curator, curators, in_words, surround
from graph_api.workbench import Item
from ingest.readers import read
from ontology import terms as mln
from ontology.model import Iri, Literal

AVISE = "https://e/id/actor/avise"


def item(start: int, end: int) -> Item:
    return Item(
        "a" * 32, "d", AVISE, "Avise (texte)", mln.operates, "https://e/id/programme/lab", "Le Lab",
        False, start, end, None, "", "fr", "", "rule", 0.9, False,
    )  # fmt: skip


def test_words_are_the_graphs_else_the_documents() -> None:
    details = Details(labels={Iri(AVISE): (Literal("Avise", lang="fr"),)})
    said = in_words(item(0, 1), details, "fr")
    assert (said.subject.text, said.subject_iri) == ("Avise", AVISE)
    assert (said.value.text, said.value_iri) == ("Le Lab", "")


def test_a_sentence_is_shown_between_whole_words() -> None:
    text = "mot " * 300 + "Ici la phrase. " + "suite " * 300
    document = read(text.encode(), "x.txt")
    start = document.text.index("Ici")
    around = surround(document, item(start, start + 14))
    assert around.sentence == "Ici la phrase."
    assert set(around.before.split()) == {"mot"}
    assert set(around.after.split()) == {"suite"}
    assert len(around.before) <= AROUND
    short = surround(read(b"Une phrase.", "x.txt"), item(0, 11))
    assert (short.before, short.sentence, short.after) == ("", "Une phrase.", "")


def test_agreement_counts_what_others_judged_too() -> None:
    claims = [ClaimRef(str(n), "d", "s", "p", "o", "q") for n in range(3)]
    log = [
        new_decision("accept", who="a", claim=claims[0], decision_id="1"),
        new_decision("reject", who="b", claim=claims[0], decision_id="2"),
        new_decision("accept", who="b", claim=claims[0], decision_id="3"),
        new_decision("reject", who="a", claim=claims[1], decision_id="4"),
        new_decision("accept", who="a", claim=claims[2], decision_id="5"),
        new_decision("undo", who="b", undoes="5", decision_id="6"),
    ]
    assert curators(log) == [Curator("a", 1, 1, 1, 1), Curator("b", 1, 0, 1, 1)]
