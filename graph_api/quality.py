"""What was measured of this site: kept as files, published as a graph (DQV) and on a page.

A measure is what ``maillon evaluate --keep`` writes: its figures, and what they were measured on. The
project ships the one of its own reports; an operator's own takes its place.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Self

from graph_api import durable
from graph_api.errors import BadInputError
from graph_api.folder import DataFolder
from ingest.evaluate import Measurement
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import (
    DCTERMS_CREATED,
    DCTERMS_LANGUAGE,
    DCTERMS_TITLE,
    DQV_COMPUTED_ON,
    DQV_EXPECTED_DATA_TYPE,
    DQV_IS_MEASUREMENT_OF,
    DQV_METRIC,
    DQV_QUALITY_MEASUREMENT,
    DQV_QUALITY_MEASUREMENT_DATASET,
    DQV_VALUE,
    PROV_WAS_DERIVED_FROM,
    RDF_TYPE,
    RDFS_LABEL,
    SCHEMA_MAX_VALUE,
    SCHEMA_MIN_VALUE,
    SKOS_DEFINITION,
    XSD_DATE,
    XSD_DECIMAL,
)

__all__ = ["FORM", "GRAPH", "Measure", "keep_measure", "load_measure", "quality_quads"]

GRAPH = "quality"
"""The path of the graph of measurements."""

FORM = 1
"""Version of the statements that :func:`quality_quads` makes."""

_FILE = "extraction.json"
_DEFINITIONS = {
    "precision": "Share of what was found that is right.",
    "recall": "Share of what is there that was found.",
    "f1": "Harmonic mean of precision and recall.",
    "accuracy": "Share of the found that was linked to the right thing.",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Figures of one evaluation. ``documents`` and ``sections`` count the annotated ones that it was
    made on, ``left_out`` says that each document was read as if it were new, ``candidates`` that what
    waits for a person counted as found."""

    at: date
    documents: int
    sections: int
    left_out: bool
    candidates: bool
    figures: tuple[Measurement, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "at": self.at.isoformat(),
            "documents": self.documents,
            "sections": self.sections,
            "left_out": self.left_out,
            "candidates": self.candidates,
            "figures": [figure.to_json() for figure in self.figures],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            date.fromisoformat(data["at"]),
            int(data["documents"]),
            int(data["sections"]),
            bool(data["left_out"]),
            bool(data["candidates"]),
            tuple(Measurement.from_json(figure) for figure in data["figures"]),
        )


def keep_measure(folder: DataFolder, measure: Measure) -> None:
    """Keep a measure of the data folder; the next build publishes it."""
    durable.write_json(folder.quality / _FILE, measure.to_json())


def load_measure(folder: DataFolder) -> Measure:
    """Return the folder's own measure, else the one that the project ships.

    Raises:
        BadInputError: the folder's own cannot be read.
    """
    own = folder.quality / _FILE
    try:
        text = own.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = (files("corpus") / "quality.json").read_text(encoding="utf-8")
    try:
        return Measure.from_json(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise BadInputError(f"{own} is no measure of quality: {error}") from error


def quality_quads(measure: Measure, iris: Iris) -> Iterator[Quad]:
    """Yield the measurements in DQV (W3C Group Note of 15 December 2016), each with its interval."""
    graph = iris.graph(GRAPH)
    whole = Iri(f"{graph}#extraction")
    computed_on = Iri(f"{iris.base}/catalog#dataset")

    def quad(subject: Iri, predicate: Iri, value: Iri | Literal) -> Quad:
        return Quad(subject, predicate, value, graph)

    yield quad(whole, RDF_TYPE, DQV_QUALITY_MEASUREMENT_DATASET)
    title = f"Extraction on {measure.documents} documents, {measure.sections} annotated sections"
    yield quad(whole, DCTERMS_TITLE, Literal(title, lang="en"))
    yield quad(whole, DCTERMS_CREATED, Literal(measure.at.isoformat(), XSD_DATE))
    for name in sorted({figure.metric for figure in measure.figures}):
        metric = Iri(f"{graph}#metric-{name}")
        yield quad(metric, RDF_TYPE, DQV_METRIC)
        yield quad(metric, SKOS_DEFINITION, Literal(_DEFINITIONS.get(name, name), lang="en"))
        yield quad(metric, DQV_EXPECTED_DATA_TYPE, XSD_DECIMAL)
    for figure in measure.figures:
        said = (figure.what, figure.part, figure.lang, figure.metric)
        node = Iri(f"{graph}#" + "-".join(part.replace(" ", "_") for part in said if part))
        yield quad(node, RDF_TYPE, DQV_QUALITY_MEASUREMENT)
        yield quad(node, DQV_COMPUTED_ON, computed_on)
        yield quad(node, DQV_IS_MEASUREMENT_OF, Iri(f"{graph}#metric-{figure.metric}"))
        yield quad(node, DQV_VALUE, _decimal(figure.value))
        yield quad(node, SCHEMA_MIN_VALUE, _decimal(figure.low))
        yield quad(node, SCHEMA_MAX_VALUE, _decimal(figure.high))
        yield quad(node, RDFS_LABEL, Literal(" ".join(filter(None, said)), lang="en"))
        yield quad(node, PROV_WAS_DERIVED_FROM, whole)
        if figure.lang:
            yield quad(node, DCTERMS_LANGUAGE, Literal(figure.lang))


def _decimal(value: float) -> Literal:
    return Literal(f"{value:.4f}", XSD_DECIMAL)
