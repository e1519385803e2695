"""Send a backup to the district, where the supervisor opted for it.

Without escrow: the district keeps bytes that only the recovery key on paper opens. Part
by part, each let go by its signed receipt; a cut loses only the part in flight.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from desk_app.config.places import Places
from desk_app.services import backing
from desk_app.services.access import require_supervisor
from desk_app.services.enrolling import carrier_of
from desk_app.services.hands import Workplace
from desk_app.services.syncing import VaultPort, keys_of
from desk_app.store import audit, settings
from desk_app.store.backups import digest_of
from schemas.backup import PartHeader
from schemas.base import utc_text
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches, tell
from sync.client.keys import Keys
from sync.client.tus import Parcel
from sync.client.uploading import deliver
from sync.protocol.outcomes import Busy, Kept, Refused
from sync.seal import suite1
from sync.seal.backup_parts import PART, close_part, receipt_is_for

_OPTED = "backup_to_district"
_PROGRESS = "backup_parts_sent"


def opt(place: Workplace, *, on: bool) -> None:
    """Let backups go to the district, or no longer; supervisors only."""
    require_supervisor(place)
    with place.vault.write() as tx:
        settings.put(tx, _OPTED, "yes" if on else "")
        who, now = place.operator, place.hands.now()
        audit.note(tx, "backup_to_district", str(on), operator=who, now=now)


async def send_backup(
    place: Workplace, places: Places, *, progress: Progress = nobody_watches
) -> int:
    """Make a backup and bring it to the district; returns how many parts.

    What was begun is finished first. `Problem(NOT_ALLOWED)` where nobody opted for it;
    `STOPPED` by `progress` (parts): the next time goes on after them.
    """
    job = await asyncio.to_thread(_begin, place, places)
    keys = keys_of(place)
    carrier = carrier_of(place)
    try:
        for index in range(job.begun, job.count):
            tell(progress, index)
            content = await asyncio.to_thread(_piece, job.file, index)
            header = PartHeader(
                suite=suite1.SUITE,
                device=keys.device,
                signing_key=keys.signing.key_id,
                backup=job.whole,
                index=index,
                count=job.count,
                digest=suite1.digest(content),
            )
            raw = close_part(header, content, keys.signing)
            parcel = Parcel(suite1.digest(raw), raw)
            outcome = await deliver(VaultPort(place), carrier, parcel, fresh=False)
            _check(outcome, header, keys)
            with place.vault.write() as tx:
                settings.put(tx, _PROGRESS, f"{job.whole}:{index + 1}")
    finally:
        await carrier.close()
    await asyncio.to_thread(_end, place, job)
    return job.count


async def send_if_due(place: Workplace, places: Places) -> int:
    """Send one a day, where somebody opted for it; returns how many parts."""
    with place.vault.read() as tx:
        if not settings.get(tx, _OPTED):
            return 0
        last = settings.get(tx, "backup_sent_at")
    if last is not None:
        since = place.hands.now() - datetime.fromisoformat(last)
        # A last one that lies ahead means that the clock was set back (P9).
        if timedelta() <= since < backing.EVERY:
            return 0
    return await send_backup(place, places)


@dataclass(frozen=True, slots=True)
class _Job:
    file: Path
    whole: str
    count: int
    begun: int


def _begin(place: Workplace, places: Places) -> _Job:
    with place.vault.read() as tx:
        if not settings.get(tx, _OPTED):
            raise Problem(Code.NOT_ALLOWED, role="supervisor")
        kept = (settings.get(tx, _PROGRESS) or "").split(":")
    folder = places.home / "outgoing"
    folder.mkdir(mode=0o700, exist_ok=True)
    waiting = sorted(folder.glob("*.idv"))
    if waiting:
        file = waiting[0]
    else:
        file = backing.back_up(
            place, places, folder=folder, escrow=False, remember=False
        ).file
    whole = digest_of(file, at=0)
    begun = int(kept[1]) if kept[0] == whole else 0
    return _Job(file, whole, max(1, -(-file.stat().st_size // PART)), begun)


def _piece(file: Path, index: int) -> bytes:
    with file.open("rb") as source:
        source.seek(index * PART)
        return source.read(PART)


def _end(place: Workplace, job: _Job) -> None:
    job.file.unlink()
    with place.vault.write() as tx:
        now = place.hands.now()
        settings.put(tx, "backup_sent_at", utc_text(now))
        settings.put(tx, _PROGRESS, "")
        who = place.operator
        audit.note(tx, "backup_sent", job.file.name, operator=who, now=now)


def _check(outcome: object, header: PartHeader, keys: Keys) -> None:
    if isinstance(outcome, Kept):
        public = keys.receipts_public(str(outcome.receipt.get("receipt_key")))
        if receipt_is_for(outcome.receipt, header, public):
            return
        raise Problem(Code.ANSWER_NOT_OURS)
    if isinstance(outcome, Busy):
        raise Problem(Code.DISTRICT_BUSY)
    if isinstance(outcome, Refused):
        raise Problem(outcome.code)
    raise Problem(Code.LINE_DOWN)
