"""The trigger words of relations, compiled from their table per language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.extract.data import load_table
from ontology.folding import fold

__all__ = [
    "Frame",
    "Lexis",
    "Trigger",
    "allowed_arguments",
    "blocked_heading",
    "lexis_of",
    "triggers_of",
]

_YEAR = r"(?:1[89]|20)\d{2}"
_MONTH = (
    r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)"
)
# What may stand between a participle and "by": "animé au niveau national par", "created in 2010 by".
_MIDDLE = r"(?P<middle>(?:\s+(?!par\b|by\b|qui\b|which\b|pour\b|for\b)[\w’'-]+){0,6}?)"
_BY = {"fr": r"par", "en": r"by"}
_WHEN = {
    "fr": r"(?:en|fin|début|dès|depuis|courant|au\s+(?:début|cours)\s+de(?:\s+l[’']année)?|le)",
    "en": r"(?:in|during|since|in\s+(?:early|late|mid)|on|back\s+in)",
}

_OF = {"fr": r"de\s+la|de\s+l[’']|du|des|de|d[’']", "en": r"of\s+the|for\s+the|of|for"}

_AS = {
    "fr": r"\ben\s+(?:tant\s+qu(?:e\s+|[’'])|qualité\s+d(?:e\s+|[’']))",
    "en": r"\bas\s+(?:the\s+|an?\s+)?(?:[\w-]+\s+)?",
}

Frame = str  # "active", "passive", "role", "capacity" or "dated"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One pattern that says one relation in one language.

    ``agent_is_subject`` tells which end the predicate starts from. ``rule`` names the pattern in
    claims: ``operates-passive-fr``.
    """

    predicate: str
    frame: Frame
    pattern: re.Pattern[str]
    agent_is_subject: bool
    confidence: float
    fronted_confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Lexis:
    """The words of one language that clauses are read by."""

    between: frozenset[str]
    blocked: re.Pattern[str]
    topics: Mapping[str, re.Pattern[str]]
    reporting: tuple[re.Pattern[str], re.Pattern[str]]
    """What makes a name one that merely says something: before it, and behind it."""


@cache
def triggers_of(lang: str) -> tuple[Trigger, ...]:
    """Return the triggers of a language; of English for languages that have none."""
    lang = lang if lang in _BY else "en"
    table = load_table("triggers")
    found: list[Trigger] = [*_of_nouns(table, lang), *_of_years(table, lang)]
    for name, relation in table["relations"].items():
        found += _of_relation(name, relation, lang)
    return tuple(found)


@cache
def lexis_of(lang: str) -> Lexis:
    """Return the clause words of a language; of English for languages that have none."""
    lang = lang if lang in _BY else "en"
    table = load_table("triggers")
    return Lexis(
        frozenset(fold(word) for word in table["between"][lang]),
        re.compile(table["blocked"][lang], re.IGNORECASE),
        {
            kind: re.compile(rf"(?:{patterns[lang]})\b", re.IGNORECASE)
            for kind, patterns in table["topics"].items()
        },
        (
            re.compile(
                rf"\b(?:{table['reporting']['before'][lang]})\s+(?:the\s+|l[ea]s?\s+|l[’'])?\Z",
                re.IGNORECASE,
            ),
            re.compile(
                rf"\W{{0,4}}(?:{table['reporting']['after'][lang]})\s*(?:that|qu[e’'])",
                re.IGNORECASE,
            ),
        ),
    )


@cache
def blocked_heading() -> re.Pattern[str]:
    """Return the pattern of headings under which a text says what ought to be, not what is."""
    return re.compile(load_table("triggers")["blocked_headings"], re.IGNORECASE)


@cache
def allowed_arguments() -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return predicate → the (subject family, object family) pairs that make sense."""
    table = load_table("triggers")["arguments"]
    return {
        predicate: frozenset((subject, object_) for subject, object_ in pairs)
        for predicate, pairs in table.items()
    }


def _of_relation(name: str, relation: Mapping[str, Any], lang: str) -> list[Trigger]:
    predicate = relation.get("predicate", name)
    agent_is_subject = relation["subject"] == "agent"
    confidence = relation["confidence"]
    found: list[Trigger] = []
    if "active" in relation:
        pattern = re.compile(rf"(?<![\w’'-])(?P<verb>{relation['active'][lang]})(?![\w-])")
        found.append(
            Trigger(predicate, "active", pattern, agent_is_subject, confidence["active"], 0.0,
                    f"{name}-active-{lang}")
        )  # fmt: skip
    if "passive" in relation:
        pattern = re.compile(
            rf"\b(?P<verb>{relation['passive'][lang]}){_MIDDLE}\s+{_BY[lang]}\b", re.IGNORECASE
        )
        found.append(
            Trigger(predicate, "passive", pattern, agent_is_subject, confidence["passive"],
                    confidence["fronted"], f"{name}-passive-{lang}")
        )  # fmt: skip
    return found


def _of_nouns(table: Mapping[str, Any], lang: str) -> list[Trigger]:
    found: list[Trigger] = []
    for predicate, nouns in table["roles"].items():
        pattern = re.compile(
            rf"\b(?:les|the|ses|its)\s+(?:[\w-]+\s+)?(?P<verb>{nouns[lang]})(?:\s+[\w-]+)?\s+"
            rf"(?:{_OF[lang]})",
            re.IGNORECASE,
        )
        found.append(
            Trigger(predicate, "role", pattern, True, 0.8, 0.8, f"{predicate}-role-{lang}")
        )
    for predicate, nouns in table["capacities"].items():
        pattern = re.compile(
            rf"(?:{_AS[lang]})(?P<verb>{nouns[lang]})(?:\s+[\w-]+)?\s+(?:{_OF[lang]})",
            re.IGNORECASE,
        )
        found.append(
            Trigger(
                predicate, "capacity", pattern, True, 0.85, 0.85, f"{predicate}-capacity-{lang}"
            )
        )
    return found


def _of_years(table: Mapping[str, Any], lang: str) -> list[Trigger]:
    found: list[Trigger] = []
    for predicate, participles in table["dated"].items():
        pattern = re.compile(
            rf"\b(?P<verb>{participles[lang]})(?P<middle>(?:\s+[\w’'-]+){{0,3}}?)\s+{_WHEN[lang]}\s+"
            rf"(?:(?:\d{{1,2}}(?:er)?\s+)?{_MONTH}\s+(?:\d{{1,2}},?\s+)?)?(?P<year>{_YEAR})(?![\d/-])",
            re.IGNORECASE,
        )
        found.append(
            Trigger(predicate, "dated", pattern, False, 0.88, 0.88, f"{predicate}-dated-{lang}")
        )
    return found
