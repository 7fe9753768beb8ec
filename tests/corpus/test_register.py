import hashlib
from pathlib import Path

from corpus import REPORTS, register


def test_the_register_knows_the_five_reports_and_ours() -> None:
    publications = register.load_register()
    assert len(publications) == 7
    assert {p.rights for p in publications.values()} == {"full", "quotes"}
    assert {p.lang for p in publications.values()} == {"fr", "en"}
    assert all(p.title and p.files for p in publications.values())
    roadmap = publications["feuille-de-route-ccis"]
    assert (roadmap.publisher, roadmap.year) == ("actor/avise", "2023")


def test_a_file_is_known_by_its_content_before_its_name() -> None:
    (study,) = register.load_register()["urban-regions"].files
    (kit,) = register.load_register()["kit-departementaless-10"].files
    assert register.match(study.sha256, kit.name) == "urban-regions"
    assert register.match("0" * 64, kit.name) == "kit-departementaless-10"
    assert register.match("0" * 64, "unknown.pdf") is None


def test_our_own_reports_are_the_registered_files() -> None:
    for file in REPORTS.glob("*.md"):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        slug = register.match(digest, "")
        assert slug is not None, f"{file.name} has changed: write {digest} into register.ttl"
        assert register.load_register()[slug].rights == "full"


def test_the_reports_beside_the_checkout_are_the_registered_files(seeds: Path) -> None:
    found = {
        register.match(hashlib.sha256(file.read_bytes()).hexdigest(), "")
        for file in seeds.glob("*.txt")
    }
    assert len(found) == 5
    assert None not in found
