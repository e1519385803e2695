"""A vault whose machine may lose power between any two writes, and bad disks."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from desk_app.store.vault import Transaction, Vault
from tests.simulation.faults import Fuse


class _Counted(Transaction):
    """A transaction whose every write burns the fuse."""

    def __init__(self, inner: Transaction, fuse: Fuse) -> None:
        super().__init__(inner._connection)
        self._fuse = fuse

    def run(self, sql: str, *values: str | int | bytes | None) -> int:
        self._fuse.burn()
        return super().run(sql, *values)


class FragileVault(Vault):
    """The real vault; the power may go before, between and after its writes."""

    def __init__(self, path: Path, key: bytes, fuse: Fuse) -> None:
        self.fuse = fuse
        super().__init__(path, key)
        # The simulated disk is in memory: waiting for it would prove nothing.
        self._connection.execute("PRAGMA synchronous = OFF")

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        self.fuse.burn()
        with super().write() as tx:
            yield _Counted(tx, self.fuse)
        self.fuse.burn()

    def flush(self) -> None:
        """Bring all that is in the log into the file itself."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def limit(self, *, pages: int | None) -> None:
        """Let the disk be full after so many more pages, or never."""
        now = int(str(self._connection.execute("PRAGMA page_count").fetchone()[0]))
        most = 2**32 - 2 if pages is None else now + pages
        self._connection.execute(f"PRAGMA max_page_count = {most}")


def power_cut_files(vault: Path, dice: Random, *, torn: bool) -> bool:
    """Leave the files as a power cut does, while the vault is still open.

    `torn` means a disk that lied: the log ends anywhere, even inside a page, but behind
    what was already brought into the file (a disk that kept the later write and lost
    the earlier is broken, not lying: the vault says 405 and is restored). Returns
    whether anything was torn off.
    """
    log = vault.with_name(vault.name + "-wal")
    frozen = vault.with_name("frozen")
    # The log of an earlier cut beside the file of this one would be no power cut.
    shutil.rmtree(frozen, ignore_errors=True)
    frozen.mkdir()
    lost = False
    for path in (vault, log):
        if path.exists():
            shutil.copy2(path, frozen / path.name)
    kept_log = frozen / log.name
    end = kept_log.stat().st_size if kept_log.exists() else 0
    if torn and (safe := _in_the_file(vault)) < end:
        with kept_log.open("r+b") as file:
            file.truncate(dice.randrange(safe, end))
        lost = True
    return lost


def _in_the_file(vault: Path) -> int:
    """Return how many bytes of the log a checkpoint has brought into the file.

    The number of frames stands in the log's index (sqlite.org/walformat.html, 2.2).
    """
    index = vault.with_name(vault.name + "-shm")
    if not index.exists():
        return 0
    frames = int.from_bytes(index.read_bytes()[96:100], sys.byteorder)
    return 32 + frames * (24 + 4096) if frames else 0


def put_back(vault: Path, frozen: Path) -> None:
    """Put kept files in place of the vault's, as after a restart or by hand."""
    for name in (vault.name, vault.name + "-wal", vault.name + "-shm"):
        vault.with_name(name).unlink(missing_ok=True)
    for path in frozen.iterdir():
        shutil.copy2(path, vault.with_name(path.name))


def keep_copy(vault: Path, folder: Path) -> None:
    """Copy a vault's files, as somebody does who copies a folder by hand."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in (vault.name, vault.name + "-wal"):
        path = vault.with_name(name)
        if path.exists():
            shutil.copy2(path, folder / name)


def damage_stick(folder: Path, dice: Random) -> None:
    """Turn one bit of a file on a stick, or cut its end off."""
    # By size first: some names are digests of what is sealed, another at each replay.
    files = sorted(
        (path for path in folder.rglob("*") if path.is_file()),
        key=lambda path: (path.parent, path.stat().st_size, path.name),
    )
    for path in dice.sample(files, min(1, len(files))):
        content = bytearray(path.read_bytes())
        if not content:
            continue
        at = dice.randrange(len(content))
        if dice.random() < 0.5:
            content[at] ^= 1 << dice.randrange(8)
        else:
            del content[at:]
        path.write_bytes(content)
