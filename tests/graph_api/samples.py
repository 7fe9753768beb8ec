"""Short texts of our own that the real pipeline reads, and data folders made from them."""

from pathlib import Path

__all__ = ["ENGLISH", "FRENCH", "write_texts"]

FRENCH = """# Un rapport d'essai

## Les acteurs

L'Avise a été créée en 2002. L'Avise coordonne le dispositif local d'accompagnement (DLA).
La Banque des Territoires finance le dispositif local d'accompagnement.

## Les structures

Le Réseau des Essais Partagés (REP) a été créé en 2011 par l'Avise.
Le REP soutient la Fabrique à initiatives.
"""

ENGLISH = """# A short report

## Who does what

Avise was created in 2002. Avise operates the local support scheme (DLA).
The Banque des Territoires supports the DLA. The REP has worked with Avise since 2012.
"""


def write_texts(folder: Path) -> list[Path]:
    """Write both texts; return their paths, sorted."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("rapport.txt", FRENCH), ("report.md", ENGLISH)):
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())
