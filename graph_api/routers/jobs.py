"""Giving documents to the builder, and following what becomes of them."""

import contextlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from graph_api.access import Token, require
from graph_api.documents import RIGHTS
from graph_api.errors import BadInputError
from graph_api.folder import DataFolder
from graph_api.services import Services
from graph_api.uploads import take_body, take_form
from ontology import terms as mln
from ontology.model import Literal
from ontology.vocabularies import DCTERMS_IDENTIFIER, DCTERMS_LANGUAGE, DCTERMS_TITLE, RDF_TYPE

__all__ = ["router"]

router = APIRouter(tags=["documents"])


@router.post("/api/documents", status_code=202)
async def post_documents(
    request: Request,
    token: Annotated[Token, Depends(require("ingest"))],
    name: Annotated[str, Query(title="File name, for a raw body", max_length=255)] = "",
    rights: Annotated[str, Query(title="Display policy: full, quotes or metadata")] = "",
) -> JSONResponse:
    """Take one document as raw body, or several as ``multipart/form-data``; answer with a job.

    Each file in a ZIP archive is a document of its own. The job's address says what became of each:
    read, there already, or not readable and why; and which title, authors, … the file proposes.
    """
    services: Services = request.app.state.services
    if rights and rights not in RIGHTS:
        raise BadInputError(f"rights are one of {', '.join(RIGHTS)}")
    folder = DataFolder(services.settings.data)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    limit = services.settings.file_bytes
    async with contextlib.AsyncExitStack() as undo:
        if content_type == "multipart/form-data":
            files = (await take_form(request, folder, limit, undo)).files
        else:
            if not name:
                raise BadInputError("a raw body needs its file's name: ?name=report.pdf")
            files = [await take_body(request, folder, name, limit, undo)]
        arguments: dict[str, object] = {"files": files, "rights": rights or None, "who": token.name}
        job = await services.builder.submit({"kind": "ingest", "arguments": arguments})
        undo.pop_all()  # the uploads belong to the job now
    location = f"{request.scope.get('root_path', '')}/api/jobs/{job}"
    return JSONResponse({"job": job, "location": location}, 202, {"location": location})


@router.get("/api/jobs/{job}")
async def get_job(request: Request, job: str) -> JSONResponse:
    """Return ``{id, kind, state, generation, reports, report}``; 404 for a job that is not known."""
    services: Services = request.app.state.services
    return JSONResponse(await services.builder.status(job), headers={"cache-control": "no-store"})


@router.get("/api/documents")
async def list_documents(request: Request) -> JSONResponse:
    """Return every document: its hash, title, language and how much of it may be shown."""
    services: Services = request.app.state.services
    rows = await services.queries.select(
        f"SELECT ?sha ?title ?lang ?rights WHERE {{ ?d <{RDF_TYPE}> <{mln.Document}> ; "
        f"<{DCTERMS_IDENTIFIER}> ?sha . OPTIONAL {{ ?d <{DCTERMS_TITLE}> ?title }} "
        f"OPTIONAL {{ ?d <{DCTERMS_LANGUAGE}> ?lang }} OPTIONAL {{ ?d <{mln.rights}> ?rights }} }} "
        "ORDER BY ?title ?sha"
    )
    documents = [
        {key: value.value for key, value in row.items() if isinstance(value, Literal)}
        for row in rows
    ]
    return JSONResponse({"documents": documents})


@router.get("/api/documents/{sha256}")
async def get_document(request: Request, sha256: str) -> JSONResponse:
    """Return what is known of a document, and of its text what its rights let us show."""
    services: Services = request.app.state.services
    return JSONResponse(await run_in_threadpool(_describe, services, sha256))


def _describe(services: Services, sha256: str) -> dict[str, Any]:
    document = services.documents.get(sha256)
    rights = services.documents.rights(sha256)
    described: dict[str, Any] = {
        "sha256": document.sha256,
        "name": document.name,
        "title": document.display_title,
        "lang": document.lang,
        "media_type": document.media_type,
        "reader": document.reader,
        "rights": rights,
        "pages": len(document.pages),
        "characters": len(document.text),
        "text_sha256": document.text_sha256,
        "warnings": list(document.warnings),
        "iri": services.iris.document(sha256),
    }
    if rights != "metadata":
        described["sections"] = [
            {"title": s.title, "level": s.level, "start": s.start, "end": s.end}
            for s in document.sections
        ]
    if rights == "full":
        described["text"] = document.text
    return described
