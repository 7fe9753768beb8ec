"""Judging claims: finds what is meant, and writes the judgement into the log."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_api.builder.decisions import ClaimRef, Decision, DecisionLog, State, new_decision, replay
from graph_api.errors import BadInputError, MissingError
from graph_api.store.base import View
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

__all__ = ["Judge", "claims_in", "decide", "find_claim", "judged_claims", "undo"]

_WHOLE = 32  # digits of a claim's hash
_SHORTEST = 6  # digits of a claim's hash that a person has to type at least


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides and why. ``job`` names the decision, so that a job that runs twice decides once."""

    who: str
    why: str = ""
    job: str = ""


def decide(
    log: DecisionLog, view: View, iris: Iris, action: str, claim: str, judge: Judge
) -> Decision:
    """Accept or reject a claim, named by its hash or the beginning of it.

    Raises:
        BadInputError: no such action, several claims begin so, or the claim has that state already.
        MissingError: no claim begins so.
    """
    if judge.job and (made := log.made(judge.job)):
        return made
    wanted = {"accept": "accepted", "reject": "rejected"}.get(action)
    if wanted is None:
        raise BadInputError(f"a claim can be accepted or rejected, not {action!r}")
    decisions, _ = log.read()
    found = find_claim(view, iris, decisions, claim)
    before: State = replay(decisions).get(found.hash, "unreviewed")
    if before == wanted:
        raise BadInputError(f"the claim {found.hash} is {wanted} already")
    decision = new_decision(
        action, who=judge.who, why=judge.why, before=before, claim=found, decision_id=judge.job
    )
    log.append(decision)
    return decision


def undo(log: DecisionLog, target_id: str | None, judge: Judge) -> Decision:
    """Take back a decision, or the last one that is in force.

    Raises:
        MissingError, BadInputError: there is none, or it was taken back already.
    """
    if judge.job and (made := log.made(judge.job)):
        return made
    target = log.find(target_id)
    decision = new_decision(
        "undo",
        who=judge.who,
        why=judge.why,
        claim=target.claim,
        undoes=target.id,
        decision_id=judge.job,
    )
    log.append(decision)
    return decision


def find_claim(view: View, iris: Iris, decisions: list[Decision], start: str) -> ClaimRef:
    """Return the claim whose hash begins with ``start``, in the graph or judged before."""
    start = start.strip().lower().rpartition("/")[2]
    if len(start) < _SHORTEST or not set(start) <= set("0123456789abcdef"):
        raise BadInputError(
            f"a claim is named by its hash, or at least {_SHORTEST} of its first digits"
        )
    found = {d.claim.hash: d.claim for d in decisions if d.claim and d.claim.hash.startswith(start)}
    if len(start) == _WHOLE:
        assertions: Iterator[Iri] = iter((iris.claim(start),))
    else:
        prefix = iris.claim(start)
        every = (quad.subject for quad in view.quads(predicate=mln.rule))
        assertions = (subject for subject in every if subject.startswith(prefix))
    for assertion in assertions:
        described = _describe(view, assertion)
        if described is not None:
            found[described.hash] = described
    if len(found) > 1:
        raise BadInputError(f"{len(found)} claims begin with {start}: give more digits")
    if not found:
        raise MissingError(
            f"no document makes a claim {start} (a fact of a sheet is changed in its sheet)"
        )
    return next(iter(found.values()))


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
    )


def _one(view: View, subject: Iri, predicate: Iri) -> Term | None:
    return next((q.object for q in view.quads(subject=subject, predicate=predicate)), None)


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, Literal) else term
