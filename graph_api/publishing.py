"""The publishing bar of a data folder: what was measured before, and what its curators judged."""

from collections.abc import Iterable

from graph_api.builder.decisions import ClaimRef, Decision, replay
from graph_api.settings import Settings
from ingest.publishing import Counts, PublishingBar, Rule, measured_rules, statement_rule
from ontology import terms as mln

__all__ = ["bar_of", "judged_by_people"]


def bar_of(settings: Settings, decisions: Iterable[Decision]) -> PublishingBar:
    """Return the bar with what people judged counted in: accepted is right, rejected and corrected
    wrong."""
    counts = dict(measured_rules())
    for rule, count in judged_by_people(decisions).items():
        counts[rule] = counts.get(rule, Counts()) + count
    return PublishingBar(settings.publishing_bar, counts)


def judged_by_people(decisions: Iterable[Decision]) -> dict[Rule, Counts]:
    """Count the judgements in force by the rule that read the claim, where the log says which.

    What was voided says nothing of a rule: its source is wrong, not the reading.
    """
    log = list(decisions)
    states = replay(log)
    rules = {d.claim.hash: _rule_of(d.claim) for d in log if d.claim and d.claim.rule}
    found: dict[Rule, Counts] = {}
    for claim, state in states.items():
        if claim in rules and state != "voided":
            rule = rules[claim]
            found[rule] = found.get(rule, Counts()) + Counts(int(state == "accepted"), 1)
    return found


def _rule_of(claim: ClaimRef) -> Rule:
    named = claim.predicate == mln.mentions
    return Rule("names", claim.rule) if named else statement_rule(claim.rule)
