"""Passages for search: exact slices, never too long, in one language."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from graph_api.builder.passages import PASSAGE_LENGTH, passage_spans
from ingest.document import BlockKind, Document
from ingest.readers import read
from tests.graph_api.samples import ENGLISH, FRENCH


def document(text: str) -> Document:
    return read(text.encode(), "essai.md")


def test_short_paragraphs_share_a_passage_headings_are_in_none() -> None:
    found = document(FRENCH)
    texts = [found.text[s.start : s.end] for s in passage_spans(found)]
    assert len(texts) == 2
    assert texts[0].startswith("L'Avise a été créée")
    assert texts[0].endswith("dispositif local d'accompagnement.")
    assert not any("#" in text for text in texts)


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "This is the sentence number {} of a very long paragraph about nothing at all. "
    found = document("# Title\n\n" + "".join(sentence.format(n) for n in range(60)) + "\n")
    spans = list(passage_spans(found))
    assert len(spans) > 4
    for span in spans:
        text = found.text[span.start : span.end]
        assert len(text) <= PASSAGE_LENGTH
        assert text.startswith("This is")
        assert text.endswith(".")


def test_an_endless_sentence_stays_whole() -> None:
    found = document("# Title\n\n" + "word " * 500 + "\n")
    assert max(s.end - s.start for s in passage_spans(found)) > PASSAGE_LENGTH


@given(
    st.lists(
        st.sampled_from(
            [
                "# A heading\n\n",
                "A paragraph that says little.\n\n",
                "Un paragraphe qui ne dit pas grand-chose, mais le dit en français.\n\n",
                "Long. " * 200 + "\n\n",
                "- an item\n- another item\n\n",
                ENGLISH,
            ]
        ),
        min_size=1,
    )
)
def test_passages_are_sorted_disjoint_and_cover_the_text(parts: list[str]) -> None:
    found = document("".join(parts))
    spans = list(passage_spans(found))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {n for span in spans for n in range(span.start, span.end)}
    for block in found.blocks:
        apart = (BlockKind.HEADING, BlockKind.FURNITURE, BlockKind.CONTENTS)
        letters = {n for n in range(block.start, block.end) if not found.text[n].isspace()}
        assert not letters & covered if block.kind in apart else letters <= covered
