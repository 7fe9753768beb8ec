"""The report on a document: what was found, what is public, what waits and why."""

from ingest.publishing import Counts, PublishingBar, Rule
from ingest.report import report_on
from tests.ingest.lexicons import document, extracted

TEXT = """# Bilan

L'Arpège a été créée en 1999. La Ruche aux projets dispose de 28 M€ et aide 62 00 associations.

- un point
"""
SENTENCES = Rule("sentences", "createdInYear-dated-fr")


def test_counts() -> None:
    read, extraction = document(TEXT), extracted(TEXT)
    report = report_on(read, extraction, PublishingBar(0.9, {SENTENCES: Counts(60, 60)}))
    assert report.characters == len(TEXT)
    assert report.blocks == {"heading": 1, "paragraph": 1, "item": 1}
    assert report.skipped == {}
    assert report.languages == {"fr": 1.0}
    assert (report.figures, report.valued) == (3, 2), "one number is misprinted"
    assert sum(found.asserted for found in report.names) == len(
        [m for m in extraction.mentions if m.asserted]
    )
    assert report.minted == len(extraction.minted)


def test_what_waits_says_why() -> None:
    read, extraction = document(TEXT), extracted(TEXT)
    figures = Rule("figures", "figure-opening")
    measured = PublishingBar(0.9, {SENTENCES: Counts(60, 60), figures: Counts(20, 40)})
    rules = {rule.rule: rule for rule in report_on(read, extraction, measured).rules}
    assert (rules["createdInYear-dated-fr"].public, rules["createdInYear-dated-fr"].why) == (1, "")
    waiting = {rule.why for rule in rules.values() if rule.kind == "figures"}
    assert waiting == {"imprecise"}
    unmeasured = report_on(read, extraction, PublishingBar(0.9, {}))
    assert unmeasured.public == 0
    assert unmeasured.waiting == sum(rule.waiting for rule in unmeasured.rules) > 0
    assert {rule.why for rule in unmeasured.rules} == {"unmeasured"}
    assert unmeasured.to_json()["waiting"] == unmeasured.waiting
