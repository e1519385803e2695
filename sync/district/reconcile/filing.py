"""Open what intake kept, in order, and file it; then send what is to be sent.

A batch that does not follow its predecessor waits and is reported, as does one whose
key is missing; other desks are not held up. One that will never open leaves a declared
gap (`bridging`), so that nothing after it is held up either. Filing an entry is one
transaction, so a crash between two of them files nothing twice.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection

from schemas.batch import BatchHeader
from schemas.feed import EntryQuarantined, FeedBody
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.quarantine import EntryOffered
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.healing import keep_id
from sync.district.ledger.record import Also, CaseFiled, EntryFiled, Record
from sync.district.ledger.sealed import Device, KeptBatch, SealedLedger
from sync.district.ledger.sending import queue_message
from sync.district.reconcile import bridging
from sync.district.reconcile.comparing import Said, consider
from sync.district.reconcile.healing import (
    as_it_was,
    heal,
    late_return,
    mend,
    original_id,
    with_shared_number,
)
from sync.district.reconcile.publishing import deliver_publications, whole_edition
from sync.district.reconcile.renewing import take_keys
from sync.district.reconcile.responding import consider_response
from sync.district.reconcile.rules import Filed, Origin, SetAside, decide, read_entry
from sync.district.reconcile.scanning import check_scans, consider_scans
from sync.district.reconcile.times import Heard, with_times, working_calendar
from sync.protocol.chain import chain_next, chain_start
from sync.seal import suite1
from sync.seal.batches import read_batch
from sync.seal.feed import Addressee, close_feed, message_digest
from sync.seal.opening import open_batch

_body: TypeAdapter[FeedBody] = TypeAdapter(FeedBody)


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What one pass did; `waiting` names batches that could not be opened yet."""

    filed: int
    set_aside: int
    sent: int
    waiting: tuple[tuple[int, Code], ...]


def reconcile_once(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, *, now: datetime
) -> ReconcileReport:
    """Open, file and answer all that can be."""
    mend(sealed, record, now=now)
    filed = set_aside = 0
    waiting: list[tuple[int, Code]] = []
    for batch in sealed.unopened():
        device = sealed.device(batch.device)
        try:
            if device is None:
                raise Problem(Code.DEVICE_UNKNOWN)
            good, bad = _file_batch(batch, device, sealed, record, keys, now=now)
        except Problem as problem:
            waiting.append((batch.log_position, problem.code))
            continue
        filed += good
        set_aside += bad
        sealed.mark_opened(batch.log_position)
    check_scans(sealed, record, keys, now=now)
    deliver_publications(sealed, record, keys)
    sent = send_outgoing(sealed, record, keys, now=now)
    return ReconcileReport(filed, set_aside, sent, tuple(waiting))


def _file_batch(
    batch: KeptBatch, device: Device, sealed: SealedLedger, record: Record,
    keys: ReconcileKeys, *, now: datetime,
) -> tuple[int, int]:  # fmt: skip
    head = record.chain(batch.device, batch.epoch)
    done = head.sequence if head else 0
    if batch.first > done + 1:
        raise Problem(Code.CHAIN_BROKEN)
    read = read_batch(batch.raw)
    chain = read.header.chain_before
    expected = (
        head.chain if head else chain_start(suite1.digest, batch.device, batch.epoch)
    )
    if batch.first == done + 1 and chain != expected:
        raise Problem(Code.CHAIN_FORKED)
    heard = Heard(datetime.fromisoformat(batch.received_at), working_calendar())
    desk = _Desk(device, read.header.signing_key, sealed, keys, heard)
    try:
        opened = open_batch(
            read,
            keys.opening_of(read.header.sealing_key),
            earlier=lambda some: record.run_of(batch.device, some),
        )
        if read.header.withheld:
            return bridging.file_stub(read.header, opened, record, now=now)
        links = _links(read.header, opened)
    except Problem as problem:
        if problem.code not in bridging.UNREADABLE:
            raise
        return bridging.file_gap(read.header, problem.code, record, now=now)
    filed = set_aside = 0
    for sequence, (raw, link) in enumerate(
        zip(opened, links, strict=True), start=batch.first
    ):
        if sequence <= done:
            continue
        good = _file_entry(
            EntryFiled(batch.device, batch.epoch, sequence, raw, None, None, ""),
            link, desk, record, now=now,
        )  # fmt: skip
        filed += good
        set_aside += not good
    return filed, set_aside


def _links(header: BatchHeader, opened: tuple[bytes, ...]) -> list[str]:
    """Return the chain after each entry; it is checked whole before any is filed."""
    chain = header.chain_before
    links = []
    for raw in opened:
        chain = chain_next(suite1.digest, chain, raw)
        links.append(chain)
    if chain != header.chain_after:
        raise Problem(Code.CHAIN_BROKEN)
    return links


@dataclass(frozen=True)
class _Desk:
    """Whose entries are filed, by which key they were signed, and what files them."""

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


def _verdict(
    entry: JournalEntry, desk: _Desk, known: CaseFiled | None, *, now: datetime
) -> Filed | SetAside:
    verdict = decide(entry, desk.origin, known, now=now)
    if isinstance(verdict, SetAside) and entry.sequence <= (
        desk.sealed.contacts.believed_to(entry.device, entry.epoch)
    ):
        return as_it_was(entry, verdict, known)
    return verdict


def _follows(
    entry: JournalEntry, desk: _Desk, record: Record, *, now: datetime
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


def _judge(
    entry: JournalEntry, desk: _Desk, record: Record, *, now: datetime
) -> tuple[Filed | SetAside, Said]:
    """Return what becomes of an entry, and what follows from it."""
    if record.healing.knows(original_id(entry)):
        # The same act, offered again after its epoch was left: it has had its effect.
        return Filed(getattr(entry.body, "number", None), None), Said()
    number = getattr(entry.body, "number", None)
    known = record.case(number) if isinstance(number, str) else None
    verdict = decide(entry, desk.origin, known, now=now)
    if isinstance(verdict, SetAside) and entry.sequence <= (
        desk.sealed.contacts.believed_to(entry.device, entry.epoch)
    ):
        verdict = as_it_was(entry, verdict, known)
    if isinstance(verdict, SetAside):
        return verdict, Said()
    said = _follows(entry, desk, record, now=now)
    return (said, Said()) if isinstance(said, SetAside) else (verdict, said)


def _file_entry(
    kept: EntryFiled, chain: str, desk: _Desk, record: Record, *, now: datetime
) -> bool:  # fmt: skip
    entry = read_entry(kept.entry)
    verdict: Filed | SetAside
    follows = Said()
    if entry is None or (entry.device, entry.epoch, entry.sequence) != (
        kept.device,
        kept.epoch,
        kept.sequence,
    ):
        entry = None
        verdict = SetAside(Code.MESSAGE_MALFORMED, "not a readable entry")
    elif isinstance(entry.body, EntryOffered) and (
        fault := bridging.cannot_be_supplied(entry, record)
    ):
        verdict = fault
    else:
        # An entry that was offered again is judged as if it came only now.
        entry = bridging.supplied(entry)
        verdict, follows = _judge(entry, desk, record, now=now)
    line = replace(kept, number=verdict.number)
    case = None
    if isinstance(verdict, Filed):
        case = verdict.case
        line = replace(line, reason=bridging.supplies(kept.entry))
    else:
        code, reason = int(verdict.code), verdict.reason
        line = replace(line, problem=code, reason=reason)
        told = EntryQuarantined(
            epoch=kept.epoch, sequence=kept.sequence, problem=code, reason=reason
        )
        follows = Said(feedback=told.model_dump_json())
    act = original_id(entry) if entry and isinstance(verdict, Filed) else None
    also = _with_healing(kept, act, record, follows.also)
    record.file(line, chain, case=case, feedback=follows.feedback, also=also, now=now)
    return isinstance(verdict, Filed)


def _with_healing(
    kept: EntryFiled, act: str | None, record: Record, also: Also | None
) -> Also:
    """Keep with an entry what follows from it, its act's id, and what goes back."""
    back = late_return(kept, record)

    def everything(connection: Connection) -> None:
        if also is not None:
            also(connection)
        if act is not None:
            keep_id(
                connection, act, device=kept.device, epoch=kept.epoch,
                sequence=kept.sequence,
            )  # fmt: skip
        for message in back:
            queue_message(connection, kept.device, message)

    return everything


def send_outgoing(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, *, now: datetime
) -> int:
    """Seal and sign what is to go out; a crash between the two steps sends once."""
    sent = 0
    for message in record.unsent():
        device = sealed.device(message.device)
        if device is None:
            continue
        to = Addressee(
            device.device,
            device.sealing_public,
            message.position,
            previous=_before(sealed, device.device, message.position),
        )
        body = _body.validate_json(message.body)
        signing = keys.answers
        if message.answers_key is not None:
            signing = keys.answers_of(message.answers_key)
        sealed.add_feed(close_feed(body, to, answers=signing, now=now))
        record.mark_sent(message.id)
        sent += 1
    return sent


def _before(sealed: SealedLedger, device: str, position: int) -> str | None:
    """Return the digest of the message before a position.

    Where a backup was put back the ledger has it no more, but the desk has named it.
    """
    kept = sealed.feed_message(device, position - 1)
    if kept is not None:
        return message_digest(kept)
    contact = sealed.contacts.last(device)
    if contact is not None and contact.feed_cursor == position - 1:
        return contact.feed_digest
    return None
