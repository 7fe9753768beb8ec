"""Filling templates: which lines, lists and sheets of a document fit one, and what they then say.

It knows no names: slots are slices of the text. What they name is linked later.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.document import Block, BlockKind, Document, Section
from ingest.extract.data import head_classes, small_words
from ingest.extract.persons import is_person
from ingest.sentences import skip_marker
from ingest.spotted import SpottedName
from ingest.templates.loading import (
    Line,
    Names,
    Question,
    Questionnaire,
    content_words,
    load_templates,
)
from ontology.folding import fold

__all__ = ["Answer", "Filled", "Sheet", "Statement", "fill_templates", "sheet_of"]

Span = tuple[int, int]
_SKIPPED = (BlockKind.CONTENTS, BlockKind.FURNITURE)
_LONGEST_ITEM = 10
_DEFINITE = re.compile(r"(?:les?|la|the|l[’'])\s*", re.IGNORECASE)
_SAME_QUESTION = 0.7
_TICKED = 0.75
_WORD = re.compile(r"[^\W_][\w’'&.+-]*")


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


@dataclass
class Filled:
    """All that the templates found in one document."""

    names: list[SpottedName] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


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
        if kind in ("name", "body") and not _looks_like_name(printed):
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
    slots = {name: _bare(text, match.span(name)) for name in match.groupdict()}
    if heading is not None:
        held = document.block_at(heading.start)
        slots["under"] = _bare(text, (held.start, held.end)) if held else span
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
            _bare(text, (span[0] + m.start(), span[0] + m.end()))
            for m in re.finditer(r"(?:(?!\s(?:et|and|&)\s).)+", text[slice(*span)], re.DOTALL)
        ]
    for start, end in spans:
        printed = " ".join(text[start:end].split())
        if printed and (cls != "Actor" or _looks_like_name(printed)):
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
    title = _bare(text, (skip_marker(text, lead.start, lead.end), lead.end))
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
        title = _before_bracket(text, title)
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
        _state_names(template, lead, title, span, item, filled, rule)


def _state_names(
    template: Names, lead: Block, title: Span, item: Span, block: Block, filled: Filled, rule: str
) -> None:
    slots: dict[str, Span | None] = {"item": item, "lead": title, "topic": None}
    for fact in template.facts:
        own = "item" in (fact.subject, fact.object)
        evidence = (block.start, block.end) if own else (lead.start, lead.end)
        statement = Statement(
            rule, slots[fact.subject], fact.predicate, slots[fact.object], *evidence,
            template.confidence, topic=(lead.start, lead.end) if not template.lead_is_body else None,
            loose=template.lead_is_body,
        )  # fmt: skip
        if statement not in filled.statements[-60:]:
            filled.statements.append(statement)


def _item_name(text: str, block: Block) -> Span | None:
    start = skip_marker(text, block.start, block.end)
    span = _before_bracket(text, _bare(text, (start, block.end)))
    article = _DEFINITE.match(text, *span)
    if article and text[article.start()].islower():
        span = article.end(), span[1]
    # "the X, a bank that …": the name ends with the comma.
    comma = text.find(",", *span)
    if comma > 0:
        span = span[0], comma
    printed = text[slice(*span)]
    return span if _looks_like_name(printed) else None


def _before_bracket(text: str, span: Span) -> Span:
    bracket = text.find("(", *span)
    return _bare(text, (span[0], bracket)) if bracket > span[0] else span


def _bare(text: str, span: Span) -> Span:
    """Leave out white space, marks of bold, quotes and closing punctuation around a slice."""
    start, end = span
    tag = re.compile(r"</?[a-z]{1,6}>|[\s*_«“\"#]|[-–—:]\s")
    while start < end and (match := tag.match(text, start, end)):
        start = match.end()
    while end > start:
        close = re.search(r"(?:</?[a-z]{1,6}>|[\s*_»”\",;.:]|\\)\Z", text[start:end])
        if close is None:
            break
        end = start + close.start()
    return start, end


_NOT_NAMES = re.compile(
    r"^(?:représentants?|membres?|un|une|des|autres?|others?|members?|représentant|other|several|various"
    r"|plusieurs|certains?|any|all|tous?|toutes?|nos|our|their|leurs?|above|the above)\b",
    re.IGNORECASE,
)
_VERBAL = re.compile(
    r"\b(?:est|sont|a|ont|qui|que|dont|pour|is|are|has|have|which|that|who|will|can|be|to|by|par)\b"
)


def _looks_like_name(printed: str) -> bool:
    """Tell whether a short text can be a name: capitalised, few words, no verb, no generic noun alone."""
    printed = _DEFINITE.sub("", printed.strip(" *_"), count=1) or printed
    words = _WORD.findall(printed)
    if not words or len(words) > _LONGEST_ITEM or len(printed) > 90:
        return False
    if not (words[0][:1].isupper() or words[0][:1].isdigit()) or _NOT_NAMES.match(printed):
        return False
    if printed.rstrip().endswith("?") or _VERBAL.search(printed):
        return False
    content = [w for w in words if fold(w) not in small_words()]
    if not content or all(
        fold(w) in head_classes() or fold(w).rstrip("s") in head_classes() for w in content
    ):
        return False
    return (
        len(content) <= 2
        or sum(w[:1].isupper() for w in content) >= 2
        or fold(words[0]) in head_classes()
    )


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
        title = _bare(document.text, (heading.start, heading.end))
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
