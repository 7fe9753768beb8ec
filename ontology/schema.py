"""The read model of the ontology: what code asks about a class, property or individual.

Made of ``schema.json``, which ``python -m ontology.generate`` writes from the Turtle files, so
that the processes which answer visitors need no RDF parser.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Self

from ontology.iris import ONTOLOGY
from ontology.model import Iri

__all__ = ["ClassTerm", "IndividualTerm", "PropertyTerm", "Schema"]

Texts = Mapping[str, str]
"""Text by language tag; ``fr`` and ``en`` are always there."""


@dataclass(frozen=True, slots=True)
class ClassTerm:
    """A class: ``parents`` are ours, ``outside`` those of other vocabularies.

    ``kind`` is the path segment of its entities (one of ``ontology.iris.KINDS``), None for a
    class whose individuals have no page. ``ancestors`` are ours, nearest first, without itself.
    """

    iri: Iri
    name: str
    module: str
    labels: Texts
    definitions: Texts
    parents: tuple[Iri, ...]
    ancestors: tuple[Iri, ...]
    outside: tuple[Iri, ...]
    kind: str | None


@dataclass(frozen=True, slots=True)
class PropertyTerm:
    """A property. ``domain`` and ``range`` are unions; an empty one means anything.

    ``range`` of a property with literal values holds one datatype; ``rdfs:Literal`` stands for
    text whose language is given where it is known. ``inverse_labels`` read from the object's side.
    """

    iri: Iri
    name: str
    module: str
    labels: Texts
    definitions: Texts
    parents: tuple[Iri, ...]
    domain: tuple[Iri, ...]
    range: tuple[Iri, ...]
    inverse: Iri | None
    inverse_labels: Texts
    symmetric: bool
    transitive: bool
    has_literal: bool

    @property
    def datatype(self) -> Iri | None:
        """The datatype of its values, None where they are entities."""
        return self.range[0] if self.has_literal else None


@dataclass(frozen=True, slots=True)
class IndividualTerm:
    """A named individual of the ontology, such as ``mln:accepted``; ``cls`` is its class."""

    iri: Iri
    name: str
    module: str
    labels: Texts
    definitions: Texts
    cls: Iri


AnyTerm = ClassTerm | PropertyTerm | IndividualTerm


@dataclass(frozen=True, slots=True)
class Schema:
    """All terms of the ontology by IRI, in the order of the files."""

    version: str
    classes: Mapping[Iri, ClassTerm]
    properties: Mapping[Iri, PropertyTerm]
    individuals: Mapping[Iri, IndividualTerm]
    _by_name: Mapping[str, AnyTerm] = field(repr=False)

    @classmethod
    def load(cls) -> Self:
        """Read the generated file. Call once per process and pass the value on."""
        text = (files("ontology") / "schema.json").read_text(encoding="utf-8")
        return cls.from_json(json.loads(text))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the schema that ``data`` describes; see :mod:`ontology.generate`."""
        classes = {Iri(row["iri"]): _class_term(row) for row in data["classes"]}
        properties = {Iri(row["iri"]): _property_term(row) for row in data["properties"]}
        individuals = {Iri(row["iri"]): _individual_term(row) for row in data["individuals"]}
        every: list[AnyTerm] = [*classes.values(), *properties.values(), *individuals.values()]
        return cls(
            version=data["version"],
            classes=MappingProxyType(classes),
            properties=MappingProxyType(properties),
            individuals=MappingProxyType(individuals),
            _by_name=MappingProxyType({term.name: term for term in every}),
        )

    def term(self, name_or_iri: str) -> AnyTerm | None:
        """Return the term with that local name (``"operates"``) or IRI, None where there is none."""
        return self._by_name.get(name_or_iri.removeprefix(f"{ONTOLOGY}#"))

    def class_named(self, name: str) -> ClassTerm:
        """Return the class with that local name. KeyError where there is none."""
        found = self._by_name[name]
        if not isinstance(found, ClassTerm):
            raise KeyError(name)
        return found

    def property_named(self, name: str) -> PropertyTerm:
        """Return the property with that local name. KeyError where there is none."""
        found = self._by_name[name]
        if not isinstance(found, PropertyTerm):
            raise KeyError(name)
        return found

    def label(self, iri: str, lang: str, *, inverse: bool = False) -> str | None:
        """Return a term's label, in English where ``lang`` has none; None for a foreign IRI.

        With ``inverse`` a property reads from its object: "operated by" for ``mln:operates``.
        """
        found = self.term(iri)
        if found is None:
            return None
        texts = (
            found.inverse_labels if inverse and isinstance(found, PropertyTerm) else found.labels
        )
        return texts.get(lang) or texts["en"]

    def kind(self, cls: str) -> str | None:
        """Return the path segment of a class's entities (class by IRI or local name)."""
        found = self.term(cls)
        return found.kind if isinstance(found, ClassTerm) else None

    def is_a(self, cls: str, ancestor: str) -> bool:
        """Tell whether ``cls`` is ``ancestor`` or below it (both by IRI or local name)."""
        found, above = self.term(cls), self.term(ancestor)
        if not isinstance(found, ClassTerm) or above is None:
            return False
        return found.iri == above.iri or above.iri in found.ancestors

    def subclasses(self, cls: str) -> tuple[ClassTerm, ...]:
        """Return the class and all that are below it, in the order of the files."""
        return tuple(term for iri, term in self.classes.items() if self.is_a(iri, cls))

    def accepts(self, prop: str, cls: str, *, side: str = "range") -> bool:
        """Tell whether a property may have an individual of ``cls`` on that side.

        ``side`` is ``"domain"`` or ``"range"``. Classes of other vocabularies count through our
        classes' outside parents, so ``foaf:Agent`` takes an Association.
        """
        found, member = self.term(prop), self.term(cls)
        if not isinstance(found, PropertyTerm) or not isinstance(member, ClassTerm):
            return False
        union = found.domain if side == "domain" else found.range
        line = {member.iri, *member.ancestors}
        outside = {iri for above in line for iri in self.classes[above].outside}
        return not union or bool((line | outside) & set(union))


def _iris(values: list[str]) -> tuple[Iri, ...]:
    return tuple(Iri(value) for value in values)


def _class_term(row: Mapping[str, Any]) -> ClassTerm:
    return ClassTerm(
        iri=Iri(row["iri"]),
        name=row["name"],
        module=row["module"],
        labels=MappingProxyType(row["labels"]),
        definitions=MappingProxyType(row["definitions"]),
        parents=_iris(row["parents"]),
        ancestors=_iris(row["ancestors"]),
        outside=_iris(row["outside"]),
        kind=row["kind"],
    )


def _property_term(row: Mapping[str, Any]) -> PropertyTerm:
    return PropertyTerm(
        iri=Iri(row["iri"]),
        name=row["name"],
        module=row["module"],
        labels=MappingProxyType(row["labels"]),
        definitions=MappingProxyType(row["definitions"]),
        parents=_iris(row["parents"]),
        domain=_iris(row["domain"]),
        range=_iris(row["range"]),
        inverse=Iri(row["inverse"]) if row["inverse"] else None,
        inverse_labels=MappingProxyType(row["inverseLabels"]),
        symmetric=row["symmetric"],
        transitive=row["transitive"],
        has_literal=row["literal"],
    )


def _individual_term(row: Mapping[str, Any]) -> IndividualTerm:
    return IndividualTerm(
        iri=Iri(row["iri"]),
        name=row["name"],
        module=row["module"],
        labels=MappingProxyType(row["labels"]),
        definitions=MappingProxyType(row["definitions"]),
        cls=Iri(row["class"]),
    )
