"""Offer entries again that the district could not open, or that it lacks (P3, P8).

Rule 1: an entry travels as it stood, byte for byte, inside a new one, and names its
        place: the district fills that place, or sees that it had it.
Rule 2: a range is offered only where this desk's history is the very one that is asked
        for, by its chain. What another history had there, this desk cannot know; its
        own entries of those places are offered by the healing.
Rule 3: what failed three times is a supervisor's task, and is not offered by itself.
"""

from collections.abc import Iterator
from dataclasses import replace

from desk_app.services import journalling, leaning, refiling, reporting
from desk_app.services.hands import Workplace
from desk_app.services.journalling import require_setting
from desk_app.store import audit, journal, quarantine
from desk_app.store.quarantine import Cut, Quarantined
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.encoding import base64_bytes, base64_text
from schemas.journal import JournalEntry
from schemas.quarantine import BatchUnreadable, EntryOffered

TRIES = 3


def supply_range(
    place: Workplace, tx: Transaction, body: BatchUnreadable
) -> Iterator[Quarantined]:
    """Offer a range again that did not open; yield what is not offered any more."""
    # Whatever it leaned on, the district has it no longer as this desk knows it.
    leaning.begin_anew(tx)
    now = place.hands.now()
    subject = f"{body.epoch}/{body.first}"
    audit.note(tx, "batch_unreadable", subject, operator=None, now=now)
    for entry in _asked_for(tx, body):
        failed = Quarantined(
            entry.epoch, entry.sequence, body.problem, body.reason, "reconcile",
            "open", utc_text(now),
        )  # fmt: skip
        (epoch, sequence), tries = _first(entry)
        if tries == TRIES:
            yield failed
            continue
        if tries:
            # The task is the first entry's; a try that failed is none of its own.
            quarantine.put(tx, replace(failed, state="settled"))
        offer(place, tx, replace(failed, epoch=epoch, sequence=sequence), entry)


def _asked_for(tx: Transaction, body: BatchUnreadable) -> tuple[journal.KeptEntry, ...]:
    last = {"epoch": body.epoch, "sequence": body.last}
    after = {"epoch": body.epoch, "sequence": body.first - 1}
    count = body.last - body.first + 1
    found: tuple[journal.KeptEntry, ...] = ()
    if body.chain_after in {None, journal.chain_at(tx, **last)}:
        found = journal.after(tx, **after, limit=count)
    elif journal.history_chain_at(tx, **last) == body.chain_after:
        found = journal.history_after(tx, **after, limit=count)
    return tuple(each for each in found if each.sequence <= body.last)


def _first(kept: journal.KeptEntry) -> tuple[tuple[int, int], int]:
    """Return the place of what an entry carries, and how often it was offered."""
    place, tries = (kept.epoch, kept.sequence), 0
    entry = JournalEntry.model_validate_json(kept.entry)
    while isinstance(entry.body, EntryOffered):
        place, tries = (entry.body.epoch, entry.body.sequence), tries + 1
        entry = JournalEntry.model_validate_json(base64_bytes(entry.body.entry))
    return place, tries


def offer(
    place: Workplace, tx: Transaction, task: Quarantined, entry: journal.KeptEntry
) -> None:
    """Offer an entry again in one of its own, alone in its batch.

    The task is what it is about: an entry that was offered before carries another one.
    """
    number = journal.number_of(tx, epoch=entry.epoch, sequence=entry.sequence)
    made = _append(place, tx, entry, number or "")
    alone = Cut(made.epoch, made.sequence, made.sequence, withheld=False)
    quarantine.cut(tx, alone)
    offered = replace(
        task,
        state="offered",
        offered_epoch=made.epoch,
        offered_sequence=made.sequence,
    )
    quarantine.put(tx, offered)


def supply_case(place: Workplace, tx: Transaction, number: str) -> None:
    """Offer a case's whole history again, its answers between, each where it was."""
    device = require_setting(tx, "device")
    kept = journal.of_case(tx, number)
    entries = [(each, JournalEntry.model_validate_json(each.entry)) for each in kept]
    own = [
        (each, entry)
        for each, entry in entries
        if entry.device == device and not isinstance(entry.body, EntryOffered)
    ]
    reports = reporting.reports_of(tx, number)
    for moment in refiling.in_order(own, [said for said, _ in reports]):
        if isinstance(moment, tuple):
            _append(place, tx, moment[0], number)
            continue
        report = next(report for said, report in reports if said is moment)
        journalling.append(tx, place, report, number=number)
    now = place.hands.now()
    audit.note(tx, "case_offered_again", number, operator=None, now=now)


def _append(
    place: Workplace, tx: Transaction, entry: journal.KeptEntry, number: str
) -> journal.KeptEntry:
    body = EntryOffered(
        epoch=entry.epoch, sequence=entry.sequence, entry=base64_text(entry.entry)
    )
    return journalling.append(tx, place, body, number=number)
