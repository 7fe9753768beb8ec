"""The read model of an entity: the rows of its queries become the view of a page and of the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from graph_api.portal.details import Details, load_details
from graph_api.portal.display import date_of, literal_text, load_schema, money_text, type_names
from graph_api.portal.evidence import (
    Assertion,
    Description,
    PassageName,
    SourceList,
    is_reviewed,
    merge_qualifiers,
    qualifier_terms,
    read_confidence,
    read_passage_name,
)
from graph_api.portal.labels import Text, choose_text, local_name
from graph_api.portal.queries import CLAIM_LIMIT, INCOMING_LIMIT, entity_query
from graph_api.portal.views import EntityView, Fact, Mention, Qualifier, Reference, Rule, Value
from graph_api.portal.wording import Wording
from graph_api.services import QueryService, Row
from ontology import terms as mln
from ontology.folding import fold
from ontology.iris import KINDS, Iris
from ontology.model import Iri, Literal, Quad, Term
from ontology.rules import Rule as OntologyRule
from ontology.rules import load_rules
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    DCTERMS_TITLE,
    FOAF_HOMEPAGE,
    OWL_SAME_AS,
    RDF_TYPE,
    RDFS_IS_DEFINED_BY,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_BROADER,
    SKOS_DEFINITION,
    SKOS_HAS_TOP_CONCEPT,
    SKOS_HIDDEN_LABEL,
    SKOS_NARROWER,
    SKOS_PREF_LABEL,
    SKOS_RELATED,
    SKOS_TOP_CONCEPT_OF,
    XSD_G_YEAR,
)

__all__ = ["EntityDraft", "EntityReader", "quads_of"]

ASSERTIONS_SHOWN = 8
"""Assertions of one value whose sources a page shows."""

VALUES_SHOWN = 60
"""Values of one property on a page; the rest is a search or a query away."""

_NOT_FACTS = frozenset(
    {
        RDF_TYPE, SKOS_PREF_LABEL, SKOS_ALT_LABEL, SKOS_HIDDEN_LABEL, RDFS_LABEL, DCTERMS_TITLE,
        DCTERMS_DESCRIPTION, SKOS_DEFINITION, FOAF_HOMEPAGE, RDFS_IS_DEFINED_BY, OWL_SAME_AS,
        mln.mentions, mln.mentionedIn, mln.hasFile, mln.fileOf, mln.uncheckedLanguage,
        SKOS_TOP_CONCEPT_OF, SKOS_HAS_TOP_CONCEPT,
    }
)  # fmt: skip

_OUTSIDE_INVERSES = {
    SKOS_BROADER: SKOS_NARROWER,
    SKOS_NARROWER: SKOS_BROADER,
    SKOS_RELATED: SKOS_RELATED,
}


def quads_of(rows: Iterable[Row]) -> list[Quad]:
    """Rows (s, p, o, and g where it was asked for) as quads."""
    found = []
    for row in rows:
        subject, predicate, graph = row["s"], row["p"], row.get("g", Iri(""))
        if isinstance(subject, Iri) and isinstance(predicate, Iri) and isinstance(graph, Iri):
            found.append(Quad(subject, predicate, row["o"], graph))
    return found


def rule_of(quad: Quad, iris: Iris) -> str:
    """Return the rule that a quad is a conclusion of, or "" where a source says it."""
    root = f"{iris.graph('inferred')}/"
    return quad.graph.removeprefix(root) if quad.graph.startswith(root) else ""


@cache
def known_rules() -> tuple[OntologyRule, ...]:
    """The rules that ship, read once."""
    return load_rules()


class EntityReader:
    """Asks for an entity in two queries, the second for all labels at once."""

    def __init__(self, queries: QueryService, iris: Iris, wording: Wording) -> None:
        self._queries = queries
        self._iris = iris
        self._wording = wording

    async def read(self, iri: Iri, lang: str) -> EntityView | None:
        """Return the view of an entity, None where nothing is said about it.

        Raises:
            EngineDownError, DeadlineError, BusyError
        """
        quads = quads_of(await self._queries.select(entity_query(iri, self._iris)))
        description = Description(quad for quad in quads if not rule_of(quad, self._iris))
        if not description.predicates(iri):
            return None
        draft = EntityDraft(iri, description, self._iris, self._wording, lang)
        draft.conclude(quads)
        details = await load_details(self._queries, draft.references())
        return draft.view(details)


@dataclass(frozen=True, slots=True)
class _Statement:
    """One line of the page: a property read from the entity's side, and its value."""

    predicate: Iri
    inverse: bool
    value: Term


class EntityDraft:
    """What a description says, sorted into statements, before anything has its label."""

    def __init__(
        self, iri: Iri, description: Description, iris: Iris, wording: Wording, lang: str
    ) -> None:
        self.iri = iri
        self.lang = lang
        self._description = description
        self._iris = iris
        self._word = wording
        self._schema = load_schema()
        self._statements: dict[_Statement, list[Assertion]] = {}
        self._mentioning: list[Iri] = []
        self._files: list[Iri] = []
        self._rules: dict[_Statement, set[str]] = {}
        self._collect()

    def conclude(self, quads: Iterable[Quad]) -> None:
        """Add what rules conclude and no source says, less what follows from a word of the page.

        A general relation is left out where the page has a more specific one with the same value,
        and so are terms of outside vocabularies: they say the same in other words.
        """
        found: dict[_Statement, set[str]] = {}
        for quad in quads:
            rule = rule_of(quad, self._iris)
            if (
                not rule
                or quad.subject != self.iri
                or quad.predicate not in self._schema.properties
            ):
                continue
            if quad.predicate not in _NOT_FACTS and quad.object != self.iri:
                statement = self._canonical(quad.predicate, quad.object, inverse=False)
                if statement not in self._statements:
                    found.setdefault(statement, set()).add(rule)
        general = {
            (above, statement.value)
            for statement in (*self._statements, *found)
            for above in self._ancestors(statement.predicate)
        }
        for statement, rules in found.items():
            if (statement.predicate, statement.value) not in general:
                self._statements[statement] = []
                self._rules[statement] = rules

    def _ancestors(self, predicate: Iri) -> set[Iri]:
        found: set[Iri] = set()
        left = [predicate]
        while left:
            term = self._schema.properties.get(left.pop())
            new = set(term.parents if term else ()) - found
            found |= new
            left += new
        return found

    def references(self) -> set[Iri]:
        """Every IRI whose label the page shows."""
        found = {self.iri, *self._mentioning, *self._files}
        for statement, assertions in self._statements.items():
            if isinstance(statement.value, Iri):
                found.add(statement.value)
            for assertion in assertions:
                found |= {
                    value
                    for _, value in qualifier_terms(self._description, assertion)
                    if isinstance(value, Iri)
                }
                for citation in self._description.iris(assertion.iri, mln.citation):
                    found |= set(self._description.iris(citation, mln.citedPublication))
        for subject in self._description.subjects():
            found |= set(self._description.iris(subject, mln.fileOf))
            if self._description.iris(subject, mln.fileOf):
                found.add(subject)
        return found | self._evidence_documents()

    def view(self, details: Details) -> EntityView:
        """Give everything its label and number the sources in the order of the page."""
        kind, slug = self._iris.split(self.iri) or ("", local_name(self.iri))
        sources = SourceList(self._description, self._iris)
        facts = self._facts(details, sources, relations=False)
        relations = self._facts(details, sources, relations=True)
        labels = {iri: details.label(iri, self.lang) for iri in sources.references()}
        label = self._own_label(details)
        return EntityView(
            iri=self.iri,
            kind=kind,
            slug=slug,
            lang=self.lang,
            label=label,
            types=type_names(self._description.iris(self.iri, RDF_TYPE), kind, self.lang),
            names=self._names(label),
            summary=self._text(DCTERMS_DESCRIPTION),
            definition=self._text(SKOS_DEFINITION),
            homepage=self._homepage(),
            facts=facts,
            relations=relations,
            sources=sources.sources(labels, details.refused),
            mentions=self._documents(self._mentioning, details),
            files=self._documents(self._files, details),
            rules=self._shown_rules(),
            cut=self._cut(),
        )

    def _shown_rules(self) -> tuple[Rule, ...]:
        used = set().union(*self._rules.values())
        return tuple(
            Rule(rule.name, Text(rule.texts.get(self.lang, rule.name), self.lang))
            for rule in known_rules()
            if rule.name in used
        )

    def _collect(self) -> None:
        description = self._description
        for predicate in description.predicates(self.iri):
            for value in description.values(self.iri, predicate):
                self._note(predicate, value)
        for subject in description.subjects():
            for predicate in description.predicates(subject):
                if subject != self.iri and self.iri in description.iris(subject, predicate):
                    self._note_incoming(subject, predicate)
        for assertion in description.assertions():
            statement = self._statement(assertion)
            if statement is not None and statement in self._statements:
                self._statements[statement].append(assertion)

    def _note(self, predicate: Iri, value: Term) -> None:
        if predicate in _NOT_FACTS or value == self.iri:
            return
        statement = self._canonical(predicate, value, inverse=False)
        self._statements.setdefault(statement, [])

    def _note_incoming(self, subject: Iri, predicate: Iri) -> None:
        if predicate == mln.mentions:
            self._mentioning.append(subject)
        elif predicate == mln.fileOf:
            self._files.append(subject)
        elif predicate not in _NOT_FACTS and self._has_page(subject):
            self._statements.setdefault(self._canonical(predicate, subject, inverse=True), [])

    def _statement(self, assertion: Assertion) -> _Statement | None:
        if assertion.subject == self.iri:
            return self._canonical(assertion.predicate, assertion.object, inverse=False)
        if assertion.object == self.iri:
            return self._canonical(assertion.predicate, assertion.subject, inverse=True)
        return None

    def _canonical(self, predicate: Iri, value: Term, *, inverse: bool) -> _Statement:
        """The same relation said from either end is one statement."""
        term = self._schema.properties.get(predicate)
        if inverse and term is not None:
            if term.symmetric:
                return _Statement(predicate, False, value)
            if term.inverse is not None:
                return _Statement(term.inverse, False, value)
        if inverse and predicate in _OUTSIDE_INVERSES:
            return _Statement(_OUTSIDE_INVERSES[predicate], False, value)
        return _Statement(predicate, inverse, value)

    def _has_page(self, iri: Iri) -> bool:
        found = self._iris.split(iri)
        return found is not None and (found[0] in KINDS or found[0] == "concept")

    def _facts(self, details: Details, sources: SourceList, *, relations: bool) -> tuple[Fact, ...]:
        groups: dict[tuple[str, Iri, bool], list[_Statement]] = {}
        for statement in self._statements:
            if self._is_relation(statement) == relations:
                label = self._property_label(statement)
                key = (fold(label.text), statement.predicate, statement.inverse)
                groups.setdefault(key, []).append(statement)
        ordered = sorted(groups.items(), key=lambda item: (self._rank(item[1]), item[0]))
        return tuple(self._fact(group, details, sources) for _, group in ordered)

    def _rank(self, group: list[_Statement]) -> int:
        """Facts and relations that carry sources come first, so that the page begins with them."""
        if any(self._statements[statement] for statement in group):
            return 0
        return 2 if all(statement in self._rules for statement in group) else 1

    def _is_relation(self, statement: _Statement) -> bool:
        if not isinstance(statement.value, Iri):
            return False
        found = self._iris.split(statement.value)
        return found is not None and found[0] in KINDS

    def _is_part(self, iri: Iri) -> bool:
        """Tell whether it hangs on an entity and has no page: a criterion, a role, an answer."""
        return "#" in iri and iri.startswith(f"{self._iris.base}/id/")

    def _fact(self, group: list[_Statement], details: Details, sources: SourceList) -> Fact:
        label = self._property_label(group[0])
        group = self._readable(group)
        shown = sorted(group, key=lambda each: self._value_key(each, details))
        values = tuple(self._value(each, label, details, sources) for each in shown[:VALUES_SHOWN])
        return Fact(
            property=group[0].predicate,
            label=label,
            values=values,
            inverse=group[0].inverse,
            disputed=len(group) > 1 and all(_is_year(each.value) for each in group),
            more=max(0, len(group) - VALUES_SHOWN),
        )

    def _readable(self, group: list[_Statement]) -> list[_Statement]:
        """A text given in several languages is shown in one; other values are all kept."""
        readable = self._in_one_language([statement.value for statement in group])
        return [statement for statement in group if statement.value in readable]

    def _value_key(self, statement: _Statement, details: Details) -> tuple[bool, bool, str, str]:
        text = self._value_text(statement.value, details).text
        concluded = statement in self._rules
        return concluded, not self._statements[statement], fold(text), text

    def _value(
        self, statement: _Statement, label: Text, details: Details, sources: SourceList
    ) -> Value:
        value = statement.value
        text = self._value_text(value, details)
        if statement.predicate == mln.unit:
            text = Text(self._word.unit(text.text), self.lang)
        assertions = sorted(self._statements[statement], key=self._weight)
        cited = assertions[:ASSERTIONS_SHOWN]
        numbers = {
            number for assertion in cited for number in sources.cite(assertion, (label, text))
        }
        found = None
        url = ""
        if isinstance(value, Iri) and not self._is_part(value):
            found = Reference(value, text, (self._iris.split(value) or ("", ""))[0])
            if not found.kind and value.startswith(("https://", "http://")):
                url = value
        elif isinstance(value, Literal) and value.value.startswith(("https://", "http://")):
            url = value.value
        return Value(
            text=text,
            reference=found,
            url=url,
            sources=tuple(sorted(numbers)),
            unshown=max(0, len(assertions) - ASSERTIONS_SHOWN),
            qualifiers=merge_qualifiers(
                self._qualifiers(assertion, details) for assertion in assertions
            ),
            inferred=tuple(sorted(self._rules.get(statement, ()))),
            when=date_of(value),
        )

    def _weight(self, assertion: Assertion) -> tuple[bool, bool, float, Iri]:
        """What people noted comes first, then what they reviewed, then the surest."""
        node = assertion.iri
        return (
            not self._description.iris(node, mln.citation),
            not is_reviewed(self._description, node),
            -(read_confidence(self._description, node) or 0.0),
            node,
        )

    def _qualifiers(self, assertion: Assertion, details: Details) -> list[Qualifier]:
        """What narrows an assertion, each property in one language; an amount with its currency."""
        terms: dict[Iri, list[Term]] = {}
        for predicate, value in qualifier_terms(self._description, assertion):
            terms.setdefault(predicate, []).append(value)
        currency = terms.pop(mln.currency, []) if mln.amount in terms else []
        found = []
        for predicate, values in terms.items():
            label = self._schema.label(predicate, self.lang) or local_name(predicate)
            for value in self._in_one_language(values):
                text = self._value_text(value, details)
                if predicate == mln.amount and isinstance(value, Literal) and currency:
                    text = money_text(value, currency[0], self.lang)
                when = date_of(value) if predicate in (mln.year, mln.since) else ""
                found.append(Qualifier(Text(label, self.lang), text, when))
        return found

    def _in_one_language(self, values: list[Term]) -> list[Term]:
        """Of texts with a language, those in the best one there is; all that is no such text."""
        tagged = [each for each in values if isinstance(each, Literal) and each.lang]
        chosen = choose_text(tagged, self.lang)
        return [
            each
            for each in values
            if chosen is None or not isinstance(each, Literal) or each.lang in (None, chosen.lang)
        ]

    def _value_text(self, value: Term, details: Details) -> Text:
        if isinstance(value, Iri):
            return details.label(value, self.lang)
        return literal_text(value, self.lang)

    def _property_label(self, statement: _Statement) -> Text:
        word = self._schema.label(statement.predicate, self.lang, inverse=statement.inverse)
        word = word or self._word.outside_property(statement.predicate)
        word = word or local_name(statement.predicate)
        return Text(word[:1].upper() + word[1:], self.lang)

    def _own_label(self, details: Details) -> Text:
        own = self._description.literals(self.iri, SKOS_PREF_LABEL)
        return choose_text(own, self.lang) or details.label(self.iri, self.lang)

    def _names(self, label: Text) -> tuple[Text, ...]:
        """The other names, those in the page's language first; spellings are never shown."""
        found: dict[str, Text] = {}
        literals = [
            *self._description.literals(self.iri, SKOS_PREF_LABEL),
            *self._description.literals(self.iri, SKOS_ALT_LABEL),
        ]
        for literal in sorted(
            literals, key=lambda each: (each.lang != self.lang, fold(each.value))
        ):
            if literal.value != label.text:
                found.setdefault(literal.value, Text(literal.value, literal.lang or ""))
        return tuple(found.values())

    def _text(self, predicate: Iri) -> Text | None:
        return choose_text(self._description.literals(self.iri, predicate), self.lang)

    def _homepage(self) -> str:
        found = self._description.first(self.iri, FOAF_HOMEPAGE)
        return found if found.startswith(("https://", "http://")) else ""

    def _documents(self, documents: list[Iri], details: Details) -> tuple[Mention, ...]:
        found = []
        for document in sorted(set(documents)):
            passages = [
                name
                for iri in self._description.iris(document, mln.passage)
                if (name := read_passage_name(iri, self._iris)) is not None
            ]
            first = min(passages, key=lambda name: name.start, default=PassageName("", 0, 0))
            title = details.label(document, self.lang)
            found.append(Mention(local_name(document), title, first.start, first.end))
        return tuple(sorted(found, key=lambda each: fold(each.title.text)))

    def _evidence_documents(self) -> set[Iri]:
        found: set[Iri] = set()
        for assertions in self._statements.values():
            for assertion in assertions:
                for passage in self._description.iris(assertion.iri, mln.passage):
                    found.add(Iri(passage.partition("/p/")[0]))
        return found

    def _cut(self) -> bool:
        incoming = sum(
            1
            for quad in self._description.quads
            if quad.object == self.iri and quad.subject != self.iri
        )
        return incoming >= INCOMING_LIMIT or len(self._description.assertions()) >= CLAIM_LIMIT


def _is_year(value: Term) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD_G_YEAR
