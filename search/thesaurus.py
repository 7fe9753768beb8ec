"""Names of one thing across languages: what a query's words are bridged by.

Made from the ontology's and the corpus's names, never by hand. A name that a query contains
brings the thing's other names along, at a lower weight, and the bridge is told.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ontology.model import Iri, LabelRole, Name, sorted_names
from ontology.names import is_common_word, is_short_acronym
from search.analysis import QUERY_LANGUAGES, Token, analyse, is_stop_word, name_key

__all__ = ["NameMatch", "Thesaurus"]

_LONGEST_NAME = 8
"""Names with more words are found as a whole query only."""
_MOST_OTHER_NAMES = 8
_MOST_RELATED_NAMES = 16
_ROLES = tuple(LabelRole)


class NameMatch(NamedTuple):
    """A stretch of the query that is a name: words [first:last] and what they bring along.

    ``others`` are other names of the same thing, ``related`` names of related and narrower concepts.

    ``homograph`` is true for a name that is also a common word (Avise, FAIR). In a longer query
    it has no entities and no other names: it may be the common word.
    """

    first: int
    last: int
    entities: tuple[str, ...]
    others: tuple[Name, ...]
    related: tuple[Name, ...] = ()
    homograph: bool = False


@dataclass(frozen=True)
class Thesaurus:
    """A frozen set of names, looked up by the words of a query."""

    names: tuple[Name, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    _by_key: Mapping[str, tuple[Name, ...]] = field(default_factory=dict, repr=False, compare=False)
    _by_entity: Mapping[str, tuple[Name, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _related: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)
    _starts: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """First words of the keys: where a stretch of a query begins otherwise, nothing is looked up."""

    @classmethod
    def of(cls, names: Iterable[Name], related: Iterable[tuple[str, str]] = ()) -> "Thesaurus":
        """Make a thesaurus of any names and pairs of related entities; their order does not matter."""
        ordered = sorted_names(names)
        by_key: dict[str, dict[Name, None]] = {}
        by_entity: dict[str, list[Name]] = {}
        for name in ordered:
            for key in _keys(name):
                by_key.setdefault(key, {})[name] = None
            by_entity.setdefault(name.entity, []).append(name)
        for group in by_entity.values():
            group.sort(key=lambda n: _ROLES.index(n.role))
        pairs = tuple(sorted(set(related)))
        neighbours: dict[str, tuple[str, ...]] = {}
        for one, other in pairs:
            neighbours[one] = (*neighbours.get(one, ()), other)
        return cls(
            ordered,
            pairs,
            {key: tuple(found) for key, found in by_key.items()},
            {entity: tuple(group) for entity, group in by_entity.items()},
            neighbours,
            frozenset(key.partition(" ")[0] for key in by_key),
        )

    @property
    def hash(self) -> str:
        """Changes when any name changes."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """Return everything as JSON; the same names and pairs give the same text."""
        rows = [[n.text, n.lang, n.entity, n.cls, n.role.value, n.context] for n in self.names]
        whole = {"names": rows, "related": self.related}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Thesaurus":
        """Read :meth:`to_json`'s text.

        Raises:
            ValueError: it is something else.
        """
        try:
            whole = json.loads(text)
            names = (
                Name(text, lang, Iri(entity), kind, LabelRole(role), context)
                for text, lang, entity, kind, role, context in whole["names"]
            )
            return cls.of(names, ((one, other) for one, other in whole["related"]))
        except (TypeError, KeyError) as error:
            raise ValueError("not a thesaurus") from error

    def names_of(self, entity: str) -> tuple[Name, ...]:
        """Return an entity's names, preferred ones first."""
        return self._by_entity.get(entity, ())

    def entities_named(self, text: str) -> tuple[str, ...]:
        """Return the entities of which the whole ``text`` is a name."""
        found = self._by_key.get(_exact(name_key(text)), ())
        return tuple(dict.fromkeys(name.entity for name in found))

    def match(self, text: str) -> list[NameMatch]:
        """Find names in ``text``, the longest first from the left, without overlap.

        Word numbers count the tokens of ``analyse(text, …, stop_words=True)``. Names of several
        words match by their stems, in any query language; a name of one word only as it is.
        """
        readings = [analyse(text, lang, stop_words=True) for lang in QUERY_LANGUAGES]
        count = len(readings[0])
        whole = self._by_key.get(_exact(name_key(text)), ())
        if whole:
            return [self._name_match(0, count, whole)]
        return [
            self._name_match(first, last, names)
            if names
            else NameMatch(first, last, (), (), homograph=True)
            for first, last, names in self._stretches(readings)
        ]

    def mentioned(self, text: str) -> list[str]:
        """Return the entities that a text surely names, each as often as it does."""
        readings = [analyse(text, lang, stop_words=True) for lang in QUERY_LANGUAGES]
        return [
            entity
            for _, _, names in self._stretches(readings)
            for entity in dict.fromkeys(name.entity for name in names)
        ]

    def _stretches(
        self, readings: list[list[Token]]
    ) -> Iterator[tuple[int, int, tuple[Name, ...]]]:
        """Yield (first, last, names) of what is a name, from the left; no names of a homograph."""
        first = 0
        while first < len(readings[0]):
            found = self._longest_at(readings, first) if self._may_start(readings, first) else None
            if found is None:
                first += 1
            else:
                last, names = found
                yield first, last, names
                first = last

    def _may_start(self, readings: list[list[Token]], first: int) -> bool:
        return any(
            tokens[first].text in self._starts or _exact(tokens[first].word) in self._starts
            for tokens in readings
        )

    def _longest_at(
        self, readings: list[list[Token]], first: int
    ) -> tuple[int, tuple[Name, ...]] | None:
        for last in range(min(first + _LONGEST_NAME, len(readings[0])), first, -1):
            found: dict[Name, None] = {}
            for tokens in readings:
                for key in _stretch_keys(tokens[first:last]):
                    found |= dict.fromkeys(self._by_key.get(key, ()))
            sure = tuple(name for name in found if not _is_doubtful(name))
            # Stems bring words of other things together ("innovateurs sociaux", "innovation
            # sociale"): a name that stands there as it is leaves out what only shares its stems.
            printed = {" ".join(t.word for t in tokens[first:last]) for tokens in readings}
            sure = tuple(name for name in sure if name_key(name.text) in printed) or sure
            if sure:
                return last, sure
            if any(name.text != name.text.lower() for name in found):
                return last, ()
        return None

    def _name_match(self, first: int, last: int, found: tuple[Name, ...]) -> NameMatch:
        entities = tuple(dict.fromkeys(name.entity for name in found))
        seen = {stems for name in found for stems in _stems(name)}
        others: list[Name] = []
        for entity in entities:
            for name in self._by_entity[entity]:
                stems = _stems(name)
                # A plural or another spelling of a name that is searched already adds nothing.
                if name.role is LabelRole.SPELLING or name.context == "cue" or stems & seen:
                    continue
                seen |= stems
                others.append(name)
        homograph = any(_is_doubtful(name) for name in found)
        others = others[:_MOST_OTHER_NAMES]
        return NameMatch(
            first, last, entities, tuple(others), self._related_names(entities, seen), homograph
        )

    def _related_names(self, entities: Iterable[str], seen: set[str]) -> tuple[Name, ...]:
        """Return names of concepts beside and below these, but those that are searched already."""
        found: list[Name] = []
        near = dict.fromkeys(n for entity in entities for n in self._related.get(entity, ()))
        for name in (name for entity in near for name in self._by_entity.get(entity, ())):
            stems = _stems(name)
            if name.role is not LabelRole.SPELLING and not name.context and not stems & seen:
                seen |= stems
                found.append(name)
        return tuple(found[:_MOST_RELATED_NAMES])


def _stems(name: Name) -> set[str]:
    """Return a name's words of weight as stems, by each language it may be read in."""
    languages = (name.lang,) if name.lang else QUERY_LANGUAGES
    readings = (analyse(name.text, lang, stop_words=True) for lang in languages)
    return {" ".join(t.text for t in tokens if not is_stop_word(t.word)) for tokens in readings}


def _is_doubtful(name: Name) -> bool:
    """Whether a name in a longer query may be something else: an everyday word (Avise, FAIR), or a
    name that needs a word before it ("Article 15"). DLA is itself, also in small letters."""
    itself = is_short_acronym(name.text) and not is_common_word(name.text)
    return name.context == "cue" or (name.context == "capital" and not itself)


def _exact(key: str) -> str:
    return f"={key}"


def _keys(name: Name) -> list[str]:
    """Return the keys a name is found by: its words as they are, and their stems if several."""
    keys = [_exact(name_key(name.text))]
    if name.role is LabelRole.ACRONYM:
        keys.append(f"{keys[0]}s")  # "CLCs", as English writes the plural
    languages = (name.lang,) if name.lang else QUERY_LANGUAGES
    for lang in languages:
        tokens = analyse(name.text, lang, stop_words=True)
        keys.extend(_stretch_keys([t for t in tokens if not is_stop_word(t.word)]))
    return list(dict.fromkeys(keys))


def _stretch_keys(tokens: list[Token]) -> list[str]:
    """Return the keys of a stretch that begins and ends with a word of weight."""
    weighty = [t for t in tokens if not is_stop_word(t.word)]
    if not weighty or weighty[0] is not tokens[0] or weighty[-1] is not tokens[-1]:
        return []
    if len(weighty) == 1:
        return [_exact(weighty[0].word)]
    return [" ".join(t.text for t in weighty)]
