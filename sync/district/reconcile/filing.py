"""Open what intake kept, in order, and file it; then send what is to be sent.

A batch that does not follow its predecessor waits and is reported, as does one whose
key is missing; other desks are not held up. One that will never open leaves a declared
gap (`bridging`), so that nothing after it is held up either. Filing an entry is one
transaction, so a crash between two of them files nothing twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection

from schemas.batch import BatchHeader
from schemas.feed import EntryQuarantined, FeedBody
from schemas.problems import Code, Problem
from schemas.statement import CHINA_TIME
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import Also, EntryFiled, Record
from sync.district.ledger.sealed import Device, KeptBatch, SealedLedger
from sync.district.ledger.sending import queue_message
from sync.district.reconcile import bridging
from sync.district.reconcile.comparing import Said, agree_after_all
from sync.district.reconcile.healing import late_return, mend
from sync.district.reconcile.judging import Sender, judge
from sync.district.reconcile.publishing import deliver_publications
from sync.district.reconcile.releasing import healing_by, release, restored_number
from sync.district.reconcile.rules import Filed
from sync.district.reconcile.scanning import check_scans
from sync.district.reconcile.times import Heard, calendar_in_force
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
    at = datetime.fromisoformat(batch.received_at)
    heard = Heard(at, calendar_in_force(record, at.astimezone(CHINA_TIME).date()))
    desk = Sender(device, read.header.signing_key, sealed, keys, heard)
    restored: frozenset[str] = frozenset()
    try:
        opened = open_batch(
            read,
            keys.opening_of(read.header.sealing_key),
            earlier=lambda some: record.journals.run_of(batch.device, some),
        )
        if read.header.withheld:
            filed, aside = bridging.file_stub(read.header, opened, record, now=now)
        else:
            links = _links(read.header, opened)
            filed, aside = _file_entries(
                batch, zip(opened, links, strict=True), done, desk, record, now=now
            )
            found = {restored_number(raw) for raw in opened}
            restored = frozenset(each for each in found if each is not None)
    except Problem as problem:
        if problem.code not in bridging.UNREADABLE:
            raise
        filed, aside = bridging.file_gap(read.header, problem.code, record, now=now)
    # Before the batch counts as opened: a crash in between looks again.
    filed += release(desk, record, restored, now=now)
    agree_after_all(batch.device, record, keys, now=now)
    return filed, aside


def _file_entries(
    batch: KeptBatch, lines: Iterable[tuple[bytes, str]], done: int, desk: Sender,
    record: Record, *, now: datetime,
) -> tuple[int, int]:  # fmt: skip
    filed = set_aside = 0
    for sequence, (raw, link) in enumerate(lines, start=batch.first):
        if sequence <= done:
            continue
        kept = EntryFiled(batch.device, batch.epoch, sequence, raw, None, None, "")
        good = _file_entry(kept, link, desk, record, now=now)
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


def _file_entry(
    kept: EntryFiled, chain: str, desk: Sender, record: Record, *, now: datetime
) -> bool:
    judged = judge(kept, desk, record, now=now)
    verdict, follows = judged.verdict, judged.follows
    line = replace(kept, number=verdict.number)
    case, also = None, follows.also
    if isinstance(verdict, Filed):
        case = verdict.case
        if judged.supplies:
            epoch, sequence = judged.supplies[0]
            line = replace(line, reason=f"supplies {epoch}/{sequence}")
        also = healing_by(kept, judged, also, record, now=now)
    else:
        code, reason = int(verdict.code), verdict.reason
        line = replace(line, problem=code, reason=reason)
        told = EntryQuarantined(
            epoch=kept.epoch, sequence=kept.sequence, problem=code, reason=reason
        )
        follows = Said(feedback=told.model_dump_json())
    record.file(
        line, chain, case=case, feedback=follows.feedback, now=now, act=judged.act,
        also=_with_return(kept, record, also),
    )  # fmt: skip
    return isinstance(verdict, Filed)


def _with_return(kept: EntryFiled, record: Record, also: Also | None) -> Also:
    """Keep with an entry what follows from it, and what goes back to its desk."""
    back = late_return(kept, record)

    def everything(connection: Connection) -> None:
        if also is not None:
            also(connection)
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
        said = close_feed(body, to, answers=signing, now=now)
        if not sealed.add_feed(said, sealed_to=to.sealing_public):
            # Its desk has other keys since a moment ago: the next round seals to them.
            break
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
