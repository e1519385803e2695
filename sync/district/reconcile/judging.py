"""Judge one line of a journal: what becomes of it, and what follows from it.

Rule 1: an act that was filed at whatever place has had its effect, and has no second.
Rule 2: what carries an entry of an earlier place is judged as the entry that it brings.
Rule 3: nothing is kept here: whoever files decides in which transaction it stands.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from schemas.encoding import base64_bytes
from schemas.journal import JournalEntry
from schemas.problems import Code
from schemas.quarantine import EntryOffered
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.asides import Place
from sync.district.ledger.record import EntryFiled, Record
from sync.district.ledger.sealed import Device, SealedLedger
from sync.district.reconcile.bridging import cannot_be_supplied, supplied
from sync.district.reconcile.comparing import Said, consider
from sync.district.reconcile.healing import (
    as_it_was,
    heal,
    original_id,
    with_shared_number,
)
from sync.district.reconcile.publishing import whole_edition
from sync.district.reconcile.renewing import take_keys
from sync.district.reconcile.responding import consider_response
from sync.district.reconcile.rules import Filed, Origin, SetAside, decide, read_entry
from sync.district.reconcile.scanning import consider_scans
from sync.district.reconcile.times import Heard, with_times

_NOTHING: Final = Said()


@dataclass(frozen=True)
class Sender:
    """Whose entries are judged, by which key they were signed, and by what."""

    device: Device
    signed_by: str
    sealed: SealedLedger
    keys: ReconcileKeys
    heard: Heard

    @property
    def origin(self) -> Origin:
        """What the rules need to know of it."""
        device = self.device
        return Origin(device.device, device.town, device.terminal or "")


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a line; `act` is the id of what it says was done, if readable."""

    act: str | None
    verdict: Filed | SetAside
    follows: Said = _NOTHING
    supplies: tuple[Place, ...] = ()


def judge(kept: EntryFiled, desk: Sender, record: Record, *, now: datetime) -> Judged:
    """Return what becomes of a line of a journal as the record stands now."""
    entry = read_entry(kept.entry)
    if entry is None or (entry.device, entry.epoch, entry.sequence) != (
        kept.device,
        kept.epoch,
        kept.sequence,
    ):
        return Judged(None, SetAside(Code.MESSAGE_MALFORMED, "not a readable entry"))
    if not isinstance(entry.body, EntryOffered):
        return _judged(entry, desk, record, now=now)
    return _offered(entry, entry.body, desk, record, now=now)


def _offered(
    entry: JournalEntry, body: EntryOffered, desk: Sender, record: Record, *,
    now: datetime,
) -> Judged:  # fmt: skip
    inner = supplied(entry)
    if inner is None:
        wrong = SetAside(Code.MESSAGE_MALFORMED, "not the entry that it says")
        return Judged(original_id(entry), wrong)
    here = (body.epoch, body.sequence)
    if _has_had_its_effect(inner, base64_bytes(body.entry), record):
        done = Filed(_number_of(inner), None)
        return Judged(original_id(inner), done, supplies=(here,))
    fault = cannot_be_supplied(body, entry.device, record)
    if fault is not None:
        return Judged(original_id(inner), fault)
    if isinstance(inner.body, EntryOffered):
        # Its first try is in the gap, too.
        found = _offered(inner, inner.body, desk, record, now=now)
    else:
        found = _judged(inner, desk, record, now=now)
    return replace(found, supplies=(here, *found.supplies))


def _has_had_its_effect(entry: JournalEntry, raw: bytes, record: Record) -> bool:
    if record.healing.knows(original_id(entry)):
        return True
    # Filed before acts were noted by their ids.
    there = record.journals.entry_at(entry.device, entry.epoch, entry.sequence)
    return there is not None and there.problem is None and there.entry == raw


def _number_of(entry: JournalEntry) -> str | None:
    number = getattr(entry.body, "number", None)
    return number if isinstance(number, str) else None


def _judged(
    entry: JournalEntry, desk: Sender, record: Record, *, now: datetime
) -> Judged:
    act = original_id(entry)
    number = _number_of(entry)
    if record.healing.knows(act):
        return Judged(act, Filed(number, None))
    known = record.case(number) if number is not None else None
    verdict = decide(entry, desk.origin, known, now=now)
    if isinstance(verdict, SetAside) and _was_judged(entry, desk):
        verdict = as_it_was(entry, verdict, known)
    if isinstance(verdict, SetAside):
        return Judged(act, verdict)
    said = _follows(entry, desk, record, now=now)
    if isinstance(said, SetAside):
        return Judged(act, said)
    return Judged(act, verdict, said)


def _was_judged(entry: JournalEntry, desk: Sender) -> bool:
    """Say whether the desk has our receipt for an act that this record forgot."""
    places = [(entry.epoch, entry.sequence)]
    if entry.again is not None:
        places.append((entry.again.epoch, entry.again.sequence))
    contacts = desk.sealed.contacts
    return any(
        sequence <= contacts.believed_to(entry.device, epoch)
        for epoch, sequence in places
    )


def _follows(
    entry: JournalEntry, desk: Sender, record: Record, *, now: datetime
) -> Said | SetAside:
    taken = take_keys(
        entry, desk.device, desk.sealed, desk.keys, signed_by=desk.signed_by, now=now
    ) or heal(entry, record, desk.keys, now=now)
    if taken:
        return taken
    edition = whole_edition(entry, record, desk.keys)
    if edition is not None:
        return Said(feedback=edition)
    said = (
        consider_scans(entry, record)
        or consider_response(entry)
        or consider(entry, record, desk.keys, now=now)
    )
    said = with_shared_number(said, entry, now=now)
    return with_times(said, entry, desk.heard, record, now=now)
