"""Filling templates: which lines, lists and sheets of a document fit one, and what they then say.

It knows no names: slots are slices of the text. What they name is linked later.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.document import Block, BlockKind, Document, Section
from ingest.extract.persons import ROLE, is_person
from ingest.sentences import skip_marker
from ingest.spotted import SpottedName
from ingest.templates.loading import (
    Fact,
    Line,
    Names,
    Question,
    Questionnaire,
    content_words,
    load_templates,
)
from ingest.templates.slots import DEFINITE, bare, before_bracket, looks_like_name

__all__ = ["Answer", "Filled", "Lead", "Sheet", "Statement", "fill_templates", "sheet_of"]

Span = tuple[int, int]
_SKIPPED = (BlockKind.CONTENTS, BlockKind.FURNITURE)
_LONGEST_LEAD = 20
_SAME_QUESTION = 0.7
_TICKED = 0.75


@dataclass(frozen=True, slots=True)
class Statement:
    """What a filled template states: slices, or a concept ``(scheme, slug)``, or ``None`` for the
    topic, to be looked for in ``topic`` (a slice) and the headings above.

    ``start``–``end`` is its evidence; ``qualifiers`` are (property, slice).
    """

    rule: str
    subject: Span | None
    predicate: str
    object: Span | tuple[str, str] | None
    start: int
    end: int
    confidence: float
    topic: Span | None = None
    loose: bool = False
    qualifiers: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The block of a sheet that answers a question about who backs, funds or joins its subject."""

    rule: str
    sheet: Span
    start: int
    end: int
    predicate: str
    answer_is_subject: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section with the questions of a questionnaire: ``title`` is the slice of its heading."""

    title: Span
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence whose words before the ``colon`` are those of a list: "Partners: A, B"."""

    start: int
    colon: int
    end: int
    facts: tuple[Fact, ...]


@dataclass
class Filled:
    """All that the templates found in one document."""

    names: list[SpottedName] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


def fill_templates(document: Document) -> Filled:
    """Return what the templates read in ``document``, in reading order for each template."""
    filled = Filled()
    blocks = [b for b in document.blocks if b.kind not in _SKIPPED]
    lines = [t for t in load_templates() if isinstance(t, Line)]
    for block in blocks:
        _fill_lines(document, block, lines, filled)
    for template in load_templates():
        if isinstance(template, Questionnaire):
            _fill_questionnaire(document, template, filled)
    lists = [t for t in load_templates() if isinstance(t, Names)]
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            filled.leads += _inline_leads(document, block, lists)
    for lead, items in _lists(document, blocks):
        _fill_names(document, lead, items, lists, filled)
    return filled


# Lines


def _fill_lines(document: Document, block: Block, lines: Sequence[Line], filled: Filled) -> None:
    text = document.text
    pieces = list(_pieces(text, block))
    done: set[Span] = set()
    for template in lines:
        if block.kind.value not in template.blocks:
            continue
        heading = document.section_at(block.start) if template.under else None
        if template.under and (heading is None or not template.under.search(heading.title)):
            continue
        for span in pieces:
            match = None if span in done else _first_match(template, text, span)
            if match is not None:
                done.add(span)
                _fill_line(document, block, template, match, span, heading, filled)


def _pieces(text: str, block: Block) -> Iterator[Span]:
    """Yield the block and, where it has several, its lines."""
    start = skip_marker(text, block.start, block.end)
    if block.end - start <= 600:
        yield start, block.end
    if "\n" in text[start : block.end]:
        for line in re.finditer(r"[^\n]+", text[start : block.end]):
            printed = line[0].strip()
            if printed:
                begin = start + line.start() + line[0].index(printed[0])
                yield skip_marker(text, begin, begin + len(printed)), begin + len(printed)


def _first_match(template: Line, text: str, span: Span) -> re.Match[str] | None:
    for form in template.forms:
        match = form.match(text, *span)
        if match is not None and _slots_hold(match):
            return match
    return None


def _slots_hold(match: re.Match[str]) -> bool:
    """Check what a pattern cannot: a person is known by the given name, a name by its capital."""
    groups = match.groupdict()
    for slot, printed in groups.items():
        kind = slot.rstrip("0123456789")
        if kind == "person" and "role" not in groups and not is_person(printed.strip()):
            return False
        if kind in ("name", "body") and not looks_like_name(printed):
            return False
        if kind == "title" and not (
            len(printed.split()) > 1 and (printed[0].isupper() or not printed[0].isalpha())
        ):
            return False
    return True


def _fill_line(
    document: Document,
    block: Block,
    template: Line,
    match: re.Match[str],
    span: Span,
    heading: Section | None,
    filled: Filled,
) -> None:
    text, lang = document.text, block.lang or document.lang
    slots = {name: bare(text, match.span(name)) for name in match.groupdict()}
    if heading is not None:
        held = document.block_at(heading.start)
        slots["under"] = bare(text, (held.start, held.end)) if held else span
    rule = f"template-{template.rule}"
    for slot, cls in template.names.items():
        if slot in slots:
            filled.names += _names_of(text, slots[slot], cls, lang, rule)
    for fact in template.facts:
        subject, object_ = slots.get(fact.subject), slots.get(fact.object)
        if (subject is None and fact.subject != "topic") or (
            object_ is None and fact.object != "topic"
        ):
            continue
        filled.statements.append(
            Statement(
                rule, subject, fact.predicate, object_, span[0], span[1], template.confidence,
                topic=_lead_of(document, block),
                qualifiers=tuple(
                    (p, slots[s]) for p, s in sorted(fact.qualifiers.items()) if s in slots
                ),
            )
        )  # fmt: skip


def _names_of(text: str, span: Span, cls: str, lang: str, rule: str) -> Iterator[SpottedName]:
    """Yield the names in a slot: several where "and" joins bodies."""
    spans = [span]
    if cls == "Actor":
        spans = [
            bare(text, (span[0] + m.start(), span[0] + m.end()))
            for m in re.finditer(r"(?:(?!\s(?:et|and|&)\s).)+", text[slice(*span)], re.DOTALL)
        ]
    for start, end in spans:
        printed = " ".join(text[start:end].split())
        if printed and (cls != "Actor" or looks_like_name(printed)):
            yield SpottedName(printed, cls, lang, start, end, rule)


def _lead_of(document: Document, block: Block) -> Span | None:
    """Return the paragraph before the list that ``block`` is an item of, in the same section."""
    index = next(i for i, b in enumerate(document.blocks) if b.start == block.start)
    for before in reversed(document.blocks[max(0, index - 40) : index]):
        if before.kind is BlockKind.PARAGRAPH:
            return before.start, before.end
        if before.kind is BlockKind.HEADING:
            return None
    return None


# Lists of bare names


def _inline_leads(document: Document, block: Block, templates: Sequence[Names]) -> Iterator[Lead]:
    for start, end in document.sentences(block):
        colon = document.text.find(":", start, end - 1)
        before = document.text[start:colon] if colon > 0 else ""
        if not before or len(before.split()) > _LONGEST_LEAD:
            continue
        template = next(
            (t for t in templates if not t.lead_is_body and t.lead.search(before)), None
        )
        if template is not None:
            yield Lead(start, colon + 1, end, template.facts)


def _lists(document: Document, blocks: Sequence[Block]) -> Iterator[tuple[Block, list[Block]]]:
    """Yield each list with the heading or the paragraph that ends with a colon before it."""
    lead: Block | None = None
    items: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.ITEM:
            items.append(block)
            continue
        if lead is not None and items:
            yield lead, items
        items = []
        ends = document.text[block.start : block.end].rstrip("* \n")
        leads = block.kind is BlockKind.HEADING or ends.endswith(":")
        lead = block if leads else None
    if lead is not None and items:
        yield lead, items


def _fill_names(
    document: Document,
    lead: Block,
    items: Sequence[Block],
    templates: Sequence[Names],
    filled: Filled,
) -> None:
    text, lang = document.text, lead.lang or document.lang
    title = bare(text, (skip_marker(text, lead.start, lead.end), lead.end))
    printed = text[slice(*title)]
    last = printed if lead.kind is BlockKind.HEADING else re.split(r"[.!?]\s", printed)[-1]
    template = next((t for t in templates if t.lead.search(last)), None)
    if template is None or len(items) < 2 or len(last.split()) > 40:
        return
    if template.lead_is_body and (lead.kind is not BlockKind.HEADING or len(last.split()) > 8):
        return
    spans = [_item_name(text, item) for item in items]
    named = [span for span in spans if span is not None]
    if len(named) < 0.6 * len(items):
        return
    persons = sum(is_person(text[slice(*span)]) for span in named) >= 0.6 * len(named)
    rule = f"template-{template.rule}"
    if template.lead_is_body:
        title = before_bracket(text, title)
        filled.names.append(SpottedName(
            " ".join(text[slice(*title)].split()), template.cls, lang, *title, rule, local=True
        ))  # fmt: skip
    for item, span in zip(items, spans, strict=True):
        if span is None:
            continue
        cls = "Person" if persons or is_person(text[slice(*span)]) else template.cls
        filled.names.append(
            SpottedName(" ".join(text[slice(*span)].split()), cls, lang, *span, rule)
        )
        slots = {"item": span, "lead": title, "topic": None}
        role = _role_in_bracket(text, span, item, lang)
        if role is not None:
            slots["bracket"] = role
        _state_names(template, lead, slots, item, filled, rule, person=cls == "Person")


def _state_names(
    template: Names,
    lead: Block,
    slots: Mapping[str, Span | None],
    block: Block,
    filled: Filled,
    rule: str,
    *,
    person: bool,
) -> None:
    personal = person and template.person_facts
    for fact in template.person_facts if personal else template.facts:
        if not {fact.subject, fact.object, *fact.qualifiers.values()} <= set(slots):
            continue
        own = "item" in (fact.subject, fact.object)
        evidence = (block.start, block.end) if own else (lead.start, lead.end)
        loose = template.lead_is_body or bool(personal)
        statement = Statement(
            rule, slots[fact.subject], fact.predicate, slots[fact.object], *evidence,
            template.confidence, topic=None if loose else (lead.start, lead.end), loose=loose,
            qualifiers=tuple(
                (p, span) for p, s in sorted(fact.qualifiers.items()) if (span := slots[s])
            ),
        )  # fmt: skip
        if statement not in filled.statements[-60:]:
            filled.statements.append(statement)


def _role_in_bracket(text: str, name: Span, item: Block, lang: str) -> Span | None:
    """Return "Trésorier" in "Name (Trésorier)"."""
    bracket = re.compile(r"\s*\(([^()]{3,60})\)").match(text, name[1], item.end)
    return bracket.span(1) if bracket and ROLE(lang).match(bracket[1]) else None


def _item_name(text: str, block: Block) -> Span | None:
    start = skip_marker(text, block.start, block.end)
    span = before_bracket(text, bare(text, (start, block.end)))
    article = DEFINITE.match(text, *span)
    if article and text[article.start()].islower():
        span = article.end(), span[1]
    # "the X, a bank that …": the name ends with the comma.
    comma = text.find(",", *span)
    if comma > 0:
        span = span[0], comma
    printed = text[slice(*span)]
    return span if looks_like_name(printed) else None


# Questionnaires


def _fill_questionnaire(document: Document, template: Questionnaire, filled: Filled) -> None:
    rule = f"template-{template.rule}"
    asked = [
        (section, question)
        for section in document.sections
        if (question := _question_of(section.title, template)) is not None
    ]
    for sheet in document.sections:
        inside = [
            (s, q) for s, q in asked
            if sheet.start < s.start < sheet.end and s.level > sheet.level
            and _parent(document, s) == sheet
        ]  # fmt: skip
        if len({q.key for _, q in inside}) < template.minimum:
            continue
        heading = document.block_at(sheet.start)
        if heading is None:
            continue
        title = bare(document.text, (heading.start, heading.end))
        filled.sheets.append(Sheet(title, sheet.start, sheet.end))
        for section, question in inside:
            _fill_answer(document, template, question, section, title, filled, rule)


def _parent(document: Document, section: Section) -> Section | None:
    holding = [
        s for s in document.sections
        if s.start < section.start < s.end and s.level < section.level
    ]  # fmt: skip
    return holding[-1] if holding else None


def _question_of(title: str, template: Questionnaire) -> Question | None:
    words = content_words(title)
    best = max(
        ((_alike(words, asked), q.key, q) for q in template.questions for asked in q.asked),
        key=lambda row: row[:2],
        default=(0.0, "", None),
    )
    return best[2] if best[0] >= _SAME_QUESTION else None


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two sets of words are, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _fill_answer(
    document: Document,
    template: Questionnaire,
    question: Question,
    section: Section,
    title: Span,
    filled: Filled,
    rule: str,
) -> None:
    blocks = [
        b for b in document.blocks
        if section.start < b.start < section.end and b.kind not in (*_SKIPPED, BlockKind.HEADING)
    ]  # fmt: skip
    for fact in question.facts:
        for block in blocks:
            if question.ticks:
                choice = _ticked(document.text, block, question)
                if choice:
                    filled.statements.append(Statement(
                        rule, None, fact.predicate, (question.scheme, choice), block.start,
                        block.end, template.confidence, topic=title,
                    ))  # fmt: skip
                continue
            filled.answers.append(Answer(
                rule, title, block.start, block.end, fact.predicate, fact.subject == "answer",
                template.confidence,
            ))  # fmt: skip


def _ticked(text: str, block: Block, question: Question) -> str | None:
    if block.kind is not BlockKind.ITEM and block.end - block.start > 160:
        return None
    printed = text[skip_marker(text, block.start, block.end) : block.end]
    words = content_words(re.split(r"[:.(\n]", printed)[0])
    rows = [
        (_alike(words, choice), key)
        for key, choices in question.ticks.items()
        for choice in choices
    ]
    best = max(rows, default=(0.0, ""))
    return best[1] if best[0] >= _TICKED else None


def sheet_of(sheets: Sequence[Sheet], offset: int) -> Sheet | None:
    """Return the sheet that holds ``offset``."""
    return next((s for s in sheets if s.start <= offset < s.end), None)
