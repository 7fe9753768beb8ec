import random

from hypothesis import given
from hypothesis import strategies as st

from graph_api.portal.labels import Text, choose_label, choose_text, known_language, local_name
from ontology.model import Iri, Literal

ALL = [
    Literal("acteur", lang="fr"),
    Literal("acteur du Québec", lang="fr-CA"),
    Literal("actor", lang="en"),
    Literal("Akteur", lang="de"),
    Literal("ACT"),
]


def test_exact_language_then_base_then_chain_then_none_then_any() -> None:
    assert str(choose_text(ALL, "fr")) == "acteur"
    assert str(choose_text(ALL[1:], "fr")) == "acteur du Québec"
    assert str(choose_text(ALL[2:], "fr")) == "actor"
    assert str(choose_text(ALL[3:], "fr")) == "ACT"
    assert str(choose_text(ALL[3:4], "fr")) == "Akteur"
    assert choose_text([], "fr") is None


def test_a_text_in_another_language_says_so() -> None:
    assert choose_text(ALL[2:3], "fr") == Text("actor", "en", fallback=True)
    assert choose_text(ALL[1:2], "fr") == Text("acteur du Québec", "fr-CA", fallback=False)
    assert choose_text([Literal("ACT")], "fr") == Text("ACT", "", fallback=False)
    assert choose_text([Literal("x", lang="und")], "fr") == Text("x", "", fallback=False)


@given(st.lists(st.tuples(st.text(max_size=4), st.sampled_from(["fr", "en", "de", "", "mul"]))))
def test_the_order_of_triples_never_matters(pairs: list[tuple[str, str]]) -> None:
    literals = [Literal(text, lang=tag or None) for text, tag in pairs]
    shuffled = literals[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - any order will do
    assert choose_text(literals, "fr") == choose_text(shuffled, "fr")


def test_without_a_label_the_end_of_the_iri_stands_in() -> None:
    assert choose_label(Iri("https://x.example/id/actor/avise"), [], "fr") == Text("avise")
    assert local_name("https://x.example/o#operates") == "operates"
    assert local_name("https://x.example/") == "x.example"
    assert local_name("urn:x") == "urn:x"


def test_tags_that_name_no_language() -> None:
    assert [known_language(tag) for tag in ("fr", "und", "mul", "")] == ["fr", "", "", ""]
