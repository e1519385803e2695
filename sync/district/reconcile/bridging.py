"""Go on where an entry is missing: stubs, batches that never open, second tries.

Rule 1: a gap is declared, never silent: each missing sequence has a row with its
        number, and the heads in the header that the desk signed bridge the chain.
Rule 2: the desk is asked (`releasing`), and offers the entries again inside new ones;
        each fills its place, once.
"""

from datetime import datetime
from typing import Final

from pydantic import ValidationError

from schemas.batch import BatchHeader
from schemas.encoding import base64_bytes
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from schemas.quarantine import EntryOffered, EntryWithheld
from sync.district.ledger.record import EntryFiled, Record
from sync.district.ledger.rows import GAPS
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
    """Declare the whole range of a batch missing; `releasing` asks for it again."""
    reason = f"the batch does not open: {int(code)}"
    missing = 0
    for sequence in range(header.first, header.last + 1):
        line = EntryFiled(
            header.device, header.epoch, sequence, b"", None,
            int(Code.BATCH_UNREADABLE), reason,
        )  # fmt: skip
        missing += record.file(
            line, header.chain_after, case=None, feedback=None, now=now
        )
    return 0, missing


def cannot_be_supplied(
    body: EntryOffered, device: str, record: Record
) -> SetAside | None:
    """Return why an entry that is offered again fills no place, or None.

    It fills a declared gap, the place of its own bytes that are set aside, and a place
    that was not heard of yet.
    """
    there = record.journals.entry_at(device, body.epoch, body.sequence)
    if there is None or there.problem in GAPS:
        return None
    if there.problem is not None and there.entry == base64_bytes(body.entry):
        return None
    return SetAside(Code.CHAIN_FORKED, "its place is not empty")


def supplied(entry: JournalEntry) -> JournalEntry | None:
    """Return the entry inside one that offers it; None where it is not what it says."""
    body = entry.body
    if not isinstance(body, EntryOffered):
        return None
    inner = read_entry(base64_bytes(body.entry))
    if inner is None or (inner.device, inner.epoch, inner.sequence) != (
        entry.device,
        body.epoch,
        body.sequence,
    ):
        return None
    return inner
