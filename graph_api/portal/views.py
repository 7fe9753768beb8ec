"""What pages and the API show of an entity: plain values, ready for a template or for JSON."""

from dataclasses import dataclass

from graph_api.portal.labels import Text

__all__ = [
    "EntityView",
    "Fact",
    "Mention",
    "Qualifier",
    "Reference",
    "Rule",
    "Source",
    "Support",
    "Value",
]


@dataclass(frozen=True, slots=True)
class Reference:
    """Something with an IRI and a label. ``kind`` is ``""`` where it has no page of its own."""

    iri: str
    label: Text
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What narrows a value: the year a plan was adopted in, the role of a person.

    ``when`` is the year (ISO 8601) in which the statement holds, or from which on; else ``""``.
    """

    label: Text
    value: Text
    when: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """One statement that a source supports, and how it was read there.

    ``rule`` is empty for what a person entered; ``confidence`` is between 0 and 1, or None.
    """

    claim: str
    relation: Text
    value: Text
    rule: str
    confidence: float | None
    reviewed: bool

    @property
    def reading(self) -> tuple[str, float, bool]:
        """What statements that were read in the same way have in common."""
        return self.rule, self.confidence or 0.0, self.reviewed


@dataclass(frozen=True, slots=True)
class Source:
    """Where statements come from: a passage of a document, or a place in a publication.

    ``number`` is what facts refer to on their page. ``quote`` is None where the passage's text may
    not be shown (``withheld``) or is not here. ``reanchored``: entered by a person with a place in
    a publication, and found again in the document itself.
    """

    number: int
    document: str = ""
    title: Text | None = None
    start: int = 0
    end: int = 0
    page: str = ""
    section: str = ""
    quote: Text | None = None
    withheld: bool = False
    publication: Reference | None = None
    place: str = ""
    reanchored: bool = False
    supports: tuple[Support, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact: a reference, an outside address or a text, with its sources' numbers.

    ``unshown`` counts further assertions of the same, whose sources are a query away.
    """

    text: Text
    reference: Reference | None = None
    url: str = ""
    sources: tuple[int, ...] = ()
    unshown: int = 0
    qualifiers: tuple[Qualifier, ...] = ()
    inferred: tuple[str, ...] = ()
    """The rules that conclude it, where no source says it."""
    when: str = ""
    """The value itself where it is a date: ISO 8601 of a year, a month or a day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that values of the page are concluded by, and what it says."""

    name: str
    text: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values. ``disputed``: it takes one value, and sources give several."""

    property: str
    label: Text
    values: tuple[Value, ...]
    inverse: bool = False
    disputed: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that names the entity, and where it first does (no ``end`` where that is unknown)."""

    document: str
    title: Text
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class EntityView:
    """Everything that the page of an entity shows, in one language."""

    iri: str
    kind: str
    slug: str
    lang: str
    label: Text
    types: tuple[str, ...] = ()
    names: tuple[Text, ...] = ()
    summary: Text | None = None
    definition: Text | None = None
    homepage: str = ""
    facts: tuple[Fact, ...] = ()
    relations: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()
    mentions: tuple[Mention, ...] = ()
    files: tuple[Mention, ...] = ()
    rules: tuple[Rule, ...] = ()
    cut: bool = False
