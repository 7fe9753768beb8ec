"""Mapping sets as SSSOM tables (https://w3id.org/sssom, TSV with a header in its own lines)."""

from collections.abc import Iterable

from graph_api.errors import BadInputError
from graph_api.mappings import Mapping
from ontology.alignments import SEMAPV, AlignmentError, TermMapping, read_alignment
from ontology.vocabularies import PREFIXES

__all__ = ["MEDIA_TYPE", "read_sssom", "write_sssom"]

MEDIA_TYPE = "text/tab-separated-values; charset=utf-8"
_COLUMNS = (
    "subject_id", "predicate_id", "object_id", "mapping_justification", "author_label", "mapping_date",
    "confidence", "comment",
)  # fmt: skip
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def write_sssom(mappings: Iterable[Mapping], base: str) -> str:
    """Return a mapping set; its rows in the order given."""
    lines = [
        "#curie_map:",
        f"#  semapv: {SEMAPV}",
        f"#  skos: {PREFIXES['skos']}",
        f"#license: {_LICENCE}",
        f"#mapping_set_id: {base}/mappings.sssom.tsv",
        "\t".join(_COLUMNS),
    ]
    for each in mappings:
        cells = (
            each.subject, each.predicate, each.object, each.justification, each.who, each.at[:10],
            each.confidence, each.comment,
        )  # fmt: skip
        lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(lines) + "\n"


def read_sssom(data: bytes, name: str) -> list[dict[str, str]]:
    """Return the rows of a table, as :func:`graph_api.builder.mapping.write_mappings` takes them.

    Raises:
        BadInputError: file and line of what cannot be read.
    """
    try:
        table = read_alignment(data.decode("utf-8-sig"), name)
    except AlignmentError as error:
        raise BadInputError(str(error)) from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{name} is not in UTF-8") from error
    return [_row(each) for each in table.mappings]


def _row(mapping: TermMapping) -> dict[str, str]:
    return {
        "event": "map",
        "subject": mapping.subject,
        "predicate": mapping.predicate.replace(PREFIXES["skos"], "skos:"),
        "object": mapping.object,
        "justification": mapping.justification.replace(SEMAPV, "semapv:"),
        "confidence": mapping.confidence or "",
        "comment": mapping.comment,
        "who": mapping.label or mapping.author or "",
    }
