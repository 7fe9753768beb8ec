"""The Lexicon: longest names, with exact offsets, only where they are names."""

from itertools import islice, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.lexicon import Lexicon
from ontology.model import LabelRole
from tests.ingest.lexicons import WORLD, name


def found(text: str, lexicon: Lexicon = WORLD) -> list[str]:
    return [text[match.start : match.end] for match in lexicon.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Par l'Arpège, d’Arpège, qu'Arpège", ["Arpège", "Arpège", "Arpège"]),
        ("Arpège's fund and ARPÈGE’s", ["Arpège", "ARPÈGE"]),
        ("Selon Arpege¹², Arpège<sup>3</sup> ou Arpège[4]", ["Arpege", "Arpège", "Arpège"]),
        ("la **Ruche** aux projets", ["Ruche** aux projets"]),
        ("la <b>Ruche</b> aux projets", ["Ruche</b> aux projets"]),
        ("la Ruche aux\nprojets est là", ["Ruche aux\nprojets"]),
        ("les ruches aux projets", ["ruches aux projets"]),
        ("plusieurs RAPs et un RAP", ["RAPs", "RAP"]),
        ("la Fondation-Tilleul, la Fondation‑Tilleul", ["Fondation-Tilleul", "Fondation‑Tilleul"]),
        ("la FONDATION TILLEUL", ["FONDATION TILLEUL"]),
    ],
)
def test_variants_of_print(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "un rap, du Rap",  # a short acronym counts with its case
        "il arpège",  # a single word counts with a capital
        "la Ruche.\n\nAux projets",  # not across a blank line
        "une ruche, aux projets",  # not across punctuation
        "Grand Brumeval Est est là",  # a fragment of a name that no list has
        "Val-Brumeval, Brumeval-sur-Loire",
        "le projet La Brumeval solidaire",
        "l'Institut de la Banque des Rives",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert found(text) == []


def test_the_longest_name_wins() -> None:
    assert found("en Haute-Loire puis dans la Loire") == ["Haute-Loire", "Loire"]


def test_names_that_are_added_count_as_those_given_at_once() -> None:
    names = WORLD.names
    text = "\n".join(f"à {each.text}, les {each.text}s" for each in names)
    for step in (1, 2, 5):
        first = Lexicon(names[::step])
        grown = first.with_names(names[1::2]).with_names(names)
        assert grown == WORLD
        assert grown.find(text) == WORLD.find(text)
        assert [grown.named(n.text) for n in names] == [WORLD.named(n.text) for n in names]
        assert first == Lexicon(names[::step])  # what it shares is not changed
        assert first.find(text) == Lexicon(names[::step]).find(text)


def test_a_name_beside_a_known_name_or_a_head_noun_stays() -> None:
    lexicon = WORLD.with_names([name("Vallon")])
    assert found("Pour Arpège Vallon Brumeval", lexicon) == ["Arpège", "Vallon", "Brumeval"]
    assert found("the Arpège Programme") == ["Arpège"]
    assert found("Depuis Arpège") == ["Arpège"]


def test_contexts_of_common_words() -> None:
    lexicon = Lexicon(
        [name("Place", "Commune", context="cue"), name("Élan", "Network", context="capital")]
    )
    assert found("à Place, la Place du marché, Place (53)", lexicon) == ["Place", "Place"]
    assert found("un élan, l'ÉLAN, l'Élan", lexicon) == ["Élan"]


def test_an_acronym_of_a_law_and_an_association() -> None:
    lexicon = Lexicon([name("Article 1", "Association")])
    assert found("selon l'article 1, Article 1 agit", lexicon) == ["Article 1"]


def test_hash_and_equality_do_not_depend_on_order() -> None:
    names = list(WORLD.names)
    names.reverse()
    other = Lexicon([*names, names[0]])
    assert other.hash == WORLD.hash
    assert other == WORLD
    assert hash(other) == hash(WORLD)
    assert Lexicon(names[1:]).hash != WORLD.hash


def test_ambiguous_names_give_all_their_entities() -> None:
    lexicon = Lexicon([name("Gué", "Commune"), name("Gué", "Network", "gue-reseau")])
    (match,) = lexicon.find("Le réseau s'appelle Gué.")
    assert len(match.entities) == 2


def test_labels_prefer_the_language() -> None:
    hive = WORLD.named("RAP")[0].entity
    assert WORLD.label(hive, "en") == "Project Hive"
    assert WORLD.label(hive, "fr") == "Ruche aux projets"
    assert WORLD.label(hive, "lv") == "Project Hive"
    assert {n.role for n in WORLD.names_of(hive)} == {LabelRole.PREFERRED, LabelRole.ACRONYM}
    assert WORLD.named("nothing of the kind") == ()


def test_other_scripts_separate_and_are_found() -> None:
    lexicon = Lexicon([name("Δίκτυο Α")])
    assert found("το Δίκτυο Α εδώ", lexicon) == ["Δίκτυο Α"]
    assert found("Ruche Δ aux projets") == []


def test_relevant_names_find_the_same() -> None:
    text = "La Ruche aux projets (RAP) d'Arpège est en Haute-Loire, sans rap."
    relevant = WORLD.relevant_to(text)
    assert relevant.find(text) == WORLD.find(text)
    assert len(relevant) < len(WORLD)
    assert any(n.cls == "Law" for n in relevant.names), "laws link by number and date"
    assert relevant.relevant_to(text) == relevant


_WORDS = st.sampled_from(
    ["la", "Ruche", "aux", "projets", "Arpège", "d'", "l’", "Haute-", "Loire", "RAP", "rap",
     "**", "¹", "\n", "\n\n", ",", "Brumeval", "Grand", "’s", "<b>", "SLAP"]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=25), st.sampled_from([" ", ""]))
def test_matches_are_disjoint_slices_whatever_the_text(words: list[str], joint: str) -> None:
    text = joint.join(words)
    matches = WORLD.find(text)
    assert all(a.end <= b.start for a, b in pairwise(matches))
    for match in matches:
        assert text[match.start : match.end].strip() == text[match.start : match.end]
        assert match.names
    assert WORLD.relevant_to(text).find(text) == matches


@given(st.sampled_from(["'", "’", "ʼ"]), st.sampled_from(["-", "‐", "‑", " "]), st.booleans())
def test_apostrophes_and_accents_do_not_matter(quote: str, hyphen: str, accents: bool) -> None:
    text = f"le schéma{hyphen}local d{quote}achats partagés"
    assert len(found(text if accents else text.replace("é", "e"))) == 1


@pytest.mark.slow
def test_a_large_lexicon_is_built_and_searched_fast() -> None:
    syllables = ["Ba", "Co", "Di", "Fu", "Gé", "Lo", "Mi", "Nu", "Pa", "Ré"]
    words = ["".join(three).capitalize() for three in product(syllables, repeat=3)]
    names = [name(f"{one} {two} fonds") for one, two in islice(product(words, repeat=2), 20_000)]
    lexicon = Lexicon(names)
    text = ", ".join(each.text for each in names[::10])
    assert len(lexicon.find(text)) == 2_000
