"""All that a document names: known names, laws, its own acronyms, and candidates beside them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.document import SKIPPED, Block, Document
from ingest.extract.acronyms import AcronymPair, long_form_class
from ingest.extract.boundaries import is_title_line
from ingest.extract.classes import family_of
from ingest.extract.heads import find_headed_names
from ingest.extract.laws import find_laws
from ingest.extract.lexicon import Lexicon, Match
from ingest.extract.tokens import fold_words
from ingest.extraction import Mention
from ingest.link import LawIndex, LinkedLaw, choose_name, definitions_of, link_laws
from ingest.names import DocumentNames, collect_names, known_as
from ingest.spotted import SpottedName, minted_here
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Name

__all__ = ["CONFIDENCE", "find_mentions"]

CONFIDENCE: Mapping[str, float] = {
    "lexicon": 0.95,
    "lexicon-spelling": 0.85,
    "lexicon-ambiguous": 0.4,
    "branch-of": 0.5,
    "document-acronym": 0.45,
    "head-noun": 0.4,
    "proper-head": 0.88,
    "quoted-head": 0.85,
    "generic-head": 0.8,
    "enumeration": 0.8,
    "person-name": 0.9,
    "title": 0.85,
    "template-persons": 0.9,
    "template-members": 0.88,
    "template-grants": 0.9,
    "template-readings": 0.88,
    "law-number": 0.98,
    "law-date": 0.95,
    "law-article": 0.95,
    "law-completed": 0.9,
    "law-name": 0.85,
    "law-year": 0.6,
}
"""Prior confidence of each rule that yields mentions: judged by reading, not yet calibrated."""

_QUOTED_BEHIND_HEAD = re.compile(r"[a-zà-ÿ]+\s(?:\"(?P<name>[^\"]+)(?:\"|$))")
_POSTPOSED = re.compile(
    r"[”»\"]?\s+(?:programmes?|programs?|funds?|labels?|awards?|schemes?|prize|collective)\b",
    re.IGNORECASE,
)
_SMALL_ARTICLE = re.compile(r"(?:the|les?|la)\s+|l[’']")
_OPENING = '“«"'


@dataclass(frozen=True, slots=True)
class _Context:
    document: Document
    lexicon: Lexicon
    defined: Mapping[str, frozenset[Iri]]
    denied: frozenset[str]
    local: Lexicon
    spotted: Mapping[Iri, str]
    bound: tuple[tuple[SpottedName, Iri], ...]


def find_mentions(
    document: Document, lexicon: Lexicon, iris: Iris, names: DocumentNames | None = None
) -> list[Mention]:
    """Return the mentions of the seven families in ``document``, in reading order.

    Mentions do not overlap. Only those that stand for one entity by exact name, the document's own
    definition or a citation's number, date or name are asserted.
    """
    names = names or collect_names(document)
    pairs = names.pairs
    context = _Context(
        document,
        lexicon,
        definitions_of(pairs, lexicon),
        _defined_otherwise(pairs, lexicon),
        _local_lexicon(pairs, lexicon),
        _spotted_rules(document, names, lexicon, iris),
        tuple(
            (name, minted_here(name, document.sha256, iris))
            for name in names.spotted
            if name.here and not known_as(lexicon, name.text)
        ),
    )
    blocks = [b for b in document.blocks if b.kind not in SKIPPED]
    references = [r for b in blocks for r in find_laws(document.text, b.start, b.end)]
    laws = link_laws(document.text, references, LawIndex(lexicon), iris)
    starts = [law.reference.start for law in laws]
    found: list[Mention] = []
    for block in blocks:
        here = laws[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
        found += _in_block(context, block, here)
    return found


def _in_block(context: _Context, block: Block, laws: Sequence[LinkedLaw]) -> list[Mention]:
    lang = block.lang or context.document.lang
    text = context.document.text
    mentions = [m for law in laws if (m := _law_mention(context, law, lang)) is not None]
    known = [
        _named_mention(context, match, lang)
        for match in context.lexicon.find(text, block.start, block.end)
    ]
    bound = [
        _bound_mention(context, name, entity)
        for name, entity in context.bound
        if block.start <= name.start and name.end <= block.end
    ]
    spans = [(m.start, m.end) for m in bound]
    named = [
        m for m in known
        if m is not None and not any(m.start < end and start < m.end for start, end in spans)
    ]  # fmt: skip
    mentions = _merged(mentions, sorted([*named, *bound], key=lambda m: m.start))
    mentions = _join_branches(text, mentions)
    candidates = [
        Mention(m.start, m.end, text[m.start : m.end], m.names[0].cls, None, m.names[0].text,
                "document-acronym", CONFIDENCE["document-acronym"], asserted=False)
        for m in context.local.find(text, block.start, block.end)
    ]  # fmt: skip
    candidates += [
        Mention(h.start, h.end, text[h.start : h.end], h.cls, None, text[h.start : h.end],
                "head-noun", CONFIDENCE["head-noun"], asserted=False)
        for h in find_headed_names(text, block.start, block.end, lang)
    ]  # fmt: skip
    return _with_candidates(mentions, candidates)


def _with_candidates(mentions: Sequence[Mention], candidates: Sequence[Mention]) -> list[Mention]:
    """Add the candidates that overlap nothing, the more confident ones first."""
    kept = [(m.start, m.end) for m in mentions]
    added = list(mentions)
    for candidate in sorted(candidates, key=lambda c: (-c.confidence, c.start, -c.end)):
        at = bisect_right(kept, (candidate.start, candidate.end))
        free_left = at == 0 or kept[at - 1][1] <= candidate.start
        if free_left and (at == len(kept) or candidate.end <= kept[at][0]):
            kept.insert(at, (candidate.start, candidate.end))
            added.append(candidate)
    return sorted(added, key=lambda m: (m.start, m.end))


def _law_mention(context: _Context, law: LinkedLaw, lang: str) -> Mention | None:
    start, end = law.reference.start, law.reference.end
    surface = context.document.text[start:end]
    label = context.lexicon.label(law.entity, lang) if law.entity else None
    reform = law.reference.kind == "reforme"  # of several texts, often
    cls = "Article" if law.reference.article else "LegalFramework" if reform else "Law"
    return Mention(
        start, end, surface, cls, law.entity, label or " ".join(surface.split()),
        law.rule, CONFIDENCE[law.rule], asserted=law.entity is not None,
    )  # fmt: skip


def _named_mention(context: _Context, match: Match, lang: str) -> Mention | None:
    text = context.document.text
    names = tuple(name for name in match.names if family_of(name.cls) is not None)
    surface = text[match.start : match.end]
    if not names or (len(names) < len(match.names) and not _is_acronym(surface, names)):
        return None  # a theme, or a word that may be one
    match = replace(match, names=names)
    name = choose_name(text, match, lang, context.defined)
    if name is None or fold(surface) in context.denied:
        return Mention(
            match.start, match.end, surface, names[0].cls, None, surface,
            "lexicon-ambiguous", CONFIDENCE["lexicon-ambiguous"], asserted=False,
        )  # fmt: skip
    rule = "lexicon-spelling" if name.role is LabelRole.SPELLING else "lexicon"
    rule = context.spotted.get(name.entity, rule)
    label = context.lexicon.label(name.entity, lang) or name.text
    start, end = _without_article(text, match.start, match.end)
    start, end = _without_head(text, *_with_quotes(text, start, end), lang)
    start, end = _with_postposed_head(text, start, end, name.cls, lang)
    return Mention(
        start,
        end,
        text[start:end],
        name.cls,
        name.entity,
        label,
        rule,
        CONFIDENCE.get(rule, 0.85),
        True,
    )


def _is_acronym(surface: str, names: Sequence[Name]) -> bool:
    """Tell an entity's acronym ("PTCEs") that a vocabulary has as well: it is never a common word."""
    return surface.rstrip("s").isupper() and all(n.role is LabelRole.ACRONYM for n in names)


def _without_article(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out an article that is printed small, even where the list has it in the name."""
    article = _SMALL_ARTICLE.match(text, start, end)
    return (article.end(), end) if article else (start, end)


def _with_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the quotation mark whose partner stands inside the name."""
    inside = text[start:end]
    for opening, closing in ("“”", "«»", '""'):
        if closing in inside and inside.count(opening) + inside.count(closing) in (1,):
            if start and text[start - 1] == opening:
                return start - 1, end
            if end < len(text) and text[end] == closing:
                return start, end + 1
        elif opening in inside and closing not in inside and text[end : end + 1] == closing:
            return start, end + 1
    return start, end


def _without_head(text: str, start: int, end: int, lang: str) -> tuple[int, int]:
    """Leave out a French head before a quoted name: of « stratégie "Région solidaire" » the quote."""
    headed = _QUOTED_BEHIND_HEAD.match(text, start, end + 1) if lang == "fr" else None
    return (headed.start("name"), headed.end("name")) if headed else (start, end)


def _with_postposed_head(text: str, start: int, end: int, cls: str, lang: str) -> tuple[int, int]:
    """Take in an English head behind a programme's name: "the X programme"."""
    if lang != "en" or family_of(cls) != "Programme":
        return start, end
    head = _POSTPOSED.match(text, end)
    if head is None or fold(text[start:end]).endswith(fold(head[0])):
        return start, end
    closes = head[0][0] in '”»"'
    if closes and (start == 0 or text[start - 1] not in _OPENING):
        return start, end
    return start - closes, head.end()


def _merged(laws: Sequence[Mention], names: Sequence[Mention]) -> list[Mention]:
    """Keep the longer of a law's citation and a known name that overlap, the citation of equals."""
    kept = list(laws)
    starts = [law.start for law in laws]
    for name in names:
        # Citations are disjoint: those that overlap the name end with the last to start before it.
        nearby = laws[max(0, bisect_left(starts, name.start) - 1) : bisect_left(starts, name.end)]
        over = [law for law in nearby if name.start < law.end]
        legal = family_of(name.cls) == "LegalFramework"
        longer = name.end - name.start > sum(law.end - law.start for law in over)
        if not over or (longer and not (legal and any(law.entity for law in over))):
            kept = [law for law in kept if law not in over] if over else kept
            kept.append(name)
        elif len(over) == 1 and over[0].entity is None and legal and name.entity is not None:
            kept[kept.index(over[0])] = replace(name, start=over[0].start, end=over[0].end,
                                                surface=over[0].surface)  # fmt: skip
    return sorted(kept, key=lambda m: (m.start, m.end))


def _join_branches(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Make one candidate of a body and a place directly behind it: a regional branch, unlisted."""
    joined: list[Mention] = []
    for mention in mentions:
        before = joined[-1] if joined else None
        if (
            before is not None
            and family_of(before.cls) == "Actor"
            and family_of(mention.cls) == "Territory"
            and text[before.end : mention.start] == " "
            and not is_title_line(text, before.start)
        ):
            surface = text[before.start : mention.end]
            joined[-1] = Mention(
                before.start, mention.end, surface, before.cls, None, surface,
                "branch-of", CONFIDENCE["branch-of"], asserted=False,
            )  # fmt: skip
        else:
            joined.append(mention)
    return joined


def _bound_mention(context: _Context, name: SpottedName, entity: Iri) -> Mention:
    surface = context.document.text[name.start : name.end]
    return Mention(
        name.start, name.end, surface, name.cls, entity, name.text, name.rule,
        CONFIDENCE.get(name.rule, 0.85), asserted=True,
    )  # fmt: skip


def _spotted_rules(
    document: Document, names: DocumentNames, lexicon: Lexicon, iris: Iris
) -> Mapping[Iri, str]:
    """Return entity → the rule that spotted its name here, for entities that no list has."""
    rules: dict[Iri, str] = {}
    for name in names.spotted:
        entity = minted_here(name, document.sha256, iris)
        if len(lexicon.names_of(entity)) == 1:
            rules.setdefault(entity, name.rule)
    return rules


def _defined_otherwise(pairs: Iterable[AcronymPair], lexicon: Lexicon) -> frozenset[str]:
    """Return acronyms that the document uses for something else than the Lexicon does.

    Its long form is unknown and shares no word with the known names in the same language.
    """
    otherwise: set[str] = set()
    same: set[str] = set()
    for pair in pairs:
        acronym = fold(pair.acronym)
        if lexicon.named(pair.long_form):
            same.add(acronym)
            continue
        said = {word[:5] for word in fold_words(pair.long_form) if len(word) > 3}
        names = [
            fold_words(other.text)
            for name in lexicon.named(pair.acronym)
            for other in lexicon.names_of(name.entity)
            if other.role is LabelRole.PREFERRED
            and other.lang == pair.lang
            and len(fold_words(other.text)) > 1
        ]
        if names and not any(said & {word[:5] for word in words} for words in names):
            otherwise.add(acronym)
    return frozenset(otherwise - same)


def _local_lexicon(pairs: Iterable[AcronymPair], lexicon: Lexicon) -> Lexicon:
    """Return the document's own acronyms and long forms that no list knows, as candidates."""
    names: list[Name] = []
    for pair in pairs:
        if lexicon.named(pair.long_form) or not pair.long_form[:1].isupper():
            continue
        capitals = sum(word[:1].isupper() for word in pair.long_form.split())
        cls = long_form_class(pair.long_form)
        if cls is None and capitals < 2:
            continue  # a common noun phrase at the start of a sentence
        cls = cls or "Actor"
        names.append(Name(pair.long_form, pair.lang, Iri(""), cls, LabelRole.PREFERRED))
        names.append(Name(pair.acronym, "", Iri(""), cls, LabelRole.ACRONYM))
    return Lexicon(names)
