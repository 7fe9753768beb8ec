"""The template files as values. They are checked when they are read: a bad one is named, never skipped."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from ingest.extract.classes import family_of
from ingest.extract.data import small_words
from ingest.templates.forms import compile_form
from ontology.folding import fold

__all__ = [
    "Fact",
    "Line",
    "Names",
    "Question",
    "Questionnaire",
    "Template",
    "Units",
    "load_templates",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a filled template states: two slots (or ``topic``) and a predicate, with qualifiers.

    ``qualifiers`` maps a property (``role``, ``amount``, ``year``) to the slot that gives its value.
    """

    subject: str
    predicate: str
    object: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a fixed form: ``"{name} : {amount} {rest}"``."""

    rule: str
    blocks: frozenset[str]
    forms: tuple[re.Pattern[str], ...]
    under: re.Pattern[str] | None
    names: Mapping[str, str]
    facts: tuple[Fact, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Names:
    """A list of bare names under a lead (a heading, or a sentence that ends with a colon).

    ``lead_is_body`` when the lead itself names the body whose members the items are.
    ``person_facts``, where there are any, hold in place of ``facts`` for items that are persons.
    """

    rule: str
    lead: re.Pattern[str]
    cls: str
    facts: tuple[Fact, ...]
    lead_is_body: bool
    confidence: float
    person_facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a questionnaire: its prints, and what names or ticks in its answer state."""

    key: str
    asked: tuple[frozenset[str], ...]
    facts: tuple[Fact, ...]
    scheme: str
    ticks: Mapping[str, tuple[frozenset[str], ...]]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Sections with the same questions; ``minimum`` different ones make a section a sheet."""

    rule: str
    minimum: int
    questions: tuple[Question, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Units:
    """Numbered or listed units of a kind: "Proposition n°5 : …", the items below "Indicators".

    ``label`` matches the word and number at a unit's beginning and has the number as ``number``;
    ``under`` the heading, or the paragraph that ends with a colon, whose items are units.
    """

    unit: str
    label: re.Pattern[str] | None
    under: re.Pattern[str] | None


Template = Line | Names | Questionnaire | Units


@cache
def load_templates() -> tuple[Template, ...]:
    """Return the templates, in the order of their file names.

    Raises ``ValueError`` naming the file for one that cannot be understood.
    """
    found: list[Template] = []
    folder = files("ingest.templates")
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            rule = entry.name.removesuffix(".yaml")
            for data in yaml.safe_load_all(entry.read_text(encoding="utf-8")):
                try:
                    found.append(_READ[data["kind"]](rule, data))
                except (KeyError, TypeError, re.error, ValueError) as error:
                    raise ValueError(f"template {entry.name}: {error!r}") from error
    return tuple(found)


def content_words(text: str) -> frozenset[str]:
    """Return the words by which questions and answers to tick are compared."""
    return frozenset(w for w in fold(text).split() if w not in small_words() and len(w) > 1)


def _line(rule: str, data: Mapping[str, Any]) -> Template:
    for cls in data.get("names", {}).values():
        if family_of(cls) is None:
            raise ValueError(f"no class {cls}")
    return Line(
        rule,
        frozenset(data.get("blocks", ("paragraph", "item", "table", "footnote"))),
        tuple(compile_form(form) for form in data["forms"]),
        re.compile(data["under"], re.IGNORECASE) if "under" in data else None,
        MappingProxyType(dict(data.get("names", {}))),
        _facts(data),
        float(data.get("confidence", 0.85)),
    )


def _names(rule: str, data: Mapping[str, Any]) -> Template:
    lead = "|".join(data["lead"].values())
    return Names(
        rule,
        re.compile(lead, re.IGNORECASE),
        data.get("class", "Actor"),
        _facts(data),
        bool(data.get("lead_is_body", False)),
        float(data.get("confidence", 0.85)),
        _facts(data, "person_facts"),
    )


def _questionnaire(rule: str, data: Mapping[str, Any]) -> Template:
    questions = tuple(
        Question(
            key,
            tuple(content_words(asked) for asked in said["ask"]),
            _facts(said),
            said.get("scheme", ""),
            MappingProxyType(
                {
                    choice: tuple(content_words(text) for text in texts)
                    for choice, texts in said.get("ticks", {}).items()
                }
            ),
        )
        for key, said in data["questions"].items()
    )
    return Questionnaire(
        rule, int(data.get("minimum", 4)), questions, float(data.get("confidence", 0.9))
    )


def _units(rule: str, data: Mapping[str, Any]) -> Template:
    label, under = (
        "|".join(data[key].values()) if key in data else "" for key in ("label", "under")
    )
    if not label and not under:
        raise ValueError(f"{rule}: units need a label or a heading")
    return Units(
        str(data["unit"]),
        re.compile(_NUMBERED.replace("WORD", label), re.IGNORECASE) if label else None,
        re.compile(under, re.IGNORECASE) if under else None,
    )


_NUMBERED = (
    r"[\W_]*(?:WORD)\s*(?:n\s*[°ºo.]\s*|no\.?\s*|#\s*|number\s+|numéro\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}\b)[\s*_]*(?:[:.–—)-]|\Z|\n)"
)
"""A label, its number, and what parts it from the text."""


def _facts(data: Mapping[str, Any], key: str = "facts") -> tuple[Fact, ...]:
    return tuple(
        Fact(f["subject"], f["predicate"], f["object"], MappingProxyType(dict(f.get("with", {}))))
        for f in data.get(key, ())
    )


_READ = MappingProxyType(
    {"line": _line, "names": _names, "questionnaire": _questionnaire, "units": _units}
)
