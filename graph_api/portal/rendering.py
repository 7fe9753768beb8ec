"""HTML: templates, addresses, and what every page carries."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.routing import Match
from starlette.types import Scope

from graph_api.portal.display import date_text
from graph_api.portal.i18n import LANGUAGES, catalogue
from graph_api.portal.reading import plain_quote, plain_run
from graph_api.portal.sentences import translate_sentence
from graph_api.portal.wording import Wording
from graph_api.services import Services
from ontology.iris import KINDS

__all__ = ["Links", "PageRoute", "language_of", "links_for", "origin_of", "render", "services_of"]

_STATIC = Path(__file__).parent / "static"
_NATIVE_NAMES = {"fr": "Français", "en": "English"}

QueryValue = str | int | Iterable[str] | None


class PageRoute(APIRoute):
    """A route whose ``{lang}`` is one of our languages and whose ``{kind}`` one of our kinds.

    Other addresses are not its own: they stay free for other routes, whatever the order.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as usual, then look at the two parameters."""
        match, child = super().matches(scope)
        if match is not Match.NONE:
            found = child.get("path_params", {})
            if found.get("lang", LANGUAGES[0]) not in LANGUAGES:
                return Match.NONE, {}
            if found.get("kind", KINDS[0]) not in (*KINDS, "concept"):
                return Match.NONE, {}
        return match, child


@dataclass(frozen=True, slots=True)
class Links:
    """The one place where addresses are made: they keep the base path and the language.

    ``prefix`` is the path below which the portal is published (``""`` or ``"/maillon"``),
    ``base`` the base of the data IRIs.
    """

    prefix: str
    lang: str
    base: str

    def to(self, path: str, **query: QueryValue) -> str:
        """An address of this site; ``path`` begins with a slash. Empty parameters are left out."""
        pairs: list[tuple[str, str]] = []
        for name, value in query.items():
            several = [value] if isinstance(value, str | int) else list(value or ())
            pairs += [(name.rstrip("_"), str(each)) for each in several if str(each)]
        tail = "?" + urlencode(pairs) if pairs else ""
        return self.prefix + quote(path, safe="/:@,;=-._~!$'()*+") + tail

    def page(self, path: str = "", **query: QueryValue) -> str:
        """A page in the language of this one; ``page()`` is the home page."""
        return self.to(f"/{self.lang}/{path}", **query)

    def document(self, sha256: str, start: int = 0, end: int = 0) -> str:
        """A document's page; with a passage, the part that holds it, at the marked place."""
        if end:
            return self.page(f"document/{sha256}", mark=f"{start}-{end}") + "#mark"
        return self.page(f"document/{sha256}")

    def iri(self, iri: str) -> str:
        """The page of an IRI of ours, or ``""`` where it has none."""
        prefix = f"{self.base}/id/"
        if not iri.startswith(prefix):
            return ""
        kind, _, rest = iri[len(prefix) :].partition("/")
        if not rest:
            return ""
        if kind in KINDS or kind == "concept":
            return self.page(f"{kind}/{rest}")
        if kind == "document":
            sha256, _, span = rest.partition("/p/")
            start, _, end = span.partition("-")
            if span and start.isdigit() and end.isdigit():
                return self.document(sha256, int(start), int(end))
            return self.document(sha256)
        return ""

    def data(self, iri: str, extension: str) -> str:
        """The data twin of an IRI of ours."""
        return self.to(f"/data/{iri.removeprefix(self.base + '/id/')}.{extension}")

    def static(self, name: str) -> str:
        """A file of ours, named with its content so that browsers may keep it for ever."""
        return self.to(f"/static/{_static_version(name)}/{name}")


def services_of(request: Request) -> Services:
    """Return what the app was given."""
    services: Services = request.app.state.services
    return services


def language_of(request: Request) -> str:
    """The language of the page asked for, or the best that the client accepts."""
    first = _own_path(request).lstrip("/").partition("/")[0]
    if first in LANGUAGES:
        return first
    return _accepted_language(request.headers.get("accept-language", ""))


def links_for(request: Request, lang: str) -> Links:
    """Make the addresses of one request: the base path is the server's, else the setting's."""
    services = services_of(request)
    return Links(_prefix(request), lang, services.iris.base)


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page in the language of its address; 304 where the client has it already."""
    lang = language_of(request)
    links = links_for(request, lang)
    path = _own_path(request)
    inside = path.lstrip("/").partition("/")[0] in LANGUAGES
    tail = path.lstrip("/").partition("/")[2] if inside else ""
    query = f"?{request.url.query}" if request.url.query and inside else ""
    origin = origin_of(request)
    common = {
        "lang": lang,
        "links": links,
        "word": Wording(catalogue("portal", lang).gettext),
        "alternates": {
            other: Links(links.prefix, other, links.base).page(tail) + query for other in LANGUAGES
        },
        "languages": _NATIVE_NAMES,
        "origin": origin,
        "canonical": origin + links.page(tail) + query,
        "generation": services_of(request).queries.generation,
        "indexed": status == 200,
        "here": (tail + query)[:400],
    }
    html = _environment(lang).get_template(template).render(common | context)
    body = html.encode("utf-8", errors="replace")
    headers = {
        "Content-Language": lang,
        "Cache-Control": "no-cache",
    }
    if not inside:
        headers["Vary"] = "Accept-Language"
    if status == 200:
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers["ETag"] = etag
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
    return HTMLResponse(body, status_code=status, headers=headers)


def _own_path(request: Request) -> str:
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "").rstrip("/")
    return path[len(root) :] if root and path.startswith(root + "/") else path


def _prefix(request: Request) -> str:
    root: str = request.scope.get("root_path", "").rstrip("/")
    return root or services_of(request).settings.base_path.rstrip("/")


def origin_of(request: Request) -> str:
    """The scheme and host that visitors use, without a path and without a slash."""
    public = services_of(request).settings.public_url.rstrip("/")
    if public:
        prefix = _prefix(request)
        return public.removesuffix(prefix) if prefix else public
    return f"{request.url.scheme}://{request.url.netloc}"


def _accepted_language(header: str) -> str:
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(header.split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            weight = 0.0
        base = tag.strip().lower().partition("-")[0]
        if base in LANGUAGES and weight > 0:
            ranked.append((-weight, position, base))
    return min(ranked)[2] if ranked else "en" if header.strip() else LANGUAGES[0]


@cache
def _static_version(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


@cache
def _environment(lang: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("graph_api.portal"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the i18n extension
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # ditto
        catalogue("portal", lang), newstyle=True
    )
    locale = Locale.parse(lang)
    environment.filters |= {
        "plain": plain_quote,
        "sentence": lambda text: translate_sentence(text, lang),
        "plain_run": plain_run,
        "number": lambda value: format_decimal(value, locale=locale),
        "percent": lambda value: format_percent(value, locale=locale),
        "when": lambda iso: date_text(iso, lang),
        "date": lambda value: format_date(value, "long", locale=locale),
    }
    return environment
