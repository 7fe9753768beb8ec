"""Reads results and compares them.

The readers are ours, made of what Python ships, because the engine's own would share its mistakes
and rdflib's rewrite literals.
"""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree

import rdflib
from rdflib.term import Node

from ontology.vocabularies import XSD

__all__ = ["Result", "Term", "read_graph", "read_result", "same_result"]

Term = tuple[str, ...]
"""``("uri", iri)``, ``("bnode", label)`` or ``("literal", text, datatype, language)``."""

_NAMESPACE = "{http://www.w3.org/2005/sparql-results#}"
_RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
_INTEGERS = frozenset({"integer", "int", "long", "short", "byte", "nonNegativeInteger"})
_FLOATS = frozenset({"double", "float"})


@dataclass(frozen=True)
class Result:
    """What ASK or SELECT answers."""

    truth: bool | None
    variables: frozenset[str] = frozenset()
    rows: tuple[Mapping[str, Term], ...] = ()


def read_result(text: str, form: str) -> Result:
    """Read a result; ``form`` is the ending of the suite's files: srx, srj, csv or tsv."""
    return {"srx": _read_xml, "srj": _read_json, "csv": _read_csv, "tsv": _read_tsv}[form](text)


def read_graph(graph: rdflib.Graph) -> Result | None:
    """Return the result that a graph describes in the suite's own vocabulary, or None."""
    described = graph.value(None, rdflib.RDF.type, _RS.ResultSet)
    if described is None:
        return None
    rows = tuple(
        {
            str(graph.value(binding, _RS.variable)): _graph_term(graph.value(binding, _RS.value))
            for binding in graph.objects(solution, _RS.binding)
        }
        for solution in graph.objects(described, _RS.solution)
    )
    names = graph.objects(described, _RS.resultVariable)
    return Result(None, frozenset(str(name) for name in names), rows)


def _graph_term(term: Node | None) -> Term:
    if isinstance(term, rdflib.Literal):
        return _literal(str(term), str(term.datatype or ""), term.language or "")
    return ("uri" if isinstance(term, rdflib.URIRef) else "bnode", str(term))


def same_result(left: Result, right: Result) -> bool:
    """Whether they are equal up to the names of blank nodes and the order of the rows."""
    if (left.truth, left.variables) != (right.truth, right.variables):
        return False
    if len(left.rows) != len(right.rows):
        return False
    return _match(list(left.rows), list(right.rows), {})


def _match(
    left: list[Mapping[str, Term]], right: list[Mapping[str, Term]], names: dict[Term, Term]
) -> bool:
    """Whether the rows can be paired; ``names`` pairs the blank nodes met so far."""
    if not left:
        return True
    first, rest = left[0], left[1:]
    for index, row in enumerate(right):
        paired = _pair(first, row, names)
        if paired is not None and _match(rest, right[:index] + right[index + 1 :], paired):
            return True
    return False


def _pair(
    left: Mapping[str, Term], right: Mapping[str, Term], names: dict[Term, Term]
) -> dict[Term, Term] | None:
    """Return ``names`` and what is new in this pair of rows, or None if they differ."""
    if left.keys() != right.keys():
        return None
    paired = dict(names)
    for variable, term in left.items():
        other = right[variable]
        if term[0] == other[0] == "bnode":
            if paired.get(term, other) != other:
                return None
            if term not in paired and other in paired.values():
                return None
            paired[term] = other
        elif term != other:
            return None
    return paired


def _read_xml(text: str) -> Result:
    root = ElementTree.fromstring(text)  # noqa: S314 - the suite's files and our own answers
    truth = root.findtext(f"{_NAMESPACE}boolean")
    if truth is not None:
        return Result(truth.strip() == "true")
    head = root.find(f"{_NAMESPACE}head")
    assert head is not None
    variables = frozenset(each.attrib["name"] for each in head.findall(f"{_NAMESPACE}variable"))
    rows = tuple(
        {each.attrib["name"]: _xml_term(each[0]) for each in row if len(each)}
        for row in root.iter(f"{_NAMESPACE}result")
    )
    return Result(None, variables, rows)


def _xml_term(element: ElementTree.Element) -> Term:
    kind, text = element.tag.removeprefix(_NAMESPACE), element.text or ""
    if kind != "literal":
        return (kind, text.strip())
    lang = element.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    return _literal(text, element.get("datatype", ""), lang)


def _read_json(text: str) -> Result:
    found = json.loads(text)
    if "boolean" in found:
        return Result(found["boolean"])
    rows = tuple(
        {name: _json_term(term) for name, term in row.items()}
        for row in found["results"]["bindings"]
    )
    return Result(None, frozenset(found["head"]["vars"]), rows)


def _json_term(term: Mapping[str, str]) -> Term:
    if term["type"] not in ("literal", "typed-literal"):
        return (term["type"], term["value"])
    return _literal(term["value"], term.get("datatype", ""), term.get("xml:lang", ""))


def _literal(text: str, datatype: str, lang: str) -> Term:
    """Return the term, numbers in one form each: 1.0 and 1.00 are the same decimal."""
    name = datatype.removeprefix(XSD)
    try:
        if name in _INTEGERS:
            text = str(int(text))
        elif name == "decimal":
            text = str(Decimal(text).normalize() + 0)
        elif name in _FLOATS:
            value = float(text)
            text = "NaN" if math.isnan(value) else repr(value)
    except (ValueError, ArithmeticError):
        pass  # not a number of its type: as it is
    return ("literal", text, "" if name == "string" else datatype, lang.lower())


def _read_csv(text: str) -> Result:
    return _read_table(csv.reader(io.StringIO(text, newline="")), "")


def _read_tsv(text: str) -> Result:
    return _read_table((line.split("\t") for line in text.splitlines()), "?")


def _read_table(lines: Iterator[list[str]], mark: str) -> Result:
    """Cells as they are written: these formats are about exactly that. Empty is unbound."""
    header = [name.removeprefix(mark) for name in next(lines)]
    rows = tuple(
        {
            name: ("bnode" if cell.startswith("_:") else "cell", cell)
            for name, cell in zip(header, line, strict=True)
            if cell
        }
        for line in lines
    )
    return Result(None, frozenset(header), rows)
