"""Reading RDF that others wrote: which syntax a file has, and its statements, with located errors.

Only for the child of :mod:`graph_api.partners.gate_child`: a parser may crash, or never come to an end.
"""

from pathlib import PurePath

import pyoxigraph as ox

from graph_api.partners.rules import Refusal

__all__ = ["MEDIA_TYPES", "SHEETS", "SYNTAXES", "parse", "syntax_of"]

SYNTAXES = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
"""File extension to media type and the parser's name of the syntax."""

SHEETS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "csv": "text/csv",
}
"""File extension to media type of what holds practice sheets."""

MEDIA_TYPES = {**{name: media for name, (media, _) in SYNTAXES.items()}, **SHEETS}
"""All that a partner may send."""

_SAME = {
    "markdown": "md",
    "turtle": "ttl",
    "json": "jsonld",
    "xml": "rdf",
    "owl": "rdf",
    "ntriples": "nt",
}
_RELATIVE = "https://relative.invalid/"  # what a relative address becomes: nobody's


def syntax_of(name: str, media_type: str = "") -> str | None:
    """Return the extension in :data:`MEDIA_TYPES` that a media type, else a file's name, stands for."""
    plain = media_type.partition(";")[0].strip().lower()
    for extension, known in MEDIA_TYPES.items():
        if plain == known:
            return extension
    extension = PurePath(name.lower()).suffix.removeprefix(".")
    extension = _SAME.get(extension, extension)
    return extension if extension in MEDIA_TYPES else None


def parse(data: bytes, syntax: str, most: int) -> list[ox.Triple]:
    """Return the statements of a file, named graphs taken together.

    Raises:
        Refusal: a fault of syntax with its place, a context from elsewhere, more than ``most``
            statements, or none.
    """
    triples: dict[ox.Triple, None] = {}
    try:
        for count, quad in enumerate(
            ox.parse(data, format=SYNTAXES[syntax][1], base_iri=_RELATIVE)
        ):
            if count >= most:
                raise Refusal("too-many", f"The file has more than {most:,} statements.")
            triples[quad.triple] = None
    except (SyntaxError, ValueError) as error:
        raise _fault(error) from error
    if not triples:
        raise Refusal("empty", "The file says nothing.")
    return list(triples)


def _fault(error: SyntaxError | ValueError) -> Refusal:
    said = " ".join(str(error).split())[:300]
    if "LoadDocumentCallback" in said:
        return Refusal(
            "remote-context",
            "The file takes its context from elsewhere, which is not fetched. Put it into the file.",
        )
    line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
    if line is None:
        return Refusal("syntax", f"The file is not well-formed: {said}")
    return Refusal("syntax", f"The file cannot be read at line {line}, column {column}: {said}")
