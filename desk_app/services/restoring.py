"""Put a backup back on a machine, and drill it while nothing is lost yet.

Rule 1: a vault that is there is moved aside, never overwritten.
Rule 2: what was restored says so: its numbers of today are frozen and its next contact
        heals it (services.healing), so that nothing is lost and no number given twice.
Rule 3: the key slots come last: a restore that was cut off left a desk not set up.
"""

from dataclasses import dataclass
from pathlib import Path

from desk_app.config.durable import sync_folder, write_durably
from desk_app.config.places import Places
from desk_app.services import health
from desk_app.services.freezing import put_back_in
from desk_app.services.hands import Hands, Workplace
from desk_app.store import audit, backups, drafts, incidents, journal, outbox, settings
from desk_app.store.keyslots import Keyslots, read_recovery_key
from desk_app.store.vault import Transaction, Vault
from desk_app.text.words import CHINA
from schemas.backup import BackupSecret, Release
from schemas.base import utc_text
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches
from sync.seal.enrolment import fingerprint
from sync.seal.keys import SealingKey
from sync.seal.recovery import (
    ReadBackup,
    ask_release,
    open_release,
    open_secret,
    recovery_pair,
    release_is_genuine,
)

_ASKED = "release.key"


def by_recovery_key(backup: ReadBackup, recovery_key: str) -> BackupSecret:
    """Return what opens a backup, by the key on paper."""
    return open_secret(backup, recovery_pair(read_recovery_key(recovery_key)))


def ask_district(
    places: Places, hands: Hands, file: Path, *, progress: Progress = nobody_watches
) -> tuple[str, str]:
    """Return a request to open the escrow, and the fingerprint to read out.

    For who has lost the recovery key: people at the district compare fingerprints, as
    at an enrolment. The key for the answer waits in the desk's folder.
    """
    backup = backups.read(file, progress=progress)
    key = SealingKey.generate(hands.random_bytes)
    request = ask_release(backup, answer_to=key, now=hands.now())
    write_durably(places.home / _ASKED, base64_text(key.to_bytes()).encode())
    return request.model_dump_json(indent=1), fingerprint(key.public)


def by_release(places: Places, backup: ReadBackup, answer: Release) -> BackupSecret:
    """Return what opens a backup, by the district's answer to this machine."""
    try:
        asked = base64_bytes((places.home / _ASKED).read_text("ascii"))
    except (OSError, ValueError) as error:
        raise Problem(Code.RELEASE_NOT_FOR_THIS) from error
    return open_release(backup, answer, SealingKey(asked))


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back, and how long it took."""

    device: str
    epoch: int
    sequence: int
    took_ms: int
    moved_to: Path | None


def restore(
    places: Places, hands: Hands, file: Path, *, recovery_key: str | None = None,
    answer: Release | None = None, replace: bool = False,
    progress: Progress = nobody_watches,
) -> Restored:  # fmt: skip
    """Make this machine the desk that a backup is of.

    `Problem(RESTORE_WOULD_OVERWRITE)` where a desk is set up here, unless `replace`;
    `RECOVERY_KEY_WRONG`, `RELEASE_NOT_FOR_THIS`, `BACKUP_UNREADABLE`; `STOPPED` by
    `progress` (megabytes): then it never was.
    """
    began = hands.monotonic_ms()
    set_up = Keyslots(places.keyslots, dice=hands.random_bytes).exist
    if set_up and not replace:
        raise Problem(Code.RESTORE_WOULD_OVERWRITE)
    backup = backups.read(file, progress=progress)
    if recovery_key is not None:
        secret = by_recovery_key(backup, recovery_key)
    elif answer is not None:
        secret = by_release(places, backup, answer)
    else:
        raise Problem(Code.RECOVERY_KEY_WRONG)
    aside = places.home / "vault.restoring"
    try:
        backups.unpack(file, backup, aside, progress=progress)
        head = _prepare(aside, secret, hands, backup, answer, progress)
        moved = _move_away(places, hands)
        aside.replace(places.vault)
    finally:
        # In its place by now, or not wanted.
        for each in places.home.glob(aside.name + "*"):
            each.unlink(missing_ok=True)
    sync_folder(places.home)
    write_durably(places.keyslots, base64_bytes(secret.keyslots))
    (places.home / _ASKED).unlink(missing_ok=True)
    took = hands.monotonic_ms() - began
    device, epoch, sequence = head
    return Restored(device, epoch, sequence, took, moved)


def _prepare(
    aside: Path, secret: BackupSecret, hands: Hands, backup: ReadBackup,
    answer: Release | None, progress: Progress,
) -> tuple[str, int, int]:  # fmt: skip
    vault = Vault(aside, base64_bytes(secret.key))
    try:
        damage = vault.damage(progress=progress)
        if damage:
            raise Problem(Code.BACKUP_UNREADABLE, part=damage[0])
        now = hands.now()
        with vault.write() as tx:
            if answer is not None and not _districts_own(tx, answer):
                raise Problem(Code.SIGNATURE_INVALID)
            settings.put(tx, "restored_from", backup.header.snapshot_digest)
            put_back_in(tx, now=now)
            made = utc_text(backup.header.made_at)
            incidents.add(tx, "restored", {"made_at": made}, now=now)
            subject = backup.header.snapshot_digest
            audit.note(tx, "restored", subject, operator=None, now=now)
            device = settings.get(tx, "device") or ""
            epoch = int(settings.get(tx, "epoch") or 1)
            head = journal.head(tx, epoch)
        return device, epoch, head.sequence if head else 0
    finally:
        vault.close()


def _districts_own(tx: Transaction, answer: Release) -> bool:
    charter = Charter.model_validate_json(settings.get(tx, "charter") or "{}")
    return release_is_genuine(answer, base64_bytes(charter.answers_key))


def _move_away(places: Places, hands: Hands) -> Path | None:
    found = [places.keyslots, *places.home.glob(places.vault.name + "*")]
    there = [each for each in found if each.exists()]
    if not there:
        return None
    stamp = f"{hands.now().astimezone(CHINA):%Y%m%d-%H%M%S}"
    target = places.home / f"replaced-{stamp}-{hands.random_bytes(2).hex()}"
    target.mkdir(mode=0o700)
    # The slots first: without them the folder is a desk not set up.
    for each in there:
        each.replace(target / each.name)
    sync_folder(target)
    return target


@dataclass(frozen=True, slots=True)
class Drill:
    """What a drill showed: how long it takes, what would be lost if it were real."""

    digest: str
    took_ms: int
    good: bool
    by_recovery_key: bool
    entries_lost: int
    """Entries after the backup that the district has not signed for."""
    entries_from_district: int
    """Entries after the backup that the district would send back."""
    drafts_lost: int
    problem: Code | None


def drill(
    place: Workplace, places: Places, *, file: Path | None = None,
    recovery_key: str | None = None, progress: Progress = nobody_watches,
) -> Drill:  # fmt: skip
    """Restore the newest backup beside the vault, check it whole, take it away again.

    By the recovery key where it is given; else by the vault's own key, which does not
    prove that the paper is still right. A backup that is not good is no exception: the
    drill says so, and is kept. `Problem(BACKUP_UNKNOWN)` where there is none at all,
    `STOPPED` by `progress` (megabytes): then it never was.
    """
    file = file or _newest(place)
    began = place.hands.monotonic_ms()
    aside = places.aside / f"drill-{place.new_id(4)}.db"
    digest, problem, lost = "", None, (0, 0, 0)
    try:
        backup = backups.read(file, progress=progress)
        digest = backup.header.snapshot_digest
        key = place.vault.key
        if recovery_key is not None:
            key = base64_bytes(by_recovery_key(backup, recovery_key).key)
        backups.unpack(file, backup, aside, progress=progress)
        lost = _look_inside(place, aside, key, progress)
    except Problem as found:
        if found.code is Code.STOPPED:
            raise
        problem = found.code
    finally:
        for each in aside.parent.glob(aside.name + "*"):
            each.unlink(missing_ok=True)
    took = place.hands.monotonic_ms() - began
    with_key = recovery_key is not None
    done = Drill(digest, took, problem is None, with_key, *lost, problem)
    _keep(place, done)
    return done


def _newest(place: Workplace) -> Path:
    with place.vault.read() as tx:
        found = backups.remembered(tx, limit=50)
    for each in found:
        if Path(each.file).is_file():
            return Path(each.file)
    raise Problem(Code.BACKUP_UNKNOWN)


def _look_inside(
    place: Workplace, copy: Path, key: bytes, progress: Progress
) -> tuple[int, int, int]:
    size = copy.stat().st_size >> 20
    vault = Vault(copy, key)
    try:
        inside = Workplace(vault, place.hands, place.operator, place.operator_name, "")
        if not all(
            check.ok
            for check in health.verify(inside, progress=lambda _: progress(size))
        ):
            raise Problem(Code.BACKUP_UNREADABLE, part="verify")
        with vault.read() as tx:
            epoch = int(settings.get(tx, "epoch") or 1)
            head = journal.head(tx, epoch)
            then = {each.draft_id: each.updated_at for each in drafts.all_of(tx)}
    finally:
        vault.close()
    after = (epoch, head.sequence if head else 0)
    with place.vault.read() as tx:
        here, held = outbox.after(tx, epoch=after[0], sequence=after[1])
        changed = sum(
            then.get(each.draft_id) != each.updated_at for each in drafts.all_of(tx)
        )
    return here - held, held, changed


def _keep(place: Workplace, done: Drill) -> None:
    now = place.hands.now()
    record = backups.DrillRecord(
        utc_text(now), done.digest, done.took_ms, done.good, done.by_recovery_key,
        done.entries_lost, done.drafts_lost,
        int(done.problem) if done.problem else None,
    )  # fmt: skip
    with place.vault.write() as tx:
        backups.drilled(tx, record)
        who = place.operator
        audit.note(tx, "restore_drilled", done.digest, operator=who, now=now)
