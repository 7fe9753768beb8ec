"""Parts of a sheet's entity: criteria, thresholds, dated roles, answers, each a node of its own."""

from collections import Counter

from corpus.frontmatter import Entry
from corpus.sheet import SheetError
from corpus.values import Part, Reference, Value, ValueProblem, read_values
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.schema import ClassTerm, PropertyTerm, Schema
from ontology.vocabularies import XSD_INTEGER

__all__ = ["PartReader"]

_FRAGMENTS = {"RoleTenure": "role"}
"""Where the fragment is not the name of the class."""


class PartReader:
    """Reads the parts of one sheet and numbers them in their order. Raises SheetError."""

    def __init__(self, file: str, schema: Schema) -> None:
        self._file = file
        self._schema = schema
        self._seen: Counter[str] = Counter()

    def takes(self, entry: Entry, prop: PropertyTerm) -> bool:
        """Tell whether the value is a part: several statements behind a property that takes one."""
        return isinstance(entry.value, dict) and not prop.has_literal

    def read(self, entry: Entry, prop: PropertyTerm) -> Part:
        """Read ``key: value`` lines: the properties of the part, and ``type`` where it is no other."""
        cls = self._cls(entry, prop)
        facts: list[tuple[Iri, Value]] = []
        for name, value in entry.items():
            if name != "type":
                said = self._property(name, value.line, cls)
                facts += [(said.iri, one) for one in self._values(value, said)]
        if not facts:
            raise self._fail(entry.line, f"a {cls.name} needs at least one property")
        return self._part(cls, facts, entry.line)

    def _cls(self, entry: Entry, prop: PropertyTerm) -> ClassTerm:
        stated = entry.get("type")
        name = prop.range[0] if stated is None else str(stated.value)
        found = self._schema.term(name)
        if not isinstance(found, ClassTerm) or found.kind is not None:
            raise self._fail(entry.line, f"“{prop.name}” takes no lines of its own")
        if not self._schema.accepts(prop.name, found.name):
            raise self._fail(entry.line, f"“{prop.name}” takes no {found.name}")
        return found

    def _property(self, name: str, line: int, cls: ClassTerm) -> PropertyTerm:
        found = self._schema.term(name)
        if not isinstance(found, PropertyTerm):
            raise self._fail(line, f"“{name}” is no property of the ontology")
        if not self._schema.accepts(found.name, cls.name, side="domain"):
            raise self._fail(line, f"a {cls.name} has no “{name}”")
        return found

    def _values(self, entry: Entry, prop: PropertyTerm) -> list[Value]:
        try:
            return list(read_values(entry, prop, self._schema))
        except ValueProblem as problem:
            raise self._fail(entry.line, str(problem)) from problem

    def _part(self, cls: ClassTerm, facts: list[tuple[Iri, Value]], line: int) -> Part:
        self._seen[cls.name] += 1
        number = self._seen[cls.name]
        said = dict(facts)
        question = said.get(mln.question)
        if not isinstance(question, Reference):
            name = _FRAGMENTS.get(cls.name, cls.name.lower())
            return Part(f"{name}-{number}", cls.name, tuple(facts))
        fragment = question.path.rpartition("/")[2]
        self._seen[fragment] += 1
        if self._seen[fragment] > 1:
            raise self._fail(line, f"the question “{fragment}” is answered twice")
        if mln.position not in said:
            facts.append((mln.position, Literal(str(number), XSD_INTEGER)))
        return Part(fragment, cls.name, tuple(facts))

    def _fail(self, line: int, problem: str) -> SheetError:
        return SheetError(self._file, line, problem)
