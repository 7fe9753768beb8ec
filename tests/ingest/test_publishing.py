"""Which rules may speak without a person."""

from dataclasses import replace

import pytest

from ingest.extraction import Extraction
from ingest.publishing import Counts, PublishingBar, Rule, measured_rules, rule_of, statement_rule
from ontology import terms as mln
from ontology.model import Claim, Iri, Passage

PASSAGE = Passage("d" * 64, 0, 5, "quote", "fr")


def claim(rule: str, predicate: Iri = mln.funds) -> Claim:
    return Claim(Iri(f"https://e/{rule}"), predicate, Iri("https://e/o"), PASSAGE, rule, 0.9)


def extraction(claims: list[Claim], candidates: list[Claim]) -> Extraction:
    return Extraction("d" * 64, (), tuple(claims), (), (), tuple(candidates))


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1),
    ],
)
def test_the_interval_is_wilsons(right: int, judged: int, low: float, high: float) -> None:
    found = Counts(right, judged).interval()
    assert found == pytest.approx((low, high), abs=5e-5)


def test_nothing_judged_says_nothing() -> None:
    assert Counts().interval() == (0.0, 1.0)
    assert Counts().precision == 0.0


def test_a_rule_of_few_judgements_is_measured_with_its_kind() -> None:
    few, many = Rule("sentences", "funds-active-fr"), Rule("sentences", "operates-active-fr")
    bar = PublishingBar(0.9, {few: Counts(2, 2), many: Counts(98, 100)})
    assert bar.basis(few) == Counts(100, 102)
    assert bar.allows(few)
    assert bar.allows(Rule("sentences", "never-judged"))
    assert not bar.allows(Rule("figures", "never-judged")), "nothing of its kind was measured"


def test_a_rule_is_held_back_once_its_own_judgements_contradict_its_kind() -> None:
    rule, many = Rule("sentences", "supports-active-fr"), Rule("sentences", "operates-active-fr")
    kind = Counts(400, 400)
    assert PublishingBar(0.9, {rule: Counts(2, 3), many: kind}).allows(rule), "too few to tell"
    assert not PublishingBar(0.9, {rule: Counts(4, 7), many: kind}).allows(rule)


def test_with_enough_judgements_a_rules_own_figures_decide() -> None:
    rule, many = Rule("figures", "figure-opening"), Rule("figures", "figure-before")
    assert PublishingBar(0.9, {}).enough == 35
    alone = PublishingBar(0.9, {rule: Counts(35, 35), many: Counts(10, 40)})
    assert alone.allows(rule)
    assert not alone.allows(many)
    assert not PublishingBar(0.9, {rule: Counts(34, 35)}).allows(rule)
    assert PublishingBar(0.8, {rule: Counts(34, 35)}).allows(rule)


def test_claims_are_parted_into_public_ones_and_candidates() -> None:
    good, bad = claim("operates-active-fr"), claim("figure-sheet", mln.figureOf)
    proposed = claim("locatedIn-in-name", mln.locatedIn)
    counts = {rule_of(good): Counts(50, 50), rule_of(bad): Counts(20, 40)}
    read = extraction([good, bad], [proposed])
    parted = PublishingBar(0.9, counts).apply(read)
    assert parted.claims == (good,)
    assert parted.candidates == (bad, proposed)
    earned = PublishingBar(0.9, counts | {rule_of(proposed): Counts(60, 60)}).apply(read)
    assert earned.claims == (good, proposed), "a proposing rule can earn its way"
    everything = PublishingBar(0.0, counts).apply(read)
    assert everything.claims == (good, bad)
    nothing = PublishingBar(1.0, counts).apply(read)
    assert nothing.claims == ()
    assert len(nothing.candidates) == 3
    assert parted == replace(read, claims=parted.claims, candidates=parted.candidates)


def test_the_key_changes_with_the_verdicts_and_only_then() -> None:
    rule = Rule("sentences", "operates-active-fr")
    assert (
        PublishingBar(0.9, {rule: Counts(50, 50)}).key
        == PublishingBar(0.9, {rule: Counts(90, 91)}).key
    )
    assert (
        PublishingBar(0.9, {rule: Counts(50, 50)}).key
        != PublishingBar(0.9, {rule: Counts(9, 50)}).key
    )


def test_rules_have_kinds() -> None:
    assert rule_of(claim("lexicon", mln.mentions)).kind == "names"
    assert [statement_rule(name).kind for name in
            ("figure-list", "template-persons", "list-inline", "funds-active-fr", "locatedIn-in-name")] == [
        "figures", "templates", "templates", "sentences", "proposals"]  # fmt: skip


def test_the_shipped_figures() -> None:
    counts = measured_rules()
    assert sum(count.judged for count in counts.values()) > 700
    assert all(0 <= count.right <= count.judged for count in counts.values())
    bar = PublishingBar(0.9, counts)
    assert bar.allows(Rule("templates", "template-questionnaire"))
    assert not bar.allows(Rule("figures", "figure-sheet"))
