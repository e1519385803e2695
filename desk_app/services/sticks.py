"""Send by stick and take back from it: the vault's side of `sync.client.folder`.

A stick replaces no line: what is exported waits on as before, and whichever way brings
the receipt first lets go of it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from desk_app.services import scanning
from desk_app.services.hands import Workplace
from desk_app.services.syncing import VaultPort, keys_of
from desk_app.store import audit, outbox, pages, scans, settings
from desk_app.text.words import Words, problem_words
from schemas.batch import BatchHeader
from schemas.contact import Contact
from schemas.problems import Problem
from schemas.progress import Progress, nobody_watches
from schemas.scans import PIECE
from sync.client.folder import Exported, Imported, Pen, export_to, import_from
from sync.client.scans import PlainPiece, StoredPiece
from sync.client.uploading import StoredBatch
from sync.seal.batches import SealedBatch
from sync.stick.stick import Stick

_LETTER = "stick_letter"
_FOLDER = "stick_folder"
# As many as a stick of a few gigabytes holds; the next one takes the rest.
_MOST_SCANS = 2000


class StickVaultPort(VaultPort):
    """The line's port, and what only a stick asks."""

    def add_batch(self, batch: SealedBatch) -> None:
        """Write one more batch down; another process's for the range is kept."""
        header = batch.header
        with self._vault.write() as tx:
            if outbox.overlaps(tx, header.epoch, header.first, header.last):
                return
            outbox.add(
                tx,
                outbox.BatchRecord(
                    batch.digest,
                    header.epoch,
                    header.first,
                    header.last,
                    header.model_dump_json(),
                    batch.raw,
                ),
            )

    def waiting_batches(self) -> tuple[StoredBatch, ...]:
        """Return every batch that waits for its receipt, in order."""
        with self._vault.read() as tx:
            records = outbox.all_waiting(tx)
        return tuple(
            StoredBatch(
                each.raw,
                BatchHeader.model_validate_json(each.header),
                each.batch_digest,
            )
            for each in records
        )

    def is_released(self, batch_digest: str) -> bool:
        """Say whether a batch has its receipt already."""
        with self._vault.read() as tx:
            return outbox.is_released(tx, batch_digest)

    def keep_letter(self, contact: Contact) -> None:
        """Remember which greeting lies on a stick."""
        with self._vault.write() as tx:
            settings.put(tx, _LETTER, json.dumps([contact.counter, contact.nonce]))

    def letter(self) -> tuple[int, str] | None:
        """Return the counter and nonce of the last greeting on a stick."""
        with self._vault.read() as tx:
            kept = settings.get(tx, _LETTER)
        if kept is None:
            return None
        counter, nonce = json.loads(kept)
        return int(counter), str(nonce)

    def waiting_pieces(self) -> Iterator[PlainPiece | StoredPiece]:
        """Yield every piece of a scan that waits, the most urgent first.

        One transaction a piece: a stick may be slow, and the desk works on meanwhile.
        """
        for chunk, digest, at in self._pieces():
            with self._vault.read() as tx:
                kept = scans.kept(tx, chunk)
                found = None if kept else pages.content(tx, digest)
            if kept is not None:
                yield StoredPiece(chunk, kept.message, kept.raw)
                continue
            content = found[1] if found else b""
            plain = content[at * PIECE : (at + 1) * PIECE]
            yield PlainPiece(chunk, digest, at, plain)

    def _pieces(self) -> tuple[tuple[str, str, int], ...]:
        waiting = []
        with self._vault.read() as tx:
            for scan in scans.waiting(tx, limit=_MOST_SCANS):
                done = scans.receipted(tx, scan.digest)
                waiting += [
                    (chunk, scan.digest, at)
                    for at, chunk in enumerate(scanning.names_of(tx, scan))
                    if chunk not in done
                ]
        return tuple(waiting)

    def piece_waits(self, chunk: str) -> bool:
        """Say whether a piece still waits for its receipt."""
        return chunk in {name for name, _, _ in self._pieces()}


def export(
    place: Workplace, folder: Path, *, progress: Progress = nobody_watches
) -> Exported:
    """Put all that waits on the stick in this folder.

    `Problem(STOPPED)` by `progress` (files): what is there by then is whole, and the
    next time goes on after it.
    """
    pen = Pen(place.hands.now, lambda: place.hands.random_bytes(12).hex())
    done = export_to(
        StickVaultPort(place), Stick(folder), keys_of(place), pen=pen,
        progress=progress,
    )  # fmt: skip
    _note(place, folder, "stick_exported", f"{done.batches}")
    return done


def take_back(
    place: Workplace, folder: Path, *, progress: Progress = nobody_watches
) -> Imported:
    """Take what the district put on the stick.

    `Problem(STOPPED)` by `progress` (files): what was taken is taken, and the rest lies
    on the stick as before.
    """
    done = import_from(
        StickVaultPort(place), Stick(folder), keys_of(place), now=place.hands.now,
        progress=progress,
    )  # fmt: skip
    _note(place, folder, "stick_imported", f"{done.released}/{done.answers}")
    return done


def last_folder(place: Workplace) -> str:
    """Return where the stick was the last time."""
    with place.vault.read() as tx:
        return settings.get(tx, _FOLDER) or ""


def _note(place: Workplace, folder: Path, what: str, subject: str) -> None:
    with place.vault.write() as tx:
        settings.put(tx, _FOLDER, str(folder))
        now = place.hands.now()
        audit.note(tx, what, subject, operator=place.operator, now=now)


def imported_lines(done: Imported) -> list[str]:
    """Return what a stick brought, in words."""
    words = Words("desk")
    lines = [
        words(
            "stick.imported",
            released=done.released,
            answers=done.answers,
            refused=done.refused,
        )
    ]
    if not done.cleaned:
        lines.append(words("stick.not_cleaned"))
    for each in done.troubles:
        title = problem_words(Problem(each.code, file=each.file))[0]
        lines.append(
            words("stick.trouble", code=int(each.code), title=title, file=each.file)
        )
    return lines
