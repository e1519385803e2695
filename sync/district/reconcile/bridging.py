"""Go on where an entry is missing: stubs, batches that never open, second tries.

Rule 1: a gap is declared, never silent: each missing sequence has a row with its
        number, and the heads in the header that the desk signed bridge the chain.
Rule 2: the desk is told, and offers the entries again inside new ones; each fills a
        declared gap, once.
"""

from datetime import datetime
from typing import Final

from pydantic import ValidationError

from schemas.batch import BatchHeader
from schemas.encoding import base64_bytes
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.quarantine import BatchUnreadable, EntryOffered, EntryWithheld
from sync.district.ledger.record import EntryFiled, Record
from sync.district.reconcile.rules import SetAside, read_entry

# It will not open tomorrow either: everything before it is filed, and the key is there.
UNREADABLE: Final = frozenset(
    {
        Code.SEAL_BROKEN,
        Code.MESSAGE_MALFORMED,
        Code.CHAIN_BROKEN,
        Code.CONTEXT_MISSING,
    }
)
_GAPS: Final = frozenset({int(Code.ENTRY_WITHHELD), int(Code.BATCH_UNREADABLE)})


def file_stub(
    header: BatchHeader, opened: tuple[bytes, ...], record: Record, *, now: datetime
) -> tuple[int, int]:
    """File what stands for an entry that the desk holds back."""
    try:
        stub = EntryWithheld.model_validate_json(opened[0])
    except ValidationError as error:
        raise Problem(Code.MESSAGE_MALFORMED, detail="stub") from error
    reason = f"withheld by the desk: {stub.problem}"
    line = EntryFiled(
        header.device, header.epoch, header.first, opened[0], None,
        int(Code.ENTRY_WITHHELD), reason,
    )  # fmt: skip
    new = record.file(line, header.chain_after, case=None, feedback=None, now=now)
    return 0, int(new)


def file_gap(
    header: BatchHeader, code: Code, record: Record, *, now: datetime
) -> tuple[int, int]:
    """Declare the whole range of a batch missing, and ask the desk for it again."""
    reason = f"the batch does not open: {int(code)}"
    told = BatchUnreadable(
        epoch=header.epoch, first=header.first, last=header.last,
        problem=int(Code.BATCH_UNREADABLE), reason=reason,
    )  # fmt: skip
    missing = 0
    for sequence in range(header.first, header.last + 1):
        line = EntryFiled(
            header.device, header.epoch, sequence, b"", None,
            int(Code.BATCH_UNREADABLE), reason,
        )  # fmt: skip
        last = sequence == header.last
        missing += record.file(
            line, header.chain_after, case=None,
            feedback=told.model_dump_json() if last else None, now=now,
        )  # fmt: skip
    return 0, missing


def cannot_be_supplied(entry: JournalEntry, record: Record) -> SetAside | None:
    """Return why an entry that is offered again fills no gap, or None where it does."""
    body = entry.body
    if not isinstance(body, EntryOffered):
        return None
    inner = read_entry(base64_bytes(body.entry))
    if inner is None or (inner.device, inner.epoch, inner.sequence) != (
        entry.device,
        body.epoch,
        body.sequence,
    ):
        return SetAside(Code.MESSAGE_MALFORMED, "not the entry that it says")
    if record.problem_of(entry.device, body.epoch, body.sequence) not in _GAPS:
        return SetAside(Code.CHAIN_FORKED, "its place is not empty")
    if record.has_reason(entry.device, _remark(body)):
        return SetAside(Code.CHAIN_FORKED, "was supplied before")
    return None


def supplied(entry: JournalEntry) -> JournalEntry:
    """Return the entry to judge: the one inside, where there is one."""
    body = entry.body
    inner = (
        read_entry(base64_bytes(body.entry)) if isinstance(body, EntryOffered) else None
    )
    return inner or entry


def was_supplied(kept: EntryFiled, record: Record) -> bool:
    """Say whether a declared gap has been filled by what the desk offered again."""
    if kept.problem not in _GAPS:
        return False
    return record.has_reason(kept.device, _remark_of(kept.epoch, kept.sequence))


def supplies(raw: bytes) -> str:
    """Return the remark that an entry is filed with: which gap it fills, if any."""
    entry = read_entry(raw)
    body = entry.body if entry else None
    return _remark(body) if isinstance(body, EntryOffered) else ""


def _remark(body: EntryOffered) -> str:
    return _remark_of(body.epoch, body.sequence)


def _remark_of(epoch: int, sequence: int) -> str:
    return f"supplies {epoch}/{sequence}"
