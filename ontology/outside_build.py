"""Writes ``outside_terms.txt`` anew: which terms exist in vocabularies that no Python package lists.

``python -m ontology.outside_build oa=oa.ttl cv=cpsv-ap.ttl cv=cccev.ttl …`` takes copies of the
vocabularies (Turtle, N-Triples, N-Quads or RDF/XML; several files of one prefix are joined). Where
each copy comes from is said in the table's header, which stays as it is.
"""

import argparse
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from rdflib import RDF, RDFS, Dataset, URIRef
from rdflib.util import guess_format

from ontology.vocabularies import PREFIXES

__all__ = ["main", "table", "terms_of"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the rows of the named prefixes, the others and the header stay. Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m ontology.outside_build", description=__doc__)
    parser.add_argument("copies", nargs="+", metavar="PREFIX=FILE", help="a vocabulary's file")
    parser.add_argument(
        "--table", type=Path, help="the table to rewrite, by default the shipped one"
    )
    options = parser.parse_args(arguments)
    path: Path = options.table or Path(str(files("ontology") / "outside_terms.txt"))
    found: dict[str, set[str]] = {}
    for copy in options.copies:
        prefix, _, name = copy.partition("=")
        if prefix not in PREFIXES or not name:
            parser.error(f"write PREFIX=FILE, with a prefix of ontology.vocabularies: {copy}")
        found.setdefault(prefix, set()).update(terms_of(Path(name), PREFIXES[prefix]))
    path.write_text(table(path.read_text(encoding="utf-8"), found), encoding="utf-8")
    sys.stderr.write("".join(f"{p}: {len(names)} terms\n" for p, names in sorted(found.items())))
    return 0


def terms_of(path: Path, namespace: str) -> set[str]:
    """Return the local names of what a file types or labels: classes, properties, individuals.

    ValueError where the file declares none in that namespace: it is then not a copy of it.
    """
    dataset = Dataset(default_union=True)
    with warnings.catch_warnings():  # rdflib 7.6 calls its own deprecated property here
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(data=path.read_bytes(), format=guess_format(path.name) or "turtle")
    names = {
        str(subject).removeprefix(namespace)
        for predicate in (RDF.type, RDFS.label)
        for subject, _, _, _ in dataset.quads((None, predicate, None, None))
        if isinstance(subject, URIRef) and subject.startswith(namespace)
    }
    if not names - {""}:
        raise ValueError(f"{path.name} declares no term of {namespace}")
    return names - {""}


def table(before: str, found: Mapping[str, Iterable[str]]) -> str:
    """Return the table with new rows for the prefixes in ``found``, in the order of prefixes."""
    lines = before.splitlines()
    header = [line for line in lines if line.startswith("#")]
    rows = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    rows |= {prefix: " ".join(sorted(names)) for prefix, names in found.items()}
    return "\n".join([*header, *(f"{prefix}: {rows[prefix]}" for prefix in sorted(rows))]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
