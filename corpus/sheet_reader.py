"""Reads one sheet; every error says the file, the line and what is wrong, in a plain sentence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.frontmatter import Entry, FrontMatterError, parse_front_matter
from corpus.part_reader import PartReader
from corpus.sheet import Citation, Fact, Sheet, SheetError, SheetName
from corpus.values import Value, ValueProblem, read_values
from ontology import terms as mln
from ontology.iris import KINDS
from ontology.model import Iri, LabelRole
from ontology.schema import ClassTerm, PropertyTerm, Schema

__all__ = ["read_sheet"]

_KEYS = ("type", "labels", "context", "names", "cite", "facts")
_LANGUAGES = ("fr", "en")
_CONTEXTS = ("", "capital", "cue")
_ROLES = tuple(role.value for role in LabelRole if role is not LabelRole.PREFERRED)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FINGERPRINT = re.compile(r"[1-9]\d*-[0-9a-f]{64}")
_HEADING = re.compile(r"^# +([a-z]{2,3})\s*$")


def read_sheet(text: str, kind: str, file_name: str, schema: Schema, file: str = "") -> Sheet:
    """Read one sheet. Raises :class:`SheetError` with the first thing that is wrong in it."""
    file = file or f"{kind}/{file_name}"
    slug = file_name.removesuffix(".md")
    if kind not in KINDS:
        raise SheetError(file, None, f"“{kind}” is no kind of entity; kinds are {', '.join(KINDS)}")
    if not _SLUG.fullmatch(slug):
        raise SheetError(file, None, "a file name is made of small letters, digits and hyphens")
    try:
        head, body, body_line = parse_front_matter(text)
    except FrontMatterError as error:
        raise SheetError(file, error.line, error.problem) from error
    return _Reader(file, schema).sheet(kind, slug, head, body, body_line)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns front matter into a sheet; every method raises SheetError with file and line."""

    file: str
    schema: Schema

    def fail(self, line: int, problem: str) -> SheetError:
        return SheetError(self.file, line, problem)

    def sheet(self, kind: str, slug: str, head: Entry, body: str, body_line: int) -> Sheet:
        for key, entry in head.items():
            if key not in _KEYS:
                raise self.fail(entry.line, f"“{key}” is unknown; keys are {', '.join(_KEYS)}")
        cls = self.cls(head, kind)
        default = tuple(self.citations(head.get("cite")))
        parts = PartReader(self.file, self.schema)
        facts = tuple(
            fact
            for entry in self.items(head, "facts")
            for fact in self.facts(entry, cls.name, default, parts)
        )
        self.refuse_repetition(facts)
        return Sheet(
            kind=kind,
            slug=slug,
            cls=cls.name,
            labels=self.labels(head),
            alternatives=tuple(self.name(entry) for entry in self.items(head, "names")),
            facts=facts,
            prose=self.prose(body, body_line),
            context=self.context(head),
            file=self.file,
        )

    def cls(self, head: Entry, kind: str) -> ClassTerm:
        entry = head.get("type")
        if entry is None:
            raise self.fail(2, "“type” is missing: the class of the entity, such as Association")
        found = self.schema.term(str(entry.value))
        if not isinstance(found, ClassTerm) or found.kind is None:
            raise self.fail(entry.line, f"“{entry.value}” is no class of entities of the ontology")
        if found.kind != kind:
            message = f"a {found.name} belongs into the folder “{found.kind}”, not “{kind}”"
            raise self.fail(entry.line, message)
        return found

    def labels(self, head: Entry) -> dict[str, str]:
        entry = head.get("labels")
        labels = {key: str(value.value) for key, value in entry.items()} if entry else {}
        if set(labels) != set(_LANGUAGES) or not all(labels.values()):
            line = entry.line if entry else 2
            raise self.fail(line, "“labels” needs exactly one name in “fr” and one in “en”")
        return labels

    def items(self, head: Entry, key: str) -> list[Entry]:
        entry = head.get(key)
        if entry is None:
            return []
        if not isinstance(entry.value, list):
            raise self.fail(entry.line, f"“{key}” must be a list")
        return entry.value

    def text(self, entry: Entry, key: str, default: str | None = None) -> str:
        found = entry.get(key)
        if found is None and default is not None:
            return default
        if found is None or not isinstance(found.value, str) or not found.value:
            raise self.fail(entry.line, f"“{key}” is missing or empty")
        return found.value

    def name(self, entry: Entry) -> SheetName:
        for key, value in entry.items():
            if key not in ("text", "lang", "role", "context"):
                raise self.fail(value.line, f"“{key}” is unknown in a name")
        role = self.text(entry, "role", LabelRole.ALTERNATIVE.value)
        if role not in _ROLES:
            raise self.fail(entry.line, f"“{role}” is no role; roles are {', '.join(_ROLES)}")
        lang = self.text(entry, "lang", "")
        return SheetName(self.text(entry, "text"), lang, LabelRole(role), self.context(entry))

    def context(self, entry: Entry) -> str:
        context = self.text(entry, "context", "")
        if context not in _CONTEXTS:
            raise self.fail(entry.line, f"“{context}” is no context: capital or cue")
        return context

    def facts(
        self, entry: Entry, cls: str, default: tuple[Citation, ...], parts: PartReader
    ) -> Iterator[Fact]:
        """Read one item of ``facts``: its first key is the property, the others qualify it."""
        pairs = list(entry.items())
        if not pairs:
            raise self.fail(entry.line, "a fact starts with “property: value”")
        (first, value), *others = pairs
        prop = self.property(first, value.line)
        if not self.schema.accepts(prop.name, cls, side="domain"):
            raise self.fail(value.line, f"a {cls} has no “{first}”")
        citations = default
        qualifiers: list[tuple[Iri, Value]] = []
        for key, said in others:
            if key == "cite":
                citations = tuple(self.citations(said))
                continue
            qualifier = self.property(key, said.line)
            if mln.Assertion not in qualifier.domain:
                raise self.fail(said.line, f"“{key}” does not qualify a fact: make it a fact")
            qualifiers += [(qualifier.iri, v) for v in self.values(said, qualifier)]
        if not citations:
            raise self.fail(entry.line, f"the fact “{first}” has no citation")
        found = [parts.read(value, prop)] if parts.takes(value, prop) else self.values(value, prop)
        for one in found:
            yield Fact(prop.iri, one, citations, tuple(qualifiers), value.line)

    def property(self, name: str, line: int) -> PropertyTerm:
        found = self.schema.term(name)
        if not isinstance(found, PropertyTerm):
            raise self.fail(line, f"“{name}” is no property of the ontology")
        return found

    def values(self, entry: Entry, prop: PropertyTerm) -> list[Value]:
        try:
            return list(read_values(entry, prop, self.schema))
        except ValueProblem as problem:
            raise self.fail(entry.line, str(problem)) from problem

    def citations(self, entry: Entry | None) -> Iterator[Citation]:
        if entry is None:
            return
        if not isinstance(entry.value, list):
            raise self.fail(entry.line, "“cite” must be a list")
        for item in entry.value:
            publication = self.text(item, "publication").removeprefix("publication/")
            fingerprint = self.text(item, "fingerprint")
            if not _FINGERPRINT.fullmatch(fingerprint):
                message = "a fingerprint is a length, a hyphen and 64 hexadecimal digits"
                raise self.fail(item.line, f"{message}: see “python -m corpus.cite”")
            yield Citation(publication, self.text(item, "place"), fingerprint)

    def refuse_repetition(self, facts: Iterable[Fact]) -> None:
        seen: dict[object, int] = {}
        for fact in facts:
            key = (fact.predicate, fact.value, fact.qualifiers)
            if key in seen:
                message = f"the fact is already on line {seen[key]}: add the citation there"
                raise self.fail(fact.line, message)
            seen[key] = fact.line

    def prose(self, body: str, body_line: int) -> dict[str, str]:
        texts: dict[str, list[str]] = {}
        lang = ""
        for number, line in enumerate(body.split("\n"), start=body_line):
            heading = _HEADING.match(line)
            if heading and heading.group(1) in texts:
                raise self.fail(number, f"“# {heading.group(1)}” is given twice")
            if heading:
                lang = heading.group(1)
                texts[lang] = []
            elif lang:
                texts[lang].append(line)
            elif line.strip():
                raise self.fail(number, "text must stand below “# fr” or “# en”")
        prose = {lang: "\n".join(lines).strip() for lang, lines in texts.items()}
        for wanted in _LANGUAGES:
            if not prose.get(wanted):
                raise self.fail(body_line, f"there is no text below “# {wanted}”")
        return prose
