"""How a query is ranked: a parsed query becomes an engine's query tree. Pure; weights are here.

Words side by side are alternatives: more of them, rarer ones and all of them rank higher. Each word
is read in every query language, the best reading counts. Whole names of entities come first. Names
bring the other names of their entity along (bridges), a word the index lacks its nearest neighbour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ontology.model import Name
from search.analysis import (
    QUERY_LANGUAGES,
    Token,
    analyse,
    fold_word,
    is_question_word,
    is_stop_word,
    name_key,
)
from search.engines.base import (
    Boost,
    Constant,
    DisMax,
    Exclude,
    MatchAll,
    MatchNone,
    Must,
    PhraseQuery,
    Query,
    Should,
    Term,
    TermSet,
)
from search.entries import facet_key, facet_keys
from search.protocol import FACETS, Bridge
from search.query import AllOf, AnyOf, In, Node, Not, ParsedQuery, Phrase, Prefix, Word
from search.snippets import Marks
from search.spelling import correct
from search.thesaurus import NameMatch, Thesaurus

__all__ = ["QUERY_FIELDS", "Plan", "Vocabulary", "Weights", "make_plan"]

QUERY_FIELDS: Mapping[str, str] = {
    "title": "title", "titre": "title",
    **{name: name for name in FACETS},
    "nature": "kind", "langue": "lang", "territoire": "territory", "pays": "country",
    "annee": "year", "année": "year", "editeur": "publisher", "éditeur": "publisher",
    "thème": "theme", "etape": "stage", "étape": "stage", "soutien": "support",
    "relecture": "review",
}  # fmt: skip
"""Field names of the query language, French and English."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much. The weight of a word in a passage's body is 1."""

    heading: float = 0.5
    """A passage's section heading; headings repeat generic words, above 1 costs relevance."""
    around: float = 0.6
    """Titles of the sections that a passage's own section stands in."""
    label: float = 1.0
    """A label of an entity, the title of a document."""
    exact: float = 0.2
    """Added where a word stands as it was typed, not only its stem ("avis" beside "avise")."""
    bridge: float = 0.9
    """Another name of a thing that the query names; must not outweigh the typed name."""
    related: float = 0.3
    """Names of related and narrower concepts, of what a bridge counts."""
    topic: float = 1.5
    """Times ``bridge``: the section that a passage stands in is titled after the thing."""
    loose: float = 0.7
    """The words of a name of several words where they do not stand together."""
    corrected: float = 0.5
    """The neighbour of a word that the index lacks."""
    homograph: float = 0.3
    """Words that share only the stem of a typed proper name ("avis" for Avise)."""
    all_words: float = 3.0
    """Added where all words of the query are found."""
    entity_name: float = 1000.0
    """Added to an entity of which the whole query is a name: it comes first."""
    entity_also: float = 900.0
    """The same for a name that only the thesaurus has, or a corrected one."""
    document_name: float = 500.0
    """Added to a document whose title is the whole query."""


class Vocabulary(Protocol):
    """What planning asks of the index; a part of :class:`search.engines.base.Reader`."""

    def frequency(self, field: str, text: str) -> int:
        """Return how many entries hold a token."""
        ...

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return indexed words that begin with ``prefix``."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """A query tree without the request's filters, and what is needed to explain its matches.

    ``name`` is the name key of a query that may be a name as a whole, else "". ``corrections``
    are (typed, used) words. ``scored`` is false where nothing ranks (an empty query).
    """

    query: Query
    marks: Marks
    bridges: tuple[Bridge, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    name: str = ""
    scored: bool = True


def make_plan(
    parsed: ParsedQuery,
    thesaurus: Thesaurus,
    vocabulary: Vocabulary,
    weights: Weights | None = None,
) -> Plan:
    """Plan a query; an empty ``thesaurus`` builds no bridges."""
    if parsed.root is None:
        # Signs without a word find nothing; no query at all shows everything.
        nothing: Query = MatchNone() if parsed.text else MatchAll()
        return Plan(nothing, Marks(), scored=False)
    planner = _Planner(thesaurus, vocabulary, weights or Weights())
    query = planner.plan(parsed.root)
    name = name_key(parsed.text) if _is_plain(parsed.root) else ""
    named = planner.named(name, parsed.text) if name else []
    return Plan(
        Should((query, *named)) if named else query,
        planner.marks(),
        tuple(dict.fromkeys(planner.bridges)),
        tuple(dict.fromkeys(planner.corrections)),
        name,
    )


_PREFIX_WORDS = 100
_MOST_CORRECTED = 8
_TEXT_FIELDS = ("body", "heading", "label")


def _is_plain(root: Node) -> bool:
    """Whether a query is words only, so that the whole of it may be a name."""
    nodes = root.nodes if isinstance(root, AnyOf) and not root.typed else (root,)
    return all(isinstance(node, Word) for node in nodes) or isinstance(root, Phrase)


@dataclass(slots=True)
class _Planner:
    """Turns nodes into queries and collects what explains them."""

    thesaurus: Thesaurus
    vocabulary: Vocabulary
    weights: Weights
    bridges: list[Bridge] = field(default_factory=list)
    corrections: list[tuple[str, str]] = field(default_factory=list)
    _stems: set[str] = field(default_factory=set)
    _prefixes: set[str] = field(default_factory=set)
    _words: dict[str, str] = field(default_factory=dict)
    _phrases: dict[tuple[str, ...], str] = field(default_factory=dict)

    def marks(self) -> Marks:
        return Marks(
            frozenset(self._stems), tuple(sorted(self._prefixes)), self._words, self._phrases
        )

    def plan(self, node: Node) -> Query:
        match node:
            case Word(text):
                return self._run(text)
            case Phrase(text):
                return self._phrase(text)
            case Prefix(text):
                return self._prefix(text)
            case In(name, inner):
                return self._field(name, inner)
            case Not(inner):
                return Exclude(MatchAll(), self._silently(inner))
            case AllOf(nodes):
                return self._all_of(nodes)
            case AnyOf(nodes, typed):
                return self._typed_or(nodes) if typed else self._side_by_side(nodes)

    def named(self, name: str, text: str) -> list[Query]:
        """Return what lifts the entities and documents of which the whole query is a name."""
        weights = self.weights
        lifted: list[Query] = [
            _named(name, "entity", weights.entity_name),
            _named(name, "document", weights.document_name),
        ]
        corrected = name_key(_replaced(text, self.corrections))
        if corrected != name:
            lifted.append(_named(corrected, "entity", weights.entity_also))
        entities = self.thesaurus.entities_named(text)
        if entities:
            lifted.append(Constant(TermSet("id", entities), weights.entity_also))
        return [DisMax(tuple(lifted))]

    def _silently(self, node: Node) -> Query:
        """Plan what must not match: it explains and corrects nothing, and has no bridges."""
        return _Planner(Thesaurus(), self.vocabulary, self.weights).plan(node)

    def _all_of(self, nodes: tuple[Node, ...]) -> Query:
        wanted = tuple(self.plan(n) for n in nodes if not isinstance(n, Not))
        return self._without(Must(wanted) if wanted else MatchAll(), nodes)

    def _typed_or(self, nodes: tuple[Node, ...]) -> Query:
        return Should(tuple(self.plan(n) for n in nodes))

    def _side_by_side(self, nodes: tuple[Node, ...]) -> Query:
        """Words rank together; facets among them filter; what is negated is left out."""
        ranked: list[Query] = []
        filters: list[Query] = []
        run: list[str] = []
        for node in (*nodes, None):
            if isinstance(node, Word):
                run.append(node.text)
                continue
            if run:
                ranked.append(self._run(" ".join(run)))
                run = []
            if isinstance(node, In) and node.name in FACETS:
                filters.append(self.plan(node))
            elif node is not None and not isinstance(node, Not):
                ranked.append(self.plan(node))
        if ranked:
            filters.append(Should(tuple(ranked)) if len(ranked) > 1 else ranked[0])
        query = Must(tuple(filters)) if filters else MatchAll()
        return self._without(query, nodes)

    def _without(self, query: Query, nodes: tuple[Node, ...]) -> Query:
        excluded = tuple(self._silently(n.node) for n in nodes if isinstance(n, Not))
        return Exclude(query, Should(excluded)) if excluded else query

    def _field(self, name: str, node: Word | Phrase | Prefix) -> Query:
        if name in FACETS:
            return Constant(TermSet("facet", facet_keys(name, node.text)))
        if isinstance(node, Prefix):
            words = self.vocabulary.words("label_words", fold_word(node.text), _PREFIX_WORDS)
            return Should(tuple(Term("label_words", w) for w in words)) if words else MatchNone()
        readings = _readings(node.text)
        self._stems.update(t.text for tokens in readings for t in tokens)
        phrases = [p for t in readings if (p := _phrase_tokens(t))]
        fields = ("label", "heading")
        return _best([PhraseQuery(name, tokens) for tokens in phrases for name in fields])

    def _phrase(self, text: str) -> Query:
        queries: list[Query] = []
        for tokens in _readings(text):
            phrase = _phrase_tokens(tokens)
            if phrase:
                self._phrases.setdefault(tuple(stem for _, stem in phrase), "")
                queries.extend(self._in_fields(phrase))
        whole = self.thesaurus.match(text) if name_key(text) else []
        bridged = [self._bridge(m, text) for m in whole if m.first == 0 and m.last == _count(text)]
        return _best(queries + [b for b in bridged if b is not None])

    def _in_fields(self, phrase: tuple[tuple[int, str], ...]) -> list[Query]:
        if not phrase:
            return []
        return [
            PhraseQuery("body", phrase),
            Boost(PhraseQuery("heading", phrase), self.weights.heading),
            Boost(PhraseQuery("around", phrase), self.weights.around),
            Boost(PhraseQuery("label", phrase), self.weights.label),
        ]

    def _prefix(self, text: str) -> Query:
        words = [token.word for token in analyse(text, "", stop_words=True)]
        if not words:
            return MatchNone()
        self._prefixes.add(words[-1])
        known = self.vocabulary.words("words", words[-1], _PREFIX_WORDS)
        ends = _best([Term("words", word) for word in known])
        if len(words) == 1:
            return ends
        return Must((*(Term("words", word) for word in words[:-1]), ends))

    def _run(self, text: str) -> Query:
        """Plan words that stand side by side: names among them as one unit each, and other words.

        A name is found as it was typed or by its other names, whichever counts more: text in
        another language, which has none of the typed words, does not fall behind for it.
        """
        words: dict[int, list[Token]] = {}
        for tokens in _readings(text):
            for token in tokens:
                words.setdefault(token.position, []).append(token)
        left = dict(sorted(_weighty(words).items()))
        units: list[Query] = []
        for match in self.thesaurus.match(text):
            proper = match.homograph and match.last == match.first + 1
            stretch = [left.pop(at) for at in range(match.first, match.last) if at in left]
            own = [self._word(text, each, proper=proper, known=True) for each in stretch]
            bridge = self._bridge(match, text)
            if bridge is None:
                units += own
            else:
                units.append(_best((*self._together(match, text, own), bridge)))
        units += [self._word(text, each, proper=False, known=False) for each in left.values()]
        if len(units) == 1:
            return units[0]
        return Should((*units, Constant(Must(tuple(units)), self.weights.all_words)))

    def _together(self, match: NameMatch, text: str, words: list[Query]) -> list[Query]:
        """Plan a typed name: its words behind each other, or less so anywhere."""
        if len(words) < 2:
            return words
        found: list[Query] = [Boost(Should(tuple(words)), self.weights.loose)]
        for tokens in _readings(text):
            inside = [t for t in tokens if match.first <= t.position < match.last]
            found += self._in_fields(_phrase_tokens(inside))
        return found

    def _word(self, text: str, readings: list[Token], *, proper: bool, known: bool) -> Query:
        """Plan one word: the best of its readings, in body, heading and labels."""
        word = readings[0].word
        stems = list(dict.fromkeys(token.text for token in readings))
        query = self._stemmed(stems)
        exact = Term("words", word)
        if proper:
            # A proper name as it is; words that only share its stem count less.
            self._words[word] = ""
            return DisMax((exact, Boost(query, self.weights.homograph)))
        self._stems.update(stems)
        if known or self._is_indexed(word, stems) or len(self.corrections) >= _MOST_CORRECTED:
            return Should((query, Boost(exact, self.weights.exact)))
        corrected = correct(word, self._word_frequency) or correct(word, self._stem_frequency)
        if corrected is None:
            return query
        self.corrections.append((text[readings[0].start : readings[0].end], corrected))
        instead = _read_stems(corrected)
        self._stems.update(instead)
        return Boost(self._stemmed(instead), self.weights.corrected)

    def _word_frequency(self, word: str) -> int:
        return self.vocabulary.frequency("words", word)

    def _stem_frequency(self, word: str) -> int:
        """Entries with a form of the word: the index may have its plural only."""
        stems = [stem for stem in _read_stems(word) if stem != word]
        return max((self.vocabulary.frequency("body", stem) for stem in stems), default=0)

    def _stemmed(self, stems: list[str]) -> Query:
        return Should(
            (
                _best([Term("body", stem) for stem in stems]),
                Boost(_best([Term("heading", stem) for stem in stems]), self.weights.heading),
                Boost(_best([Term("around", stem) for stem in stems]), self.weights.around),
                Boost(_best([Term("label", stem) for stem in stems]), self.weights.label),
            )
        )

    def _is_indexed(self, word: str, stems: list[str]) -> bool:
        return self.vocabulary.frequency("words", word) > 0 or any(
            self.vocabulary.frequency(name, stem) > 0 for stem in stems for name in _TEXT_FIELDS
        )

    def _bridge(self, match: NameMatch, text: str) -> Query | None:
        """Plan the other names of the entities that a stretch of the query names."""
        queries: list[Query] = [Term("about", entity) for entity in match.entities]
        topic = [Boost(Term("topic", entity), self.weights.topic) for entity in match.entities]
        tokens = analyse(text, "", stop_words=True)[match.first : match.last]
        said = text[tokens[0].start : tokens[-1].end]
        for other in match.others:
            bridge = Bridge(said, other.text, other.lang, other.entity)
            self.bridges.append(bridge)
            queries += self._other_name(other, str(bridge))
        related: list[Query] = []
        for other in match.related:
            bridge = Bridge(said, other.text, other.lang, other.entity, related=True)
            self.bridges.append(bridge)
            related += self._other_name(other, str(bridge))
        if related:
            queries.append(Boost(_best(related), self.weights.related))
        if not queries:
            return None
        return Boost(Should((_best(queries), *topic)), self.weights.bridge)

    def _other_name(self, name: Name, reason: str) -> list[Query]:
        """Plan another name: as a phrase of stems, but a single word only as it is written."""
        queries: list[Query] = []
        for lang in (name.lang,) if name.lang else QUERY_LANGUAGES:
            tokens = analyse(name.text, lang)
            if len(tokens) == 1:
                self._words.setdefault(tokens[0].word, reason)
                queries.append(Term("words", tokens[0].word))
                continue
            phrase = _phrase_tokens(tokens)
            self._phrases.setdefault(tuple(stem for _, stem in phrase), reason)
            queries += self._in_fields(phrase)
        return queries


def _weighty(words: Mapping[int, list[Token]]) -> dict[int, list[Token]]:
    """Leave out words that ask, and stop words of the other language; not all there is."""
    asked = {p: t for p, t in words.items() if not is_question_word(t[0].word)} or words
    return {p: t for p, t in asked.items() if not is_stop_word(t[0].word)} or dict(asked)


def _readings(text: str) -> list[list[Token]]:
    return [analyse(text, lang) for lang in QUERY_LANGUAGES]


def _read_stems(text: str) -> list[str]:
    return list(dict.fromkeys(token.text for tokens in _readings(text) for token in tokens))


def _count(text: str) -> int:
    return len(analyse(text, "", stop_words=True))


def _phrase_tokens(tokens: list[Token]) -> tuple[tuple[int, str], ...]:
    """Return (position, stem) pairs counted from the first token."""
    return tuple((token.position - tokens[0].position, token.text) for token in tokens)


def _best(queries: Iterable[Query]) -> Query:
    several = tuple(dict.fromkeys(queries))
    if len(several) == 1:
        return several[0]
    return DisMax(several) if several else MatchNone()


def _named(name: str, kind: str, score: float) -> Query:
    return Constant(Must((Term("name", name), Term("facet", facet_key("type", kind)))), score)


def _replaced(text: str, corrections: Iterable[tuple[str, str]]) -> str:
    for typed, used in corrections:
        text = text.replace(typed, used, 1)
    return text
