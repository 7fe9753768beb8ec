"""Measurements: values as the evaluation gives them, intervals that admit what they do not know."""

import pytest

from ingest.evaluate import Gold, Measurement, Predictions, evaluate, measure

NAMES = [
    ("Arpège", "Actor"),
    ("Brindille", "Programme"),
    ("Ruche", "Actor"),
    ("Mémo", "Publication"),
]


def gold(sections: int) -> Gold:
    """Each section of a hundred characters names the four, ten characters each."""
    entities = [{"id": name, "preferred_label_fr": name} for name, _ in NAMES]
    places, mentions, relations = [], [], []
    for number in range(sections):
        key, at = f"S{number}", number * 100
        doc, lang = f"00{number % 2}_a.txt", "fr" if number % 2 else "en"
        places.append({
            "section_id": key, "doc": doc, "lang": lang, "char_start": str(at),
            "char_end": str(at + 100), "relations_exhaustive": "yes",
        })  # fmt: skip
        for place, (name, cls) in enumerate(NAMES):
            start = at + 20 * place
            mentions.append({
                "section_id": key, "doc": doc, "char_start": str(start), "char_end": str(start + 10),
                "class": cls, "alt_class": "", "entity_id": name, "kind": "named",
            })  # fmt: skip
        relations.append({
            "section_id": key, "doc": doc, "subject_id": "Arpège", "predicate": "operates",
            "object": "Brindille", "object_type": "entity",
        })  # fmt: skip
    return Gold(entities=entities, sections=places, mentions=mentions, relations=relations)


def found(sections: int, missed: int = 0) -> Predictions:
    rows = [
        {"doc": f"00{n % 2}_a.txt", "start": n * 100 + 20 * place, "end": n * 100 + 20 * place + 10,
         "class": cls, "label": name}
        for n in range(sections)
        for place, (name, cls) in enumerate(NAMES)
    ]  # fmt: skip
    relations = [{"doc": "000_a.txt", "start": 5, "subject": "Arpège", "predicate": "operates",
                  "object": "Brindille"}]  # fmt: skip
    return Predictions(rows[missed:], relations)


def one(
    figures: list[Measurement], what: str, metric: str, part: str = "", lang: str = ""
) -> Measurement:
    (chosen,) = [
        f for f in figures if (f.what, f.metric, f.part, f.lang) == (what, metric, part, lang)
    ]
    return chosen


def test_values_are_those_of_the_evaluation() -> None:
    annotated, predicted = gold(6), found(6, missed=5)
    figures = measure(annotated, predicted, rounds=200)
    scores = evaluate(annotated, predicted).mentions
    assert scores is not None
    total = scores.total(scores.overlap)
    assert one(figures, "mentions", "recall").value == total.recall == pytest.approx(19 / 24)
    assert one(figures, "mentions", "f1").value == total.f1
    assert one(figures, "mentions", "recall").cases == 24
    assert one(figures, "relations", "precision").value == 1.0
    assert {f.lang for f in figures} == {"", "en", "fr"}


def test_intervals_hold_the_value_and_shrink_with_more_sections() -> None:
    few, many = (
        measure(gold(4), found(4, 3), rounds=200),
        measure(gold(40), found(40, 30), rounds=200),
    )
    for figures in (few, many):
        assert all(0 <= f.low <= f.value <= f.high <= 1 for f in figures)

    def width(figures: list[Measurement]) -> float:
        figure = one(figures, "mentions", "recall")
        return figure.high - figure.low

    assert width(many) < width(few)


def test_what_never_failed_is_not_certain() -> None:
    figures = measure(gold(2), found(2), rounds=100)
    for metric in ("precision", "recall", "f1"):
        assert one(figures, "mentions", metric, "Publication").low < 0.7
        assert one(figures, "mentions", metric, "Publication").high == 1.0


def test_the_same_input_gives_the_same_intervals() -> None:
    assert measure(gold(5), found(5, 4), rounds=50) == measure(gold(5), found(5, 4), rounds=50)


def test_a_measurement_survives_json() -> None:
    figure = Measurement("mentions", "Actor", "fr", "f1", 0.8929, 0.8203, 0.9403, 370)
    assert Measurement.from_json(figure.to_json()) == figure
    with pytest.raises(KeyError):
        Measurement.from_json({"what": "mentions"})
