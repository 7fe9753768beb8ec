from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.frontmatter import Entry, FrontMatterError, parse_front_matter


def test_values_keep_their_text_and_line() -> None:
    head, body, line = parse_front_matter(
        "---\ntype: no\nyear: 2002\nfacts:\n  - a: 1e3\n---\nText\n"
    )
    assert head.get("type") == Entry("no", 2)
    assert head.get("year") == Entry("2002", 3)
    facts = head.get("facts")
    assert facts is not None
    assert isinstance(facts.value, list)
    assert facts.value[0].get("a") == Entry("1e3", 5)
    assert (body, line) == ("Text\n", 7)


def test_an_empty_block_is_an_empty_mapping() -> None:
    head, body, _ = parse_front_matter("---\n---\n")
    assert head.value == {}
    assert body == ""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "three hyphens"),
        ("type: Law\n", 1, "three hyphens"),
        ("---\ntype: Law\n", 3, "no closing line"),
        ("---\n- a\n---\n", 2, "key: value"),
        ("---\njust text\n---\n", 2, "key: value"),
        ("---\na: 1\nb: [\n---\n", 4, "not valid YAML"),
        ("---\na: 1\nb: 2\na: 3\n---\n", 4, "given twice"),
        ("---\na: &x [*x]\n---\n", 2, "alias"),
        ("---\na: \x07\n---\n", 2, "not valid YAML"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, line: int, words: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse_front_matter(text)
    assert caught.value.line == line
    assert words in caught.value.problem


@given(st.text())
def test_rubbish_is_refused_or_read_never_anything_else(text: str) -> None:
    with suppress(FrontMatterError):
        head, _, _ = parse_front_matter("---\n" + text + "\n---\n")
        assert isinstance(head.value, dict)
