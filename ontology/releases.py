"""Releases of the ontology: what each version said stays readable, and nothing said ever vanishes.

``python -m ontology.releases`` keeps the present version as ``releases/{version}/ontology.ttl``.
A release that is kept is never written again: what changes needs a new version.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from rdflib import DCTERMS, OWL, RDF, RDFS, Graph, Literal, URIRef

from ontology.iris import ONTOLOGY
from ontology.load import ontology_graph, skolemise

__all__ = [
    "deprecation_faults",
    "keep_release",
    "lost_terms",
    "main",
    "release_graph",
    "released_versions",
    "version_of",
]

FILE = "ontology.ttl"
_HEADER = URIRef(ONTOLOGY)


def main(arguments: Sequence[str] | None = None) -> int:
    """Keep the present version. Returns 1 where that version was kept with other content."""
    parser = argparse.ArgumentParser(prog="python -m ontology.releases", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, help="the folder of releases, by default the shipped one"
    )
    given: Path | None = parser.parse_args(arguments).folder
    folder = given or Path(str(files("ontology") / "releases"))
    try:
        path = keep_release(ontology_graph(), folder)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"kept: {path.relative_to(folder)}\n")
    return 0


def keep_release(ontology: Graph, folder: Path) -> Path:
    """Write the ontology below its version and return the file; a second time changes nothing.

    ValueError where that version was kept with other content.
    """
    version = version_of(ontology)
    path = folder / version / FILE
    if path.exists():
        kept = Graph().parse(data=path.read_text(encoding="utf-8"), format="turtle")
        if set(skolemise(kept)) != set(skolemise(ontology)):
            raise ValueError(f"version {version} is released and says otherwise: raise the version")
        return path
    path.parent.mkdir(parents=True)
    path.write_text(ontology.serialize(format="turtle"), encoding="utf-8")
    return path


def released_versions() -> tuple[str, ...]:
    """Return the versions that are kept, oldest first."""
    folder = files("ontology") / "releases"
    names = [path.name for path in folder.iterdir() if path.is_dir() and path.name[0].isdigit()]
    return tuple(sorted(names, key=_numbers))


def release_graph(version: str) -> Graph:
    """Return what a released version said. FileNotFoundError where it was never kept."""
    path = files("ontology") / "releases" / version / FILE
    return Graph().parse(data=path.read_text(encoding="utf-8"), format="turtle")


def version_of(ontology: Graph) -> str:
    """Return the version that the header states. ValueError where it does not say one."""
    found = ontology.value(_HEADER, OWL.versionInfo)
    if found is None:
        raise ValueError("the ontology's header states no owl:versionInfo")
    return str(found)


def lost_terms(before: Graph, now: Graph) -> list[str]:
    """Return the terms that ``before`` defines and ``now`` does not, or as something else."""
    return sorted(
        str(term)
        for term in _terms(before)
        if not set(before.objects(term, RDF.type)) <= set(now.objects(term, RDF.type))
    )


def deprecation_faults(ontology: Graph) -> list[str]:
    """Return deprecated terms without a replacement that exists and is not deprecated itself."""
    terms = _terms(ontology)
    deprecated = set(ontology.subjects(OWL.deprecated, Literal(True)))
    return sorted(
        str(term)
        for term in deprecated
        if not (set(ontology.objects(term, DCTERMS.isReplacedBy)) & (terms - deprecated))
    )


def _terms(ontology: Graph) -> set[URIRef]:
    return {t for t in ontology.subjects(RDFS.isDefinedBy, _HEADER) if isinstance(t, URIRef)}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    sys.exit(main())
