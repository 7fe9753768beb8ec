"""What ``python -m tests.bench.sparql --write`` tells the documentation: curves and tables.

Everything is made from ``docs/measured/sparql.json``; ``python -m tests.bench.sparql_report`` makes it
again without measuring.
"""

import json
from typing import Any

from tests.bench.curves import draw
from tests.conftest import ROOT

__all__ = ["MEASURED", "fill", "ratios", "write_report"]

MEASURED = ROOT / "docs" / "measured" / "sparql.json"
_PICTURES = ROOT / "docs" / "pictures"
_OURS, _CHECKPOINTS = "maillon, memory", "maillon, checkpoints"
_MEMORY, _DISK = "oxigraph server, memory", "oxigraph server, disk"
_CURVES = {
    "light_per_s": ("Light load: small queries of four clients", "answers a second"),
    "heavy_per_s": ("Heavy load: scans, paths, aggregates of two clients", "answers a second"),
    "mixed_light_p95_ms": ("Small queries beside one heavy client", "95th percentile, ms"),
    "memory_mb": ("Memory after the loads", "PSS, MB"),
}
Row = dict[str, Any]


def write_report() -> None:
    """Draw the curves and fill the tables from the figures kept."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    rows = [row for size in measured.values() for row in size["servers"]]
    for key, (title, up) in _CURVES.items():
        name = key.removesuffix("_per_s").removesuffix("_p95_ms").removesuffix("_mb")
        picture = draw(title, "quads", up, _series(rows, key))
        (_PICTURES / f"sparql-{name.replace('_', '-')}.svg").write_text(picture, encoding="utf-8")
    ours = [row for row in rows if row["server"] == _OURS]
    growth = {
        name: [(row["quads"], row[kind][name]) for row in ours]
        for kind in ("alone_p50_ms", "heavy_p50_ms")
        for name in ours[0][kind]
        if name in ("point", "star", "evidence", "path", "average", "contains", "rows", "regex")
    }
    picture = draw("Our answers as the graph grows", "quads", "median, ms", growth)
    (_PICTURES / "sparql-growth.svg").write_text(picture, encoding="utf-8")
    largest = max((s for s in measured if int(s) <= 1_000_000), key=int)
    _fill_file("sparql.md", "measured", _compared(measured[largest]))
    _fill_file("operation.md", "sizing", _sizing(rows))


def ratios(servers: list[Row]) -> dict[str, float]:
    """Return ours as multiples of the engine's own server, over the same data in the same run."""
    by_name = {row["server"]: row for row in servers}
    ours, memory, disk = by_name[_OURS], by_name[_MEMORY], by_name[_DISK]
    return {
        "heavy mix, times its disk mode": ours["heavy_per_s"] / disk["heavy_per_s"],
        "heavy mix, times its memory mode": ours["heavy_per_s"] / memory["heavy_per_s"],
        "light mix, times its disk mode": ours["light_per_s"] / disk["light_per_s"],
        "bulk load, times its command line": disk["load_s"] / ours["load_s"],
    }


def fill(text: str, name: str, content: str) -> str:
    """Return ``text`` with what is between the marks of ``name`` replaced.

    Raises:
        ValueError: the marks are not there.
    """
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"no marks for {name}")
    return f"{before}{begin}{content}{end}{after}"


def _fill_file(document: str, name: str, content: str) -> None:
    path = ROOT / "docs" / document
    path.write_text(fill(path.read_text(encoding="utf-8"), name, content), encoding="utf-8")


def _series(rows: list[Row], key: str) -> dict[str, list[tuple[float, float]]]:
    series: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        series.setdefault(row["server"], []).append((row["quads"], row[key]))
    return series


_TARGETS = {
    "heavy mix, times its disk mode": 3.0,
    "heavy mix, times its memory mode": 1.0,
    "light mix, times its disk mode": 0.6,
    "bulk load, times its command line": 0.8,
}


def _compared(size: Row) -> str:
    servers: list[Row] = size["servers"]
    out = [
        f"{servers[0]['quads']:,} quads on {size['cores']} shared cores (load {size['load_average']}), "
        f"{size['on']}; medians of {size['rounds']} rounds of {size['seconds']:g} s.\n\n",
        "| server | light /s | p50, p95 ms | heavy /s | light beside heavy: /s, p95 ms | load s "
        "| ready s | memory MB |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
    ]
    out += [
        f"| {row['server']} | {row['light_per_s']:,.0f} | {row['light_p50_ms']}, "
        f"{row['light_p95_ms']} | {row['heavy_per_s']:.1f} | {row['mixed_light_per_s']:,.0f}, "
        f"{row['mixed_light_p95_ms']} | {row['load_s'] or 'at start'} | {row['ready_s']} "
        f"| {row['memory_mb']:,.0f} |\n"
        for row in servers
    ]
    out.append("\n| ours beside the `oxigraph` server | target | measured |\n| --- | --- | --- |\n")
    out += [
        f"| {name} | ≥ {_TARGETS[name]:g} | {value:.2f} |\n"
        for name, value in ratios(servers).items()
    ]
    names = list(servers[0]["heavy_p50_ms"])
    out.append(f"\n| heavy, median ms | {' | '.join(names)} |\n|{' --- |' * (len(names) + 1)}\n")
    out += [
        f"| {row['server']} | {' | '.join(str(row['heavy_p50_ms'][name]) for name in names)} |\n"
        for row in servers
    ]
    return "".join(out)


def _sizing(rows: list[Row]) -> str:
    out = [
        "| documents | quads | readers | memory MB | disk MB | ready after s | all in memory after s |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
    ]
    out += [
        f"| {row['documents']:,} | {row['quads']:,} | {row['server'].partition(', ')[2]} "
        f"| {row['memory_mb']:,.0f} | {row['disk_mb']:,.0f} | {row['ready_s']} "
        f"| {row['full_s'] if row['server'] == _OURS else ''} |\n"
        for row in rows
        if row["server"] in (_OURS, _CHECKPOINTS)
    ]
    return "".join(out)


if __name__ == "__main__":
    write_report()
