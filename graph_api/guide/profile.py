"""What a visitor said of a project: the questions of the guide and the answers so far."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

__all__ = ["ANY", "MOST_AGE", "MOST_HEADCOUNT", "QUESTIONS", "Profile"]

QUESTIONS = ("who", "stage", "need", "place")
"""In the order they are asked; age and headcount are asked together, once results are there."""

ANY = "any"
"""The answer of those who would rather not say."""

_SLUG = re.compile(r"[a-z0-9-]{1,80}")

MOST_AGE = 500
MOST_HEADCOUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class Profile:
    """Answers: slugs of concepts and of a territory; ``""`` not asked yet, :data:`ANY` skipped.

    ``age`` in years and ``headcount`` in employees are None where nothing was said; an
    organisation that does not exist yet is 0 years old and employs nobody.
    """

    who: str = ""
    stage: str = ""
    need: str = ""
    place: str = ""
    age: int | None = None
    headcount: int | None = None

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Self:
        """Read the answers from an address; what cannot be an answer counts as not said."""
        words = {name: parameters.get(name, "").strip() for name in QUESTIONS}
        place = words.pop("place")[:100]  # a name, until it is settled which territory is meant
        return cls(
            **{name: word if _SLUG.fullmatch(word) else "" for name, word in words.items()},
            place=place,
            age=_number(parameters.get("age", ""), MOST_AGE),
            headcount=_number(parameters.get("headcount", ""), MOST_HEADCOUNT),
        )

    def answer(self, question: str) -> str:
        """What was answered; ``""`` where nothing was, or where the visitor would rather not say."""
        found: str = getattr(self, question)
        return "" if found == ANY else found

    def next_question(self) -> str | None:
        """The first question without an answer, None when all are answered."""
        return next((name for name in QUESTIONS if not getattr(self, name)), None)

    def parameters(self) -> dict[str, str]:
        """The answers as they stand in an address."""
        found = {name: str(getattr(self, name)) for name in QUESTIONS if getattr(self, name)}
        if self.age is not None:
            found["age"] = str(self.age)
        if self.headcount is not None:
            found["headcount"] = str(self.headcount)
        return found


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and int(text) <= most else None
