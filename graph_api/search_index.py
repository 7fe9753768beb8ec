"""The search index that the newest generation goes with, opened once and followed."""

import json
import threading
from pathlib import Path

from graph_api.errors import EngineDownError
from search.build import IndexUnusableError
from search.service import SearchService

__all__ = ["GenerationIndex"]


class GenerationIndex:
    """An IndexSource over the data folder: ``generations/current.json`` names the index folder.

    The file's change time decides whether it is read again, so a call costs one ``stat``. The same
    folder in a newer generation is reloaded, another folder is opened beside the old one, which
    goes on serving while the new one cannot be opened. Safe to use from several threads.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._current = data / "generations" / "current.json"
        self._seen = (0, 0)
        self._folder = ""
        self._service: SearchService | None = None
        self._lock = threading.Lock()

    def current(self) -> SearchService:
        """Return the open index.

        Raises:
            EngineDownError: nothing was published yet, or its index cannot be opened.
        """
        try:
            stat = self._current.stat()
            seen = (stat.st_mtime_ns, stat.st_ino)
            if self._service is None or seen != self._seen:
                with self._lock:
                    self._follow(seen)
        except (OSError, ValueError, KeyError, TypeError, IndexUnusableError) as error:
            if self._service is None:
                raise EngineDownError("the search index is not there yet") from error
        if self._service is None:
            raise EngineDownError("the search index cannot be opened")
        return self._service

    def _follow(self, seen: tuple[int, int]) -> None:
        if self._service is not None and seen == self._seen:
            return  # another thread was here first
        folder = str(json.loads(self._current.read_bytes())["index"])
        if self._service is not None and folder == self._folder:
            self._service.reload()
        else:
            self._service = SearchService.open(self._data / folder)
            self._folder = folder
        self._seen = seen
