"""How to cite the page of a thing: a page with three forms, and each form as a file."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from fastapi import APIRouter, Request
from fastapi.responses import Response

from graph_api.errors import MissingError
from graph_api.portal.citations import PageCitation
from graph_api.portal.details import load_details
from graph_api.portal.i18n import catalogue
from graph_api.portal.rendering import PageRoute, links_for, render, services_of
from graph_api.routers.entities import IRI_PATH
from ontology import terms as mln
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "txt": "text/plain; charset=utf-8",
        "bib": "application/x-bibtex; charset=utf-8",
        "json": "application/vnd.citationstyles.csl+json",
    }
)
"""The files, by their extension."""


@router.get("/{lang}/cite/{thing:path}", include_in_schema=False)
async def cite(request: Request, lang: str, thing: str) -> Response:
    """Show how to cite the page of ``thing`` (``programme/…``, ``document/…``); with an extension, one form.

    Raises:
        MissingError: nothing of that name.
    """
    path, dot, extension = thing.rpartition(".")
    if not dot or extension not in FORMS:
        path, extension = thing, ""
    citation = await _citation(request, lang, path)
    _ = catalogue("portal", lang).gettext
    forms = {
        "txt": citation.plain(_("“%(title)s”, %(publisher)s, %(iri)s, seen on %(day)s.")),
        "bib": citation.bibtex(),
        "json": citation.csl(),
    }
    if extension:
        name = path.rpartition("/")[2]
        safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:80]
        headers = {
            "Content-Disposition": f'attachment; filename="maillon-{safe}.{extension}"',
            "Cache-Control": "no-cache",
            "X-Robots-Tag": "noindex",
        }
        return Response(forms[extension].rstrip() + "\n", 200, headers, FORMS[extension])
    return render(
        request,
        "cite.html",
        indexed=False,
        citation=citation,
        href=links_for(request, lang).iri(citation.iri),
        path=path,
        forms=forms,
    )


async def _citation(request: Request, lang: str, path: str) -> PageCitation:
    services = services_of(request)
    iri = Iri(f"{services.iris.base}/id/{path}")
    if not IRI_PATH.match(path) or not links_for(request, lang).iri(iri):
        raise MissingError("there is nothing of that name")
    about = iri
    if path.startswith("document/"):  # a file has the name of what it is a file of
        rows = await services.queries.select(
            f"SELECT ?p WHERE {{ GRAPH ?g {{ <{iri}> <{mln.fileOf}> ?p }} }} ORDER BY ?p LIMIT 1"
        )
        about = next((Iri(str(row["p"])) for row in rows), iri)
    details = await load_details(services.queries, (iri, about))
    if iri not in details.types and iri not in details.labels:
        raise MissingError("there is nothing of that name")
    title = details.label(about, lang)
    return PageCitation(
        title.text,
        title.lang or lang,
        iri,
        services.settings.publisher,
        datetime.now(UTC).date(),
    )
