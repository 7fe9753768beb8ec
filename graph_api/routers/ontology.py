"""The ontology as a page and as data: the addresses that its persistent address redirects to."""

import asyncio
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from graph_api.errors import MissingError, NotOfferedError
from graph_api.portal.ontology_map import draw_map
from graph_api.portal.rendering import PageRoute, language_of, links_for, render
from graph_api.releases.rdf_answers import SERIALISERS, file_response, said_tag
from graph_api.representations import MEDIA_TYPES, choose_representation
from ontology.documentation import compact, document_ontology
from ontology.iris import ONTOLOGY
from ontology.load import ontology_graph, shapes_graph, skolemise
from ontology.releases import released_versions
from ontology.schema import Schema

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_SSSOM = "text/tab-separated-values; charset=utf-8"


@router.get("/ontology")
def choose_ontology(request: Request) -> Response:
    """Lead to the ontology in the form that the client asks for: page, Turtle, JSON-LD …

    Raises:
        NotOfferedError: the client takes none of the forms.
    """
    form = choose_representation(request.headers.get("accept", ""))
    if form is None:
        raise NotOfferedError(
            f"offered are text/html, {', '.join(MEDIA_TYPES.values())}",
            offered=["text/html", *MEDIA_TYPES.values()],
        )
    links = links_for(request, language_of(request))
    place = links.page("ontology") if form == "html" else links.to(f"/ontology.{form}")
    return RedirectResponse(place, 303, headers={"Vary": "Accept, Accept-Language"})


@router.get("/ontology.{form}")
async def ontology_data(request: Request, form: str) -> Response:
    """Return the whole ontology as ``ttl``, ``jsonld``, ``nt`` or ``rdf``.

    Raises:
        MissingError: no such form.
    """
    if form not in MEDIA_TYPES:
        raise MissingError(f"the ontology is offered as {', '.join(MEDIA_TYPES)}")
    body, etag = await asyncio.to_thread(_written, "ontology", form)
    return file_response(request, body, MEDIA_TYPES[form], etag)


@router.get("/ontology/context.jsonld")
def context(request: Request) -> Response:
    """Return the JSON-LD context of our data."""
    return file_response(request, _file("context.jsonld"), MEDIA_TYPES["jsonld"])


@router.get("/ontology/shapes.ttl")
async def shapes(request: Request) -> Response:
    """Return the SHACL shapes that every graph of ours keeps to."""
    body, etag = await asyncio.to_thread(_written, "shapes", "ttl")
    return file_response(request, body, MEDIA_TYPES["ttl"], etag)


@router.get("/ontology/shapes/{name}.ttl")
def shapes_file(request: Request, name: str) -> Response:
    """Return one file of shapes: ``core``, ``partner``, ``publish`` …

    Raises:
        MissingError: no such file.
    """
    return file_response(request, _file(f"shapes/{name}.ttl"), MEDIA_TYPES["ttl"])


@router.get("/ontology/alignments/{name}.sssom.tsv")
def alignment(request: Request, name: str) -> Response:
    """Return a table of mappings to another vocabulary (https://w3id.org/sssom).

    Raises:
        MissingError: no such table.
    """
    return file_response(request, _file(f"alignments/{name}.sssom.tsv"), _SSSOM)


@router.get("/ontology/{version}/ontology.ttl")
def released(request: Request, version: str) -> Response:
    """Return the ontology as a version of it said it.

    Raises:
        MissingError: that version was never released.
    """
    if version not in released_versions():
        raise MissingError(f"released are the versions {', '.join(released_versions())}")
    return file_response(request, _file(f"releases/{version}/ontology.ttl"), MEDIA_TYPES["ttl"])


@router.get("/{lang}/ontology", include_in_schema=False)
async def ontology_page(request: Request, lang: str) -> Response:
    """Every term with what is said of it, a picture of the whole, and its files."""
    documentation = await asyncio.to_thread(document_ontology)
    schema = Schema.load()
    return render(
        request,
        "ontology.html",
        iri=ONTOLOGY,
        doc=documentation,
        map=draw_map(schema),
        names={term.iri: term for term in documentation.terms},
        compact=compact,
        extensions=tuple(MEDIA_TYPES),
    )


@cache
def _written(what: str, form: str) -> tuple[bytes, str]:
    """The text and the tag of a graph; blank nodes stay as the files have them in the text."""
    graph = ontology_graph() if what == "ontology" else shapes_graph()
    media_type = MEDIA_TYPES[form]
    body = graph.serialize(format=SERIALISERS[media_type], encoding="utf-8")
    return body, said_tag(skolemise(graph), media_type)


def _file(name: str) -> bytes:
    path = files("ontology") / name
    if not path.is_file() or ".." in name:
        raise MissingError(f"there is no file {name}")
    return path.read_bytes()
