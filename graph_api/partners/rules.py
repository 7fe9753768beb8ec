"""The gate's own rules, beside the shapes of the ontology: what a file or a record is refused for.

A rule is named; its sentence says what to do about it, in English here and in French in ``cli.po``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.sentences import translate_sentence

__all__ = ["RECORD_RULES", "REFUSALS", "Finding", "Refusal", "found", "in_words"]

RECORD_RULES = {
    "foreign": "This address lies under none of your prefixes. Describe what is at your own addresses"
    " only, or ask for the prefix to be registered.",
    "blank": "A part of this record has no address (a blank node). Give it one of yours, such as"
    " …#part-1.",
    "triple-term": "This record speaks of a statement as of a thing (RDF 1.2), which is not read here."
    " Leave it out.",
    "machinery": "Documents, passages and statements about statements are made here by reading, not taken"
    " in. Leave them out.",
    "axiom": "Data do not change what terms mean. Leave out axioms of RDFS and OWL.",
    "withdrawn": "This record was withdrawn. It comes back once the withdrawal is taken back.",
}
"""What a record is left out for, by the name of the rule."""

REFUSALS = (
    "format", "unreadable", "syntax", "remote-context", "empty", "too-large", "too-many", "too-slow",
    "crashed", "too-bad", "shrinks", "no-sheet",
)  # fmt: skip
"""What a file is refused for as a whole. What was live before stays."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule finds in a record: ``severity`` is ``violation`` (left out), ``warning`` or ``info``.

    ``rule`` is the name of a shape or of one of :data:`RECORD_RULES`; ``path`` the property concerned,
    ``value`` the offending one, where there is one; ``messages`` the remedy by language.
    """

    record: str
    rule: str
    severity: str
    path: str = ""
    value: str = ""
    messages: Mapping[str, str] = field(default_factory=dict)

    def message(self, lang: str) -> str:
        """The remedy in that language, else in English."""
        return self.messages.get(lang) or self.messages.get("en") or self.rule

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**asdict(self), "messages": dict(self.messages)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises TypeError for what is no finding."""
        return cls(**data)


class Refusal(Exception):  # noqa: N818 - an outcome, not a fault
    """The whole file is refused: ``rule`` is one of :data:`REFUSALS`, ``detail`` a sentence."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail


def found(record: str, rule: str, value: str = "") -> Finding:
    """Return the finding of one of :data:`RECORD_RULES`."""
    return Finding(record, rule, "violation", value=value, messages=in_words(RECORD_RULES[rule]))


def in_words(sentence: str) -> dict[str, str]:
    """Return a sentence of ours by language."""
    return {lang: translate_sentence(sentence, lang) for lang in LANGUAGES}
