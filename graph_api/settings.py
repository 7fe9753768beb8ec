"""Every setting, its default and what it is for. Nothing else in the project reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

__all__ = ["Settings", "SettingsError"]

from search.engines.choice import DEFAULT_ENGINE, ENGINES


class SettingsError(ValueError):
    """A variable whose value cannot be read; the message names the variable and what it takes."""


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """Typed settings. A field ``query_bytes`` is read from ``MAILLON_QUERY_BYTES``."""

    data: Path = _setting(Path("var"), "Data folder: what is kept and what can be rebuilt.")
    base: str = _setting(
        "https://maillon.example", "Base of the data IRIs, without a slash at its end."
    )
    host: str = _setting("127.0.0.1", "Address that `serve` listens on.")
    port: int = _setting(8000, "Port that `serve` listens on.")
    base_path: str = _setting("", "Path below which a proxy publishes the portal, e.g. `/maillon`.")
    public_url: str = _setting(
        "",
        "Address visitors use, e.g. `https://maillon.example.org`; empty: taken from the request.",
    )
    trusted_proxies: str = _setting(
        "", "Comma-separated addresses or networks whose `X-Forwarded-*` headers are believed."
    )
    log_format: str = _setting("json", "`json` or `text`: form of the log lines on standard error.")
    log_level: str = _setting("info", "`debug`, `info`, `warning` or `error`.")
    locale: str = _setting(
        "", "Language of the command line, `fr` or `en`; empty: from the system's locale."
    )

    query_workers: int = _setting(2, "Query workers of the fast lane.")
    page_workers: int = _setting(1, "Workers reserved for our own pages.")
    slow_workers: int = _setting(1, "Queries that may go on in the slow lane at once.")
    fast_seconds: float = _setting(2.0, "Deadline of the fast lane, in seconds.")
    page_seconds: float = _setting(10.0, "Deadline of a query of our own pages, in seconds.")
    slow_seconds: float = _setting(
        30.0, "Deadline of the slow lane, in seconds from the start of the query."
    )
    queue_length: int = _setting(32, "Queries that may wait for a worker.")
    queue_per_client: int = _setting(16, "Queries of one client that may wait or run at once.")
    query_bytes: int = _setting(100_000, "Largest SPARQL query, in bytes.")
    query_nesting: int = _setting(100, "Deepest nesting of brackets in a SPARQL query.")
    text_hits: int = _setting(
        1_000, "Most hits of one `text:query` in SPARQL; the answer says when there are more."
    )
    result_bytes: int = _setting(512_000_000, "Largest SPARQL result, in bytes.")
    worker_memory: int = _setting(
        1_000_000_000, "Memory a worker may take beyond its size after the fork, in bytes."
    )
    reader_memory: int = _setting(
        420_000_000,
        "Memory the graph may take for memory readers; a larger graph is read from checkpoints.",
    )
    union_default_graph: bool = _setting(
        True, "The default graph of /sparql is the union of all public graphs but `mappings`."
    )
    write_seconds: float = _setting(
        10.0, "Idle time after which a client that stops reading is dropped."
    )

    lock_seconds: float = _setting(
        10.0,
        "Time a command waits for a data folder that another process holds, in seconds: a builder "
        "that is starting, a command that is about to end.",
    )

    text_bytes: int = _setting(50_000_000, "Longest text of one document, in bytes.")
    file_bytes: int = _setting(200_000_000, "Largest file, in bytes.")
    file_pages: int = _setting(5_000, "Most pages of one file.")
    archive_members: int = _setting(
        10_000, "Most files in one archive; DOCX, ODT and EPUB files are archives, too."
    )
    archive_bytes: int = _setting(
        1_000_000_000, "Most bytes that one archive may unpack to, all its files together."
    )
    reader_seconds: float = _setting(120.0, "Time a reader may take for one file, in seconds.")
    reader_bytes: int = _setting(
        2_000_000_000, "Address space of a reader's child process, in bytes."
    )
    rights: str = _setting(
        "quotes",
        "Display policy of a document whose licence is unknown: `full`, `quotes` or `metadata`.",
    )
    publishing_bar: float = _setting(
        0.90,
        "Precision that a rule of extraction must have shown, as the lower bound of its 95 % "
        "interval, for its claims to be public unreviewed; 0 publishes all, 1 nothing.",
    )

    inference: bool = _setting(
        True, "Draw the conclusions of the ontology's rules into graphs of their own."
    )
    inference_seconds: float = _setting(
        600.0, "Time that drawing conclusions may take, in seconds; it never holds up the builder."
    )
    disk_reserve: int = _setting(
        1_000_000_000, "Free disk space that a release leaves, in bytes; else it is refused."
    )
    publisher: str = _setting("maillon", "Name of the one who publishes this site's data.")
    publisher_url: str = _setting("", "Address of the publisher's own site.")
    contact: str = _setting("", "Mail address or web page for questions about the data.")
    licence: str = _setting(
        "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        "IRI of the licence of the data.",
    )

    facet_burst: int = _setting(
        20, "Addresses with two filters or more that one client may ask for at once."
    )
    facet_per_minute: float = _setting(
        60.0, "How many of these a client may ask for each minute after that."
    )
    usage: bool = _setting(True, "Count views and visitor-days, without cookies or addresses.")
    usage_seconds: float = _setting(
        60.0, "Counts of usage are written at most so often, in seconds."
    )
    usage_visitors: int = _setting(
        100_000, "Visitors of one day that are told apart; their hashes are in memory only."
    )

    report_burst: int = _setting(5, "Errors that one client may report at once.")
    report_per_minute: float = _setting(
        0.2, "How many errors a client may report each minute after that."
    )
    report_length: int = _setting(4_000, "Longest report of an error, in characters.")
    reports_waiting: int = _setting(
        10_000, "Most reports of errors that may wait for a curator; then none is taken."
    )

    session_hours: float = _setting(12.0, "How long a curator stays logged in, in hours.")
    login_per_minute: float = _setting(6, "How often a client may try to log in each minute.")
    login_burst: int = _setting(10, "How often a client may try to log in at once.")
    change_per_minute: float = _setting(
        120.0, "How many changes one token may ask for each minute, in the browser and by the API."
    )
    change_burst: int = _setting(200, "How many changes one token may ask for at once.")
    review_batch: int = _setting(100, "Most claims that a curator judges in one batch.")
    note_length: int = _setting(1_000, "Longest note of a judgement, in characters.")

    search: str = _setting(
        DEFAULT_ENGINE,
        "Search engine that `build` writes the index for: `tantivy`, or `whoosh` (pure Python, up to"
        " about 10,000 passages); `whoosh` is taken where tantivy cannot be loaded.",
    )
    search_page_size: int = _setting(20, "Results on a page of the search.")

    compared_practices: int = _setting(4, "Most practices that are shown side by side.")
    oai_page_size: int = _setting(100, "Records in one answer of `/oai`.")
    feed_page_changes: int = _setting(
        100, "Changes of entities in one page of the feed; pages begun before keep theirs."
    )
    feed_page_quads: int = _setting(
        20_000, "Statements from which a page of the feed is full, whatever it holds."
    )
    feed_page_seconds: int = _setting(
        604_800,
        "How long others may keep a full page of the feed, in seconds. What was erased is in such"
        " copies until then.",
    )
    mirror_page_bytes: int = _setting(
        100_000_000, "Longest page that `maillon mirror` reads, in bytes."
    )
    mirror_seconds: float = _setting(60.0, "How long `maillon mirror` waits for an answer.")
    exchange_form_bytes: int = _setting(
        1_000_000, "Longest form that `/oai` and `/reconcile` read, in bytes."
    )
    reconcile_queries: int = _setting(100, "Most names in one request to `/reconcile`.")
    reconcile_candidates: int = _setting(50, "Most candidates that one name may ask for.")
    reconcile_name_length: int = _setting(500, "Longest name to look for, in characters.")
    reconcile_extended: int = _setting(
        200, "Most identifiers in one data extension of `/reconcile`."
    )
    reconcile_properties: int = _setting(
        20, "Most properties in one data extension, or of one name, in `/reconcile`."
    )

    shipped: bool = _setting(
        True,
        "Whether the sheets and reports that ship with the project are in the graph: `false` for a collection of"
        " another country, which has its own.",
    )
    fetch_allow: str = _setting(
        "", "Hosts of private networks that a partner's data may be fetched from, parted by commas."
    )
    partner_bytes: int = _setting(50_000_000, "Largest file that a partner may send, in bytes.")
    partner_triples: int = _setting(200_000, "Most statements in a file of a partner.")
    partner_seconds: float = _setting(
        600.0, "Time that looking at a partner's file may take, in seconds."
    )
    partner_memory: int = _setting(
        1_500_000_000, "Address space of the process that looks at a partner's file, in bytes."
    )
    partner_bad_share: float = _setting(
        0.5, "Share of records left out beyond which a partner's file is refused as a whole."
    )
    partner_shrink_share: float = _setting(
        0.3, "Share of live records that a partner's file may lose without saying so."
    )
    partner_runs: int = _setting(200, "Reports of runs that are kept of each partner; 0 keeps all.")
    partner_findings: int = _setting(
        1_000, "Remarks that the report of a run names; it counts the others."
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """Read ``MAILLON_…`` variables; ``overrides`` (command-line options, None = not given) win.

        Raises:
            SettingsError: a value of the wrong type, or a variable that no setting has.
        """
        env = os.environ if environ is None else environ
        known = {f"MAILLON_{f.name.upper()}": f for f in fields(cls)}
        unknown = sorted(n for n in env if n.startswith("MAILLON_") and n not in known)
        if unknown:
            raise SettingsError(f"unknown setting {unknown[0]}; see docs/reference/settings.md")
        values: dict[str, Any] = {
            f.name: _parse(name, env[name], f.type) for name, f in known.items() if name in env
        }
        values |= {name: value for name, value in overrides.items() if value is not None}
        values["base"] = str(values.get("base", cls.base)).rstrip("/")
        if values.get("search", DEFAULT_ENGINE) not in ENGINES:
            raise SettingsError(f"MAILLON_SEARCH takes {' or '.join(ENGINES)}")
        return cls(**values)


def _parse(name: str, text: str, kind: object) -> Any:
    label = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
    try:
        if label == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.lower()
            ]
        return {"int": int, "float": float, "Path": Path, "str": str}[label](text)
    except (KeyError, ValueError):
        raise SettingsError(f"{name}={text!r} is not a value of type {label}") from None
