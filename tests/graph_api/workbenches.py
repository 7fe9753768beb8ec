"""A workbench over the sample of ``tests.graph_api.local``, and a builder that takes the jobs of it."""

from dataclasses import dataclass, replace
from pathlib import Path

from graph_api.access import TokenFile
from graph_api.errors import MissingError
from graph_api.extraction_cache import ExtractionCache, keep_reading_keys
from graph_api.folder import DataFolder
from graph_api.services import Services
from graph_api.workbench import Workbench, items_of
from ingest.document import Document
from ingest.extraction import Extraction
from ontology import terms as mln
from ontology.model import Claim, Iri, Literal
from ontology.vocabularies import XSD_G_YEAR
from tests.graph_api.local import FONDS, RELAIS, TREMPLIN, Sample

__all__ = ["Bench", "JobKeeper", "lay_out"]


class JobKeeper:
    """Takes jobs and keeps them, to be looked at."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, object]] = []

    async def submit(self, job: dict[str, object]) -> str:
        self.jobs.append(job)
        return f"job-{len(self.jobs)}"

    async def status(self, job_id: str) -> dict[str, object]:
        raise MissingError(job_id)


@dataclass(frozen=True)
class Bench:
    """The services of the sample with something to judge; ``secret`` is a token that may."""

    services: Services
    keeper: JobKeeper
    workbench: Workbench
    secret: str


def lay_out(portal: Sample, root: Path) -> Bench:
    """Make a data folder where three facts of the French sample can be judged, one of which waits, and a
    name."""
    folder = DataFolder(root)
    folder.init()
    document = portal.french
    first = "Le Relais du Pays bleu pilote le Tremplin local depuis 2002."
    last = (
        "Le Fonds des rives soutient le\nTremplin local à hauteur de 40 millions d'euros en 2016."
    )
    unknown = Iri(f"{RELAIS}-nouveau")
    extraction = Extraction(
        document.sha256,
        (),
        (
            _claim(document, first, RELAIS, mln.operates, TREMPLIN, "operates-fr"),
            _claim(document, first, TREMPLIN, mln.createdInYear, "2002", "created-fr"),
            _claim(
                document,
                first,
                portal.services.iris.document(document.sha256),
                mln.mentions,
                RELAIS,
                "lexicon",
            ),
        ),
        (),
        (),
        (_claim(document, last, FONDS, mln.funds, unknown, "guess"),),
    )
    ExtractionCache(folder.extractions).save("read", extraction.to_json())
    keep_reading_keys(folder.store, {document.sha256: "read"})
    workbench = Workbench(folder)
    workbench.bring_up({document.sha256: "1"}, lambda _: items_of(extraction), {})
    secret, _ = TokenFile(folder).create("Camille <b>", ("review",))
    keeper = JobKeeper()
    settings = replace(portal.services.settings, data=root, login_burst=1_000, change_burst=10_000)
    services = replace(portal.services, settings=settings, builder=keeper)
    return Bench(services, keeper, workbench, secret)


def _claim(
    document: Document, quote: str, subject: Iri, predicate: Iri, value: Iri | str, rule: str
) -> Claim:
    start = document.text.index(quote)
    said = value if isinstance(value, Iri) else Literal(value, XSD_G_YEAR)
    passage = document.passage(start, start + len(quote))
    return Claim(subject, predicate, said, passage, rule, 0.9)
