"""The ontology as a page of the documentation, in Markdown; anchors are the terms' local names."""

from collections.abc import Iterator
from html import escape

from graph_api.portal.i18n import catalogue
from graph_api.portal.wording import Wording
from ontology.documentation import Constraint, TermEntry, compact, document_ontology
from ontology.iris import ONTOLOGY
from ontology.model import Iri
from ontology.schema import Texts

__all__ = ["ontology_page"]

_ON_THE_PAGE_ONLY = ("child", "from", "to")
"""What the portal's page lists from the other end too would double this file."""


def ontology_page(lang: str) -> str:
    """Return the documentation of every term in ``lang`` (``fr`` or ``en``) as Markdown."""
    return "\n".join(_Page(lang).lines()) + "\n"


class _Page:
    """One page, in one language; its words are those of the portal's page."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.doc = document_ontology()
        self.names = {term.iri: term for term in self.doc.terms}
        self.translate = catalogue("portal", lang).gettext
        self.word = Wording(self.translate).ontology
        self.colon = self.translate(":")

    def lines(self) -> Iterator[str]:
        doc, _ = self.doc, self.translate
        yield f"# {self.said(doc.titles)}"
        yield from ("", "Made by `make docs` from the files of `ontology/`.", "")
        yield from (self.said(doc.descriptions), "")
        yield f"`{ONTOLOGY}` · `mln:` · {doc.version} · CC-BY-4.0"
        yield ""
        for module in doc.modules:
            yield f"- [{self.said(module.titles)}](#module-{module.name})"
        yield f"- [{_('Vocabularies')}](#vocabularies)"
        for module in doc.modules:
            yield from self.head(f"module-{module.name}", self.said(module.titles))
            for term in module.terms:
                yield from self.term(term)
        yield from self.head("vocabularies", _("Vocabularies"))
        for scheme in doc.schemes:
            title, text = self.said(scheme.titles), self.said(scheme.definitions)
            yield f"- **{title}** (`{scheme.name}`, {len(scheme.concepts)}){self.colon} {text}"
            for concept in scheme.concepts:
                label, meaning = self.said(concept.labels), self.said(concept.definitions)
                said = f"{self.colon} {meaning}" if meaning else ""
                yield f"{'  ' * (concept.depth + 1)}- {label} `{concept.name}`{said}"

    def head(self, anchor: str, title: str) -> Iterator[str]:
        yield from ("", f'<a id="{anchor}"></a>', "", f"## {title}", "")

    def term(self, term: TermEntry) -> Iterator[str]:
        yield f'### <a id="{term.name}"></a>{self.said(term.labels)} `mln:{term.name}`'
        yield from ("", f"*{self.word(term.sort)}.* {self.said(term.definitions)}")
        rows = [
            f"- {self.word(relation.name)}{self.colon} "
            + ", ".join(map(self.link, relation.targets))
            for relation in term.relations
            if relation.name not in _ON_THE_PAGE_ONLY
        ]
        if term.replaced_by:
            instead = self.translate("use instead")
            rows.insert(0, f"- {instead}{self.colon} {self.link(term.replaced_by)}")
        rows += map(self.constraint, term.constraints)
        yield from (["", *rows, ""] if rows else [""])

    def constraint(self, constraint: Constraint) -> str:
        grade = self.word(constraint.severity)
        return f"- {grade} (`{constraint.file}`){self.colon} {self.said(constraint.messages)}"

    def link(self, iri: Iri) -> str:
        if iri in self.names:
            return f"[{self.said(self.names[iri].labels)}](#{self.names[iri].name})"
        return f"`{compact(iri)}`"

    def said(self, texts: Texts) -> str:
        return escape(texts.get(self.lang) or texts["en"], quote=False)
