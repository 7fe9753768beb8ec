"""Arguments on both sides of a verb."""

import pytest

from ingest.clauses import Argument, Clause
from ingest.extract.triggers import lexis_of
from ontology.model import Iri


def clause(text: str, lang: str = "fr") -> Clause:
    """A sentence whose capital letters standing alone are its arguments."""
    arguments = tuple(
        Argument(i, i + 1, Iri(f"urn:{c}"), "Territory" if c == "T" else "Actor")
        for i, c in enumerate(text)
        if c.isupper() and not text[i + 1 : i + 2].isalnum() and not text[i - 1 : i].isalnum()
    )
    return Clause(text, 0, len(text), arguments, lexis_of(lang))


def letters(arguments: list[Argument]) -> str:
    return "".join(a.entity[-1] for a in arguments if a.entity)


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("la A anime", "A"),
        ("la A et la B animent", "AB"),
        ("la A, le B et l'association C animent", "ABC"),
        ("la A, avec B, anime", "A"),
        ("la A (une sorte de B) anime", "A"),
        ("la A qui, depuis 2010, anime", "A"),
        ("le chef de A anime", ""),
        ("avec A, B anime", "B"),
        ("la A rêve, B anime", "B"),
        ("la A rêve et anime", ""),
        ("la A à T anime", "A"),
        ("anime", ""),
    ],
)
def test_subjects(text: str, subjects: str) -> None:
    assert letters(clause(text).subjects_before(text.index("anime"), passive=False)) == subjects


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("la A est un lieu animé", "A"),
        ("le chef de A, animé", "A"),
        ("la A, une sorte de lieu animé", "A"),
        ("la A, réseau local animé", "A"),
        ("la A rassemble un lieu animé", ""),
    ],
)
def test_patients(text: str, subjects: str) -> None:
    assert letters(clause(text).subjects_before(text.index("animé"), passive=True)) == subjects


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("anime la A", "A"),
        ("anime en 2012 le programme A, le B et la C", "ABC"),
        ("anime plusieurs lieux (A, B) et C", "AB"),
        ("anime des lieux tels que A ou B", "AB"),
        ("anime le réseau de A", "A"),
        ("anime le travail de A", ""),
        ("anime pour A", ""),
        ("anime des lieux avec A", ""),
        ("anime la A. B", "A"),
        ("anime", ""),
    ],
)
def test_objects(text: str, objects: str) -> None:
    assert letters(clause(text).objects_after(len("anime"))) == objects


def test_possessors_are_not_reached() -> None:
    sentence = clause("run by A's friends", "en")
    assert sentence.agents_after(len("run by")) == []


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("la A ne finance", True),
        ("la A souhaite qu'on finance", True),
        ("si la A finance", True),
        ("afin de durer, la A finance", False),
        ("la A finance", False),
        ("la A finance pas", True),
    ],
)
def test_blocked(text: str, blocked: bool) -> None:
    at = text.index("finance")
    sentence = clause(text)
    assert sentence.is_blocked(sentence.arguments[0].start, at, at + 7) is blocked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("elle anime", "any"),
        ("Ce dispositif, qui est vieux, anime", "programme"),
        ("nous anime", "actor"),
        ("un homme anime", None),
        ("elle rêve et la foule anime", None),
    ],
)
def test_topics(text: str, kind: str | None) -> None:
    found = clause(text).topic_before(text.index("anime"))
    assert (found[0] if found else None) == kind
