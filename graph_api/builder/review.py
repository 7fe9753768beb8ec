"""Judging claims: finds what is meant, and writes the judgement into the log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from graph_api.builder.correcting import Corrector, Wish
from graph_api.builder.decisions import (
    STATES,
    ClaimRef,
    Decision,
    DecisionLog,
    State,
    in_force,
    new_decision,
    replay,
)
from graph_api.errors import BadInputError, MaillonError, MissingError
from graph_api.store.base import View
from graph_api.workbench import Choice, Item, Workbench
from ingest.proposals import AMBIGUOUS
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Term
from ontology.vocabularies import (
    OA_EXACT,
    OA_HAS_SELECTOR,
    OA_HAS_SOURCE,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
)

__all__ = [
    "Claims",
    "Decided",
    "Judge",
    "claim_of",
    "claims_in",
    "decide",
    "find_claim",
    "judged_claims",
    "undo",
    "undo_job",
    "undo_since",
]

_WHOLE = 32  # digits of a claim's hash
_EVERYWHERE = 2_000  # claims of a document that one correction of an end reaches
_SHORTEST = 6  # digits of a claim's hash that a person has to type at least


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides and why. ``job`` names the decision, so that a job that runs twice decides once."""

    who: str
    why: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """Where claims are looked for: the graph, and what waits beside it.

    ``text_of`` gives the text of a document by its SHA-256, in which corrected names stand.
    """

    view: View
    workbench: Workbench
    iris: Iris
    text_of: Callable[[str], str]

    def corrector(self) -> Corrector:
        """Return what checks corrections against all this."""
        return Corrector(self.view, self.workbench, self.iris, self.text_of)


class Decided(NamedTuple):
    """What came of judging several claims: the decisions, and a sentence for each that was refused."""

    made: list[Decision]
    refused: list[str]


def decide(
    log: DecisionLog,
    claims: Claims,
    action: str,
    names: Sequence[str],
    judge: Judge,
    wish: Wish | None = None,
) -> Decided:
    """Accept, reject, correct or void claims, each named by its hash or the beginning of it.

    A claim that is refused does not keep the others from being judged. Somebody who judges what
    another judged otherwise has the last word; both are in the log. To correct takes one claim, and
    ``wish``: what it says instead, and whether all that was read of the exchanged end says so too.

    Raises:
        BadInputError: no such action, or none could be judged: several claims begin so, it has
            that state already by the same person, or the ends are none that the relation can have.
        MissingError: none could be judged, as no claim begins so.
    """
    if action not in STATES:
        raise BadInputError(
            f"a claim can be accepted, rejected, corrected or voided, not {action!r}"
        )
    if action == "void" and not judge.why.strip():
        raise BadInputError("say why it is void")
    if (action == "correct") != (wish is not None) or (wish and len(names) != 1):
        raise BadInputError("a correction is of one claim, and says what it says instead")
    standing = _Standing(log.read()[0])
    decided = Decided([], [])
    first: MaillonError | None = None
    for number, name in enumerate(names):
        decision_id = f"{judge.job}.{number}" if judge.job and number else judge.job
        if decision_id and (made := standing.by_id.get(decision_id)):
            decided.made.append(made)
            continue
        try:
            made = standing.judge(claims, action, name, replace(judge, job=decision_id), wish)
        except (BadInputError, MissingError) as error:
            first = first or error
            decided.refused.append(error.detail)
            continue
        log.append(made)
        decided.made.append(made)
    if first is not None and not decided.made:
        raise first
    if wish is not None and wish.everywhere:
        _correct_everywhere(log, claims, decided, standing, judge)
    return decided


def _correct_everywhere(
    log: DecisionLog, claims: Claims, decided: Decided, standing: "_Standing", judge: Judge
) -> None:
    """Say of all that its document says of an end what the first correction says of it."""
    (first,) = decided.made
    claim, ends = first.claim, first.ends
    if claim is None or ends is None or ends.named is None:
        raise BadInputError("nothing was exchanged that other claims could speak of")
    named = ends.named
    old = claim.subject if ends.subject == named.iri else claim.object
    of_end = Choice(state="unreviewed", document=claim.document, entity=old, what="all")
    corrector = claims.corrector()
    for number, item in enumerate(claims.workbench.chosen(of_end, _EVERYWHERE), start=1):
        decision_id = f"{judge.job}.{number}" if judge.job else ""
        if decision_id in standing.by_id or item.hash == claim.hash:
            continue
        other = claim_of(item)
        carried = corrector.carry(other, old, named)
        if carried is None:
            decided.refused.append(f"{other.hash}: its relation cannot have {named.iri}")
            continue
        made = new_decision(
            "correct", who=judge.who, why=judge.why, claim=other, decision_id=decision_id, ends=carried
        )  # fmt: skip
        log.append(made)
        decided.made.append(made)


class _Standing:
    """What the log says of each claim, kept while a batch is judged."""

    def __init__(self, decisions: list[Decision]) -> None:
        self.by_id = {decision.id: decision for decision in decisions}
        self._states = replay(decisions)
        self._judged = {d.claim.hash: d.claim for d in decisions if d.claim}
        self._spoke = {d.claim.hash: d.who for d in in_force(decisions, decisions) if d.claim}

    def judge(
        self, claims: Claims, action: str, name: str, judge: Judge, wish: Wish | None
    ) -> Decision:
        """Return the decision on one claim. Raises BadInputError, MissingError."""
        found = find_claim(claims, self._judged, name)
        before: State = self._states.get(found.hash, "unreviewed")
        wanted = STATES[action]
        # Somebody else who says the same is kept too: that is agreement.
        if before == wanted and self._spoke.get(found.hash) == judge.who and not wish:
            raise BadInputError(f"the claim {found.hash} is {wanted} already")
        if action == "accept" and found.rule == AMBIGUOUS and found.predicate == mln.mentions:
            raise BadInputError("several things have this name: correct it, to say which is meant")
        corrected = claims.corrector().correct(found, wish) if wish else None
        self._states[found.hash], self._spoke[found.hash] = wanted, judge.who
        return new_decision(
            action,
            who=judge.who,
            why=judge.why,
            before=before,
            claim=found,
            decision_id=judge.job,
            ends=corrected,
        )


def undo(log: DecisionLog, target_id: str | None, judge: Judge) -> Decision:
    """Take back a decision, or the last one that is in force.

    Raises:
        MissingError, BadInputError: there is none, or it was taken back already.
    """
    if judge.job and (made := log.made(judge.job)):
        return made
    return _take_back(log, log.find(target_id), judge, judge.job)


def undo_since(log: DecisionLog, first_id: str, judge: Judge) -> list[Decision]:
    """Take back that decision and all later ones in force, whoever made them; the last one first.

    Raises:
        MissingError: there is no such decision.
    """
    decisions, _ = log.read()
    by_id = {decision.id: decision for decision in decisions}
    if first_id not in by_id:
        raise MissingError(f"there is no decision {first_id}")
    return _take_all_back(log, decisions, decisions[decisions.index(by_id[first_id]) :], judge)


def undo_job(log: DecisionLog, job: str, judge: Judge) -> list[Decision]:
    """Take back what one job decided, as far as it is in force.

    Raises:
        MissingError: it decided nothing, or all of it was taken back already.
    """
    decisions, _ = log.read()
    own = [d for d in decisions if job and (d.id == job or d.id.startswith(f"{job}."))]
    made = _take_all_back(log, decisions, own, judge)
    if not made:
        raise MissingError(f"there is no decision of the job {job} to take back")
    return made


def find_claim(claims: Claims, judged: Mapping[str, ClaimRef], start: str) -> ClaimRef:
    """Return the claim whose hash begins with ``start``: in the graph, waiting, or ``judged`` before.

    Raises:
        BadInputError, MissingError
    """
    start = start.strip().lower().rpartition("/")[2]
    if len(start) < _SHORTEST or not set(start) <= set("0123456789abcdef"):
        raise BadInputError(
            f"a claim is named by its hash, or at least {_SHORTEST} of its first digits"
        )
    found = {claim: ref for claim, ref in judged.items() if claim.startswith(start)}
    found |= {item.hash: claim_of(item) for item in claims.workbench.find(start)}
    if len(start) == _WHOLE:
        assertions: Iterator[Iri] = iter((claims.iris.claim(start),))
    else:
        prefix = claims.iris.claim(start)
        every = (quad.subject for quad in claims.view.quads(predicate=mln.rule))
        assertions = (subject for subject in every if subject.startswith(prefix))
    for assertion in assertions:
        described = _describe(claims.view, assertion)
        if described is not None:
            found[described.hash] = described
    if len(found) > 1:
        raise BadInputError(f"{len(found)} claims begin with {start}: give more digits")
    if not found:
        raise MissingError(
            f"no document makes a claim {start} (a fact of a sheet is changed in its sheet)"
        )
    return next(iter(found.values()))


def claim_of(item: Item) -> ClaimRef:
    """Return what the log keeps of an item of the workbench."""
    return ClaimRef(
        item.hash, item.document, item.subject, item.predicate, item.object, item.quote, item.rule
    )


def claims_in(view: View) -> Iterator[ClaimRef]:
    """Yield the claims that documents make, mentions left out."""
    for quad in view.quads(predicate=mln.rule):
        described = _describe(view, quad.subject)
        if described is not None and described.predicate != mln.mentions:
            yield described


def judged_claims(log: DecisionLog) -> list[tuple[Decision, State]]:
    """Return the last decision and the state of every claim that is judged now, oldest first."""
    decisions, _ = log.read()
    states = replay(decisions)
    last = {d.claim.hash: d for d in decisions if d.claim and d.claim.hash in states}
    return [(decision, states[claim]) for claim, decision in last.items()]


def _take_all_back(
    log: DecisionLog, decisions: list[Decision], among: list[Decision], judge: Judge
) -> list[Decision]:
    return [
        _take_back(log, target, judge, f"{judge.job}.{target.id}" if judge.job else "")
        for target in reversed(in_force(decisions, among))
    ]


def _take_back(log: DecisionLog, target: Decision, judge: Judge, decision_id: str) -> Decision:
    decision = new_decision(
        "undo",
        who=judge.who,
        why=judge.why,
        claim=target.claim,
        undoes=target.id,
        decision_id=decision_id,
    )
    log.append(decision)
    return decision


def _describe(view: View, assertion: Iri) -> ClaimRef | None:
    passage = _one(view, assertion, mln.passage)
    if not isinstance(passage, Iri) or _one(view, assertion, mln.rule) is None:
        return None
    document = _one(view, passage, OA_HAS_SOURCE)
    quote = ""
    for selector in view.quads(subject=passage, predicate=OA_HAS_SELECTOR):
        if isinstance(selector.object, Iri):
            quote = _text(_one(view, selector.object, OA_EXACT)) or quote
    return ClaimRef(
        hash=assertion.rpartition("/")[2],
        document=_text(document).rpartition("/")[2],
        subject=_text(_one(view, assertion, RDF_SUBJECT)),
        predicate=_text(_one(view, assertion, RDF_PREDICATE)),
        object=_text(_one(view, assertion, RDF_OBJECT)),
        quote=quote,
        rule=_text(_one(view, assertion, mln.rule)),
    )


def _one(view: View, subject: Iri, predicate: Iri) -> Term | None:
    return next((q.object for q in view.quads(subject=subject, predicate=predicate)), None)


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, Literal) else term
