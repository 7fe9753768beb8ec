"""Tables as files that French and English spreadsheet programs open with a double click."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi.responses import Response

__all__ = ["spreadsheet"]


def spreadsheet(
    name: str, head: Sequence[str], rows: Iterable[Sequence[str]], lang: str
) -> Response:
    """Return a table as CSV: UTF-8 with a mark; ``;`` between cells in French, ``,`` in English.

    No cell is taken for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";" if lang == "fr" else ",")
    writer.writerow(head)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return Response(
        "\ufeff" + table.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _plain(cell: str) -> str:
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
