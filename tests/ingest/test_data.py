"""The tables beside the code are complete and compile."""

from ingest.extract.classes import FAMILIES, family_of
from ingest.extract.data import cue_patterns, head_classes, load_table, small_words
from ontology.folding import fold


def test_every_head_gives_a_class_that_is_known() -> None:
    assert all(family_of(cls) for cls in head_classes().values())
    assert all(noun == fold(noun) or "-" in noun for noun in head_classes())


def test_cues_exist_for_each_family() -> None:
    assert set(cue_patterns()) == set(FAMILIES)


def test_words_are_folded() -> None:
    assert all(word == fold(word) for word in small_words())


def test_each_unit_word_has_one_unit() -> None:
    words = [
        fold(word.replace("²", "2")) for unit in load_table("units").values() for word in set(unit)
    ]
    twice = {word for word in words if words.count(word) > 1}
    # Singular and plural, masculine and feminine may fold alike within one unit only.
    units_of = {
        word: {
            unit
            for unit, said in load_table("units").items()
            if word in {fold(w.replace("²", "2")) for w in said}
        }
        for word in twice
    }
    assert all(len(units) == 1 for units in units_of.values())
