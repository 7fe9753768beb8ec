"""Withdrawing a document or an entity, and taking that back.

A withdrawn document leaves the disk, its graph the store, and it is not read in again; a withdrawn
entity leaves every graph with all statements about it. Addresses answer 410 from then on.
"""

from collections.abc import Iterable, Iterator, Set

from graph_api.builder.review import Judge
from graph_api.documents import DocumentFolder
from graph_api.errors import BadInputError, MissingError
from graph_api.identities import Fate, IdentityLog, new_fate
from graph_api.store.base import View
from ontology import terms as mln
from ontology.iris import KINDS, Iris
from ontology.model import Iri, Quad, Term
from ontology.vocabularies import RDF_OBJECT, RDF_SUBJECT

__all__ = ["restore", "withdraw", "without"]


def withdraw(
    log: IdentityLog, documents: DocumentFolder, view: View, iris: Iris, name: str, judge: Judge
) -> Fate:
    """Withdraw what ``name`` names: a document by its SHA-256, an entity by its IRI or kind/slug.

    Raises:
        BadInputError: it is withdrawn already, or is neither.
        MissingError: there is no such thing.
    """
    iri = resolve(iris, name)
    kind = (iris.split(iri) or ("", ""))[0]
    if iri in log.withdrawn():
        raise BadInputError(f"{iri} is withdrawn already")
    if kind == "document":
        sha256 = iri.rpartition("/")[2]
        documents.get(sha256)
        also = sorted(_only_in(view, iris.graph(f"document/{sha256}")) - {iri})
        fate = new_fate(iri, "withdrawn", who=judge.who, why=judge.why, also=also)
        log.append(fate)
        documents.remove(sha256)
        return fate
    if next(view.quads(subject=iri), None) is None:
        raise MissingError(f"nothing is known about {iri}")
    fate = new_fate(iri, "withdrawn", who=judge.who, why=judge.why)
    log.append(fate)
    return fate


def restore(log: IdentityLog, iris: Iris, name: str, judge: Judge) -> Fate:
    """Take a withdrawal back; a document has to be ingested again.

    Raises:
        BadInputError: it is not withdrawn.
    """
    iri = resolve(iris, name)
    fate = log.fates().get(iri)
    if fate is None or fate.event != "withdrawn":
        raise BadInputError(f"{iri} is not withdrawn")
    back = new_fate(fate.iri, "restored", who=judge.who, why=judge.why, also=fate.also)
    log.append(back)
    return back


def resolve(iris: Iris, name: str) -> Iri:
    """Return the IRI that a person means. Raises BadInputError."""
    iri = name
    if "://" not in name:
        iri = f"{iris.base}/id/{name}" if "/" in name else str(iris.document(name))
    kind = (iris.split(iri) or ("", ""))[0]
    if kind not in (*KINDS, "document") or "/p/" in iri:
        raise BadInputError(
            f"{name} names neither a document (its SHA-256) nor an entity (its address, or kind/slug)"
        )
    return Iri(iri)


def without(quads: Iterable[Quad], hidden: Set[str]) -> Iterator[Quad]:
    """Leave out all that is said about ``hidden`` IRIs, and the statements that name them.

    With their parts (``…#criterion-1``), the citations of those statements, and the passages that only
    they were read in: a quote names whoever it is about.
    """
    kept = list(quads)
    if not hidden:
        return iter(kept)
    about = {
        quad.subject
        for quad in kept
        if quad.predicate in (RDF_SUBJECT, RDF_OBJECT) and _whole(quad.object) in hidden
    }
    gone = about | hidden
    read_in = [quad for quad in kept if quad.predicate == mln.passage]
    needed = {quad.object for quad in read_in if _whole(quad.subject) not in gone}
    gone |= {str(quad.object) for quad in read_in if _whole(quad.subject) in gone} - needed
    return (
        quad
        for quad in kept
        if not {_whole(quad.subject), _whole(quad.object), quad.subject, quad.object} & gone
    )


def _whole(term: Term) -> str:
    return str(term).partition("#")[0] if isinstance(term, Iri) else ""


def _only_in(view: View, graph: Iri) -> set[str]:
    """The subjects that no other graph speaks of: their addresses go with the document."""
    subjects = {quad.subject for quad in view.quads(graph=graph)}
    return {
        subject
        for subject in subjects
        if all(quad.graph == graph for quad in view.quads(subject=subject)) and "/p/" not in subject
    }
