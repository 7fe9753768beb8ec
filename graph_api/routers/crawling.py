"""For those who visit all pages or follow what is new: robots.txt, sitemaps, Atom."""

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from graph_api.errors import MissingError
from graph_api.linked_data import conditional, http_date, last_modified
from graph_api.portal.details import read_details
from graph_api.portal.i18n import LANGUAGES, catalogue
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import details_query, iris_query
from graph_api.portal.rendering import PageRoute, links_for, origin_of, services_of
from graph_api.releases.reading import shelf_of
from graph_api.releases.shelf import release_iri
from graph_api.services import Services
from ontology import terms as mln
from ontology.iris import KINDS
from ontology.model import Iri

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

MOST_ADDRESSES = 10_000
"""Entities in one sitemap; each has an address a language (sitemaps.org allows 50,000 addresses)."""
MOST_NEWS = 50

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_ATOM = "http://www.w3.org/2005/Atom"
_STANDING = ("", "releases", "sparql", "about", "legal", "accessibility", *KINDS)


@dataclass(frozen=True, slots=True)
class _News:
    """Something new: a document or a release."""

    iri: str
    when: datetime
    title: str
    href: str
    text: str = ""


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Say which addresses crawlers should leave alone, and where the sitemap is."""
    links = links_for(request, "en")
    closed = [links.to("/api/"), links.to("/sparql"), links.to("/data/")]
    closed += [links.to(f"/{lang}/search") for lang in LANGUAGES]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {origin_of(request)}{links.to('/sitemap.xml')}", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=3600"})


@router.get("/sitemap.xml")
async def sitemap_index(request: Request) -> Response:
    """List the sitemaps: one of standing pages, and as many a kind as it needs."""
    links = links_for(request, "en")
    root = ET.Element(f"{{{_SITEMAP}}}sitemapindex")
    names = ["pages-1"]
    for kind in (*KINDS, "concept"):
        count = len(await _slugs(request, kind))
        names += [f"{kind}-{n + 1}" for n in range(-(-count // MOST_ADDRESSES))]
    for name in names:
        entry = ET.SubElement(root, f"{{{_SITEMAP}}}sitemap")
        address = f"{origin_of(request)}{links.to(f'/sitemap-{name}.xml')}"
        ET.SubElement(entry, f"{{{_SITEMAP}}}loc").text = address
        ET.SubElement(entry, f"{{{_SITEMAP}}}lastmod").text = (
            last_modified(request).date().isoformat()
        )
    return _xml(request, root, "application/xml")


@router.get("/sitemap-{name}-{number}.xml")
async def sitemap(request: Request, name: str, number: int) -> Response:
    """The addresses of a kind's pages, each with its other languages.

    Raises:
        MissingError: no such sitemap.
    """
    if name == "pages":
        paths: list[str] = list(_STANDING)
    elif name in (*KINDS, "concept"):
        paths = [f"{name}/{slug}" for slug in await _slugs(request, name)]
    else:
        raise MissingError("there is no such sitemap")
    part = paths[(number - 1) * MOST_ADDRESSES : number * MOST_ADDRESSES] if number > 0 else []
    if not part:
        raise MissingError("there is no such sitemap")
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    origin = origin_of(request)
    for path in part:
        addresses = {lang: f"{origin}{links_for(request, lang).page(path)}" for lang in LANGUAGES}
        for lang in LANGUAGES:
            entry = ET.SubElement(root, f"{{{_SITEMAP}}}url")
            ET.SubElement(entry, f"{{{_SITEMAP}}}loc").text = addresses[lang]
            for other, href in addresses.items():
                attributes = {"rel": "alternate", "hreflang": other, "href": href}
                ET.SubElement(entry, f"{{{_XHTML}}}link", attributes)
    return _xml(request, root, "application/xml")


@router.get("/{lang}/new.atom", include_in_schema=False)
async def new(request: Request, lang: str) -> Response:
    """An Atom feed of what is new: documents that were added, and releases."""
    news = sorted(
        [*await _documents(request, lang), *_releases(request, lang)],
        key=lambda each: (each.when, each.iri),
        reverse=True,
    )[:MOST_NEWS]
    translate = catalogue("portal", lang).gettext
    origin, links = origin_of(request), links_for(request, lang)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": lang})
    _text(root, "id", f"{services_of(request).iris.base}/{lang}/new.atom")
    _text(root, "title", translate("What is new"))
    _text(root, "updated", (news[0].when if news else last_modified(request)).isoformat())
    author = ET.SubElement(root, f"{{{_ATOM}}}author")
    _text(author, "name", services_of(request).settings.publisher)
    own = {
        "rel": "self",
        "type": "application/atom+xml",
        "href": f"{origin}{links.page('new.atom')}",
    }
    ET.SubElement(root, f"{{{_ATOM}}}link", own)
    ET.SubElement(root, f"{{{_ATOM}}}link", {"rel": "alternate", "href": f"{origin}{links.page()}"})
    for each in news:
        entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
        _text(entry, "id", each.iri)
        _text(entry, "title", each.title)
        _text(entry, "updated", each.when.isoformat())
        href = f"{origin}{each.href}"
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": href})
        if each.text:
            _text(entry, "summary", each.text)
    return _xml(request, root, "application/atom+xml")


async def _slugs(request: Request, kind: str) -> list[str]:
    services = services_of(request)
    start = f"{services.iris.base}/id/{kind}/"

    async def find() -> list[str]:
        rows = await services.queries.select(iris_query(services.iris, kind))
        return [str(row["s"]).removeprefix(start) for row in rows]

    return await cache_of(request).get(services.queries.generation, f"sitemap/{kind}", find)


async def _documents(request: Request, lang: str) -> list[_News]:
    services = services_of(request)

    async def find() -> list[_News]:
        return await _read_documents(request, services, lang)

    return await cache_of(request).get(services.queries.generation, f"new/{lang}", find)


async def _read_documents(request: Request, services: Services, lang: str) -> list[_News]:
    rows = await services.queries.select(
        f"SELECT DISTINCT ?s ?publication WHERE {{ GRAPH ?g {{ ?s a <{mln.Document}> }} "
        f"OPTIONAL {{ GRAPH ?h {{ ?s <{mln.fileOf}> ?publication }} }} }}"
    )
    about = {str(row["s"]): Iri(str(row.get("publication", row["s"]))) for row in rows}
    dated: list[tuple[datetime, str]] = []
    for iri in about:
        try:
            status = services.documents.original(iri.rpartition("/")[2]).stat()
        except (MissingError, OSError):
            continue  # gone since this generation
        dated.append((datetime.fromtimestamp(int(status.st_mtime), UTC), iri))
    newest = sorted(dated, reverse=True)[:MOST_NEWS]
    if not newest:
        return []
    wanted = {about[iri] for _, iri in newest} | {Iri(iri) for _, iri in newest}
    details = read_details(await services.queries.select(details_query(wanted)))
    links = links_for(request, lang)
    return [
        _News(
            iri,
            when,
            details.label(about[iri], lang).text,
            links.document(iri.rpartition("/")[2]),
            summary.text if (summary := details.summary(about[iri], lang)) else "",
        )
        for when, iri in newest
    ]


def _releases(request: Request, lang: str) -> list[_News]:
    links = links_for(request, lang)
    translate = catalogue("portal", lang).gettext
    return [
        _News(
            release_iri(services_of(request).iris, each.id),
            each.when,
            translate("Release %(id)s") % {"id": each.id},
            links.page(f"releases/{each.id}"),
            each.note,
        )
        for each in shelf_of(request).all()
    ]


def _text(parent: ET.Element, name: str, text: str) -> None:
    # XML cannot hold control characters, whatever a title has.
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = "".join(
        c for c in text if c >= " " or c in "\t\n\r"
    )


def _xml(request: Request, root: ET.Element, media_type: str) -> Response:
    for prefix, namespace in (("", _SITEMAP), ("xhtml", _XHTML), ("atom", _ATOM)):
        ET.register_namespace(prefix, namespace)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    headers = {"Cache-Control": "no-cache", "Last-Modified": http_date(last_modified(request))}
    return conditional(request, Response(body, headers=headers, media_type=media_type))
