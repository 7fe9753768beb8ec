"""Mappings hold until they are taken back; what belongs together is computed from those of persons."""

from dataclasses import replace
from pathlib import Path

from graph_api.mappings import EXACT, Mapping, MappingLog, clusters, near

A, B, C, D = (f"https://{name}.example/id/x" for name in "abcd")


def say(subject: str, object_: str, **changed: str) -> Mapping:
    made = Mapping("map", "2026-01-01T00:00:00+00:00", "Camille", subject, EXACT, object_)
    return replace(made, **changed)  # type: ignore[arg-type]


def test_what_is_taken_back_no_longer_holds(tmp_path: Path) -> None:
    log = MappingLog(tmp_path)
    assert log.in_force() == ()
    log.append(say(A, B))
    log.append(say(B, C))
    assert log.in_force() == (say(A, B), say(B, C))
    log.append(say(A, B, event="retract"))
    assert log.in_force() == (say(B, C),)
    log.append(say(A, B))
    assert len(log.in_force()) == 2
    assert log.in_force(gone={C}) == (say(A, B),)


def test_lines_that_are_no_record_hide_no_other(tmp_path: Path) -> None:
    log = MappingLog(tmp_path)
    log.append(say(A, B))
    with log.path.open("a") as file:
        file.write('{"event": "map"}\n{"event"\n')
    log.append(say(A, B, predicate="owl:sameAs"))
    assert log.in_force() == (say(A, B),)


def test_exact_matches_are_transitive_and_undone_by_taking_one_back() -> None:
    whole = clusters([say(A, B), say(C, B), say(C, D)])
    assert whole[A] == whole[D] == {A, B, C, D}
    parted = clusters([say(A, B), say(C, D)])
    assert parted[A] == {A, B}
    assert parted[D] == {C, D}


def test_names_alone_and_near_matches_bring_nothing_together() -> None:
    lexical = say(A, B, justification="semapv:LexicalMatching")
    close = say(A, C, predicate="skos:closeMatch")
    assert clusters([lexical, close]) == {}
    assert near([lexical, close], A) == [C]
    assert near([lexical, close], C) == [A]


def test_what_was_judged_needs_no_proposal(tmp_path: Path) -> None:
    log = MappingLog(tmp_path)
    log.append(say(A, B, justification="semapv:LexicalMatching"))
    log.append(say(A, C, event="refuse"))
    log.append(say(D, A))
    assert log.settled() == {frozenset((A, C)), frozenset((A, D))}
    log.append(say(D, A, event="retract"))
    assert log.settled() == {frozenset((A, C))}
