"""Which programmes fit a project, which would with another answer, and why: pure functions.

A source that says nothing excludes nobody, and promises nothing either: see :class:`Match`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from graph_api.guide.offers import Criterion, Knowledge, Offer
from graph_api.guide.profile import QUESTIONS, Profile
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri

__all__ = ["Guidance", "Judgement", "Limits", "Match", "Reason", "guide", "limits_of"]


CONDITIONED = ("who", "stage")
"""Questions to which a condition of access answers too: "to be an association"."""


class Match(StrEnum):
    """How an answer and what sources say of a programme go together."""

    YES = "yes"
    PARTLY = "partly"  # for some of those who give this answer: narrower, or nearby
    UNSAID = "unsaid"
    CHECK = "check"  # a condition that the questions do not settle
    NO = "no"


@dataclass(frozen=True, slots=True)
class Reason:
    """One question or condition and how the programme stands to it; ``values`` are what it says."""

    question: str
    match: Match
    values: tuple[Iri, ...] = ()
    criterion: Iri | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A programme with the reasons for or against it."""

    offer: Offer
    reasons: tuple[Reason, ...]

    @property
    def against(self) -> tuple[Reason, ...]:
        """What excludes it."""
        return tuple(reason for reason in self.reasons if reason.match is Match.NO)

    def holds(self, question: str) -> bool:
        """Whether a source says that it is for those who give this answer, or for some of them."""
        return any(
            reason.match in (Match.YES, Match.PARTLY)
            for reason in self.reasons
            if reason.question == question and (not reason.criterion or question in CONDITIONED)
        )


@dataclass(frozen=True, slots=True)
class Guidance:
    """The answer: what fits, what may (the main wish is not mentioned), what nearly does, what not.

    All in the order of a project's life, then by how much is known to fit.
    """

    fitting: tuple[Judgement, ...]
    possible: tuple[Judgement, ...]
    near: tuple[Judgement, ...]
    excluded: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """The answers as sets of IRIs: what a programme may say without contradicting a profile.

    A question without an answer has None. The SPARQL of a guide is made of the same sets.
    """

    who: frozenset[Iri] | None
    who_exactly: frozenset[Iri]
    stage: Iri | None
    need: frozenset[Iri] | None
    place: Iri | None
    age: int | None
    headcount: int | None

    @property
    def wanted(self) -> str:
        """The answer that a fitting programme must mention: the first given of these."""
        given = {
            "need": self.need, "stage": self.stage, "who": self.who, "place": self.place,
        }  # fmt: skip
        return next((name for name, value in given.items() if value is not None), "")


def limits_of(profile: Profile, knowledge: Knowledge, iris: Iris) -> Limits:
    """Return what the answers of a profile admit."""

    def concept(question: str, scheme: str) -> Iri | None:
        slug = profile.answer(question)
        return iris.concept(scheme, slug) if slug else None

    who, need, place = (
        concept("who", "audiences"),
        concept("need", "needs"),
        profile.answer("place"),
    )
    exactly = knowledge.above(who) if who else frozenset()
    nearby: set[Iri] = set()
    if who:
        nearby |= {each for each, above in knowledge.broader.items() if who in above}
        if not _does_not_exist_yet(profile):
            for each in {r for a in exactly for r in knowledge.related.get(a, ())}:
                nearby |= {each} | {n for n, above in knowledge.broader.items() if each in above}
    return Limits(
        who=_with_statuses(exactly | nearby, knowledge) if who else None,
        who_exactly=_with_statuses(exactly, knowledge),
        stage=concept("stage", "stages"),
        need=frozenset({need}) | knowledge.matches.get(need, frozenset()) if need else None,
        place=iris.entity("territory", place) if place else None,
        age=profile.age,
        headcount=profile.headcount,
    )


def guide(profile: Profile, offers: Iterable[Offer], knowledge: Knowledge, iris: Iris) -> Guidance:
    """Judge every programme against a profile."""
    limits = limits_of(profile, knowledge, iris)
    judged = sorted(
        (_judge(offer, limits, knowledge, iris) for offer in offers),
        key=lambda each: _order(each, knowledge),
    )
    groups: dict[str, list[Judgement]] = {name: [] for name in Guidance.__dataclass_fields__}
    for each in judged:
        if group := _group(each, limits.wanted):
            groups[group].append(each)
    return Guidance(**{name: tuple(found) for name, found in groups.items()})


def _judge(offer: Offer, limits: Limits, knowledge: Knowledge, iris: Iris) -> Judgement:
    reasons = []
    if limits.who is not None:
        match = _stated(offer.audiences, limits.who_exactly, limits.who)
        reasons.append(Reason("who", match, _sorted(offer.audiences)))
    if limits.stage is not None:
        match = _stated(offer.stages, frozenset({limits.stage}))
        reasons.append(Reason("stage", match, _sorted(offer.stages)))
    if limits.need is not None:
        match = Match.YES if offer.answers & limits.need else _stated(offer.help, limits.need)
        shown = (offer.answers & limits.need) or offer.help
        reasons.append(Reason("need", match, _sorted(shown)))
    if limits.place is not None:
        match = _placed(offer.places, limits.place, knowledge)
        reasons.append(Reason("place", match, _sorted(offer.places)))
    if offer.closed:
        reasons.append(Reason("closed", Match.NO))
    for criterion in offer.criteria:
        match = _meets(criterion, limits, knowledge, iris)
        reasons.append(Reason(_question(criterion, iris), match, criterion=criterion.iri))
    return Judgement(offer, tuple(reasons))


def _group(judged: Judgement, wanted: str) -> str | None:
    """The list that a judgement belongs to; None where sources say nothing of what was asked."""
    any_hold = any(judged.holds(name) for name in QUESTIONS)
    if not any_hold:
        return None
    if not judged.against:
        return "fitting" if judged.holds(wanted) else "possible"
    failed = {reason.question for reason in judged.against}
    nearly = len(failed) == 1 and (judged.holds(wanted) or failed == {wanted})
    return "near" if nearly else "excluded"


def _order(judged: Judgement, knowledge: Knowledge) -> tuple[int, int, str]:
    stages = [knowledge.order.get(stage, 99) for stage in judged.offer.stages]
    sure = sum(reason.match is Match.YES for reason in judged.reasons)
    return min(stages, default=98), -sure, judged.offer.iri


def _stated(
    said: frozenset[Iri], exactly: frozenset[Iri], admitted: frozenset[Iri] | None = None
) -> Match:
    if not said:
        return Match.UNSAID
    if said & exactly:
        return Match.YES
    return Match.PARTLY if admitted is not None and said & admitted else Match.NO


def _placed(said: frozenset[Iri], place: Iri, knowledge: Knowledge) -> Match:
    if not said:
        return Match.UNSAID
    if said & knowledge.around(place):
        return Match.YES
    inside = any(place in knowledge.around(each) for each in said)
    return Match.PARTLY if inside else Match.NO


def _meets(criterion: Criterion, limits: Limits, knowledge: Knowledge, iris: Iris) -> Match:
    about = _question(criterion, iris)
    if about in ("age", "headcount"):
        return _compares(criterion, getattr(limits, about))
    if about == "who" and limits.who is not None:
        return _among(criterion, criterion.concepts, limits.who_exactly, limits.who)
    if about == "stage" and limits.stage is not None:
        return _among(criterion, criterion.concepts, frozenset({limits.stage}))
    if about == "place" and limits.place is not None and criterion.places:
        found = _placed(criterion.places, limits.place, knowledge)
        return found if criterion.operator != mln.noneOf else Match.CHECK
    return Match.CHECK


def _question(criterion: Criterion, iris: Iris) -> str:
    """The question that settles a condition, or ``""``."""
    name = criterion.about.removeprefix(iris.concept("criterion-properties", ""))
    return {
        "age": "age", "headcount": "headcount", "applicant": "who", "legal-form": "who",
        "project-stage": "stage", "territory": "place",
    }.get(name, "")  # fmt: skip


def _among(
    criterion: Criterion,
    said: frozenset[Iri],
    exactly: frozenset[Iri],
    admitted: frozenset[Iri] | None = None,
) -> Match:
    if not said or criterion.operator not in (mln.oneOf, mln.equalTo, mln.noneOf):
        return Match.CHECK
    if criterion.operator == mln.noneOf:
        return Match.NO if said & exactly else Match.CHECK
    match = _stated(said, exactly, admitted)
    return Match.CHECK if match is Match.PARTLY else match


_COMPARISONS: Mapping[Iri, Callable[[Decimal, Decimal], bool]] = {
    mln.atLeast: lambda given, asked: given >= asked,
    mln.atMost: lambda given, asked: given <= asked,
    mln.moreThan: lambda given, asked: given > asked,
    mln.lessThan: lambda given, asked: given < asked,
    mln.equalTo: lambda given, asked: given == asked,
}


def _compares(criterion: Criterion, given: int | None) -> Match:
    compare = _COMPARISONS.get(criterion.operator) if criterion.operator else None
    if given is None or criterion.value is None or compare is None:
        return Match.CHECK
    return Match.YES if compare(Decimal(given), criterion.value) else Match.NO


def _does_not_exist_yet(profile: Profile) -> bool:
    """Whether there is a person with a project, and no organisation so far."""
    return profile.age == 0 and profile.headcount in (0, None)


def _with_statuses(audiences: frozenset[Iri], knowledge: Knowledge) -> frozenset[Iri]:
    """Audiences with the legal statuses that are the same people."""
    return audiences.union(*(knowledge.matches.get(each, ()) for each in audiences))


def _sorted(values: frozenset[Iri]) -> tuple[Iri, ...]:
    return tuple(sorted(values))
