"""How to cite a page of ours: as plain text, BibTeX and CSL-JSON."""

import json
import re
from dataclasses import dataclass
from datetime import date

__all__ = ["PageCitation"]

_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageCitation:
    """``iri`` is the address for ever. A release, an exact state, has a citation of its own."""

    title: str
    lang: str
    iri: str
    publisher: str
    visited: date

    def plain(self, pattern: str) -> str:
        """Fill a sentence of the interface, which has the order and signs of its language."""
        site = self.publisher if self.publisher == "maillon" else f"{self.publisher}, maillon"
        return pattern % {
            "title": self.title, "publisher": site, "iri": self.iri,
            "day": self.visited.isoformat(),
        }  # fmt: skip

    def bibtex(self) -> str:
        """An ``@misc`` entry, in UTF-8."""
        rows = [
            ("title", f"{{{_bibtex(self.title)}}}"),
            ("author", f"{{{_bibtex(self.publisher)}}}"),
            ("howpublished", "maillon"),
            ("url", self.iri.replace("{", "%7B").replace("}", "%7D")),
            ("urldate", self.visited.isoformat()),
            ("langid", {"fr": "french", "en": "english"}.get(self.lang, self.lang)),
        ]
        inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in rows)
        return f"@misc{{{self._key()},\n{inside}\n}}\n"

    def csl(self) -> str:
        """An array of one item, as reference managers import it."""
        item: dict[str, object] = {
            "id": self._key(),
            "type": "webpage",
            "title": self.title,
            "author": [{"literal": self.publisher}],
            "container-title": "maillon",
            "language": self.lang,
            "URL": self.iri,
            "accessed": {"date-parts": [[self.visited.year, self.visited.month, self.visited.day]]},
        }
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"

    def _key(self) -> str:
        path = self.iri.partition("/id/")[2]
        return "maillon-" + re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")


def _bibtex(text: str) -> str:
    return "".join(_BIBTEX.get(char, char) for char in " ".join(text.split()))
