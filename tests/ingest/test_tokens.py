"""Words are those of folding, each with its slice of the text."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.tokens import fold_words, tokenize
from ontology.folding import fold


def test_elisions_hyphens_and_marks_separate() -> None:
    text = "l’Œuvre-d'art¹ <b>R&D</b> FSE+ [2]mot[3]"
    assert [t.word for t in tokenize(text)] == [
        "l", "oeuvre", "d", "art", "r&d", "fse+", "2", "mot"
    ]  # fmt: skip


def test_offsets_count_the_whole_text() -> None:
    tokens = tokenize("un deux trois", 3, 7)
    assert [(t.word, t.start, t.end) for t in tokens] == [("deux", 3, 7)]


def test_decomposed_accents_are_one_word() -> None:
    assert fold_words("Me\u0301andre") == fold_words("Méandre") == ("meandre",)


@given(st.text(alphabet="abcÉéœ'’-&+ .,12½", max_size=40))
def test_words_are_those_of_fold(text: str) -> None:
    assert " ".join(t.word for t in tokenize(text)) == fold(text)


@given(st.text(max_size=60))
def test_any_text_gives_slices_of_itself(text: str) -> None:
    tokens = tokenize(text)
    assert all(0 <= t.start < t.end <= len(text) and t.word for t in tokens)
    assert fold_words(text) == tuple(t.word for t in tokenize(text))
