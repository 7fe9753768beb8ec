"""The report of a run as RDF: a SHACL validation report (SHACL, 3.4), which is also the run's activity."""

from rdflib import DCTERMS, PROV, RDF, SH, XSD, Graph, Literal, URIRef

from graph_api.partners.runs import Run
from ontology.iris import ONTOLOGY

__all__ = ["shacl_report"]

_SEVERITIES = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}
_SHAPES = f"{ONTOLOGY}/shapes#"


def shacl_report(run: Run, iri: str) -> Graph:
    """Return the report at ``iri``. What left-out records say is not in it: quarantine is not public."""
    graph = Graph()
    for prefix, namespace in (("sh", SH), ("prov", PROV), ("dcterms", DCTERMS)):
        graph.bind(prefix, namespace)
    report = URIRef(iri)
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, RDF.type, PROV.Activity))
    graph.add((report, PROV.startedAtTime, Literal(run.at, datatype=XSD.dateTime)))
    conforms = run.state != "refused" and not run.findings
    graph.add((report, SH.conforms, Literal(conforms)))
    for lang, text in (run.messages or {}).items():
        graph.add((report, DCTERMS.description, Literal(text, lang=lang)))
    for number, finding in enumerate(run.findings, start=1):
        result = URIRef(f"{iri}#result-{number}")
        graph.add((report, SH.result, result))
        graph.add((result, RDF.type, SH.ValidationResult))
        if "://" in finding.record:
            graph.add((result, SH.focusNode, URIRef(finding.record)))
        graph.add((result, SH.resultSeverity, _SEVERITIES[finding.severity]))
        graph.add((result, SH.sourceShape, URIRef(f"{_SHAPES}{finding.rule}")))
        graph.add((result, SH.sourceConstraintComponent, URIRef(f"{_SHAPES}{finding.rule}")))
        if "://" in finding.path and not set(finding.path) & set("|/^<> ") - {"/"}:
            graph.add((result, SH.resultPath, URIRef(finding.path)))
        for lang, text in finding.messages.items():
            graph.add((result, SH.resultMessage, Literal(text, lang=lang)))
    return graph
