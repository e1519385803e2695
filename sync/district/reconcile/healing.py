"""Heal after a rollback: of a desk, by sending back what is held; of this district.

Rule 1: what a desk lost is sent back byte for byte, in the transaction that files the
        beginning of its new epoch; what arrives late of a left epoch follows.
Rule 2: an act is filed once, by its id, at whatever place it was offered.
Rule 3: a database that is older than the other, or than a desk's own receipts, is
        mended before anything else is filed.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from schemas.base import utc_text
from schemas.case import CaseReceived
from schemas.casework import MOVES
from schemas.contact import Contact
from schemas.healing import AnswerReported, AnswersWanted, EpochStarted
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.steps import CaseStep, CorrectedOnSpot
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.asides import ask_anew
from sync.district.ledger.healing import (
    FEED_FORK,
    EpochLeft,
    keep_epoch,
)
from sync.district.ledger.record import CaseFiled, EntryFiled, Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.ledger.sending import queue_message
from sync.district.reconcile.answering import told_before
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.noticing import found_in, noticed
from sync.district.reconcile.reported import answer_back
from sync.district.reconcile.rules import Filed, SetAside
from sync.protocol.returning import pack
from sync.seal.feed import message_digest

# The machine's own refusals: a record that forgot an answer must not judge by them.
_EVERY: Final = 2**31  # beyond any epoch
_FORGOTTEN: Final = frozenset({Code.STEP_NOT_ADMITTED, Code.CHAIN_BROKEN})


def original_id(entry: JournalEntry) -> str:
    """Return the id of the act, however often it was offered."""
    return entry.again.entry_id if entry.again else entry.entry_id


def heal(
    entry: JournalEntry, record: Record, keys: ReconcileKeys, *, now: datetime
) -> Said | SetAside | None:
    """Do what an entry of a healing asks for; None where it is none."""
    body = entry.body
    if isinstance(body, EpochStarted):
        return _begin(entry, body, record, now=now)
    if isinstance(body, AnswerReported):
        return answer_back(entry, body, record, keys, now=now)
    return None


def _begin(
    entry: JournalEntry, body: EpochStarted, record: Record, *, now: datetime
) -> Said:
    device, epoch = entry.device, entry.epoch
    if record.healing.has_begun(device, epoch):
        # Said twice, by a desk that read one answer twice: what it lost is on its way.
        return Said()
    left = EpochLeft(
        device, epoch, body.from_epoch, body.agreed, body.why, utc_text(now)
    )
    held = record.healing.after(
        device, epoch=body.from_epoch, sequence=body.agreed, before=epoch
    )
    # Before the entries: a case is made again with its answers in their places.
    messages = [*told_before(record, device, restored_only=True)]
    messages += [each.model_dump_json() for each in pack(held, since=epoch)]

    def also(connection: Connection) -> None:
        keep_epoch(connection, left)
        ask_anew(connection, device)
        for message in messages:
            queue_message(connection, device, message)

    return Said(also=also)


def succeed(
    sealed: SealedLedger, record: Record, *, old: str, new: str, now: datetime
) -> int:
    """Let a desk go on with the cases of one that was lost without a backup.

    The lost one is revoked first: two desks with one case would contradict each other.
    Returns how many cases; `Problem(DEVICE_NOT_FOUND)`, `DEVICE_NOT_REVOKED`.
    """
    lost, heir = sealed.device(old), sealed.device(new)
    if lost is None or heir is None or heir.state != "granted":
        raise Problem(Code.DEVICE_NOT_FOUND, device=old if lost is None else new)
    if lost.state != "revoked":
        raise Problem(Code.DEVICE_NOT_REVOKED, device=old)
    held = record.healing.after(old, epoch=1, sequence=0, before=_EVERY)
    # It may have been the heir of another itself.
    held = record.healing.inherited(old) + held
    messages = [each.model_dump_json() for each in pack(held, since=1)]
    # What was decided while the lost one had the case, the heir has never been told.
    messages += told_before(record, old)
    return record.healing.succeed(old, new, messages, at=utc_text(now))


def late_return(kept: EntryFiled, record: Record) -> tuple[str, ...]:
    """Return the messages that send an entry back which its desk does not have."""
    left = record.healing.left_after(kept.device, kept.epoch, kept.sequence)
    if left is None:
        return ()
    packed = pack([kept.entry], since=left.epoch)
    return tuple(each.model_dump_json() for each in packed)


def with_shared_number(said: Said, entry: JournalEntry, *, now: datetime) -> Said:
    """Return what follows from a case whose paper bears another number: a finding."""
    body = entry.body
    on_paper = (body.model_extra or {}).get("paper_number")
    if not isinstance(body, CaseReceived) or not isinstance(on_paper, str):
        return said
    finding = found_in(
        entry, "number_on_two_papers", body.received_at, number=body.number,
        paper_number=on_paper,
    )  # fmt: skip
    return noticed(said, [finding], now=now)


def as_it_was(
    entry: JournalEntry, verdict: SetAside, known: CaseFiled | None
) -> Filed | SetAside:
    """Return what becomes of a step that was filed once already and sent again.

    The answer that it followed is lost here and comes back by a report; until then the
    step is taken as it was.
    """
    body = entry.body
    if not isinstance(body, CaseStep) or known is None:
        return verdict
    if verdict.code not in _FORGOTTEN:
        return verdict
    case = replace(known, state=MOVES[body.kind][1] or known.state)
    if isinstance(body, CorrectedOnSpot):
        case = replace(
            case,
            revision=body.revision,
            application=body.application.model_dump_json(),
        )
    return Filed(body.number, case)


def mend(sealed: SealedLedger, record: Record, *, now: datetime) -> None:
    """Bring the two databases together, and both to what desks know of them."""
    for (device, epoch), last in sealed.opened_ends().items():
        head = record.chain(device, epoch)
        done = head.sequence if head else 0
        if last > done:
            sealed.open_again(device, epoch, after=done)
    heads = sealed.feed_heads()
    for spoken in sealed.contacts.all():
        contact = spoken.contact
        sealed_end = heads.get(contact.device, 0)
        _mend_feed(contact, sealed_end, sealed, record)
        _mend_fork(contact, sealed, record, now=now)
        _mend_hole(contact, sealed_end, sealed, record)


def _mend_feed(
    contact: Contact, sealed_end: int, sealed: SealedLedger, record: Record
) -> None:
    device = contact.device
    reached = max(contact.feed_cursor, sealed_end)
    known = record.healing.feed_end(device)
    if reached > known:
        # The record is behind the feed that went out.
        seen = sealed.contacts.cursor_within(device, known)
        after = min(seen, known) if sealed_end < reached else known
        unseen = record.healing.bodies(device, after=after, through=known)
        record.healing.raise_floor(device, reached)
        wanted = AnswersWanted(after=after, through=reached).model_dump_json()
        record.renewals.tell([device], wanted)
        for body in unseen:
            record.renewals.tell([device], body)
    elif record.healing.sent_end(device) > sealed_end:
        record.healing.send_again(device, sealed_end)


def _mend_hole(
    contact: Contact, sealed_end: int, sealed: SealedLedger, record: Record
) -> None:
    """Let a desk go on over positions that both sides have lost.

    The desk knew messages that a district, put back, no longer has; then the desk was
    put back, too, perhaps to before what the district still has. What stands there now
    asks for what nobody has, and is passed over.
    """
    device, cursor = contact.device, contact.feed_cursor
    if sealed_end <= cursor:
        return
    holes = sealed.feed_holes(device, cursor)
    if not holes:
        return
    record.healing.fill(
        device,
        {
            position: AnswersWanted(
                after=position - 1, through=position
            ).model_dump_json()
            for position in holes
        },
    )


def _mend_fork(
    contact: Contact, sealed: SealedLedger, record: Record, *, now: datetime
) -> None:
    """Tell a desk again what stands at places where it was told other things.

    A backup was put back and went on before this desk called: both histories have
    messages at the same positions, and the desk knows the other ones.
    """
    device, cursor = contact.device, contact.feed_cursor
    own = sealed.feed_message(device, cursor)
    if own is None or contact.feed_digest in {None, message_digest(own)}:
        return
    subject = f"{device} {contact.feed_digest}"
    if record.healing.was_mended(subject):
        return
    # The greetings that came with the backup: of those both histories know.
    after = sealed.contacts.cursor_within(device, cursor - 1)
    wanted = AnswersWanted(after=after, through=cursor).model_dump_json()
    unseen = record.healing.bodies(device, after=after, through=cursor)
    for body in (wanted, *unseen):
        record.renewals.tell([device], body)
    record.note("system", FEED_FORK, subject, now=now)
