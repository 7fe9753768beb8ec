"""Reading one sentence from left to right: which named things stand before and after a verb.

No parser: an argument counts when only words that cannot change who does what (determiners,
auxiliaries, adverbs, generic heads) stand between it and its verb. Precision first.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.extract.data import head_classes, small_words
from ingest.extract.triggers import Lexis
from ontology.folding import fold
from ontology.model import Iri

__all__ = ["Argument", "Clause"]

_DETERMINERS = (
    r"(?:les?|la|l[’']|une?|des|the|an?|son|sa|ses|leurs?|its|their|our|nos|notre|ce|cette|cet|ces"
    r"|this|these|d[’'])"
)
_GOVERNOR = re.compile(
    r"(?:\b(?:de|du|des|of|with|avec|pour|for|par|by|à|au|aux|in|en|dans|sur|on|to|from|via|chez|sous"
    r"|through|selon|like|comme|entre|between|sans|without|into|contre|vers|about|than)|\bd[’'])"
    rf"\s*(?:{_DETERMINERS}\s*)?(?:[\w-]+\s+){{0,2}}[\"«“*_\s]*$",
    re.IGNORECASE,
)
_STOPS = frozenset((
    "pour", "avec", "dans", "par", "sur", "sous", "vers", "chez", "sans", "contre", "entre", "afin",
    "qui", "que", "dont", "ou", "for", "with", "in", "by", "on", "at", "to", "from", "through",
    "via", "who", "which", "that", "when", "where", "as", "than", "thanks", "grace", "et", "and",
    "a", "au", "aux", "en", "pas", "plus", "not", "if", "si", "or", "but", "mais", "into", "is",
    "est", "sont", "are", "was", "were", "lors", "during", "after", "before", "since", "depuis",
))  # fmt: skip
_OPENER = re.compile(
    r"(?:\(|:|,?\s+such\s+as|,?\s*including|,?\s*namely|,?\s+like|,?\s*tels?\s+que|,?\s*telles?\s+que"
    r"|,?\s*notamment|,?\s*comme|,?\s*dont)\s*(?:(?:le|la|les|l[’']|the|des|du|de|d[’'])\s*)?[\"«“*_]*$",
    re.IGNORECASE,
)
_COORDINATION = re.compile(
    r"[\s*_»”\"]*(?:\([^()]*\))?[\s»”\"*_]*(?:,\s*(?:et|and|ou|or|puis)\b|,|;|/|\bet\b|\band\b|\bou\b|\bor\b|&"
    r"|\bainsi\s+que\b|\bas\s+well\s+as\b|\bpuis\b)\s*(?P<rest>[^,;:()]*)\Z",
    re.IGNORECASE,
)
_NEXT_BRACKET = re.compile(
    r"\)\s*(?:,|and|et|,\s*and|as well as|ainsi que)\s+[a-zà-ÿ’' -]{3,40}\(\s*"
)
_MARKUP = re.compile(r"\*\*|__|</?[A-Za-z][^<>\n]{0,40}>|[¹²³⁰⁴-⁹]+|\[\d{1,3}\]|\]\([^)]*\)|\[")
_PARENTHESIS = re.compile(r"\([^()]*\)")
# ", in partnership with Y,": not ", for which six Z were created,", which has a subject of its own.
_APPOSITION = re.compile(
    r",(?!\s*(?:\w+\s+(?:which|whom|lequel|laquelle|qui)|whose|dont|auquel|où)\b)[^,;:]{0,90},"
)
_COPULA = re.compile(
    r"\s*(?:est|sont|is|are|was|were|était)\s+(?:aussi\s+|also\s+)?"
    r"(?:une?|les?|la|l[’']|des|an?|the|one\s+of\s+the|l[’']un\s+des)\b(?:\s*[\w’'-]+){0,8}\s*\Z",
    re.IGNORECASE,
)
_HEADED_APPOSITION = re.compile(
    r"\s*[,–—-]\s*(?P<article>(?:une?|an?)\s+)?(?:(?:le|la|the)\s+)?(?P<head>[\w-]+)"
    r"(?:\s+(?!qui\b|which\b|that\b|who\b)[\w’'-]+){0,6}\s*\Z"
)
_ENDS_RELATIVE = re.compile(r"\b(?:qui|that|which|who)\s*\Z", re.IGNORECASE)
_RELATIVE = re.compile(r"\s(?:that|which|who|qui)\s.*\Z", re.IGNORECASE | re.DOTALL)
_PLACE = re.compile(
    r",?\s*\b(?:in|en|à|dans|across)\s+(?:the\s+|la\s+|le\s+|les\s+|l[’'])?\Z", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"[*_\s]*[’']s?\s")
_TIME = re.compile(
    r"\s*,?\s*(?:en|in|fin|début|depuis|since|dès)\s+(?:[A-Za-zéûôà]+\s+)?(?:1[89]|20)\d{2}(?![\d/-]),?"
)
_REACH = 4
"""How many arguments to the left of a verb are tried as its subject."""
_WORD = re.compile(r"[^\W_]+")
_FREE_ADVERB = re.compile(r"\w{3,}(?:ment|ly)\Z")
_NEGATION_AFTER = re.compile(r"\s*(?:pas|plus|jamais|not|no\s+longer|never)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Argument:
    """A named thing in a sentence. ``entity`` is None for a candidate: it separates, no more."""

    start: int
    end: int
    entity: Iri | None
    family: str
    cls: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence ``text[start:end]`` with its arguments, in order, and the words of its language."""

    text: str
    start: int
    end: int
    arguments: tuple[Argument, ...]
    lexis: Lexis

    def subjects_before(self, at: int, *, passive: bool) -> list[Argument]:
        """Return the arguments that are the subject of the verb (or participle) at ``at``.

        The nearest one to the left with those coordinated to it; what stands between commas
        ("…, in partnership with Y, …") or says where ("… in Lyon, …") is skipped. In the active it
        must not hang on a preposition ("le soutien de X finance …" says nothing of X).
        """
        before = [a for a in self.arguments if a.end <= at][-_REACH:]
        gap = ""
        right = at
        for index in range(len(before) - 1, -1, -1):
            nearest = before[index]
            gap = self.text[nearest.end : right] + gap
            if self._reaches(gap, passive=passive):
                group = self._coordinated_before(before[: index + 1])
                if passive or not _GOVERNOR.search(self.text[self.start : group[0].start]):
                    return group
            right = nearest.end
            place = _PLACE.search(self.text[self.start : nearest.start])
            if nearest.family == "Territory" and place:
                right = self.start + place.start()
            else:
                gap = self.text[nearest.start : nearest.end] + gap
                right = nearest.start
        return []

    def _coordinated_before(self, before: Sequence[Argument]) -> list[Argument]:
        group = [before[-1]]
        for argument in reversed(before[:-1]):
            gap = self.text[argument.end : group[0].start]
            joint = _COORDINATION.match(gap)
            if joint is None or not _is_np_gap(joint["rest"]):
                break
            if len(group) == 1 and "," in gap and not re.search(r"\b(?:et|and)\b|&", gap):
                break  # "With A, B runs …"
            group.insert(0, argument)
        return group

    def objects_after(self, at: int) -> list[Argument]:
        """Return the arguments that follow the verb at ``at`` directly, or as its enumeration."""
        return self._group_after(_skip_time(self.text, at, self.end), _is_object_gap)

    def agents_after(self, at: int) -> list[Argument]:
        """Return the arguments behind "by" at ``at``."""
        return self._group_after(at, _is_np_gap)

    def _group_after(self, at: int, fits: Callable[[str], bool]) -> list[Argument]:
        after = [a for a in self.arguments if a.start >= at]
        if not after:
            return []
        gap = _plain(self.text[at : after[0].start])
        if fits(gap):
            return self._coordinated(after, closes=False)
        opened = _OPENER.search(gap)
        if opened and _is_noun_phrase(_RELATIVE.sub("", gap[: opened.start()])):
            return self._coordinated(after, closes="(" in opened[0])
        return []

    def _coordinated(self, arguments: Sequence[Argument], *, closes: bool) -> list[Argument]:
        """Return the first of ``arguments`` and those joined to it by commas and "and".

        With ``closes`` the list stands in brackets and ends with them.
        """
        group = [arguments[0]]
        for argument in arguments[1:]:
            gap = self.text[group[-1].end : argument.start]
            joint = _COORDINATION.match(_MARKUP.sub("", gap))
            if closes and _NEXT_BRACKET.fullmatch(gap):
                group.append(argument)  # "agencies (A, B) and local authorities (C, D)"
                continue
            if joint is None or not _is_np_gap(joint["rest"]) or (closes and ")" in gap):
                break
            group.append(argument)
        # "X's partners": the possessor is not what the verb reaches.
        return group[:-1] if _POSSESSIVE.match(self.text, group[-1].end) else group

    def is_blocked(self, since: int, verb_start: int, verb_end: int) -> bool:
        """Tell whether a negation, a condition, a wish or a future stands around the verb.

        ``since`` is where the verb's subject begins; what comes before it in the same part of the
        sentence counts too.
        """
        head = self.text[self.start : since]
        cut = max(head.rfind(mark) for mark in (",", ";", ":", "(", "–"))
        window = self.text[self.start + cut + 1 : verb_start]
        opening = re.match(r"[\W_]*(?:si|if|should|unless)\b", head, re.IGNORECASE)
        return bool(
            opening
            or self.lexis.blocked.search(window)
            or _NEGATION_AFTER.match(self.text, verb_end)
        )

    def topic_before(self, at: int) -> tuple[str, int] | None:
        """Return the kind of a pronoun ("it", "this scheme") that is the subject of the verb at ``at``.

        The kind is a key of the table of topics; with it comes where the pronoun starts.
        """
        head = self.text[self.start : at]
        cut = max((head.rfind(mark) for mark in (",", ";", ":", "•", "- ")), default=-1) + 1
        for part in (cut, 0):
            lead = re.match(r"[\s\W_]*", head[part:])
            begin = part + (lead.end() if lead else 0)
            for kind, pattern in self.lexis.topics.items():
                match = pattern.match(head, begin)
                if match and self._only_between(_APPOSITION.sub(" ", head[match.end() :])):
                    return kind, self.start + match.start()
        return None

    def _reaches(self, gap: str, *, passive: bool) -> bool:
        gap = _PARENTHESIS.sub(" ", _plain(gap))
        bare = _APPOSITION.sub(" ", gap)
        if self._only_between(gap) or self._only_between(bare):
            return True
        if _COPULA.match(bare):
            # "X is a body that runs …": the relative clause says it of X, too.
            return passive or bool(_ENDS_RELATIVE.search(bare))
        headed = passive and _HEADED_APPOSITION.match(gap)
        if not headed:
            return False
        return bool(headed["article"]) or fold(headed["head"]) in head_classes()

    def _only_between(self, gap: str) -> bool:
        if re.search(r"[;:.!?]", gap):
            return False
        words = [fold(word) for word in _WORD.findall(gap)]
        return len(words) <= 8 and all(
            word in self.lexis.between or word.isdigit() or _FREE_ADVERB.match(word)
            for word in words
        )


def _skip_time(text: str, at: int, end: int) -> int:
    """Step over "in 2020" between a verb and its object."""
    time = _TIME.match(text, at, end)
    return time.end() if time else at


def _plain(gap: str) -> str:
    return _MARKUP.sub("", gap).strip(' »”"\n')


def _is_np_gap(gap: str) -> bool:
    """Tell whether a gap is the beginning of a noun phrase: "l'association", "the private firm".

    It starts with an article, or has nothing but articles and generic heads.
    """
    words = [fold(word) for word in _WORD.findall(gap)]
    if all(w in head_classes() or w in _GAP_SMALL for w in words):
        return len(words) <= 5 and not re.search(r"[,;:.!?()]", gap)
    return words[0] in _ARTICLES and len(words) <= 5 and _is_object_gap(gap)


_ARTICLES = frozenset(("the", "a", "an", "le", "la", "l", "les", "un", "une"))
_GAP_SMALL = frozenset((
    "le", "la", "les", "l", "the", "a", "an", "un", "une", "des", "du", "de", "d", "of", "its",
    "son", "sa", "ses", "both", "par", "by", "avec", "with", "au", "aux", "groupe", "group",
    "ville", "city", "region", "departement", "department", "metropole", "societe", "company",
    "entreprise", "association",
))  # fmt: skip


def _is_object_gap(gap: str) -> bool:
    words = [fold(word) for word in _WORD.findall(gap)]
    # "created a local transfer centre, NAME": the indefinite phrase is explained by the name.
    named = gap.rstrip().endswith(",") and bool(words) and words[0] in ("a", "an", "un", "une")
    if re.search(r"[,;:.!?()]", gap.rstrip(" ,") if named else gap):
        return False
    if len(words) > (10 if named else 6):
        return False
    if named:
        words = [w for w in words[1:] if w not in ("and", "et")]
    for index, word in enumerate(words):
        if word in ("de", "du", "des", "d", "of"):
            noun = next((w for w in reversed(words[:index]) if w not in small_words()), None)
            if noun is not None and noun not in head_classes():
                return False
        elif word in _STOPS:
            return False
    return True


def _is_noun_phrase(gap: str) -> bool:
    words = [fold(word) for word in _WORD.findall(gap)]
    return len(words) <= 10 and not any(
        word in _STOPS and word not in ("and", "et", "for", "pour", "a") for word in words
    )
