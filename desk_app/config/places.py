"""Where the desk keeps its files; a home can be given, else the system's place."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one desk, under one private folder."""

    home: Path

    @property
    def vault(self) -> Path:
        """The encrypted database."""
        return self.home / "vault.db"

    @property
    def keyslots(self) -> Path:
        """The wrapped database key."""
        return self.home / "keyslots.json"

    @property
    def new_vault(self) -> Path:
        """The database of a set-up under way."""
        return self.home / "setup.db"

    @property
    def new_keyslots(self) -> Path:
        """The wrapped key of a set-up under way."""
        return self.home / "setup.json"

    @property
    def attempts(self) -> Path:
        """Failed unlocks since the last good one: times only."""
        return self.home / "unlock_attempts.json"

    @property
    def backups(self) -> Path:
        """Where backups go while no other folder is set."""
        return self.home / "backups"

    @property
    def aside(self) -> Path:
        """Where a snapshot or a drill's copy is for as long as it is needed."""
        return self.home / "aside"

    @property
    def exports(self) -> Path:
        """Where a clerk's saved PDFs go, on request only."""
        return self.home / "exports"


def places(home: Path | None) -> Places:
    """Return the places under `home` or the user's data folder, made private."""
    folder = home or Path(platformdirs.user_data_path("island-desk", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
    # On Windows the user's profile is already closed to other users.
    return Places(folder.absolute())
