"""Keep trusted times, and find out when something truly was (P9).

A welcome answers this very contact: the district's time lies between the question and
its answer. A receipt proves that it is later than it says, and that what it receipts
was written before. Both are kept; deadlines are counted from what they prove.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, JsonValue

from desk_app.services import standing
from desk_app.services.catalogue import in_use_in
from desk_app.services.hands import Workplace
from desk_app.services.steady import SteadyClock
from desk_app.store import anchors, cases, journal, outbox, settings
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.contact import Welcome
from schemas.journal import Clocks, JournalEntry
from sync.protocol.anchors import (
    TOLERANCE,
    Anchor,
    Basis,
    Estimate,
    Reading,
    carried,
    true_time,
)

_LOOKED_AT = 2000


def steadied(place: Workplace) -> Workplace:
    """Return the workplace with a clock that knows what was proved before."""
    hands = place.hands
    clock = SteadyClock(hands.now, hands.boot, hands.monotonic_ms)
    with place.vault.read() as tx:
        anchor = anchors.latest(tx)
        kept = _kept_floor(tx)
        floor = kept.floor if kept is not None else None
        last = _trace_since(tx, kept.head) if kept is not None else None
        at = settings.get(tx, "anchored_at")
    if floor is not None:
        floor = carried(floor, last, clock.read())
        with place.vault.write() as tx:
            _keep_floor(tx, floor)
    clock.recalls(anchor, floor, datetime.fromisoformat(at) if at else None)
    return replace(place, hands=replace(hands, now=clock.now, clock=clock))


def clock_off(place: Workplace) -> timedelta | None:
    """Return how far the PC's clock is ahead (negative: behind), None where it is not.

    Known only where something was proved: without an anchor no clock is called wrong.
    """
    clock = place.hands.clock
    off = clock.wrong_by() if clock is not None else timedelta()
    return off or None


def sent(place: Workplace, tx: Transaction) -> None:
    """Note when the contact goes out, to know how long its answer was under way."""
    reading = _read(place)
    note = {"boot": reading.boot, "ms": reading.monotonic_ms}
    settings.put(tx, "contact_sent", json.dumps(note))


def welcomed(place: Workplace, tx: Transaction, welcome: Welcome) -> bool:
    """Keep the district's time as an anchor, and count again what it sheds light on.

    Returns whether it proves what time it is now, not only that it is later.

    How long the answer was under way is known for the last contact only: one that
    comes back on a stick after others proves no more than that it is later by now.
    """
    reading, at = _read(place), welcome.at
    note = json.loads(settings.get(tx, "contact_sent") or "{}")
    within = None
    latest = settings.get(tx, "contact_nonce") == welcome.nonce
    if latest and note.get("boot") == reading.boot:
        away = max(0, reading.monotonic_ms - int(note["ms"]))
        within = timedelta(milliseconds=away)
    before = anchors.latest_head(tx)
    _keep(place, tx, Anchor(reading, at, within))
    if within is not None:
        _look_back(tx, before, place.hands.now())
    return within is not None


def receipted(place: Workplace, tx: Transaction, at: datetime) -> None:
    """Keep a receipt's time: it is not earlier than that."""
    _keep(place, tx, Anchor(_read(place), at, None))


def _read(place: Workplace) -> Reading:
    hands = place.hands
    return Reading(hands.wall(), hands.boot, hands.monotonic_ms())


def _keep(place: Workplace, tx: Transaction, anchor: Anchor) -> None:
    epoch, sequence = _head(tx)
    anchors.keep(tx, anchor, epoch=epoch, sequence=sequence)
    clock = place.hands.clock
    floor = clock.heard(anchor) if clock is not None else anchor
    _keep_floor(tx, floor)
    heard = clock.anchored_at if clock is not None else None
    settings.put(tx, "anchored_at", utc_text(heard or anchor.at))


@dataclass(frozen=True, slots=True)
class _Floor:
    """What bounds the truth from below, and the journal's head when it was kept."""

    floor: Anchor
    head: tuple[int, int]


def _head(tx: Transaction) -> tuple[int, int]:
    epoch = int(settings.get(tx, "epoch") or 1)
    head = journal.head(tx, epoch)
    return epoch, head.sequence if head else 0


def _keep_floor(tx: Transaction, floor: Anchor) -> None:
    reading = floor.reading
    kept = {
        "head": _head(tx),
        "at": utc_text(floor.at),
        "wall": utc_text(reading.wall),
        "boot": reading.boot,
        "ms": reading.monotonic_ms,
    }
    settings.put(tx, "time_floor", json.dumps(kept))


def _kept_floor(tx: Transaction) -> _Floor | None:
    text = settings.get(tx, "time_floor")
    if text is None:
        return None
    kept = json.loads(text)
    wall = datetime.fromisoformat(kept["wall"])
    reading = Reading(wall, kept["boot"], kept["ms"])
    floor = Anchor(reading, datetime.fromisoformat(kept["at"]), None)
    epoch, sequence = kept["head"]
    return _Floor(floor, (int(epoch), int(sequence)))


def _trace_since(tx: Transaction, head: tuple[int, int]) -> Reading | None:
    """Return the clocks of the last entry, if it came after a head."""
    epoch, sequence = _head(tx)
    if (epoch, sequence) <= head or sequence == 0:
        return None
    kept = journal.after(tx, epoch=epoch, sequence=sequence - 1, limit=1)
    return reading_of(JournalEntry.model_validate_json(kept[0].entry).clocks)


def reading_of(clocks: Clocks) -> Reading:
    """Return an entry's clocks as a reading."""
    return Reading(clocks.wall, clocks.boot, clocks.monotonic_ms)


class _ReceivedGlance(BaseModel):
    """Of a case's entry what looking back needs; a thousand may wait after weeks."""

    kind: str
    number: str = ""
    received_at: datetime | None = None
    back_entry: JsonValue = None


class _Glance(BaseModel):
    """Of an entry what looking back needs; it was checked in full when it was made."""

    epoch: int
    sequence: int
    clocks: Clocks
    body: _ReceivedGlance


def estimate_in(tx: Transaction, entry: JournalEntry | _Glance) -> Estimate:
    """Return when an entry truly was written, as far as anchors and receipts say."""
    before, after = anchors.around(tx, epoch=entry.epoch, sequence=entry.sequence)
    at = outbox.receipted_at(tx, epoch=entry.epoch, sequence=entry.sequence)
    if at is not None:
        moment = datetime.fromisoformat(at)
        after = (*after, Anchor(Reading(moment, "", 0), moment, timedelta()))
    return true_time(reading_of(entry.clocks), before=before, after=after)


def _look_back(tx: Transaction, before: tuple[int, int], now: datetime) -> None:
    """Count deadlines from the true day of cases that a wrong clock dated.

    T0 on paper and in the journal stays as it is; only what the law counts from it is
    corrected, and the case says so.
    """
    epoch, sequence = before
    edition, calendar = in_use_in(tx)
    today = standing.local_day(now)
    for kept in journal.after(tx, epoch=epoch, sequence=sequence, limit=_LOOKED_AT):
        entry = _Glance.model_validate_json(kept.entry)
        body = entry.body
        if body.kind != "case_received" or body.back_entry or not body.received_at:
            continue
        said = estimate_in(tx, entry)
        true_day = standing.local_day(said.at)
        near = abs(said.at - body.received_at) <= TOLERANCE
        if near or said.basis is not Basis.ANCHORED:
            continue
        record = cases.get(tx, body.number)
        if record is None or true_day == standing.received_on(record):
            continue
        moved = standing.truly_received(record, true_day)
        item = edition.item(record.item_code)
        cases.stepped(tx, standing.with_due(moved, item, calendar, today=today))
