"""Back the vault up: a whole sealed snapshot in one file, on a schedule or now.

Rule 1: sealed to the recovery key (and, in a folder, to the district as escrow); no
        passphrase opens it.
Rule 2: the last few are kept, and one a week of the last weeks; no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from desk_app.config.places import Places
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.services.own_keys import signing_key
from desk_app.store import audit, backups, journal, settings
from desk_app.store.keyslots import Keyslots, read_recovery_key
from desk_app.store.vault import Transaction
from desk_app.text.words import CHINA
from schemas.backup import BackupHeader, BackupSecret
from schemas.base import utc_text
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches
from sync.seal.keys import SigningKey
from sync.seal.recovery import Snapshot, close_backup, recovery_pair

EVERY: Final = timedelta(hours=24)
KEPT_LAST: Final = 7
KEPT_WEEKS: Final = 8


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file; `present` says whether it is where it was written."""

    file: Path
    made_at: datetime
    size: int
    epoch: int
    sequence: int
    present: bool


def folder_of(place: Workplace, places: Places) -> Path:
    """Return where backups are written: the set folder, or one beside the vault."""
    with place.vault.read() as tx:
        chosen = settings.get(tx, "backup_folder")
    return Path(chosen) if chosen else places.backups


def choose_folder(place: Workplace, folder: str) -> None:
    """Set where backups go: another disk or a stick; empty for beside the vault."""
    chosen = folder.strip()
    if chosen and not Path(chosen).is_dir():
        raise Problem(Code.BACKUP_FOLDER_MISSING, folder=chosen)
    with place.vault.write() as tx:
        settings.put(tx, "backup_folder", chosen)
        _note(place, tx, "backup_folder_chosen", chosen)


def prepare(place: Workplace, places: Places, recovery_key: str) -> None:
    """Learn what to seal backups to, once, at a desk set up by version 0.1."""
    slots = Keyslots(places.keyslots, dice=place.hands.random_bytes)
    slots.unlock_with_recovery(recovery_key)
    public = recovery_pair(read_recovery_key(recovery_key)).public
    with place.vault.write() as tx:
        settings.put(tx, "recovery_public", base64_text(public))
        _note(place, tx, "backups_prepared", "")


def back_up(
    place: Workplace,
    places: Places,
    *,
    folder: Path | None = None,
    escrow: bool = True,
    remember: bool = True,
    progress: Progress = nobody_watches,
) -> Backup:
    """Write one backup now and take away what retention no longer keeps.

    `Problem(BACKUP_NOT_PREPARED)` where the desk does not know what to seal to,
    `BACKUP_FOLDER_MISSING`, `BACKUP_NOT_WRITTEN`, `STOPPED` by `progress` (megabytes),
    which leaves nothing behind. One that is not
    `remember`ed is on its way elsewhere and no reason to put off the next.
    """
    target = folder or folder_of(place, places)
    if target == places.backups:
        target.mkdir(mode=0o700, exist_ok=True)
    if not target.is_dir():
        raise Problem(Code.BACKUP_FOLDER_MISSING, folder=str(target))
    aside = places.aside / f"snapshot-{place.new_id(4)}.db"
    source = _source(place, escrow=escrow)
    try:
        size, digest = backups.take_snapshot(place.vault, aside, progress=progress)
        now = place.hands.now()
        snapshot = Snapshot(
            source.device, source.desk_name, source.epoch, source.sequence, size, digest
        )
        secret = BackupSecret(
            key=base64_text(place.vault.key),
            keyslots=base64_text(places.keyslots.read_bytes()),
        )
        begin, header = close_backup(
            snapshot, secret, recovery_public=source.recovery_public,
            district_public=source.district_public, signing=source.signing, now=now,
        )  # fmt: skip
        file = target / _name(header)
        total = backups.join(begin, aside, file, progress=progress)
    finally:
        aside.unlink(missing_ok=True)
    with place.vault.write() as tx:
        record = backups.BackupRecord(
            header.snapshot_digest, utc_text(now), str(file), total, header.epoch,
            header.sequence,
        )  # fmt: skip
        if remember:
            backups.remember(tx, record)
        _note(place, tx, "backed_up", header.snapshot_digest)
    _retain(place, target, header.device)
    return Backup(file, now, total, header.epoch, header.sequence, present=True)


@dataclass(frozen=True)
class _Source:
    device: str
    desk_name: str
    epoch: int
    sequence: int
    recovery_public: bytes
    district_public: bytes | None
    signing: SigningKey


def _source(place: Workplace, *, escrow: bool) -> _Source:
    """Read what a header says, before the snapshot: it holds at least as much."""
    with place.vault.read() as tx:
        recovery = settings.get(tx, "recovery_public")
        charter = settings.get(tx, "charter") if escrow else None
        epoch = int(settings.get(tx, "epoch") or 1)
        head = journal.head(tx, epoch)
        if recovery is None:
            raise Problem(Code.BACKUP_NOT_PREPARED)
        district = Charter.model_validate_json(charter).sealing_key if charter else ""
        return _Source(
            device=require_setting(tx, "device"),
            desk_name=require_setting(tx, "desk_name"),
            epoch=epoch,
            sequence=head.sequence if head else 0,
            recovery_public=base64_bytes(recovery),
            district_public=base64_bytes(district) or None,
            signing=signing_key(tx),
        )


def _name(header: BackupHeader) -> str:
    stamp = f"{header.made_at.astimezone(CHINA):%Y%m%d-%H%M%S}"
    short = header.snapshot_digest[:6]
    return f"desk-{header.device[:8]}-{stamp}-{short}{backups.SUFFIX}"


def kept(made: Iterable[datetime]) -> frozenset[datetime]:
    """Return which backups are kept: the last few, and the first of each late week."""
    newest_first = sorted(made, reverse=True)
    weeks: dict[tuple[int, int], datetime] = {}
    for moment in newest_first:
        weeks[moment.isocalendar()[:2]] = moment
    weekly = sorted(weeks.values(), reverse=True)[:KEPT_WEEKS]
    return frozenset(newest_first[:KEPT_LAST]) | frozenset(weekly)


def _retain(place: Workplace, folder: Path, device: str) -> None:
    found = backups.in_folder(folder, device)
    keep = kept(header.made_at for _, header in found)
    for file, header in found:
        if header.made_at in keep:
            continue
        file.unlink(missing_ok=True)
        with place.vault.write() as tx:
            backups.removed(tx, str(file), at=utc_text(place.hands.now()))
            _note(place, tx, "backup_removed", header.snapshot_digest)


def list_backups(place: Workplace, *, limit: int = 50) -> tuple[Backup, ...]:
    """Return the backups that this vault remembers, the newest first."""
    with place.vault.read() as tx:
        found = backups.remembered(tx, limit=limit)
    return tuple(
        Backup(
            Path(each.file), datetime.fromisoformat(each.made_at), each.size,
            each.epoch, each.sequence, present=Path(each.file).is_file(),
        )
        for each in found
    )  # fmt: skip


def is_due(place: Workplace) -> bool:
    """Say whether the schedule asks for a backup now.

    A last one that lies ahead means that the clock was set back: then it is due (P9).
    """
    with place.vault.read() as tx:
        if settings.get(tx, "recovery_public") is None:
            return False
        found = backups.remembered(tx, limit=1)
    if not found:
        return True
    since = place.hands.now() - datetime.fromisoformat(found[0].made_at)
    return since >= EVERY or since < -timedelta(hours=1)


def back_up_if_due(place: Workplace, places: Places) -> Backup | None:
    """Make the scheduled backup, if it is time."""
    return back_up(place, places) if is_due(place) else None


def _note(place: Workplace, tx: Transaction, what: str, subject: str) -> None:
    audit.note(tx, what, subject, operator=place.operator, now=place.hands.now())
