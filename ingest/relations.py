"""Relations between named things, read from sentences, lists and headings by trigger patterns."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest.clauses import Argument, Clause
from ingest.document import SKIPPED, Block, BlockKind, Document
from ingest.extract.amounts import find_quantities
from ingest.extract.dates import find_dates
from ingest.extract.laws import find_laws
from ingest.extract.triggers import (
    Trigger,
    allowed_arguments,
    blocked_heading,
    lexis_of,
    triggers_of,
)
from ingest.extraction import Mention
from ingest.relation import PREDICATES, Relation, arguments_of
from ingest.templates.filling import Sheet
from ingest.topics import NEAR_HEADINGS, Topics
from ontology import terms as mln
from ontology.model import Iri, Literal, Term
from ontology.vocabularies import XSD_DECIMAL, XSD_G_YEAR, XSD_STRING

__all__ = ["LIST_CONFIDENCE", "LONGEST_SENTENCE", "TOPIC_PENALTY", "Relation", "find_relations"]

TOPIC_PENALTY: Final = 0.2
"""What a relation loses in confidence when one end is a pronoun or a heading."""
LONGEST_SENTENCE: Final = 2_000
"""What is longer is no sentence; verbs and arguments too far apart would be tried with each other."""
LIST_CONFIDENCE: Final = 0.75
"""Prior of a relation whose verb stands before a list and whose object is an item."""

_FRONT = re.compile(
    r"[\s\W\d_]*(?:(?:notamment|historiquement|initialement|originally|initially|first|d[’']abord"
    r"|également|also|jointly|conjointement)\s+)?\Z",
    re.IGNORECASE,
)
_HAS_DONE = re.compile(
    r"\b(?:a|ont|has|have|having|ayant|avait)\s+(?:\w+(?:ment|ly)\s+)?\Z", re.IGNORECASE
)
_OPENING_YEAR = re.compile(
    r"[\W_]*(?:\w+,\s+)?(?:en|in|fin|début)\s+(?:[^\W\d]+\s+)?((?:1[89]|20)\d{2})(?![\d/-])[\s,]",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"\b(?:was|were|been|is|are|be|été|est|sont|était|étaient|fut|furent)(?:\s+\w+){0,2}\s+\Z",
    re.IGNORECASE,
)
# Behind a participle stands a preposition or an adverb; behind a verb, its object.
_NO_OBJECT = re.compile(
    r"\s*(?:\(|,|in|at|on|as|by|with|under|for|from|since|during|back|jointly|initially|officially"
    r"|en|à|au|aux|par|dans|sur|sous|avec|pour|dès|depuis|fin|début|courant|le|\w+ment|\w+ly)\b",
    re.IGNORECASE,
)
_WAS_MADE = re.compile(
    r"\b(?:was|were|has\s+been|have\s+been|a\s+été|ont\s+été)"
    r"(?:\s+(?:created|founded|launched|set\s+up|established|créée?s?|fondée?s?|lancée?s?))\b"
    r"|\best\s+née?\b",
    re.IGNORECASE,
)
_SUPPORT_OF = re.compile(
    r"\b(?:avec\s+(?:le\s+soutien|l[’']appui|l[’']aide)\s+(?:\w+\s+)?(?:de\s+l[’']|de\s+la|de|du|des|d[’'])"
    r"|with\s+(?:the\s+)?(?:\w+\s+)?support\s+(?:of|from))(?=\W)",
    re.IGNORECASE,
)
_COPULA_AFTER = re.compile(
    r"[\s*»”\"]*(?:sont|est|are|is|include|comprennent)\b(?:\s*:)?", re.IGNORECASE
)
_BACKING_CONFIDENCE: Final = 0.8
_CITED_YEAR_CONFIDENCE: Final = 0.9
_FRONTED_TARGET = re.compile(
    r",\s*(?P<np>(?:les?|la|l[’']|ce|cette|cet|ces|the|this|these|ils?|elles?|it|they)\b[^,;:.]{0,80})",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\A[^;:.]{0,160},\s*(?:(?:les?|la|l[’']|the)\s*)?[\s«“\"*]*\Z")
_COMMA_THEN_ARTICLE = re.compile(r"[\s*»”\"]*,\s*(?:l[’']|la\s+|le\s+|les\s+|the\s+)?\**")
_YEAR_NEXT = re.compile(
    r"[\s)»”\"*_]*,?\s*(?:en|in|fin|début)\s+(?:[^\W\d]+\s+)?((?:1[89]|20)\d{2})(?![\d/-])"
)
_CREATION = frozenset(("createdBy",))


@dataclass(frozen=True, slots=True)
class _Open:
    """A verb whose object is the list that follows it."""

    trigger: Trigger
    subjects: tuple[Argument, ...]


def find_relations(
    document: Document, mentions: Sequence[Mention], sheets: Sequence[Sheet] = ()
) -> list[Relation]:
    """Return the relations that ``document`` asserts, in reading order.

    Sentences under headings such as "Recommendations", questions, and clauses with a negation, a
    condition or a future yield none.
    """
    found = [*_Reader(document, mentions, sheets).relations(), *_cited_years(document, mentions)]
    return sorted(found, key=lambda relation: (relation.start, relation.end))


def _cited_years(document: Document, mentions: Sequence[Mention]) -> Iterator[Relation]:
    """Yield the year that a law's own citation gives: "loi du 31 juillet 2014", "the 2014 X Act"."""
    spans: list[tuple[int, int]] = []
    starts: list[int] = []
    for mention in mentions:
        if mention.cls != "Law" or mention.entity is None or not mention.asserted:
            continue
        cited = [law for law in find_laws(mention.surface) if law.year and not law.article]
        if not cited or cited[0].kind == "code":
            continue
        if not spans:
            spans = sorted(document.sentences())
            starts = [span[0] for span in spans]
        index = bisect_right(starts, mention.start) - 1
        inside = index >= 0 and mention.end <= spans[index][1]
        start, end = spans[index] if inside else (mention.start, mention.end)
        yield Relation(
            mention.entity, mln.adoptedInYear, Literal(cited[0].year, XSD_G_YEAR), start, end,
            "adoptedInYear-citation", _CITED_YEAR_CONFIDENCE,
        )  # fmt: skip


class _Reader:
    """Walks over the blocks of one document and remembers what lists and pronouns refer to."""

    def __init__(
        self, document: Document, mentions: Sequence[Mention], sheets: Sequence[Sheet]
    ) -> None:
        self._document = document
        self._arguments = arguments_of(document.text, mentions)
        self._starts = [argument.start for argument in self._arguments]
        self._topics = Topics(document, self._arguments, sheets)

    def relations(self) -> Iterator[Relation]:
        open_list: _Open | None = None
        for block in self._document.blocks:
            if block.kind in SKIPPED or block.kind is BlockKind.HEADING:
                open_list = open_list if block.kind in SKIPPED else None
                continue
            if self._is_proposal(block):
                open_list = None
                continue
            if block.kind is BlockKind.ITEM:
                if open_list is not None:
                    yield from self._item(block, open_list)
            else:
                open_list = None
            for clause in self._clauses(block):
                yield from self._in_clause(clause, block)
                if block.kind is not BlockKind.ITEM:
                    open_list = self._opened_by(clause) or open_list

    def _clauses(self, block: Block) -> Iterator[Clause]:
        lang = block.lang or self._document.lang
        for start, end in self._document.sentences(block):
            first = bisect_left(self._starts, start)
            last = bisect_left(self._starts, end)
            inside = tuple(a for a in self._arguments[first:last] if a.end <= end)
            said = self._document.text[start : min(end, start + LONGEST_SENTENCE + 1)]
            if len(said) <= LONGEST_SENTENCE and not said.rstrip('»”"* ').endswith("?"):
                yield Clause(self._document.text, start, end, inside, lexis_of(lang))

    def _is_proposal(self, block: Block) -> bool:
        near = self._topics.sections_at(block.start)[:NEAR_HEADINGS]
        titles = [section.title for section in near]
        opening = self._document.text[block.start : block.start + 30]
        return any(blocked_heading().search(title) for title in titles) or bool(
            re.match(
                r"[\W_]*(?:proposition|recommandation|recommendation)s?\s*(?:n|\d|#|:)",
                opening,
                re.I,
            )
        )

    def _in_clause(self, clause: Clause, block: Block) -> Iterator[Relation]:
        lang = block.lang or self._document.lang
        read = {
            "active": self._active, "passive": self._passive,
            "role": self._role, "capacity": self._capacity, "dated": self._dated,
        }  # fmt: skip
        created: list[Argument] = []
        for trigger in triggers_of(lang):
            for match in trigger.pattern.finditer(clause.text, clause.start, clause.end):
                for relation in read[trigger.frame](clause, trigger, match):
                    if relation.predicate in (mln.createdBy, mln.createdInYear):
                        created += [Argument(match.start(), 0, relation.subject, "Programme")]
                    yield relation
        yield from self._backed(clause, created)
        yield from self._made_in(clause)

    def _made_in(self, clause: Clause) -> Iterator[Relation]:
        """Read "In 2008, A was created …", whoever did it."""
        opening = _OPENING_YEAR.match(clause.text, clause.start, clause.end)
        made = _WAS_MADE.search(clause.text, clause.start, clause.end) if opening else None
        if opening is None or made is None:
            return
        patients = clause.subjects_before(made.start(), passive=True)
        if patients and not clause.is_blocked(patients[0].start, made.start(), made.end()):
            yield from self._years(clause, patients, opening.span(1), "createdInYear-opening", 0.85)

    def _backed(self, clause: Clause, created: Sequence[Argument]) -> Iterator[Relation]:
        """Yield who stood behind a creation: "created by A, with the support of B, …"."""
        if len({a.entity for a in created}) != 1:
            return
        for match in _SUPPORT_OF.finditer(clause.text, clause.start, clause.end):
            for backer in clause.agents_after(match.end()):
                if _makes_sense("supports", backer, created[0]):
                    yield self._relation(
                        clause, backer, "supports", created[0], "supports-backing",
                        _BACKING_CONFIDENCE,
                    )  # fmt: skip

    def _active(self, clause: Clause, trigger: Trigger, match: re.Match[str]) -> Iterator[Relation]:
        objects = clause.objects_after(match.end())
        if not objects:
            return
        subjects, since, penalty = self._subject(clause, match.start(), passive=False)
        if not subjects or clause.is_blocked(since, match.start(), match.end()):
            return
        confidence = trigger.confidence - penalty
        yield from self._pairs(clause, trigger, subjects, objects, trigger.rule, confidence)
        if trigger.predicate in _CREATION:
            span = _creation_year(clause, since, match.end(), objects[-1].end)
            if span:
                yield from self._years(clause, objects, span, "createdInYear-active", confidence)

    def _passive(
        self, clause: Clause, trigger: Trigger, match: re.Match[str]
    ) -> Iterator[Relation]:
        agents = clause.agents_after(match.end())
        patients, since, penalty, fronted = self._patient(clause, match, agents)
        if not patients or clause.is_blocked(since, match.start(), match.end()):
            return
        if fronted:
            agents = list(_fronted_agents(clause, agents))
        confidence = (trigger.fronted_confidence if fronted else trigger.confidence) - penalty
        rule = trigger.rule.replace("passive", "fronted") if fronted else trigger.rule
        yield from self._pairs(clause, trigger, agents, patients, rule, confidence)
        if trigger.predicate in _CREATION and agents:
            span = _creation_year(clause, since, agents[-1].end, agents[-1].end)
            if span:
                yield from self._years(clause, patients, span, "createdInYear-passive", confidence)

    def _role(self, clause: Clause, trigger: Trigger, match: re.Match[str]) -> Iterator[Relation]:
        """Read "The funders of X are A, B and C"."""
        after = [a for a in clause.arguments if a.start >= match.end()][:1]
        if not after or clause.text[match.end() : after[0].start].strip(' «“"*'):
            return
        copula = _COPULA_AFTER.match(clause.text, after[0].end, clause.end)
        if copula and not clause.is_blocked(match.start(), after[0].end, copula.end()):
            named = clause.agents_after(copula.end())
            yield from self._pairs(clause, trigger, named, after, trigger.rule, trigger.confidence)

    def _capacity(
        self, clause: Clause, trigger: Trigger, match: re.Match[str]
    ) -> Iterator[Relation]:
        """Read "As the national operator of X, A …"."""
        after = [a for a in clause.arguments if a.start >= match.end()][:2]
        if len(after) < 2 or not _FRONT.match(clause.text[clause.start : match.start()]):
            return
        patient, actor = after
        if clause.text[match.end() : patient.start].strip(' «“"*'):
            return
        if _COMMA_THEN_ARTICLE.fullmatch(clause.text[patient.end : actor.start]):
            yield from self._pairs(
                clause, trigger, [actor], [patient], trigger.rule, trigger.confidence
            )

    def _dated(self, clause: Clause, trigger: Trigger, match: re.Match[str]) -> Iterator[Relation]:
        if _HAS_DONE.search(clause.text[clause.start : match.start()]):
            return  # "X a lancé en 2020 le programme Y" says when Y was created
        middle = clause.text[match.end("verb") : match.start("year")]
        passive = _WAS.search(clause.text[clause.start : match.start()])
        if not passive and not _NO_OBJECT.match(middle):
            return  # "X created Y in 2020" does, too
        by = re.match(r"\s*(?:par|by)\b", clause.text[match.end() : clause.end])
        agents = clause.agents_after(match.end() + by.end()) if by else []
        patients, since, penalty, _ = self._patient(clause, match, agents)
        if patients and not clause.is_blocked(since, match.start(), match.end()):
            yield from self._years(
                clause, patients, match.span("year"), trigger.rule, trigger.confidence - penalty,
                trigger.predicate,
            )  # fmt: skip

    def _subject(
        self, clause: Clause, at: int, *, passive: bool
    ) -> tuple[list[Argument], int, float]:
        """Return the subjects of a verb, where they start, and what confidence they cost."""
        subjects = clause.subjects_before(at, passive=passive)
        if subjects:
            return subjects, subjects[0].start, 0.0
        topic = clause.topic_before(at)
        if topic is None:
            return [], at, 0.0
        argument = self._topics.resolve(topic[0], clause)
        return ([argument] if argument else []), topic[1], TOPIC_PENALTY

    def _patient(
        self, clause: Clause, match: re.Match[str], agents: Sequence[Argument]
    ) -> tuple[list[Argument], int, float, bool]:
        """Return what a participle is said of, where that starts, its cost, and if it comes after."""
        at = match.start()
        if not _FRONT.match(clause.text[clause.start : at]):
            return *self._subject(clause, at, passive=True), False
        agents = _fronted_agents(clause, agents)
        tail = agents[-1].end if agents else match.end()
        named = [a for a in clause.arguments if a.start >= tail][:1]
        if named and _COMMA.search(clause.text[tail : named[0].start]):
            return [named[0]], at, 0.0, True
        for target in _FRONTED_TARGET.finditer(clause.text, tail, clause.end):
            after = [a for a in clause.arguments if target.start() <= a.start < target.end()]
            if after and clause.agents_after(target.start("np"))[:1] == after[:1]:
                return [after[0]], at, 0.0, True
            for kind, pattern in clause.lexis.topics.items():
                if pattern.match(target["np"]):
                    topic = self._topics.resolve(kind, clause)
                    return ([topic] if topic else []), at, TOPIC_PENALTY, True
        return [], at, 0.0, True

    def _pairs(
        self,
        clause: Clause,
        trigger: Trigger,
        agents: Sequence[Argument],
        patients: Sequence[Argument],
        rule: str,
        confidence: float,
    ) -> Iterator[Relation]:
        subjects, objects = (agents, patients) if trigger.agent_is_subject else (patients, agents)
        qualifiers = self._qualifiers(clause, trigger, objects)
        for subject in subjects:
            for object_ in objects:
                if _makes_sense(trigger.predicate, subject, object_):
                    yield self._relation(
                        clause, subject, trigger.predicate, object_, rule, confidence, qualifiers
                    )

    def _relation(
        self,
        clause: Clause,
        subject: Argument,
        predicate: str,
        object_: Argument,
        rule: str,
        confidence: float,
        qualifiers: tuple[tuple[Iri, Term], ...] = (),
    ) -> Relation:
        return Relation(
            subject.entity or Iri(""), PREDICATES[predicate], object_.entity or Iri(""),
            clause.start, clause.end, rule, round(confidence, 2), qualifiers,
        )  # fmt: skip

    def _years(
        self,
        clause: Clause,
        patients: Sequence[Argument],
        span: tuple[int, int],
        rule: str,
        confidence: float,
        predicate: str = "createdInYear",
    ) -> Iterator[Relation]:
        year = Literal(clause.text[slice(*span)], XSD_G_YEAR)
        for patient in patients:
            allowed = allowed_arguments()[predicate]
            if patient.entity and ((patient.family, "") in allowed or (patient.cls, "") in allowed):
                yield Relation(
                    patient.entity, PREDICATES[predicate], year, clause.start, clause.end,
                    rule, round(confidence, 2), (), span,
                )  # fmt: skip

    def _qualifiers(
        self, clause: Clause, trigger: Trigger, objects: Sequence[Argument]
    ) -> tuple[tuple[Iri, Term], ...]:
        if trigger.predicate == "adopts":
            dates = find_dates(clause.text, clause.start, clause.end)
            if len(dates) == 1 and dates[0].until is None:
                return ((mln.year, Literal(dates[0].year, XSD_G_YEAR)),)
        if trigger.predicate == "funds" and len(objects) == 1:
            money = [
                q for q in find_quantities(clause.text, clause.start, clause.end, "") if q.currency
            ]
            if len(money) == 1 and money[0].value is not None:
                return (
                    (mln.amount, Literal(str(money[0].value), XSD_DECIMAL)),
                    (mln.currency, Literal(money[0].currency, XSD_STRING)),
                )
        return ()

    def _opened_by(self, clause: Clause) -> _Open | None:
        """Return the verb of a sentence that ends with a colon and has no object of its own."""
        if not clause.text[clause.start : clause.end].rstrip("* \n").endswith(":"):
            return None
        block = self._document.block_at(clause.start)
        lang = (block.lang if block else "") or self._document.lang
        for trigger in triggers_of(lang):
            if trigger.frame not in ("active", "passive"):
                continue
            for match in trigger.pattern.finditer(clause.text, clause.start, clause.end):
                rest = clause.text[match.end() : clause.end]
                if len(rest.split()) > 12 or any(a.start >= match.end() for a in clause.arguments):
                    continue
                subjects, since, _ = self._subject(
                    clause, match.start(), passive=trigger.frame == "passive"
                )
                if subjects and not clause.is_blocked(since, match.start(), match.end()):
                    return _Open(trigger, tuple(subjects))
        return None

    def _item(self, block: Block, opened: _Open) -> Iterator[Relation]:
        for clause in self._clauses(block):
            begin = re.compile(r"[\s\W\d_]*").match(clause.text, clause.start, clause.end)
            objects = clause.agents_after(begin.end() if begin else clause.start)[:1]
            if objects and not clause.lexis.blocked.search(
                clause.text[clause.start : objects[0].start]
            ):
                trigger = replace(opened.trigger, rule=f"{opened.trigger.rule}-list")
                active = opened.trigger.frame == "active"
                yield from self._pairs(
                    clause, trigger,
                    opened.subjects if active else objects,
                    objects if active else opened.subjects,
                    trigger.rule, LIST_CONFIDENCE,
                )  # fmt: skip
            return


def _makes_sense(predicate: str, subject: Argument, object_: Argument) -> bool:
    return (
        subject.entity is not None
        and object_.entity is not None
        and subject.entity != object_.entity
        and (subject.family, object_.family) in allowed_arguments()[predicate]
    )


def _creation_year(
    clause: Clause, since: int, verb_end: int, last_end: int
) -> tuple[int, int] | None:
    """Return where the year of a creation stands: opening the sentence, or behind verb or object."""
    opening = _OPENING_YEAR.match(clause.text, clause.start, since)
    if opening is not None:
        return opening.span(1)
    for at in (verb_end, last_end):
        after = _YEAR_NEXT.match(clause.text, at, clause.end)
        if after is not None:
            return after.span(1)
    return None


def _fronted_agents(clause: Clause, agents: Sequence[Argument]) -> Sequence[Argument]:
    """Drop what a comma alone joins: "Créée par A et B, la C est …" says it of C."""
    joined = [
        i for i in range(1, len(agents))
        if re.search(r"\b(?:et|and)\b|&", clause.text[agents[i - 1].end : agents[i].start])
    ]  # fmt: skip
    return agents[: joined[-1] + 1] if joined else agents[:1]
