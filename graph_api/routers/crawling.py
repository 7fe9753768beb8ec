"""For those who visit all pages or follow what is new: robots.txt, sitemaps, Atom."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from graph_api.errors import MissingError
from graph_api.linked_data import conditional, http_date, last_modified
from graph_api.portal.details import load_details
from graph_api.portal.feeds import ATOM, News, atom_feed
from graph_api.portal.i18n import LANGUAGES, catalogue
from graph_api.portal.listings import LISTINGS
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import iris_query
from graph_api.portal.rendering import PageRoute, links_for, origin_of, services_of
from graph_api.releases.reading import shelf_of
from graph_api.releases.shelf import release_iri
from graph_api.routers.territories import local_slugs
from graph_api.services import Services
from ontology import terms as mln
from ontology.iris import KINDS
from ontology.model import Iri

__all__ = ["router", "xml_response"]

router = APIRouter(route_class=PageRoute)

MOST_ADDRESSES = 10_000
"""Entities in one sitemap; each has an address a language (sitemaps.org allows 50,000 addresses)."""
MOST_NEWS = 50

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_STANDING = (
    "",
    *LISTINGS,
    "errata",
    "changes",
    "guide",
    "coverage",
    "quality",
    "partners",
    "practices/compare",
    "territories",
    "territories/compare",
    "themes",
    "figures",
    "releases",
    "ontology",
    "sparql",
    "help",
    "about",
    "legal",
    "accessibility",
    *KINDS,
)


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
    return xml_response(request, root, "application/xml")


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
    return xml_response(request, root, "application/xml")


@router.get("/{lang}/new.atom", include_in_schema=False)
async def new(request: Request, lang: str) -> Response:
    """An Atom feed of what is new: documents that were added, and releases."""
    news = sorted(
        [*await _documents(request, lang), *_releases(request, lang)],
        key=lambda each: (each.when, each.iri),
        reverse=True,
    )[:MOST_NEWS]
    links = links_for(request, lang)
    root = atom_feed(
        lang=lang,
        iri=f"{services_of(request).iris.base}/{lang}/new.atom",
        title=catalogue("portal", lang).gettext("What is new"),
        author=services_of(request).settings.publisher,
        origin=origin_of(request),
        own=links.page("new.atom"),
        page=links.page(),
        updated=news[0].when if news else last_modified(request),
        entries=news,
    )
    return xml_response(request, root, "application/atom+xml")


async def _slugs(request: Request, kind: str) -> list[str]:
    services = services_of(request)
    start = f"{services.iris.base}/id/{kind}/"

    async def find() -> list[str]:
        rows = await services.queries.select(iris_query(services.iris, kind))
        slugs = [str(row["s"]).removeprefix(start) for row in rows]
        if kind == "territory":  # pages that say "nothing local is known" are not for crawlers
            local = await local_slugs(request)
            return [slug for slug in slugs if slug in local]
        return slugs

    return await cache_of(request).get(services.queries.generation, f"sitemap/{kind}", find)


async def _documents(request: Request, lang: str) -> list[News]:
    services = services_of(request)

    async def find() -> list[News]:
        return await _read_documents(request, services, lang)

    return await cache_of(request).get(services.queries.generation, f"new/{lang}", find)


async def _read_documents(request: Request, services: Services, lang: str) -> list[News]:
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
    details = await load_details(services.queries, wanted)
    links = links_for(request, lang)
    return [
        News(
            iri,
            when,
            details.label(about[iri], lang).text,
            links.document(iri.rpartition("/")[2]),
            summary.text if (summary := details.summary(about[iri], lang)) else "",
        )
        for when, iri in newest
    ]


def _releases(request: Request, lang: str) -> list[News]:
    links = links_for(request, lang)
    translate = catalogue("portal", lang).gettext
    return [
        News(
            release_iri(services_of(request).iris, each.id),
            each.when,
            translate("Release %(id)s") % {"id": each.id},
            links.page(f"releases/{each.id}"),
            each.note,
        )
        for each in shelf_of(request).all()
    ]


def xml_response(request: Request, root: ET.Element, media_type: str) -> Response:
    """Return a document of ours as XML; 304 where the client has it."""
    for prefix, namespace in (("", _SITEMAP), ("xhtml", _XHTML), ("atom", ATOM)):
        ET.register_namespace(prefix, namespace)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    headers = {"Cache-Control": "no-cache", "Last-Modified": http_date(last_modified(request))}
    return conditional(request, Response(body, headers=headers, media_type=media_type))
