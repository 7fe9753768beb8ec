"""``/oai``: every named entity for harvesters of libraries, as Dublin Core and as RDF (OAI-PMH 2.0)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from graph_api.exchange import oai
from graph_api.exchange.oai import Header, OaiError
from graph_api.forms import read_form
from graph_api.linked_data import describe, identities_of, last_modified
from graph_api.portal.details import Details, load_details
from graph_api.portal.display import type_names
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import iris_query
from graph_api.portal.rendering import links_for, origin_of, services_of
from graph_api.routers.feed import change_log_of
from ontology.iris import KINDS
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter()

"""Longest body of a POST: the arguments of the longest request are far shorter."""

_OAI = "http://www.openarchives.org/OAI/2.0/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC = "http://purl.org/dc/elements/1.1/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SCHEMAS = {
    "oai_dc": (f"{_OAI}oai_dc.xsd", _OAI_DC),
    "rdf": (f"{_OAI}rdf.xsd", _RDF),
}
_PREFIXES = {"oai": _OAI, "oai_dc": _OAI_DC, "dc": _DC, "xsi": _XSI, "rdf": _RDF}


@router.get("/oai")
async def harvest(
    request: Request,
    verb: Annotated[str, Query(title="one of the six verbs of OAI-PMH 2.0")] = "",
) -> Response:
    """OAI-PMH 2.0. Errors of the protocol are answers with an error code and status 200."""
    return await _answer(request, request.query_params.multi_items())


@router.post("/oai")
async def harvest_by_form(request: Request) -> Response:
    """The same, with the arguments in the body.

    Raises:
        BadInputError, TooLargeError: a body that is no form, or a longer one than any request needs.
    """
    most = services_of(request).settings.exchange_form_bytes
    return await _answer(request, await read_form(request, most))


async def _answer(request: Request, pairs: Iterable[tuple[str, str]]) -> Response:
    address = origin_of(request) + links_for(request, "en").to("/oai")
    root = ET.Element(
        f"{{{_OAI}}}OAI-PMH", {f"{{{_XSI}}}schemaLocation": f"{_OAI} {_OAI}OAI-PMH.xsd"}
    )
    _add(root, "responseDate", oai.stamp(datetime.now(UTC)))
    asked = _add(root, "request", address)
    try:
        verb, arguments = oai.read_arguments(pairs)
        content = ET.Element(f"{{{_OAI}}}{verb}")
        await _VERBS[verb](_Harvest(request, address, verb, arguments), content)
        root.append(content)
        named = {"verb": verb, **arguments}
    except OaiError as error:
        named = {} if error.code in ("badVerb", "badArgument") else {"verb": verb, **arguments}
        _add(root, "error", error.text).set("code", error.code)
    for name, value in named.items():
        asked.set(name, _clean(value))
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return Response(body, headers=headers, media_type="text/xml")


class _Harvest:
    """One request: its arguments, and the records as they are now."""

    def __init__(
        self, request: Request, address: str, verb: str, arguments: dict[str, str]
    ) -> None:
        self.request = request
        self.address = address
        self.verb = verb
        self.arguments = arguments
        self.services = services_of(request)

    async def headers(self) -> dict[str, Header]:
        """Every record by its identifier: what is in the graph, and what is gone.

        Dates are those of the change log. What it does not tell of (yet) has the date of what is
        served now, what was only decided that of the decision.
        """
        queries, iris = self.services.queries, self.services.iris

        async def find() -> list[tuple[str, str]]:
            return [
                (str(row["s"]), kind)
                for kind in KINDS
                for row in await queries.select(iris_query(iris, kind))
            ]

        now = last_modified(self.request)
        live = await cache_of(self.request).get(queries.generation, "oai", find)
        log = await asyncio.to_thread(change_log_of(self.request).newest)
        told = {iri: datetime.fromisoformat(at) for iri, (event, at) in log.items()}
        gone = {iri for iri, (event, _) in log.items() if event == "delete"}
        found = {i: Header(i, now if i in gone else told.get(i, now), kind) for i, kind in live}
        fates = identities_of(self.request).fates()
        for iri in {*(gone - found.keys()), *fates}:
            kind = (iris.split(Iri(iri)) or ("", ""))[0]
            if kind in KINDS:
                # Readers saw it until the log told of it, which is later than the decision.
                seen = told.get(iri) if iri in gone else None
                when = seen or datetime.fromisoformat(fates[iri].at).astimezone(UTC)
                found[iri] = Header(iri, when, kind, deleted=True)
        return found

    async def known(self) -> Header:
        """The record that ``identifier`` names. Raises OaiError: idDoesNotExist."""
        header = (await self.headers()).get(self.arguments["identifier"])
        if header is None:
            raise OaiError("idDoesNotExist", "there is no such record")
        return header

    async def details(self, headers: Iterable[Header]) -> Details:
        """What Dublin Core needs of the records that are not deleted."""
        wanted = {Iri(each.identifier) for each in headers if not each.deleted}
        return await load_details(self.services.queries, wanted)

    async def add_record(
        self, parent: ET.Element, header: Header, prefix: str, details: Details
    ) -> None:
        """Add a record in one of the formats; a deleted one has no metadata."""
        record = _add(parent, "record")
        _add_header(record, header)
        if header.deleted:
            return
        metadata = _add(record, "metadata")
        if prefix == "rdf":
            body = await describe(self.services, Iri(header.identifier), "rdf")
            metadata.append(ET.fromstring(_clean(body.decode())))  # noqa: S314 -- our own writing
        else:
            metadata.append(self._dublin_core(header, details))

    def _dublin_core(self, header: Header, details: Details) -> ET.Element:
        schema, namespace = _SCHEMAS["oai_dc"]
        root = ET.Element(
            f"{{{_OAI_DC}}}dc", {f"{{{_XSI}}}schemaLocation": f"{namespace} {schema}"}
        )
        iri = Iri(header.identifier)
        for name, texts in (("title", details.labels), ("description", details.summaries)):
            ordered = sorted(texts.get(iri, ()), key=lambda each: (each.lang or "", each.value))
            for text in ordered:
                element = ET.SubElement(root, f"{{{_DC}}}{name}")
                element.text = _clean(text.value)
                if text.lang:
                    element.set(_XML_LANG, text.lang)
        settings = self.services.settings
        plain = [("identifier", header.identifier), ("publisher", settings.publisher)]
        types = type_names(details.types.get(iri, ()), header.group, "en")
        plain += [("type", each) for each in types]
        plain += [("rights", settings.licence)]
        for name, value in plain:
            ET.SubElement(root, f"{{{_DC}}}{name}").text = _clean(value)
        return root


async def _identify(harvest: _Harvest, content: ET.Element) -> None:
    settings = harvest.services.settings
    host = urlsplit(settings.base).hostname or "localhost"
    contact = settings.contact.removeprefix("mailto:")
    dates = [each.when for each in (await harvest.headers()).values()]
    _add(content, "repositoryName", settings.publisher)
    _add(content, "baseURL", harvest.address)
    _add(content, "protocolVersion", "2.0")
    _add(content, "adminEmail", contact if "@" in contact else f"postmaster@{host}")
    _add(
        content, "earliestDatestamp", oai.stamp(min(dates, default=last_modified(harvest.request)))
    )
    _add(content, "deletedRecord", "persistent")  # the change log forgets no deletion
    _add(content, "granularity", "YYYY-MM-DDThh:mm:ssZ")


async def _formats(harvest: _Harvest, content: ET.Element) -> None:
    if "identifier" in harvest.arguments and (await harvest.known()).deleted:
        raise OaiError("noMetadataFormats", "this record was deleted")
    for prefix in oai.FORMATS:
        schema, namespace = _SCHEMAS[prefix]
        entry = _add(content, "metadataFormat")
        _add(entry, "metadataPrefix", prefix)
        _add(entry, "schema", schema)
        _add(entry, "metadataNamespace", namespace)


async def _sets(harvest: _Harvest, content: ET.Element) -> None:
    if "resumptionToken" in harvest.arguments:
        raise OaiError("badResumptionToken", "the list of sets has one page")
    used = {each.group for each in (await harvest.headers()).values()}
    if not used:
        raise OaiError("noSetHierarchy", "there is nothing here yet")
    for kind in (each for each in KINDS if each in used):
        entry = _add(content, "set")
        _add(entry, "setSpec", kind)
        _add(entry, "setName", kind)


async def _get(harvest: _Harvest, content: ET.Element) -> None:
    header, prefix = await harvest.known(), harvest.arguments["metadataPrefix"]
    if prefix not in oai.FORMATS:
        raise OaiError("cannotDisseminateFormat", "the formats are " + ", ".join(oai.FORMATS))
    await harvest.add_record(content, header, prefix, await harvest.details([header]))


async def _list(harvest: _Harvest, content: ET.Element) -> None:
    listing = oai.read_listing(harvest.verb, harvest.arguments)
    size = harvest.services.settings.oai_page_size
    page = oai.choose_page((await harvest.headers()).values(), listing, size)
    if harvest.verb == "ListIdentifiers":
        for header in page.headers:
            _add_header(content, header)
    else:
        plain = listing.prefix == "oai_dc"
        details = await harvest.details(page.headers) if plain else Details()
        for header in page.headers:
            await harvest.add_record(content, header, listing.prefix, details)
    if page.token is not None:
        token = _add(content, "resumptionToken", page.token)
        token.set("completeListSize", str(page.total))
        token.set("cursor", str(page.cursor))


_VERBS: dict[str, Callable[[_Harvest, ET.Element], Awaitable[None]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _get,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}


def _add_header(parent: ET.Element, header: Header) -> None:
    element = _add(parent, "header")
    if header.deleted:
        element.set("status", "deleted")
    _add(element, "identifier", header.identifier)
    _add(element, "datestamp", oai.stamp(header.when))
    _add(element, "setSpec", header.group)


def _add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    element = ET.SubElement(parent, f"{{{_OAI}}}{name}")
    element.text = _clean(text) or None
    return element


def _clean(text: str) -> str:
    # XML cannot hold control characters, whatever a name or an argument has.
    return "".join(c for c in text if (c >= " " and c not in "\ufffe\uffff") or c in "\t\n\r")
