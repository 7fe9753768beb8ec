"""Themes: their list as a tree, and what is about one of them: pages, JSON, a table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from graph_api.errors import MissingError
from graph_api.guide.reader import Option, guide_of
from graph_api.portal.details import Details, load_details
from graph_api.portal.labels import Text, known_language, local_name
from graph_api.portal.page_cache import cache_of
from graph_api.portal.queries import reference
from graph_api.portal.rendering import PageRoute, render, services_of
from graph_api.portal.spreadsheets import spreadsheet
from graph_api.portal.themes import (
    ABOUT,
    SCHEME,
    About,
    Branch,
    about_query,
    about_theme,
    read_about,
    see_theme,
    see_themes,
    theme_tree,
)
from ontology import terms as mln
from ontology.folding import fold
from ontology.model import Iri, Literal

__all__ = ["ThemeView", "router", "view_theme"]

router = APIRouter(route_class=PageRoute)

THINGS_SHOWN = 40
"""Things of one kind on a theme's page; the rest is in the table and the JSON."""

Theme = Annotated[str, Query(title="slug of a theme; without it, all themes", max_length=100)]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, and the narrower themes that it is about where it is not about the theme itself."""

    iri: Iri
    label: Text
    narrower: tuple[tuple[Iri, Text], ...]


@dataclass(frozen=True, slots=True)
class Name:
    """What a language calls a theme; ``checked`` by someone who speaks it."""

    text: str
    lang: str
    checked: bool


@dataclass(frozen=True)
class ThemeView:
    """What a theme's page adds to that of a concept: things by kind, how many, names by language."""

    slug: str
    groups: tuple[tuple[str, tuple[Line, ...], int], ...]
    total: int
    names: tuple[Name, ...]
    query: str


async def view_theme(request: Request, theme: Iri, lang: str) -> ThemeView:
    """Return what is about a theme, in words, and what each language calls it.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    services = services_of(request)
    found = about_theme(theme, await _about(request), await guide_of(request).knowledge())
    themes = {each for several in found.values() for each in several}
    details = await load_details(services.queries, {theme, *found, *themes})
    by_kind: dict[str, list[Line]] = defaultdict(list)
    for thing, about in found.items():
        narrower = (
            () if theme in about else tuple((t, details.label(t, lang)) for t in sorted(about))
        )
        line = Line(thing, details.label(thing, lang), narrower)
        by_kind[(services.iris.split(thing) or ("",))[0]].append(line)
    for lines in by_kind.values():
        lines.sort(key=lambda line: (bool(line.narrower), fold(line.label.text), line.iri))
    return ThemeView(
        local_name(theme),
        tuple(
            (kind, tuple(by_kind[kind][:THINGS_SHOWN]), len(by_kind[kind]))
            for kind in ABOUT
            if kind in by_kind
        ),
        len(found),
        await _names(request, theme, details),
        see_theme(theme, services.iris),
    )


@router.get("/{lang}/themes", include_in_schema=False)
async def themes_page(request: Request, lang: str) -> Response:
    """Show all themes as a tree, with how many things are about each."""
    options = await _options(request, lang)
    return render(
        request,
        "themes.html",
        tree=await _tree(request, options.values()),
        options=options,
        query=see_themes(services_of(request).iris),
    )


@router.get("/{lang}/themes.csv", include_in_schema=False)
async def themes_table(request: Request, lang: str, theme: Theme = "") -> Response:
    """Return all themes, or with ``theme`` what is about one of them, a line each."""
    options = await _options(request, lang)
    if not theme:
        rows = [
            (
                each.iri, options[each.iri].label.text, options[above].label.text if above else "",
                str(each.own), str(each.total),
            )
            for above, each in _walk(await _tree(request, options.values()))
        ]  # fmt: skip
        head = ("iri", "label", "broader", "things", "with_narrower")
        return spreadsheet("maillon-themes", head, rows, lang)
    iri, said = await _settled(request, theme)
    details = await load_details(services_of(request).queries, {thing for thing, _ in said})
    split = services_of(request).iris.split
    lines = [
        (
            (split(thing) or ("",))[0], thing, details.label(thing, lang).text, about,
            options[about].label.text if about in options else local_name(about),
        )
        for thing, about in said
    ]  # fmt: skip
    head = ("kind", "thing", "label", "theme", "theme_label")
    return spreadsheet(f"maillon-theme-{local_name(iri)}", head, lines, lang)


@router.get("/api/themes")
async def themes_data(request: Request, theme: Theme = "") -> Response:
    """Return all themes with how many things are about each, or with ``theme`` what is about one.

    ``things`` are about the theme itself, ``with_narrower`` about it or a narrower one.

    Raises:
        MissingError: no such theme.
        EngineDownError, DeadlineError, BusyError
    """
    iris = services_of(request).iris
    found: dict[str, Any]
    if theme:
        iri, said = await _settled(request, theme)
        things = [{"thing": thing, "theme": about} for thing, about in said]
        found = {"theme": iri, "about": things, "query": see_theme(iri, iris)}
    else:
        options = await _options(request, "en")
        every = [
            {"theme": each.iri, "broader": above, "things": each.own, "with_narrower": each.total}
            for above, each in _walk(await _tree(request, options.values()))
        ]
        found = {"themes": every, "query": see_themes(iris)}
    return JSONResponse(found, headers={"Cache-Control": "no-cache"})


def _walk(tree: Iterable[Branch], above: Iri | None = None) -> Iterable[tuple[Iri | None, Branch]]:
    """Each theme after the broader one that it stands below."""
    for branch in tree:
        yield above, branch
        yield from _walk(branch.below, branch.iri)


async def _settled(request: Request, slug: str) -> tuple[Iri, list[tuple[Iri, Iri]]]:
    options = await _options(request, "en")
    iri = services_of(request).iris.concept(SCHEME, slug)
    if iri not in options:
        raise MissingError(f"there is no theme {slug!r}")
    found = about_theme(iri, await _about(request), await guide_of(request).knowledge())
    return iri, sorted((thing, theme) for thing, themes in found.items() for theme in themes)


async def _options(request: Request, lang: str) -> dict[Iri, Option]:
    found = await guide_of(request).options(SCHEME, lang)
    by_name = sorted(found, key=lambda each: fold(each.label.text))
    return {each.iri: each for each in by_name}


async def _tree(request: Request, options: Iterable[Option]) -> tuple[Branch, ...]:
    knowledge = await guide_of(request).knowledge()
    return theme_tree((each.iri for each in options), await _about(request), knowledge)


async def _about(request: Request) -> About:
    services = services_of(request)

    async def load() -> About:
        return read_about(await services.queries.select(about_query(services.iris)), services.iris)

    return await cache_of(request).get(services.queries.generation, "themes", load)


async def _names(request: Request, theme: Iri, details: Details) -> tuple[Name, ...]:
    rows = await services_of(request).queries.select(
        f"SELECT ?lang {{ GRAPH ?g {{ {reference(theme)} <{mln.uncheckedLanguage}> ?lang }} }}"
    )
    unchecked = {row["lang"].value for row in rows if isinstance(row["lang"], Literal)}
    return tuple(
        Name(each.value, known_language(each.lang or ""), (each.lang or "") not in unchecked)
        for each in sorted(details.labels.get(theme, ()), key=lambda each: each.lang or "")
    )
