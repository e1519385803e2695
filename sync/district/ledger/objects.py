"""Where sealed pieces of scans lie: an object store, here a folder of intake's.

Rule: a name is written once and whole, or not at all; what lies there is sealed bytes.
"""

from pathlib import Path

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore


class Objects:
    """The store's few verbs; `obstore` has other stores by the same ones (S3 …)."""

    def __init__(self, folder: Path) -> None:
        self._store = LocalStore(folder, mkdir=True)

    @staticmethod
    def _path(name: str) -> str:
        # A folder of a million files is slow to look into; 256 of them are not.
        return f"{name[:2]}/{name}"

    def put(self, name: str, raw: bytes) -> None:
        """Keep an object; what is there already stays as it is."""
        try:
            self._store.put(self._path(name), raw, mode="create")
        except AlreadyExistsError:
            return

    def get(self, name: str) -> bytes | None:
        """Return an object, or None where there is none."""
        try:
            return bytes(self._store.get(self._path(name)).bytes())
        except FileNotFoundError:
            return None

    def drop(self, name: str) -> None:
        """Remove an object that proved to be something else than it said."""
        try:
            self._store.delete(self._path(name))
        except FileNotFoundError:
            return
