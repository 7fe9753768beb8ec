"""Changes as the public sees them: what and when, never who, why or what was rejected."""

from graph_api.builder.decisions import ClaimRef, Decision, new_decision
from graph_api.changes import changes
from graph_api.identities import new_fate


def judged(number: int, action: str) -> Decision:
    claim = ClaimRef(f"{number:032}", "d" * 64, "https://e/s", "p", "secret", "a quote", "rule")
    return new_decision(action, who="Camille", why="a private note", claim=claim)


def test_what_holds_and_nothing_private() -> None:
    log = [judged(1, "accept"), judged(2, "reject"), judged(3, "correct"), judged(4, "reject")]
    log.append(new_decision("undo", who="Camille", claim=log[3].claim, undoes=log[3].id))
    found = changes(log, [])
    assert sorted(change.what for change in found) == ["accepted", "corrected", "rejected"]
    told = repr([change.to_json() for change in found])
    for word in ("Camille", "private", "secret", "quote", f"{2:032}"):
        assert word not in told


def test_the_last_judgement_of_a_claim_counts() -> None:
    (change,) = changes([judged(1, "accept"), judged(1, "reject")], [])
    assert (change.what, change.claim) == ("rejected", "")


def test_entities_and_the_order() -> None:
    fates = [
        new_fate("https://e/a", "merged", who="w", why="y", to="https://e/b"),
        new_fate("https://e/a", "restored", who="w"),
        new_fate("https://e/c", "withdrawn", who="w", why="asked"),
        new_fate("https://e/x", "distinct", who="w", to="https://e/y"),
    ]
    fates = [
        type(fate)(
            **{
                **{k: getattr(fate, k) for k in fate.__slots__},
                "at": f"2026-11-0{n}T00:00:00+00:00",
            }
        )
        for n, fate in enumerate(fates, start=1)
    ]
    found = changes([], fates)
    assert [(c.what, c.iri, c.to) for c in found] == [
        ("withdrawn", "https://e/c", ""),
        ("parted", "https://e/a", ""),
        ("merged", "https://e/a", "https://e/b"),
    ]
