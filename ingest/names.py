"""The names pass: what documents define, gathered over all of them before any is extracted.

Both steps are pure, and the result does not depend on the order of the documents.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ingest.document import SKIPPED, Document
from ingest.extract.acronyms import (
    AcronymPair,
    Equivalent,
    find_equivalents,
    find_pairs,
    long_form_class,
)
from ingest.extract.classes import family_of
from ingest.extract.data import head_classes
from ingest.extract.laws import LawReference, find_laws, law_slug
from ingest.extract.lexicon import Lexicon
from ingest.extract.tokens import fold_words, tokenize
from ingest.link import LawIndex
from ingest.spotted import SpottedName, minted_iri, name_key
from ingest.spotting import spot_names
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Name

__all__ = [
    "CitedLaw",
    "DocumentNames",
    "ResolvedNames",
    "collect_names",
    "known_as",
    "resolve_names",
]


@dataclass(frozen=True, slots=True, order=True)
class CitedLaw:
    """A law that a document cites in full: with its number and its day."""

    kind: str
    number: str
    date: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """The acronyms, equivalents, laws and names in telling forms of one document."""

    pairs: tuple[AcronymPair, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()
    laws: tuple[CitedLaw, ...] = ()
    spotted: tuple[SpottedName, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the names as JSON values; :meth:`from_json` reads them back, equal."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "DocumentNames":
        """Return the names that :meth:`to_json` described."""
        return cls(
            pairs=tuple(AcronymPair(**pair) for pair in data["pairs"]),
            equivalents=tuple(Equivalent(**each) for each in data["equivalents"]),
            laws=tuple(CitedLaw(**law) for law in data["laws"]),
            spotted=tuple(SpottedName(**name) for name in data["spotted"]),
        )


@dataclass(frozen=True, slots=True)
class ResolvedNames:
    """Names to add to the Lexicon: for all documents, and for one document (by SHA-256)."""

    everywhere: frozenset[Name]
    in_document: Mapping[str, frozenset[Name]]


_SHORT = 4


def collect_names(document: Document) -> DocumentNames:
    """Return the names that ``document`` defines, in reading order."""
    pairs: list[AcronymPair] = []
    equivalents: list[Equivalent] = []
    laws: list[CitedLaw] = []
    for block in document.blocks:
        if block.kind in SKIPPED:
            continue
        lang = block.lang or document.lang
        pairs += find_pairs(document.text, block.start, block.end, lang)
        equivalents += find_equivalents(document.text, block.start, block.end, lang)
        for law in find_laws(document.text, block.start, block.end):
            if law.number and law.date and not law.article:
                printed = " ".join(document.text[law.start : law.end].split())
                laws.append(CitedLaw(law.kind, law.number, law.date, printed, lang))
    return DocumentNames(tuple(pairs), tuple(equivalents), tuple(laws), spot_names(document))


def resolve_names(
    collected: Mapping[str, DocumentNames], base: Lexicon, iris: Iris
) -> ResolvedNames:
    """Return the names that the documents add to ``base``.

    A long form that ``base`` knows gives its entity the acronym, and the other way round where
    the two go together. An unknown pair mints an entity when its head noun gives a class;
    otherwise its mentions stay candidates. Long forms count everywhere; an acronym counts
    everywhere only if all documents and ``base`` mean the same by it, else where it is defined.
    """
    resolver = _Resolver(collected, base, iris)
    in_document = {
        sha: frozenset(resolver.names_in(names)) for sha, names in sorted(collected.items())
    }
    everywhere = {
        name
        for names in in_document.values()
        for name in names
        if name.role is not LabelRole.ACRONYM or resolver.is_unique(name)
    }
    everywhere |= resolver.law_names()
    defined = base.with_names(everywhere)
    spotted = {
        sha: frozenset(_spotted_names(sha, names, defined.with_names(in_document[sha]), iris))
        for sha, names in sorted(collected.items())
    }
    return ResolvedNames(
        frozenset(everywhere), {sha: in_document[sha] | spotted[sha] for sha in in_document}
    )


def known_as(lexicon: Lexicon, text: str) -> tuple[Name, ...]:
    """Return the names that ``text`` reads as, with or without the generic head at either end."""
    words = text.split()
    heads = head_classes()
    bare = [text]
    if len(words) > 1 and fold(words[-1]) in heads:
        bare.append(" ".join(words[:-1]))
    if len(words) > 1 and fold(words[0]) in heads:
        bare.append(" ".join(words[1:]))
    return next((names for each in bare if (names := lexicon.named(each))), ())


def _spotted_names(sha256: str, names: DocumentNames, known: Lexicon, iris: Iris) -> Iterator[Name]:
    """Yield the names that a document spots and nothing else knows: each mints an entity.

    They count in their document alone; its IRI depends on class and name, so two documents that
    print one name mean one entity.
    """
    minted: dict[str, Name] = {}
    heads = head_classes()
    # Bare names first: "the X incubator" is X where X is spotted, too.
    ordered = sorted(names.spotted, key=lambda n: fold(n.text.split()[-1]) in heads)
    for name in ordered:
        key = name_key(name.text, name.cls)
        if key in minted or not key or name.here:
            continue
        same = known_as(known, name.text)
        if same:
            # "Atis" in a list of names is ATIS, though short names count only with their case.
            short = len(name.text) <= _SHORT and name.rule.startswith("template")
            if short and len({n.entity for n in same}) == 1:
                yield replace(
                    same[0], text=name.text, role=LabelRole.ALTERNATIVE, context="capital"
                )
            continue
        bare = minted.get(name_key(" ".join(name.text.split()[:-1])))
        if bare is not None and fold(name.text.split()[-1]) in heads:
            if family_of(bare.cls) == family_of(name.cls):
                yield replace(bare, text=name.text, role=LabelRole.ALTERNATIVE, context="")
            continue
        entity = minted_iri(iris, name.cls, key, sha256 if name.local else "")
        context = "" if " " in name.text and not name.local else "capital"
        minted[key] = Name(name.text, name.lang, entity, name.cls, LabelRole.PREFERRED, context)
        yield minted[key]


class _Resolver:
    """Holds what is counted over all documents while they are resolved."""

    def __init__(self, collected: Mapping[str, DocumentNames], base: Lexicon, iris: Iris) -> None:
        self._base = base
        self._iris = iris
        self._laws = sorted({law for names in collected.values() for law in names.laws})
        printed: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        acronyms: dict[str, set[Iri]] = defaultdict(set)
        taken = {name.entity for name in base.names}
        self._taken = taken
        pairs = [pair for names in collected.values() for pair in names.pairs]
        for pair in pairs:
            printed[_key(pair.long_form)][(pair.long_form, pair.lang)] += 1
        self._printed = {
            key: min(forms, key=lambda form: (-forms[form], form)) for key, forms in printed.items()
        }
        self._merged = _Merged()
        for names in collected.values():
            for equivalent in names.equivalents:
                if _key(equivalent.head) in self._printed:
                    self._merged.union(_key(equivalent.head), _key(equivalent.long_form))
        for pair in pairs:
            entity = self._entity_of(pair)
            acronyms[fold(pair.acronym)].add(entity[0] if entity else Iri(""))
        for acronym in acronyms:
            acronyms[acronym].update(name.entity for name in base.named(acronym))
        self._acronyms = acronyms

    def names_in(self, names: DocumentNames) -> Iterable[Name]:
        """Yield the names that one document's definitions add."""
        for pair in names.pairs:
            found = self._entity_of(pair)
            if found is None:
                continue
            entity, cls = found
            yield from self._missing(entity, cls, pair)
        for equivalent in names.equivalents:
            known = self._known(equivalent.long_form) or self._known(equivalent.acronym)
            if known and self._is_translation(equivalent, known[1]):
                yield Name(equivalent.head, equivalent.lang, *known, LabelRole.TRANSLATION)

    def is_unique(self, name: Name) -> bool:
        """Tell whether all documents and the base mean one thing by an acronym."""
        return self._acronyms.get(fold(name.text), {name.entity}) == {name.entity}

    def law_names(self) -> set[Name]:
        """Return names of the laws that documents cite in full and the base lacks."""
        index = LawIndex(self._base)
        added: dict[Iri, Name] = {}
        for law in self._laws:
            reference = LawReference(0, 0, law.kind, law.number, law.date, law.date[:4])
            slug = law_slug(reference)
            if slug is None or index.find(reference):
                continue
            entity = self._iris.entity("law", slug)
            added.setdefault(entity, Name(law.text, law.lang, entity, "Law", LabelRole.PREFERRED))
        return set(added.values())

    def _missing(self, entity: Iri, cls: str, pair: AcronymPair) -> Iterable[Name]:
        known = {_key(name.text) for name in self._base.names_of(entity)}
        if _key(pair.long_form) not in known:
            key = _key(pair.long_form)
            text, lang = self._printed[key]
            minted = entity not in self._taken and self._merged.find(key) == key
            role = LabelRole.PREFERRED if minted else LabelRole.ALTERNATIVE
            yield Name(text, lang, entity, cls, role)
        if _key(pair.acronym) not in known:
            yield Name(pair.acronym, "", entity, cls, LabelRole.ACRONYM)

    def _entity_of(self, pair: AcronymPair) -> tuple[Iri, str] | None:
        return self._known(pair.long_form) or self._known_by_acronym(pair) or self._mint(pair)

    def _known(self, text: str) -> tuple[Iri, str] | None:
        names = self._base.named(text) if text else ()
        entities = {name.entity for name in names}
        return (names[0].entity, names[0].cls) if len(entities) == 1 else None

    def _known_by_acronym(self, pair: AcronymPair) -> tuple[Iri, str] | None:
        """Return what ``base`` means by the acronym, if a name of it shares the long form's words."""
        known = self._known(pair.acronym)
        if known is None:
            return None
        if any(_go_together(pair.long_form, n.text) for n in self._base.names_of(known[0])):
            return known
        return None

    def _mint(self, pair: AcronymPair) -> tuple[Iri, str] | None:
        cls = long_form_class(pair.long_form)
        if cls is None or family_of(cls) is None:
            return None
        # "structures d'insertion … (SIAE)": a kind may be written small, what has a name not.
        if cls not in ("LegalStatus", "Plan") and not pair.long_form[:1].isupper():
            return None
        entity = minted_iri(self._iris, cls, self._merged.find(_key(pair.long_form)))
        return None if entity in self._taken else (entity, cls)

    def _is_translation(self, equivalent: Equivalent, cls: str) -> bool:
        """Refuse a head that narrows the name to one place ("the Region X Chamber (…, ACR)")."""
        words = fold_words(equivalent.head)
        if len(words) < 2 or len(words) > 8 or self._base.named(equivalent.head):
            return False
        places = [
            match for match in self._base.find(equivalent.head)
            if any(family_of(name.cls) == "Territory" for name in match.names)
        ]  # fmt: skip
        heads = {head_classes()[word] for word in words if word in head_classes()}
        families = {family_of(head) for head in heads}
        return not places and (not families or family_of(cls) in families)


class _Merged:
    """Long forms that a text itself equates ("Nom français (ACR – English name)").

    The alphabetically first of them stands for all, so that the order of unions does not matter.
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def find(self, key: str) -> str:
        while key in self._first:
            key = self._first[key]
        return key

    def union(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        if first != second:
            self._first[second] = first


_key = name_key


def _go_together(one: str, other: str) -> bool:
    """Tell whether two long forms of one acronym are the same name, one of them shortened.

    All words of one stand in the other ("… de l'ESS" left out), or those that do not are themselves
    acronyms ("Chambre régionale de l'ESS" for "… de l'économie sociale et solidaire").
    """
    words, others = _key(one).split(), _key(other).split()
    if min(len(words), len(others)) < 2:
        return False
    if set(words) <= set(others) or set(others) <= set(words):
        return True
    stems = {word[:5] for word in others}
    printed = [one[token.start : token.end] for token in tokenize(one)]
    unlike = [p for p in printed if len(p) > 2 and fold(p)[:5] not in stems]
    return words[0][:5] == others[0][:5] and all(p.isupper() for p in unlike)
