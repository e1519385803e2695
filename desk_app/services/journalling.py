"""Append a journal entry in the caller's transaction: gapless and chained."""

from pydantic import BaseModel

from desk_app.services.hands import Workplace
from desk_app.store import journal, settings
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.encoding import JsonObject, canonical
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from sync.protocol.chain import chain_next, chain_start
from sync.seal import suite1


def require_setting(tx: Transaction, name: str) -> str:
    """Return a setting that set-up or enrolment made."""
    value = settings.get(tx, name)
    if value is None:
        raise Problem(Code.NOT_ENROLLED)
    return value


def append(
    tx: Transaction, place: Workplace, body: BaseModel, *, number: str | None
) -> journal.KeptEntry:
    """Write down what was done; returns the entry as kept."""
    plain = body.model_dump(mode="json")
    return _append(tx, place, plain, number=number, also={"operator": place.operator})


def append_again(
    tx: Transaction, place: Workplace, body: JsonObject, *, number: str | None,
    was: JournalEntry,
) -> journal.KeptEntry:  # fmt: skip
    """Write down once more, in the present epoch, what an entry of a left one says.

    Its operator, clocks and id stay in it: whoever reads it knows who did it, and when.
    """
    again: JsonObject = {
        "epoch": was.epoch,
        "sequence": was.sequence,
        "entry_id": original_id(was),
        "clocks": was.clocks.model_dump(mode="json"),
    }
    also: JsonObject = {"operator": was.operator, "again": again}
    return _append(tx, place, body, number=number, also=also)


def original_id(entry: JournalEntry) -> str:
    """Return the id of what was first written down, however often it was offered."""
    return entry.again.entry_id if entry.again else entry.entry_id


def _append(
    tx: Transaction, place: Workplace, plain: JsonObject, *, number: str | None,
    also: JsonObject,
) -> journal.KeptEntry:  # fmt: skip
    device, said = settings.several(tx, "device", "epoch")
    if device is None or said is None:
        raise Problem(Code.NOT_ENROLLED)
    epoch = int(said)
    head = journal.head(tx, epoch)
    before = head.chain if head else chain_start(suite1.digest, device, epoch)
    sequence = head.sequence + 1 if head else 1
    hands = place.hands
    wall = utc_text(hands.wall())
    clocks: JsonObject = {
        "wall": wall,
        "boot": hands.boot,
        "monotonic_ms": hands.monotonic_ms(),
    }
    if hands.clock is not None and hands.clock.anchored_at is not None:
        clocks["anchored_at"] = utc_text(hands.clock.anchored_at)
    entry = canonical(
        {
            **also,
            "version": 1,
            "entry_id": place.new_id(),
            "device": device,
            "epoch": epoch,
            "sequence": sequence,
            "clocks": clocks,
            "body": plain,
        }
    )
    chain = chain_next(suite1.digest, before, entry)
    kept = journal.KeptEntry(epoch, sequence, entry, chain)
    journal.append(tx, kept, journal.Label(wall, str(plain["kind"]), number))
    return kept
