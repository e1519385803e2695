"""A stick between a desk and its district, and one that is pulled out."""

import errno
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desk_app.services.desk import Desk
from desk_app.services.sticks import StickVaultPort
from desk_app.services.syncing import keys_of
from schemas.problems import Problem
from sync.client.folder import Exported, Imported, Pen, export_to, import_from
from sync.district.boot.district import District
from sync.district.boot.intake import intake_parts
from sync.district.intake.sticks import take_stick
from sync.district.reconcile.filing import ReconcileReport, reconcile_once
from sync.stick.files import FilePort, SystemFiles
from sync.stick.stick import DeskTaken, Stick


class Pulled(SystemFiles):
    """A stick that fails at one operation, and at every one after it.

    A write that is cut leaves half of its bytes.
    """

    def __init__(self, after: int, error: int = errno.EIO) -> None:
        self.left, self.error, self.used = after, error, 0

    def _step(self) -> None:
        self.used += 1
        if self.left <= 0:
            raise OSError(self.error, "pulled out")
        self.left -= 1

    def names(self, folder: Path) -> list[str]:
        self._step()
        return super().names(folder)

    def make_folder(self, folder: Path) -> None:
        self._step()
        super().make_folder(folder)

    def read(self, path: Path, limit: int) -> bytes:
        self._step()
        return super().read(path, limit)

    def write(self, path: Path, content: bytes) -> None:
        try:
            self._step()
        except OSError:
            if self.left == 0:
                super().write(path, content[: len(content) // 2])
                self.left = -1
            raise
        super().write(path, content)

    def sync(self, path: Path) -> None:
        self._step()
        super().sync(path)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)

    def sync_folder(self, folder: Path) -> None:
        self._step()
        super().sync_folder(folder)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)


class Protected(SystemFiles):
    """A stick that can be read and refuses every change."""

    def __init__(self, error: int) -> None:
        self.error = error

    def _refuse(self) -> None:
        raise OSError(self.error, "no change")

    def make_folder(self, folder: Path) -> None:  # noqa: ARG002 - the port's name
        self._refuse()

    def write(self, path: Path, content: bytes) -> None:  # noqa: ARG002
        self._refuse()

    def remove(self, path: Path) -> None:  # noqa: ARG002
        self._refuse()


def out(desk: Desk, folder: Path, files: FilePort | None = None) -> Exported:
    """Export to a stick."""
    hands = desk.place.hands
    pen = Pen(hands.now, lambda: hands.random_bytes(12).hex())
    stick = Stick(folder, files)
    return export_to(StickVaultPort(desk.place), stick, keys_of(desk.place), pen=pen)


def back(desk: Desk, folder: Path, files: FilePort | None = None) -> Imported:
    """Take back from a stick."""
    return import_from(
        StickVaultPort(desk.place),
        Stick(folder, files),
        keys_of(desk.place),
        now=desk.place.hands.now,
    )


def visit(
    district: District, folder: Path, files: FilePort | None = None
) -> tuple[DeskTaken, ...]:
    """Have the district take a stick in once."""
    _, parts = intake_parts(district.places.home)
    try:
        return take_stick(parts, Stick(folder, files))
    finally:
        parts.ledger.close()


def reconcile(district: District) -> ReconcileReport:
    """Have the record follow."""
    return reconcile_once(
        district.sealed, district.record, district.keys, now=datetime.now(UTC)
    )


def everything_under(folder: Path) -> dict[str, bytes]:
    """Return all files of a stick with their bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def each_cut(run: Callable[[Pulled], object]) -> int:
    """Run with a cut after 0, 1, 2 … operations, until one ends; returns how many."""
    after = 0
    while True:
        files = Pulled(after)
        try:
            run(files)
        except Problem:
            after += 1
            continue
        return after
