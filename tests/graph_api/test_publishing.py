"""The publishing bar of a folder: shipped measures, what people judged, and what follows."""

from dataclasses import replace

import pytest

from graph_api.builder.decisions import ClaimRef, Decision, new_decision
from graph_api.builder.runner import open_runner
from graph_api.folder import DataFolder
from graph_api.publishing import bar_of, judged_by_people
from graph_api.settings import Settings
from graph_api.workbench import Choice
from ingest.publishing import Counts, Rule, measured_rules
from ontology import terms as mln
from ontology.vocabularies import DQV_VALUE
from tests.graph_api.built import built, data, few_sheets, settings

__all__ = ["built", "data", "few_sheets", "settings"]

RULE = Rule("sentences", "operates-active-fr")


def judged(number: int, action: str, rule: str = RULE.name) -> Decision:
    claim = ClaimRef(f"{number:032}", "d" * 64, "s", "p", "o", "q", rule)
    return new_decision(action, who="a", claim=claim)


def test_people_count_with_what_was_measured() -> None:
    log = [judged(1, "accept"), judged(2, "reject"), judged(3, "correct"), judged(4, "accept", "")]
    log.append(judged(5, "void"))  # its source is wrong, not the rule
    assert judged_by_people(log) == {RULE: Counts(1, 3)}
    before = measured_rules()[RULE]
    assert bar_of(Settings(), log).counts[RULE] == before + Counts(1, 3)


def test_what_was_taken_back_does_not_count() -> None:
    log = [judged(1, "reject")]
    log.append(new_decision("undo", who="a", claim=log[0].claim, undoes=log[0].id))
    assert judged_by_people(log) == {}
    assert bar_of(Settings(), log).key == bar_of(Settings(), []).key


def test_a_rule_that_people_reject_is_held_back() -> None:
    assert bar_of(Settings(), []).allows(RULE)
    log = [judged(n, "reject") for n in range(6)]
    assert not bar_of(Settings(), log).allows(RULE)
    other = Rule("sentences", "createdBy-active-fr")
    assert bar_of(Settings(), log).allows(other), "its kind does not fall with one rule"


@pytest.mark.slow
@pytest.mark.parametrize(("bar", "some"), [(0.9, True), (1.0, False), (0.0, True)])
def test_the_bar_decides_what_is_public(
    data: DataFolder, settings: Settings, bar: float, some: bool
) -> None:
    chosen = replace(settings, publishing_bar=bar)
    with open_runner(data, chosen, "the tests") as runner:
        runner.builder.build()
        view = runner.builder.view
        rules = {q.object.value for q in view.quads(predicate=mln.rule)}  # type: ignore[union-attr]
        read = {name for name in rules if name.startswith(("operates-", "createdBy-", "figure-"))}
        assert bool(read) is some
        assert any(name.startswith("figure-") for name in read) is (bar == 0.0)
        graph = runner.builder.iris.graph("quality")
        assert any(view.quads(predicate=DQV_VALUE, graph=graph))
        # The workbench was laid out at .90 before: it follows the bar.
        assert bool(runner.builder.workbench.count(Choice(public=True))) is some
