"""How good the extraction is: measured figures and rules, as a page, JSON and a table."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_api.builder.decisions import DecisionLog
from graph_api.folder import DataFolder
from graph_api.portal.display import load_schema
from graph_api.portal.rendering import PageRoute, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.publishing import bar_of, judged_by_people
from graph_api.quality import GRAPH, Measure, load_measure
from graph_api.routers.pages import wording_of
from ingest.evaluate import Measurement
from ingest.publishing import KINDS, Counts, PublishingBar, Rule
from ontology.iris import ONTOLOGY
from ontology.vocabularies import DQV
from search.evaluate import shipped_scorecard

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class _Line:
    """What one line of a table is about, in words, and its figures by metric."""

    part: str
    name: str
    figures: dict[str, Measurement]


@dataclass(frozen=True, slots=True)
class _RuleLine:
    """A rule with its own figures; ``public`` is the verdict, ``people`` what curators judged."""

    rule: Rule
    counts: Counts
    people: int
    public: bool


@router.get("/{lang}/quality", include_in_schema=False)
async def quality_page(
    request: Request,
    lang: str,
    only: Annotated[str, Query(alias="lang", max_length=3, pattern="^[a-z]*$")] = "",
) -> Response:
    """Show what was measured, for all texts or those of one language, and each rule."""
    measure, bar, people = await run_in_threadpool(_measured, request)
    langs = sorted({figure.lang for figure in measure.figures if figure.lang})
    chosen = only if only in langs else ""
    return render(
        request,
        "quality.html",
        measure=measure,
        langs=langs,
        chosen=chosen,
        tables={what: _lines(measure, what, chosen, lang) for what in _WHAT},
        bar=bar,
        kinds=[(kind, _rules(bar, people, kind)) for kind in KINDS],
        query=_query(request),
        search=_search_groups(),
    )


@router.get("/{lang}/quality.csv", include_in_schema=False)
async def quality_table(request: Request, lang: str) -> Response:
    """Return every figure, then every rule, a line each."""
    measure, bar, people = await run_in_threadpool(_measured, request)
    rows = [
        (f.what, f.part, f.lang, f.metric, f"{f.value:.4f}", f"{f.low:.4f}", f"{f.high:.4f}",
         str(f.cases), "")
        for f in measure.figures
    ]  # fmt: skip
    for kind in KINDS:
        for line in _rules(bar, people, kind):
            low, high = line.counts.interval()
            rows.append(
                ("rule", f"{kind}/{line.rule.name}", "", "precision",
                 f"{line.counts.precision:.4f}", f"{low:.4f}", f"{high:.4f}",
                 str(line.counts.judged), "public" if line.public else "waits")
            )  # fmt: skip
    head = ("what", "part", "language", "metric", "value", "low", "high", "cases", "verdict")
    return spreadsheet("maillon-quality", head, rows, lang)


@router.get("/api/quality")
async def quality_data(request: Request) -> Response:
    """Return what was measured of the extraction, with 95 % intervals, and what each rule may do.

    ``public`` rules speak without a person; what others read waits for one. As RDF (DQV) the figures
    are in the graph ``…/graph/quality``.
    """
    measure, bar, people = await run_in_threadpool(_measured, request)
    rules = [
        {
            "rule": line.rule.name,
            "kind": line.rule.kind,
            "right": line.counts.right,
            "judged": line.counts.judged,
            "judged_by_curators": line.people,
            "interval": [round(bound, 4) for bound in line.counts.interval()],
            "public": line.public,
        }
        for kind in KINDS
        for line in _rules(bar, people, kind)
    ]
    data = {
        **measure.to_json(), "publishing_bar": bar.bar, "rules": rules,
        "search": shipped_scorecard()["groups"],
    }  # fmt: skip
    return JSONResponse(data, headers={"Cache-Control": "no-cache"})


# What the annotations call otherwise than the ontology and the portal.
_KINDS = {
    "Actor": "actor", "Programme": "programme", "LegalFramework": "law", "Person": "person",
    "Territory": "territory", "Publication": "publication", "Event": "event",
}  # fmt: skip
_GROUPS = ("all", "report", "mono", "cross", "both", "lang fr", "lang en")
_RELATIONS = {"adoptedIn": "adopts", "roleAt": "holdsRoleAt", "publishedIn": "publishedInYear"}
_WHAT = ("mentions", "linking", "relations", "statements", "figures", "structure")


def _measured(request: Request) -> tuple[Measure, PublishingBar, dict[Rule, Counts]]:
    settings = services_of(request).settings
    folder = DataFolder(settings.data)
    decisions, _ = DecisionLog(folder.decisions).read()
    return load_measure(folder), bar_of(settings, decisions), judged_by_people(decisions)


def _lines(measure: Measure, what: str, only: str, lang: str) -> list[_Line]:
    found: dict[str, dict[str, Measurement]] = {}
    for figure in measure.figures:
        if figure.what == what and figure.lang == only:
            found.setdefault(figure.part, {})[figure.metric] = figure
    return [
        _Line(part, _name(what, part, lang), figures) for part, figures in sorted(found.items())
    ]


def _name(what: str, part: str, lang: str) -> str:
    wording = wording_of(lang)
    if what == "mentions":
        return wording.kinds(_KINDS[part]) if part in _KINDS else part
    if what == "statements":
        iri = f"{ONTOLOGY}#{_RELATIONS.get(part, part)}"
        return load_schema().label(iri, lang) or part
    return wording.unit_of_structure(part)


def _search_groups() -> list[dict[str, Any]]:
    """The groups of judged queries that a reader can make sense of: all, and by where answers stand."""
    groups = {group["name"]: group for group in shipped_scorecard()["groups"]}
    return [groups[name] for name in _GROUPS if name in groups]


def _rules(bar: PublishingBar, people: dict[Rule, Counts], kind: str) -> list[_RuleLine]:
    return [
        _RuleLine(
            rule,
            count,
            people.get(rule, Counts()).judged,
            bar.earned(rule) if kind == "proposals" else bar.allows(rule),
        )
        for rule, count in sorted(bar.counts.items(), key=lambda item: (-item[1].judged, item[0]))
        if rule.kind == kind
    ]


def _query(request: Request) -> str:
    graph = services_of(request).iris.graph(GRAPH)
    return (
        f"PREFIX dqv: <{DQV}>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "PREFIX schema: <http://schema.org/>\n"
        "SELECT ?measured ?value ?low ?high\n"
        f"WHERE {{ GRAPH <{graph}> {{\n"
        "  ?m a dqv:QualityMeasurement ; rdfs:label ?measured ; dqv:value ?value ;\n"
        "     schema:minValue ?low ; schema:maxValue ?high .\n}} }}\nORDER BY ?measured".replace(
            "}}", "}"
        )
    )
