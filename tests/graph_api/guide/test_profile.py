"""What an address says of a project, whatever was written into it."""

import pytest

from graph_api.guide.profile import ANY, QUESTIONS, Profile


def test_answers_are_read_and_written_again() -> None:
    said = {"who": "funders", "stage": "idea", "place": "fr-dep-31", "age": "3", "headcount": "0"}
    profile = Profile.read(said)
    assert profile.parameters() == said
    assert profile.next_question() == "need"


def test_questions_are_asked_in_turn_and_can_be_skipped() -> None:
    said: dict[str, str] = {}
    asked = []
    while (question := Profile.read(said).next_question()) is not None:
        asked.append(question)
        said[question] = ANY
    assert tuple(asked) == QUESTIONS
    assert Profile.read(said).answer("stage") == ""


@pytest.mark.parametrize("text", ["", "-1", "3.5", "many", "٣", "1e3", "9" * 40, " "])
def test_what_is_no_number_counts_as_not_said(text: str) -> None:
    profile = Profile.read({"age": text, "headcount": text})
    assert (profile.age, profile.headcount) == (None, None)


def test_a_long_answer_is_cut() -> None:
    assert len(Profile.read({"place": "x" * 10_000}).place) == 100
