"""Relations that structure states: filled templates, with their slots linked to what they name.

The subject of a sheet is what its title names; that of a list what the sentence before it or the
heading above names, if that is one thing. A slot that names nothing known states nothing.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.clauses import Argument, Clause
from ingest.document import SKIPPED, BlockKind, Document
from ingest.extract.amounts import find_quantities
from ingest.extract.persons import ROLE, find_tenures
from ingest.extract.triggers import allowed_arguments, blocked_heading, lexis_of
from ingest.extraction import Mention
from ingest.relation import PREDICATES, Relation, arguments_of
from ingest.templates.filling import Answer, Filled, Lead, Statement
from ingest.topics import NEAR_HEADINGS, Topics
from ontology import terms as mln
from ontology.folding import fold_letters
from ontology.iris import Iris
from ontology.model import Iri, Literal, Term
from ontology.vocabularies import XSD_DECIMAL, XSD_G_YEAR, XSD_STRING

__all__ = ["state_relations"]

Span = tuple[int, int]
_YEAR = re.compile(r"(?:1[89]|20)\d{2}")
_NO = re.compile(r"[\W_]*(?:no|non|none|aucun)\b", re.IGNORECASE)
_OPENS = re.compile(
    r"\b(?:including|such as|by the|by|behalf of|y compris|notamment|dont|tels que|par|grâce à)\s+|:[*_]*\s+"
    r"|^(?:[\W_]*(?:yes|oui)\b[,.]?\s*)?",
    re.IGNORECASE,
)
_SHARE = 0.5
_WISHES = frozenset(("template-members", "template-questionnaire"))
_PARTNERS = re.compile(r"\bpart(?:n|en)(?:er|air)", re.IGNORECASE)
_NEARLY_ALL = 0.7
_LONGEST_ROLE = 140
_OF_END = re.compile(r"\s*\b(?:of(?: the)?|at|de|du|des|de la|de l[’']|d[’'])\Z", re.IGNORECASE)
_CLOSES_LIST = re.compile(r"[\s*_»”\")]*(?:[,.;\n]|etc|among others|notamment|entre autres|\Z)")
_YEARS = frozenset(("publishedInYear", "createdInYear", "adoptedInYear"))


def state_relations(
    document: Document, mentions: Sequence[Mention], filled: Filled, iris: Iris
) -> list[Relation]:
    """Return the relations that the filled templates and apposed roles state, in reading order."""
    reader = _Reader(document, mentions, filled, iris)
    found = [
        *(r for statement in filled.statements for r in reader.statement(statement)),
        *(r for answer in filled.answers for r in reader.answer(answer)),
        *reader.tenures(),
        *reader.signatures(),
        *(r for lead in filled.leads for r in reader.inline_list(lead)),
    ]
    return sorted(found, key=lambda relation: (relation.start, relation.end))


class _Reader:
    def __init__(
        self, document: Document, mentions: Sequence[Mention], filled: Filled, iris: Iris
    ) -> None:
        self._document = document
        self._iris = iris
        self._arguments = arguments_of(document.text, mentions)
        self._single = [a for m in mentions for a in arguments_of(document.text, [m])]
        self._starts = [a.start for a in self._single]
        self._topics = Topics(document, self._arguments, filled.sheets)

    def statement(self, statement: Statement) -> Iterator[Relation]:
        """Yield the relations of one filled template: one for each pair of what its slots name."""
        if statement.rule in _WISHES and self._is_wish(statement.start):
            return
        subjects = self._slot(statement, statement.subject, first=True)
        if statement.predicate in _YEARS:
            yield from self._year(statement, subjects)
            return
        objects: list[tuple[Term, str]]
        if statement.object is not None and isinstance(statement.object[0], str):
            scheme, slug = statement.object
            objects = [(self._iris.concept(scheme, str(slug)), "")]
        else:
            objects = [
                (a.entity, a.family)
                for a in self._slot(statement, statement.object, first=False)
                if a.entity
            ]
        allowed = allowed_arguments()[statement.predicate]
        for subject in subjects:
            for value, family in objects:
                if (
                    subject.entity
                    and (subject.family, family) in allowed
                    and subject.entity != value
                ):
                    yield Relation(
                        subject.entity, PREDICATES[statement.predicate], value,
                        statement.start, statement.end, statement.rule, statement.confidence,
                        self._qualifiers(statement),
                    )  # fmt: skip

    def answer(self, answer: Answer) -> Iterator[Relation]:
        """Yield who backs or funds the subject of a sheet, as its answer lists them."""
        text = self._document.text
        sheet = self._topics.sheet_at(answer.start)
        if sheet is None or sheet.entity is None or _NO.match(text, answer.start, answer.end):
            return
        block = self._document.block_at(answer.start)
        lexis = lexis_of((block.lang if block else "") or self._document.lang)
        for start, end in self._document.sentences(block):
            inside = tuple(a for a in self._arguments if start <= a.start and a.end <= end)
            clause = Clause(text, start, end, inside, lexis)
            named: dict[Iri, Argument] = {}
            for opening in _OPENS.finditer(text[start:end]):
                said = text[start : start + opening.start()]
                if lexis.blocked.search(said) or (
                    answer.predicate == "funds" and _PARTNERS.search(said)
                ):
                    break
                group = clause.agents_after(start + opening.end())
                if group and opening.start() == 0 and ":" not in opening[0]:
                    rest = text[group[-1].end : end]
                    group = group if not re.search(r"\w", rest) else []  # a sentence of its own
                for argument in group:
                    if argument.entity:
                        named.setdefault(argument.entity, argument)
            for argument in named.values():
                ends = (argument, sheet) if answer.answer_is_subject else (sheet, argument)
                if (ends[0].family, ends[1].family) in allowed_arguments()[answer.predicate]:
                    subject, object_ = ends[0].entity, ends[1].entity
                    if subject and object_ and subject != object_:
                        yield Relation(
                            subject, PREDICATES[answer.predicate], object_, start, end,
                            answer.rule, answer.confidence - 0.1,
                        )  # fmt: skip

    def tenures(self) -> Iterator[Relation]:
        """Yield the roles that stand beside persons in running text."""
        for block in self._document.blocks:
            if block.kind in SKIPPED:
                continue
            lang = block.lang or self._document.lang
            for start, end in self._document.sentences(block):
                for tenure in find_tenures(self._document.text, start, end, lang):
                    person = self._named(tenure.person, share=_SHARE)
                    body = self._named(tenure.body, share=0.0, at_start=True)
                    if len(person) == 1 and body and body[0].family == "Actor":
                        if person[0].entity is None or body[0].entity is None:
                            continue
                        yield Relation(
                            person[0].entity, mln.holdsRoleAt, body[0].entity, start, end,
                            "role-apposed", 0.88,
                            ((mln.role, Literal(self._printed(tenure.role), XSD_STRING)),),
                        )  # fmt: skip

    def signatures(self) -> Iterator[Relation]:
        """Yield "NAME" in one heading and "ROLE OF BODY" in the next."""
        blocks = [b for b in self._document.blocks if b.kind not in SKIPPED]
        for one, other in pairwise(blocks):
            if one.kind is not BlockKind.HEADING or other.end - other.start > _LONGEST_ROLE:
                continue
            person = self._named((one.start, one.end), share=_NEARLY_ALL)
            lang = other.lang or self._document.lang
            # Two words in capitals rarely tell their language: the other one is tried, too.
            roles = (
                ROLE(each).search(self._document.text, other.start, other.end)
                for each in (lang, "fr", "en")
            )
            role = next((match for match in roles if match is not None), None)
            if len(person) != 1 or person[0].family != "Person" or role is None:
                continue
            body = [
                a for a in self._named((role.end(), other.end), share=0.0) if a.family == "Actor"
            ]
            if len({a.entity for a in body}) == 1 and person[0].entity and body[0].entity:
                printed = self._printed((other.start, body[0].start)).rstrip(" ,")
                yield Relation(
                    person[0].entity, mln.holdsRoleAt, body[0].entity, one.start, other.end,
                    "role-signature", 0.85,
                    ((mln.role, Literal(_OF_END.sub("", printed), XSD_STRING)),),
                )  # fmt: skip

    def inline_list(self, lead: Lead) -> Iterator[Relation]:
        """Yield what "Examples of beneficiaries: A, B and C." says of the topic."""
        block = self._document.block_at(lead.start)
        lang = (block.lang if block else "") or self._document.lang
        inside = tuple(a for a in self._arguments if lead.start <= a.start and a.end <= lead.end)
        clause = Clause(self._document.text, lead.start, lead.end, inside, lexis_of(lang))
        if clause.lexis.blocked.search(self._document.text[lead.start : lead.colon]):
            return
        for fact in lead.facts:
            allowed = allowed_arguments()[fact.predicate]
            first = fact.subject == "item"
            families = frozenset(pair[1 if first else 0] for pair in allowed)
            topic = self._topics.of_list(
                lead.start, (lead.start, lead.colon), families, loose=False
            )
            items = clause.agents_after(lead.colon) if topic else []
            if items and not _CLOSES_LIST.match(self._document.text, items[-1].end, lead.end + 1):
                continue  # "…: X is a body that …" is a sentence, not a list
            for item in items:
                ends = (item, topic) if first else (topic, item)
                if (
                    ends[0] and ends[1] and ends[0].entity and ends[1].entity
                    and (ends[0].family, ends[1].family) in allowed
                    and ends[0].entity != ends[1].entity
                ):  # fmt: skip
                    yield Relation(
                        ends[0].entity, PREDICATES[fact.predicate], ends[1].entity, lead.start,
                        lead.end, "list-inline", 0.8,
                    )  # fmt: skip

    def _year(self, statement: Statement, subjects: Sequence[Argument]) -> Iterator[Relation]:
        span = statement.object
        if span is None or isinstance(span[0], str):
            return
        year = _YEAR.search(self._document.text, int(span[0]), int(span[1]))
        for subject in subjects if year else ():
            if year and subject.entity:
                yield Relation(
                    subject.entity, PREDICATES[statement.predicate], Literal(year[0], XSD_G_YEAR),
                    statement.start, statement.end, statement.rule, statement.confidence, (),
                    year.span(),
                )  # fmt: skip

    def _slot(self, statement: Statement, span: Span | None, *, first: bool) -> list[Argument]:
        if span is not None:
            return self._named(span, share=_SHARE)
        position = 0 if first else 1
        families = frozenset(pair[position] for pair in allowed_arguments()[statement.predicate])
        topic = self._topics.of_list(
            statement.start, statement.topic, families, loose=statement.loose
        )
        return [topic] if topic else []

    def _named(self, span: Span, *, share: float, at_start: bool = False) -> list[Argument]:
        """Return what a slice names, if names make up enough of it."""
        first = bisect_left(self._starts, span[0] - 2)
        last = bisect_right(self._starts, span[1])
        inside = [a for a in self._single[first:last] if a.entity and a.start < span[1]]
        if at_start:
            inside = [
                a
                for a in inside
                if not re.search(r"\w{4,}", self._document.text[span[0] : a.start])
            ][:1]
        letters = sum(
            len(fold_letters(self._document.text[max(a.start, span[0]) : min(a.end, span[1])]))
            for a in inside
        )
        return (
            inside
            if letters >= share * len(fold_letters(self._document.text[slice(*span)]))
            else []
        )

    def _is_wish(self, offset: int) -> bool:
        near = self._topics.sections_at(offset)[:NEAR_HEADINGS]
        return any(blocked_heading().search(section.title) for section in near)

    def _printed(self, span: Span) -> str:
        return " ".join(re.sub(r"\*\*|</?\w+>|#", "", self._document.text[slice(*span)]).split())

    def _qualifiers(self, statement: Statement) -> tuple[tuple[Iri, Term], ...]:
        found: list[tuple[Iri, Term]] = []
        for name, span in statement.qualifiers:
            printed = self._printed(span).strip(" :")
            if name == "role" and printed:
                found.append((mln.role, Literal(printed, XSD_STRING)))
            elif name == "year" and (year := _YEAR.search(printed)):
                found.append((mln.year, Literal(year[0], XSD_G_YEAR)))
            elif name == "amount":
                money = [q for q in find_quantities(self._document.text, *span, "") if q.currency]
                if len(money) == 1 and money[0].value is not None:
                    found.append((mln.amount, Literal(str(money[0].value), XSD_DECIMAL)))
                    found.append((mln.currency, Literal(money[0].currency, XSD_STRING)))
        return tuple(found)
