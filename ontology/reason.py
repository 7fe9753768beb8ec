"""Consistency by HermiT, through owlready2: is what the axioms and some data say possible at all?

Needs a Java runtime. owlready2 reads no Turtle, so the graph goes to it as N-Triples. Datatypes
outside OWL 2's list (``xsd:gYear``, ``xsd:date``) are skipped by HermiT: SHACL checks those.
"""

import io
import shutil
from dataclasses import dataclass

import owlready2
from rdflib import Graph

from ontology.model import Iri, Triple

__all__ = [
    "ConsistencyReport",
    "ReasonerMissing",
    "check_consistency",
    "property_conclusions",
]

MEMORY_MB = 600


class ReasonerMissing(Exception):  # noqa: N818 — states a lack, not a failure of the input
    """There is no Java on this machine; nothing was checked."""


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """What HermiT said: ``unsatisfiable`` classes can have no individual at all."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    explanation: str = ""


def check_consistency(graph: Graph) -> ConsistencyReport:
    """Return whether ``graph`` (ontology, with or without data) is consistent.

    Annotations are left out. ReasonerMissing without Java.
    """
    world = _world(graph)
    try:
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
        impossible = set(world.inconsistent_classes()) - {owlready2.Nothing}
        unsatisfiable = tuple(sorted(cls.iri for cls in impossible))
    except owlready2.OwlReadyInconsistentOntologyError as error:
        return ConsistencyReport(consistent=False, explanation=str(error))
    finally:
        world.close()
    return ConsistencyReport(consistent=not unsatisfiable, unsatisfiable=unsatisfiable)


def property_conclusions(graph: Graph) -> set[Triple]:
    """Return the links between individuals that HermiT holds true, those of ``graph`` included.

    ReasonerMissing without Java, ValueError for an inconsistent graph.
    """
    world = _world(graph)
    try:
        owlready2.sync_reasoner_hermit(
            world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True
        )
        return {
            Triple(Iri(subject.iri), Iri(prop.iri), Iri(value.iri))
            for prop in world.object_properties()
            for subject, value in prop.get_relations()
        }
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise ValueError("the graph contradicts itself: nothing can be concluded") from error
    finally:
        world.close()


def _world(graph: Graph) -> owlready2.World:
    """Return a quad store of owlready2 that holds ``graph``; to be closed by the caller."""
    java = shutil.which("java")
    if java is None:
        raise ReasonerMissing("HermiT needs Java: install the package default-jre-headless")
    owlready2.JAVA_EXE = java
    owlready2.reasoning.JAVA_MEMORY = MEMORY_MB
    world = owlready2.World()
    text = graph.serialize(format="nt", encoding="utf-8")
    world.get_ontology("https://maillon.example/check#").load(fileobj=io.BytesIO(text))
    return world
