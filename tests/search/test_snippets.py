"""Snippets: the right words marked, the right stretch shown, nothing but the text's own words."""

from hypothesis import given
from hypothesis import strategies as st

from search.snippets import Mark, Marks, find_marks, make_snippet, quote_matches

TEXT = "Le dispositif local\nd’accompagnement (DLA) aide les associations."
MARKS = Marks(
    frozenset({"associ"}),
    ("accomp",),
    {"dla": ""},
    {("disposit", "local"): "DLA = dispositif local"},
)


def shown(parts: tuple[tuple[str, bool], ...]) -> str:
    return "".join(f"[{text}]" if marked else text for text, marked in parts)


def test_marks_words_prefixes_and_phrases() -> None:
    marks = find_marks(TEXT, "fr", MARKS)
    assert [TEXT[m.start : m.end] for m in marks] == [
        "dispositif local",
        "accompagnement",
        "DLA",
        "associations",
    ]
    assert shown(make_snippet(TEXT, marks, 200)) == (
        "Le [dispositif local] d’[accompagnement] ([DLA]) aide les [associations]."
    )
    assert quote_matches(TEXT, marks) == (
        "accompagnement",
        "DLA",
        "associations",
        "DLA = dispositif local",
    )


def test_longest_mark_wins_where_marks_overlap() -> None:
    marks = Marks(frozenset({"local"}), (), {}, {("disposit", "local"): ""})
    found = find_marks(TEXT, "fr", marks)
    assert [TEXT[m.start : m.end] for m in found] == ["dispositif local"]


def test_shows_the_stretch_with_the_most_different_marks() -> None:
    text = "alpha " * 100 + "beta gamma " + "alpha " * 100
    marks = find_marks(text, "", Marks(frozenset({"alpha", "beta", "gamma"})))
    snippet = shown(make_snippet(text, marks, 80))
    assert "[beta] [gamma]" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")


def test_a_text_without_marks_shows_its_beginning() -> None:
    assert shown(make_snippet("one two three four", (), 12)) == "one two…"
    assert make_snippet("", (), 12) == ()


@given(
    st.text(alphabet="ab é\n", max_size=300),
    st.integers(20, 120),
    st.sets(st.sampled_from(["a", "b", "ab", "e"])),
)
def test_a_snippet_never_says_more_than_the_text(text: str, length: int, stems: set[str]) -> None:
    marks = find_marks(text, "", Marks(frozenset(stems)))
    parts = make_snippet(text, marks, length)
    whole = "".join(part for part, _ in parts)
    assert len(whole) <= length
    assert whole.strip("…").strip() in " ".join(text.split())
    assert all(part for part, _ in parts)
    assert not any(part.isspace() and marked for part, marked in parts)


def test_quotes_are_limited_and_not_repeated() -> None:
    text = "a1 a2 a3 a4 a5 a6 a1"
    marks = [Mark(n, n + 2, text[n : n + 2]) for n in range(0, len(text), 3)]
    assert quote_matches(text, marks, limit=3) == ("a1", "a2", "a3")
