"""Throws away what can be rebuilt."""

import shutil

from graph_api.folder import DataFolder

__all__ = ["remove_rebuilt"]


def remove_rebuilt(folder: DataFolder) -> None:
    """Remove store, index, cache and shipped documents.

    Generations stay: readers go on with the last one, and the next has a higher number.

    Raises:
        CannotRunError: another process has the data folder in use.
    """
    with folder.lock("maillon build --fresh"):
        for place in (folder.store, folder.extractions, folder.shipped):
            shutil.rmtree(place)
            place.mkdir()
