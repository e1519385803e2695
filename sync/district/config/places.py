"""Where the district keeps its files: two folders, cut along the key.

`intake/` is all that the process facing the network may see; `reconcile/` holds the
opening and answers keys and the opened record.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from schemas.problems import Code, Problem


@dataclass(frozen=True, slots=True)
class DistrictPlaces:
    """The files of one district."""

    home: Path

    @property
    def intake(self) -> Path:
        """What intake sees."""
        return self.home / "intake"

    @property
    def reconcile(self) -> Path:
        """What only reconcile and the console see."""
        return self.home / "reconcile"

    @property
    def sealed(self) -> Path:
        """The sealed part of the ledger."""
        return self.intake / "sealed.db"

    @property
    def uploads(self) -> Path:
        """The parts of uploads under way."""
        return self.intake / "uploads"

    @property
    def record(self) -> Path:
        """The opened record."""
        return self.reconcile / "record.db"

    @property
    def charter(self) -> Path:
        """The district's public identity."""
        return self.intake / "charter.json"

    @property
    def first_charter(self) -> Path:
        """The identity that the district began with, once it has another."""
        return self.intake / "charter-1.json"

    @property
    def successions(self) -> Path:
        """How one charter followed another: signed documents, public."""
        return self.intake / "successions.json"

    def make(self) -> None:
        """Make the folders, private to this user."""
        for folder in (self.home, self.intake, self.reconcile):
            folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                folder.chmod(0o700)


def refuse_missing(*ledgers: Path) -> None:
    """Raise `Problem(LEDGER_MISSING)` rather than begin an empty database.

    A ledger that is lost holds what was receipted: it is restored, never made anew.
    """
    for each in ledgers:
        if not each.is_file():
            raise Problem(Code.LEDGER_MISSING, file=each.name)


def district_places(home: Path | None) -> DistrictPlaces:
    """Return the places under `home` or the user's data folder."""
    folder = home or platformdirs.user_data_path("island-district", appauthor=False)
    return DistrictPlaces(Path(folder).absolute())
