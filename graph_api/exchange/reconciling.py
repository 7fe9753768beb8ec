"""Matching lists of names against ours: candidates with a score and the features it is made of.

Pure: a :class:`NameTable` is made once of all names, and looks nothing up elsewhere. No rule names
an entity; words count by how rare they are among our own names.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Set
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ontology.folding import fold

__all__ = ["Candidate", "NameTable", "Named"]

CERTAIN = 75.0
"""Score from which a candidate is a match, if its words agree and no other comes near it."""
LEAD = 10.0
"""What a match must be ahead of the next candidate."""
ALIKE = 0.75
"""From this share of common letters on, two words may be the same word."""
SOUNDS_ALIKE = 0.7
"""The same for two words with the same consonants in the same order."""
LOWEST = 35.0
"""Candidates below this score are not shown."""

_ORDINAL = re.compile(r"\b(\d+)(?:er|re|e|eme|ieme|st|nd|rd|th)\b")
_INITIALS = re.compile(r"\b(?:[a-z] ){2,}[a-z]\b")
_DOTTED = re.compile(r"\b(?:[^\W_]\.){2,}")
_BETWEEN_PARTS = re.compile(r"[()\[\]]|\s[-–—:/|]\s")
_ENOUGH = 3  # letters without which a name says too little once it is joined or stripped
_VOWELS = re.compile(r"[aeiouy]|(.)(?=\1)")
_SAINT = re.compile(r"\bst(e?)\b")
_COUNCILS = (
    (re.compile(r"\bconseil (?:general|departemental)\b"), "departement"),
    (re.compile(r"\b(?:general|departmental) council\b"), "department"),
    (re.compile(r"\bconseil regional\b"), "region"),
    (re.compile(r"\bregional council\b"), "region"),
)
"""Councils and what they are the council of: lists name one for the other."""
_NATURES = frozenset((
    "agence", "agency", "asbl", "asso", "association", "biedriba", "dispositif", "eurl", "gie", "gmbh",
    "group", "groupe", "ltd", "program", "programme", "sarl", "sas", "sasu", "scheme", "scic", "scop", "sia",
    "vzw",
))  # fmt: skip
"""Words for what something is, legal forms among them, that lists add or leave out."""
_SMALL = frozenset((
    "&", "a", "an", "and", "au", "aux", "d", "de", "des", "du", "en", "et", "for", "in", "l", "la", "le",
    "les", "of", "on", "pour", "s", "sur", "the", "to", "un", "une",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with its names; ``id`` is kind/slug, the first name is the one that is shown."""

    id: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant, by the name that fits best. Features are between 0 and 1."""

    entity: Named
    name: str
    score: float
    equal: bool
    words: float
    letters: float
    agree: bool
    match: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is compared: ``spelled`` is all of it folded, ``folded`` without small words.

    ``joined`` has no spaces either, ``bare`` no word for what it is; each is empty where it would say too little.
    """

    entity: Named
    text: str
    spelled: str
    folded: str
    joined: str
    bare: str
    words: frozenset[str]
    trigrams: frozenset[str]


class NameTable:
    """All names, ready to be compared. Never changes."""

    def __init__(self, entities: Iterable[Named]) -> None:
        self._names = [
            _make_name(entity, text)
            for entity in sorted(
                entities, key=lambda each: each.id
            )  # ties: whatever the source's order
            for text in dict.fromkeys(entity.names)
        ]
        self._by_trigram: dict[str, list[int]] = defaultdict(list)
        self._by_folded: dict[str, list[int]] = defaultdict(list)
        frequency: Counter[str] = Counter()
        for number, name in enumerate(self._names):
            frequency.update(name.words)
            self._by_folded[name.folded].append(number)
            for trigram in name.trigrams:
                self._by_trigram[trigram].append(number)
        total = len(self._names) + 1
        self._unknown = math.log(total + 1)
        self._weights = {word: math.log(total / n) + 0.1 for word, n in frequency.items()}

    def candidates(
        self, text: str, kinds: Set[str] = frozenset(), limit: int = 5
    ) -> list[Candidate]:
        """Return what a name may mean, best first; ``kinds`` narrows where it is not empty."""
        asked = _make_name(Named("", "", ()), text)
        told_twice = self._told_twice(text)
        best: dict[str, Candidate] = {}
        for number in dict.fromkeys((*told_twice, *self._near(asked))):
            name = self._names[number]
            if kinds and name.entity.kind not in kinds:
                continue
            found = self._compare(asked, name)
            if number in told_twice:
                found = replace(found, score=100.0, equal=True, agree=True)
            known = best.get(name.entity.id)
            if found.score >= LOWEST and (known is None or found.score > known.score):
                best[name.entity.id] = found
        ordered = sorted(
            best.values(), key=lambda each: (-each.score, _is_place(each), each.entity.id)
        )
        return _judged(ordered)[:limit]

    def starting(self, prefix: str, limit: int = 10) -> list[tuple[Named, str]]:
        """Return entities one of whose names has a word at which the folded prefix begins."""
        wanted = fold(prefix)
        found: dict[str, tuple[int, str, _Name]] = {}
        for name in self._names:
            if not wanted or f" {wanted}" not in f" {name.spelled}":
                continue
            rank = (0 if name.spelled.startswith(wanted) else 1, name.spelled, name)
            known = found.get(name.entity.id)
            if known is None or rank[:2] < known[:2]:
                found[name.entity.id] = rank
        ordered = sorted(found.values(), key=lambda each: (each[0], each[1], each[2].entity.id))
        return [(name.entity, name.text) for _, _, name in ordered[:limit]]

    def _told_twice(self, text: str) -> Set[int]:
        """The names that a text is made of where all are of one entity: "Full name (acronym)"."""
        said = [part for part in _BETWEEN_PARTS.split(text) if fold(part)]
        parts = [p for p in said if not any(_shortens(p, other) for other in said)] or said
        if len(said) < 2:
            return frozenset()
        equal = [self._by_folded.get(_folded(part)[1], ()) for part in parts]
        meant = set.intersection(*({self._names[n].entity.id for n in found} for found in equal))
        return {n for found in equal for n in found if self._names[n].entity.id in meant}

    def _near(self, asked: _Name) -> list[int]:
        shared: Counter[int] = Counter()
        for trigram in asked.trigrams:
            shared.update(self._by_trigram.get(trigram, ()))
        return [number for number, _ in shared.most_common(200)]

    def _compare(self, asked: _Name, name: _Name) -> Candidate:
        equal = asked.folded == name.folded
        common = asked.words & name.words
        either = self._weight(asked.words | name.words)
        words = self._weight(common) / either if either else 0.0
        letters = _dice(asked.trigrams, name.trigrams)
        agree = equal or _agree(asked.words - common, name.words - common, self._weights)
        if agree and not equal:
            letters = max(letters, SequenceMatcher(None, asked.folded, name.folded).ratio())
        joined = bool(asked.joined) and asked.joined == name.joined
        bare = bool(asked.bare) and asked.bare == name.bare
        score = 100.0 if equal else min(99.0, 100 * max(letters, (words + letters) / 2))
        if not equal and (joined or bare):
            score = max(score, 95.0)
        return Candidate(
            name.entity,
            name.text,
            round(score, 1),
            equal,
            round(words, 3),
            round(letters, 3),
            agree=agree or joined or bare,
        )

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._unknown) for word in words)


def _judged(ordered: list[Candidate]) -> list[Candidate]:
    """Mark the first as a match where it is good, and no other that could be meant comes near it.

    A place is no rival of the body that has its name: who wants the place asks for its kind.
    """
    if not ordered or ordered[0].score < CERTAIN or not ordered[0].agree:
        return ordered
    first, *others = ordered
    rivals = [
        each
        for each in others
        if each.agree
        and first.score - each.score < LEAD
        and not (_is_place(each) and fold(each.name) == fold(first.name))
    ]
    if any(each.equal or not first.equal for each in rivals):
        return ordered
    return [replace(first, match=True), *others]


def _is_place(candidate: Candidate) -> bool:
    return candidate.entity.kind == "territory"


def _agree(asked: frozenset[str], named: frozenset[str], known: Container[str]) -> bool:
    """Whether each word that only one has is another's slip of the pen; a number never is.

    A word that stands in another of our names is no slip: it means what that name means.
    """
    if len(asked) != len(named) or any(c.isdigit() for word in asked | named for c in word):
        return False
    return all(
        any(_slipped(word, other, word not in known) for other in named) for word in asked
    ) and all(any(_slipped(word, other, word not in known) for word in asked) for other in named)


def _slipped(word: str, meant: str, unknown: bool) -> bool:
    if word.rstrip("esx") == meant.rstrip("esx"):  # singular and plural, masculine and feminine
        return True
    if not unknown or word[0] != meant[0]:
        return False
    alike = SequenceMatcher(None, word, meant).ratio()
    sounds = _VOWELS.sub("", word), _VOWELS.sub("", meant)
    same_sound = sounds[0] == sounds[1] and len(sounds[0]) > 2
    return alike >= (SOUNDS_ALIKE if same_sound else ALIKE)


def _folded(text: str) -> tuple[str, str]:
    """Return a name folded, and folded without small words."""
    spelled = fold(_DOTTED.sub(lambda found: found[0].replace(".", ""), text))  # "R.T.E.S."
    folded = _INITIALS.sub(lambda found: found[0].replace(" ", ""), spelled)  # "R T E S"
    folded = _ORDINAL.sub(r"\1", folded)
    folded = _SAINT.sub(r"saint\1", folded)
    for council, whole in _COUNCILS:
        folded = council.sub(whole, folded)
    plain = [word for word in folded.split() if word not in _SMALL] or folded.split()
    return spelled, " ".join(plain)


def _shortens(part: str, other: str) -> bool:
    """Whether a part of a text is the acronym of another: the initials of its words, in capitals."""
    initials = "".join(word[0] for word in _folded(other)[1].split())
    return part.strip().isupper() and len(part.strip()) > 1 and fold(part) == initials


def _make_name(entity: Named, text: str) -> _Name:
    spelled, folded = _folded(text)
    words = folded.split()
    joined = "".join(words)
    bare = " ".join(word for word in words if word not in _NATURES)
    padded = f"  {folded} "
    trigrams = (
        frozenset(padded[n : n + 3] for n in range(len(padded) - 2)) if folded else frozenset()
    )
    return _Name(
        entity,
        text,
        spelled,
        folded,
        joined if len(joined) >= _ENOUGH else "",
        bare if len(bare) >= _ENOUGH else "",
        frozenset(words),
        trigrams,
    )


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
