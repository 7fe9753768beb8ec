"""The headings of a practice sheet: the twelve questions, and what else it says, in any EU language.

Which words stand for what is data: ``corpus/practice-sheet.yaml``.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import yaml

from corpus import PRACTICE_SHEET

__all__ = ["FIELDS", "LEAST", "QUESTIONS", "PracticeForm", "load_practice_form"]

FIELDS = ("name", "name-fr", "name-en", "actor", "source", "date")
"""What a sheet says beside its answers."""

QUESTIONS = (
    "summary", "need", "recipients", "example", "support-provided", "innovative-aspects",
    "policy-support", "financing", "outcomes", "upscaling", "success-factors", "barriers",
)  # fmt: skip
"""The questions in their order, as the vocabulary ``practice-questions`` names them."""

LEAST = 4
"""So many of the questions make a sheet."""

_ALIKE = 0.75  # share of the words, so that small changes of wording do no harm
_LONG = 3  # words: what has fewer must be the same
_NUMBER = re.compile(r"\s*(?:[^\W\d]{1,10}\s*)?(\d{1,2})\s*[.):–-]?\s+(?=\D)")
_WORD = re.compile(r"[^\W_]+")
_COMMON = ("en", "fr")  # a field may be named in these in any sheet


@dataclass(frozen=True, slots=True)
class PracticeForm:
    """What headings mean: by language, the words of each heading and its key; and as they are printed."""

    words: Mapping[str, Mapping[tuple[str, ...], str]]
    headings: Mapping[str, Mapping[str, Sequence[str]]]

    def blank(self, lang: str) -> str:
        """Return an empty sheet in a language, in Markdown: a title, a line for each field, the questions."""
        said = self.headings[lang]
        fields = [f"{said[key][0]}: " for key in FIELDS if key not in ("name", f"name-{lang}")]
        questions = [f"## {n}. {said[q][-1]}\n" for n, q in enumerate(QUESTIONS, start=1)]
        return "\n".join([f"# {said['name'][0]}\n", *fields, "", *questions])

    def knows(self, heading: str) -> bool:
        """Whether it is a heading of the sheet in some language."""
        return any(self._find(heading, lang) for lang in self.words)

    def knows_field(self, heading: str) -> bool:
        """Whether it is, to the letter, the name of something beside the questions."""
        found = {words.get(_split(heading)) for words in self.words.values()}
        return bool(found & set(FIELDS))

    def language(self, headings: Iterable[str], preferred: Sequence[str] = ()) -> str:
        """Return the language in which most of these are headings; of several the preferred one."""
        counts = Counter(
            lang for heading in set(headings) for lang in self.words if self._find(heading, lang)
        )
        wanted = [tag.partition("-")[0] for tag in preferred]
        return max(
            self.words,
            key=lambda lang: (
                counts[lang],
                -wanted.index(lang) if lang in wanted else -len(wanted),
                -list(self.words).index(lang),
            ),
        )

    def keys(self, headings: Sequence[str], lang: str) -> list[str]:
        """Return what each heading means in a sheet of that language; empty where it means nothing.

        Where four others bear the number of their question, a number alone will do.
        """
        found = [self._find(heading, lang) or _field(self, heading) for heading in headings]
        numbers = [_number(heading) for heading in headings]
        right = [
            QUESTIONS[number - 1] == key
            for number, key in zip(numbers, found, strict=True)
            if number and key in QUESTIONS
        ]
        if len(right) >= LEAST and all(right):
            taken = set(found)
            for place, number in enumerate(numbers):
                if not found[place] and number and QUESTIONS[number - 1] not in taken:
                    found[place] = QUESTIONS[number - 1]
        return found

    def _find(self, heading: str, lang: str) -> str:
        words, known = _split(heading), self.words[lang]
        if words in known:
            return known[words]
        if len(set(words)) < _LONG:
            return ""
        share, key = max(
            (
                (_alike(set(words), set(one)), key)
                for one, key in known.items()
                if len(one) >= _LONG
            ),
            default=(0.0, ""),
        )
        return key if share >= _ALIKE else ""


@cache
def load_practice_form() -> PracticeForm:
    """Read the headings.

    Raises:
        ValueError: two of one language mean different things, or a question has none.
    """
    data = yaml.safe_load(PRACTICE_SHEET.read_text(encoding="utf-8"))
    words: dict[str, dict[tuple[str, ...], str]] = {}
    for lang, said in data.items():
        if set(said) != {*FIELDS, *QUESTIONS}:
            raise ValueError(f"{lang}: {sorted(set(said) ^ {*FIELDS, *QUESTIONS})}")
        for key, headings in said.items():
            for heading in headings:
                if words.setdefault(lang, {}).setdefault(_split(heading), key) != key:
                    raise ValueError(f"{lang}: “{heading}” means two things")
    return PracticeForm(words, data)


def _field(form: PracticeForm, heading: str) -> str:
    for lang in _COMMON:
        key = form.words[lang].get(_split(heading), "")
        if key in FIELDS:
            return key
    return ""


def _split(heading: str) -> tuple[str, ...]:
    """The words of a heading without its number, accents and case, in any script."""
    bare = _NUMBER.sub("", heading, count=1)
    plain = unicodedata.normalize("NFKD", bare.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return tuple(_WORD.findall(kept))


def _number(heading: str) -> int:
    found = _NUMBER.match(heading)
    number = int(found[1]) if found else 0
    return number if number <= len(QUESTIONS) else 0


def _alike(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
