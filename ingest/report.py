"""What came of reading one document: what was read, found, asserted, left to a person or skipped, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ingest.document import SKIPPED, Document
from ingest.extraction import Extraction
from ingest.publishing import PublishingBar, Rule, rule_of
from ontology import terms as mln

__all__ = ["Found", "IngestReport", "RuleReport", "Why", "report_on"]

Why = Literal["", "proposes", "imprecise", "unmeasured"]
"""Why what a rule reads waits: it never asserts; it was measured and is not right often enough; nothing
was measured that could tell."""


@dataclass(frozen=True, slots=True)
class Found:
    """Names of one class: how often they were found for certain, how often only perhaps, and how many
    different things the certain ones name."""

    cls: str
    asserted: int
    candidates: int
    entities: int


@dataclass(frozen=True, slots=True)
class RuleReport:
    """Claims that one rule read: how many are public, how many wait, and why."""

    rule: str
    kind: str
    public: int
    waiting: int
    why: Why


@dataclass(frozen=True, slots=True)
class IngestReport:
    """One document. ``blocks`` counts the kinds of blocks, ``skipped`` those among them that are never
    read for facts (running heads, tables of contents); ``languages`` gives each language's share of the
    text, 0 to 1. Of the figures, ``valued`` have a value (the others are malformed) and ``placed`` are
    said of something; ``minted`` counts entities that the document itself introduces."""

    reader: str
    characters: int
    pages: int
    sections: int
    blocks: dict[str, int]
    skipped: dict[str, int]
    languages: dict[str, float]
    warnings: tuple[str, ...]
    proposed: tuple[dict[str, Any], ...]
    names: tuple[Found, ...]
    minted: int
    figures: int
    valued: int
    placed: int
    rules: tuple[RuleReport, ...]

    @property
    def public(self) -> int:
        """How many claims are public unreviewed."""
        return sum(rule.public for rule in self.rules)

    @property
    def waiting(self) -> int:
        """How many claims wait for a person."""
        return sum(rule.waiting for rule in self.rules)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {**asdict(self), "public": self.public, "waiting": self.waiting}


def report_on(document: Document, extraction: Extraction, bar: PublishingBar) -> IngestReport:
    """Return the report on a document; ``extraction`` is as the pipeline gave it, before ``bar``."""
    blocks = Counter(block.kind.value for block in document.blocks)
    letters: Counter[str] = Counter()
    for block in document.blocks:
        letters[block.lang or document.lang] += block.end - block.start
    total = sum(letters.values()) or 1
    return IngestReport(
        reader=document.reader,
        characters=len(document.text),
        pages=len(document.pages),
        sections=len(document.sections),
        blocks=dict(blocks.most_common()),
        skipped={kind.value: blocks[kind.value] for kind in sorted(SKIPPED) if blocks[kind.value]},
        languages={lang: round(n / total, 3) for lang, n in letters.most_common()},
        warnings=document.warnings,
        proposed=tuple(asdict(proposal) for proposal in document.metadata),
        names=tuple(_names(extraction)),
        minted=len(extraction.minted),
        figures=len(extraction.figures),
        valued=sum(figure.value is not None for figure in extraction.figures),
        placed=sum(figure.iri is not None for figure in extraction.figures),
        rules=tuple(_rules(extraction, bar)),
    )


def _names(extraction: Extraction) -> Iterator[Found]:
    asserted: Counter[str] = Counter()
    candidates: Counter[str] = Counter()
    entities: defaultdict[str, set[str]] = defaultdict(set)
    for mention in extraction.mentions:
        cls = mention.cls or "Concept"
        (asserted if mention.asserted else candidates)[cls] += 1
        if mention.asserted and mention.entity:
            entities[cls].add(mention.entity)
    for cls in sorted({*asserted, *candidates}, key=lambda c: (-asserted[c], c)):
        yield Found(cls, asserted[cls], candidates[cls], len(entities[cls]))


def _rules(extraction: Extraction, bar: PublishingBar) -> Iterator[RuleReport]:
    parted = bar.apply(extraction)
    public = Counter(rule_of(c) for c in parted.claims if c.predicate != mln.mentions)
    waiting = Counter(rule_of(c) for c in parted.candidates if c.predicate != mln.mentions)
    for rule in sorted({*public, *waiting}, key=lambda r: (-public[r], -waiting[r], r)):
        why = _why(rule, bar) if waiting[rule] else ""
        yield RuleReport(rule.name, rule.kind, public[rule], waiting[rule], why)


def _why(rule: Rule, bar: PublishingBar) -> Why:
    if rule.kind == "proposals":
        return "proposes"
    return "imprecise" if bar.basis(rule).judged else "unmeasured"
