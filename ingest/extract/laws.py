"""Laws as texts cite them, French and English: by number, date, year, short name or article."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.extract.dates import DATE_EN, DATE_FR, MONTH_EN, MONTH_FR, parse_date
from ontology.folding import fold, slugify

__all__ = ["LawReference", "find_laws", "law_slug"]

_KINDS = {
    "loi": "loi", "law": "loi", "act": "loi", "decret": "decret", "decree": "decret",
    "ordonnance": "ordonnance", "ordinance": "ordonnance", "arrete": "arrete",
    "directive": "directive", "reglement": "reglement", "regulation": "reglement",
    "code": "code", "reforme": "reforme", "reform": "reforme",
}  # fmt: skip
_YEAR = r"(?:19|20)\d{2}"
_NUMBER = r"(?:n[°ºo]\.?|N[°ºo]\.?|No\.?|no\.?|number)\s?"
_FR = r"(?P<kind>[Ll][Oo][Ii]|[Dd]écret|[Oo]rdonnance|[Aa]rrêté)(?:\s+(?:organique|constitutionnelle))?"
_EN = r"(?P<kind>[Ll]aw|[Aa]ct|[Dd]ecree|[Oo]rdinance)"
_CODE_TOPIC = (
    r"(?:Procurement|Order|Contracts?|Labou?r|Work|Financial|Monetary|Environmental?|Civil|Penal"
    r"|Criminal|Commercial|Commerce|Tax|Planning|Health|Education|Energy|Insurance|Families"
    r"|Authorities|Construction|Housing|Rural|Consumer|Research|Security)"
)
_ADJECTIVES = (
    r"(?:\s+[\w-]+(?:ale?s?|aux|iques?|aires?|ifs?|ives?|elle?s?|els?|[ai]bles?|eurs?"
    r"|euses?|ien(?:ne)?s?|i[eè]re?s?))*"
)
_NOUN = rf"(?:l[’']|la\s+|le\s+|les\s+|d[’'])?[\w-]+{_ADJECTIVES}"
# A title ends where its noun phrase does: the verb of the sentence may follow without a comma.
_TITLE = (
    rf"(?:\s+(?:relative?\s+(?:à\s+|aux?\s+)|portant\s+|pour\s+)(?:la\s+)?{_NOUN}"
    rf"(?:\s+(?:et\s+(?:à\s+|aux?\s+)?|de\s+(?=l)|du\s+|des\s+|de\s+|aux?\s+|d(?=[’'])){_NOUN}){{0,3}})"
)
_NICK = r"[A-ZÉÈÀ][\w’'-]*(?:\s+(?:et|&)\s+[\w’'-]+|\s+[A-ZÉÈÀ][\w’'-]+){0,3}"
_ACT_NAME = r"[A-Z][\w’'-]*(?:\s+(?:and|of|for|the|&|on)(?=\s)|\s+[A-Z][\w’'-]*){0,6}"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # loi n° 2014-856 du 31 juillet 2014 relative à …
        rf"\b{_FR}\s+{_NUMBER}(?P<number>\d{{2,4}}[-‑–]\d+)"
        rf"(?:\s+du\s+(?P<date>(?i:{DATE_FR})))?(?P<title>{_TITLE})?",
        # loi du 31 juillet 2014 relative à …
        rf"\b{_FR}(?:\s+(?P<nick>{_NICK}))?\s+du\s+(?P<date>(?i:{DATE_FR}))(?P<title>{_TITLE})?",
        # Law No. 2014-856 of 31 July 2014
        rf"\b{_EN}\s+(?:{_NUMBER})?(?P<number>\d{{4}}[-‑–]\d+)"
        rf"(?:\s+(?:of|dated)\s+(?P<date>(?i:{DATE_EN})))?",
        # law of July 31, 2014 · SSE Act of 31 July 2014
        rf"\b(?:(?P<nick>{_ACT_NAME})\s+)?{_EN}\s+(?:of|dated)\s+(?P<date>(?i:{DATE_EN}))",
        # 27 January, 2014 MAPTAM law
        rf"(?P<date>(?i:{DATE_EN}))\s+(?:(?P<nick>{_ACT_NAME})\s+)?{_EN}\b",
        # directive 2014/24/UE, Regulation (EU) 2021/1057, 2018/2001 Directive
        r"\b(?P<kind>[Dd]irective|[Rr]èglement|[Rr]egulation)\s+(?:\((?:UE|EU|CE|EC)\)\s*)?"
        rf"(?:{_NUMBER})?(?P<number>(?:19|20)?\d{{2}}/\d+)(?:/(?:UE|EU|CE|EC))?",
        r"(?<![\d/])(?P<number>(?:19|20)\d{2}/\d+)\s+(?P<kind>[Dd]irective|[Rr]egulation)\b",
        # loi ESS de 2014 · loi Hamon · la loi 2014
        rf"\b{_FR}(?:\s+(?P<nick>{_NICK}))?\s+(?:de\s+)?(?P<year>{_YEAR})\b",
        rf"\b{_FR}\s+(?P<nick>{_NICK})",
        # the 2014 SSE law · law of 1901 · Climate and Resilience Act (2021)
        rf"\b(?P<year>{_YEAR})\s+(?:(?P<nick>{_ACT_NAME})\s+)?{_EN}\b",
        rf"\b(?:(?P<nick>{_ACT_NAME})\s+)?{_EN}\s+(?:of|from)\s+(?P<year>{_YEAR})\b",
        rf"\b(?P<nick>{_ACT_NAME})\s+(?P<kind>Act|Law)\b(?:(?=\s+\((?P<year>{_YEAR})\)))?",
        r"\b(?P<nick>[A-Z]{2,}[A-Za-z]*)\s+(?P<kind>law|act)\b",
        # code de la commande publique
        r"\b(?P<code>[Cc]ode(?:\s+général|\s+rural)?\s+(?:de\s+la\s+|de\s+l[’']|du\s+|des\s+)[\w-]+"
        r"(?:\s+[\w-]+(?:ique|iques|ale|ales|iaux|ics|ic|aires?))?)\b",
        # Public Procurement Code · the April 2019 Public Procurement Code
        rf"\b(?:(?:{MONTH_EN}\s+)?(?P<year>{_YEAR})\s+)?"
        rf"(?P<code>(?:(?!{MONTH_EN}\b)[A-Z][a-z]+\s+(?:and\s+)?){{0,3}}{_CODE_TOPIC}\s+Code)\b",
        # the April 2016 public procurement reform · the 2016 reform
        rf"\b(?:{MONTH_EN}\s+)?(?P<year>{_YEAR})\s+(?P<nick>(?:[a-z][\w’'-]+\s+){{0,4}})(?P<kind>reform)\b",
        # la réforme de la formation professionnelle de 2018 · réforme de 2016
        rf"\b(?P<kind>[Rr]éforme)(?:\s+(?:de\s+(?:la\s+|l[’'])|du\s+|des\s+)(?P<nick>[\w-]+{_ADJECTIVES}))?"
        rf"\s+d[e’'](?:\s*{MONTH_FR})?\s*(?P<year>{_YEAR})\b",
    )
)
_ARTICLE = re.compile(
    r"\b[Aa]rt(?:icles?|\.)\s+(?P<numbers>(?:[LRD]\.?\s?)?\d+(?:er)?(?:[-.‑]\d+)*"
    r"(?:(?:\s?,\s?|\s+(?:et|and|to|à)\s+)(?:[LRD]\.?\s?)?\d+(?:[-.‑]\d+)*)*)"
)
_OF = re.compile(
    r"\s+(?:de\s+(?:la\s+|l[’'])|du\s+|of\s+(?:the\s+)?)(?:French\s+|(?:April|" + _YEAR + r")\s+)*"
)
_COMMON_ACTS = frozenset(("the", "this", "french", "european", "a", "by", "new", "public"))
_LEADING = re.compile(
    r"(?:The|This|A|An|In|By|French|Under|With|And|Since|See|For|Of|To|On)\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class LawReference:
    """A place where a law, or an ``article`` of one, is cited, with what the citation says.

    ``kind`` is a French word without accents ("loi", "decret", "directive", "code"), whatever the
    language; ``number`` "2014-856", ``date`` an ISO day, ``year`` four digits, ``nick`` the short
    name as printed ("ESS"), each ``""`` where the citation lacks it.
    """

    start: int
    end: int
    kind: str
    number: str = ""
    date: str = ""
    year: str = ""
    nick: str = ""
    article: str = ""


def find_laws(text: str, start: int = 0, end: int | None = None) -> list[LawReference]:
    """Return the citations of laws and of their articles in ``text[start:end]``, in order.

    "Article 9 of the SSE Act" gives two: the article (with what is said of its law) and the law.
    An article counts only beside its law or with a code's letter ("L2113-15"): "Article 1" alone
    may be anything.
    """
    end = len(text) if end is None else end
    laws = _without_overlaps(_find_all(text, start, end))
    articles = list(_find_articles(text, start, end, laws))
    return sorted([*laws, *articles], key=lambda law: (law.start, law.end))


def law_slug(law: LawReference) -> str | None:
    """Return the slug a cited law is minted under (``loi-2014-856``), None where too little is said.

    A year alone names no law.
    """
    if law.kind == "code":
        slug = slugify(law.nick)
    elif law.number:
        slug = f"{law.kind}-{law.number.replace('/', '-')}"
    elif law.date:
        slug = f"{law.kind}-{law.date}"
    elif law.nick:
        year = (
            f"-{law.year}" if law.kind == "reforme" else ""
        )  # the same is reformed again and again
        slug = f"{law.kind}-{slugify(law.nick)}{year}"
    else:
        return None
    return f"{slug}-article-{slugify(law.article)}" if law.article else slug


def _find_all(text: str, start: int, end: int) -> Iterator[LawReference]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text, start, end):
            law = _reference(match)
            if law is not None:
                yield law


def _reference(match: re.Match[str]) -> LawReference | None:
    said = match.groupdict()
    begin = match.start()
    if said.get("code"):
        lead = _LEADING.match(said["code"])
        name = said["code"][lead.end() if lead else 0 :]
        if fold(name) in ("code", "the code"):
            return None
        dated = said.get("year") and not lead
        return LawReference(
            begin if dated else match.end() - len(name), match.end(), "code", nick=name
        )
    nick = (said.get("nick") or "").strip()
    leads = bool(nick) and match.start("nick") == begin
    while lead := _LEADING.match(nick):
        nick = nick[lead.end() :]
        begin += lead.end() if leads else 0
    if fold(nick) in _COMMON_ACTS:
        nick = ""
    date = parse_date(said["date"]) if said.get("date") else None
    year = (date or said.get("year") or "")[:4]
    number = re.sub(r"[‑–]", "-", said.get("number") or "")
    if not (number or date or year or nick):
        return None
    kind = _KINDS[fold(said["kind"])]
    return LawReference(begin, match.end(), kind, number, date or "", year, nick)


def _without_overlaps(found: Iterator[LawReference]) -> list[LawReference]:
    """Keep the longest of overlapping citations; of equals, the one whose pattern comes first."""
    kept: list[LawReference] = []
    spans: list[tuple[int, int]] = []
    for law in sorted(found, key=lambda law: -(law.end - law.start)):
        at = bisect_right(spans, (law.start, law.end))
        free_left = at == 0 or spans[at - 1][1] <= law.start
        if free_left and (at == len(spans) or law.end <= spans[at][0]):
            spans.insert(at, (law.start, law.end))
            kept.append(law)
    return sorted(kept, key=lambda law: law.start)


def _find_articles(
    text: str, start: int, end: int, laws: list[LawReference]
) -> Iterator[LawReference]:
    starts = [law.start for law in laws]
    for match in _ARTICLE.finditer(text, start, end):
        law = None
        link = _OF.match(text, match.end())
        if link is not None:
            near = laws[max(0, bisect_right(starts, link.end()) - 1) :][:2]
            law = next((law for law in near if law.start <= link.end() + 1 <= law.end + 1), None)
        for one in re.finditer(r"(?:[LRD]\.?\s?)?\d+(?:[-.‑]\d+)*", match["numbers"]):
            number = re.sub(r"[\s.]", "", one[0]).replace("‑", "-")
            if law is None and not number[0].isalpha():
                continue
            first = one.start() == 0
            begin = match.start() if first else match.start("numbers") + one.start()
            stop = match.start("numbers") + one.end()
            if law is None:
                yield LawReference(begin, stop, "code", article=number)
            else:
                yield replace(law, start=begin, end=stop, article=number)
