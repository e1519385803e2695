"""Count the legal days of waiting cases again, by another catalogue or calendar.

What presses first is sorted by days that were counted when a case last moved. Where
the law's text changed since, they are counted again, piece by piece.

Rule 1: a piece is one transaction with how far it came: whoever is stopped, locked or
        cut off goes on there.
Rule 2: lamps and case pages count anew each time; only the order of lists waits.
"""

from typing import Final

from desk_app.services import standing
from desk_app.services.catalogue import in_use_in
from desk_app.services.hands import Workplace
from desk_app.store import cases, settings, texts
from desk_app.store.vault import Transaction
from schemas.progress import Progress

# A transaction of a few milliseconds: who saves a case meanwhile does not wait for it.
AT_ONCE: Final = 200
_BY: Final = "due_days_by"
_SO_FAR: Final = "due_days_so_far"


def owed(place: Workplace) -> int:
    """Return how many cases still wait to be counted again."""
    with place.vault.read() as tx:
        if settings.get(tx, _BY) == _stamp(tx):
            return 0
        return cases.count_with_due_day(tx, after=_begun_at(tx))


def _done(place: Workplace) -> bool:
    with place.vault.read() as tx:
        return settings.get(tx, _BY) == _stamp(tx)


def recount(place: Workplace, *, progress: Progress) -> int:
    """Count again from where it was left; returns how many were looked at.

    Stopped, it leaves the rest for the next time.
    """
    looked_at, more = 0, not _done(place)
    while more and progress(looked_at):
        with place.vault.write() as tx:
            found = _count_some(place, tx)
        looked_at, more = looked_at + found, found > 0
    return looked_at


def _count_some(place: Workplace, tx: Transaction) -> int:
    """Count a piece; one that finds nothing more writes down that all is done."""
    stamp, today = _stamp(tx), standing.local_day(place.hands.now())
    # Read again for each piece: another text may have come into use meanwhile.
    edition, calendar = in_use_in(tx)
    waiting = cases.with_due_day(tx, after=_begun_at(tx), limit=AT_ONCE)
    for record in waiting:
        item = edition.item(record.item_code)
        again = standing.with_due(record, item, calendar, today=today)
        if again != record:
            cases.stepped(tx, again)
    if waiting:
        settings.put(tx, _SO_FAR, f"{stamp} {waiting[-1].number}")
    else:
        settings.put(tx, _BY, stamp)
        settings.put(tx, _SO_FAR, "")
    return len(waiting)


def _stamp(tx: Transaction) -> str:
    # Without its first part, which is this process's own.
    return "/".join(texts.stamp(tx)[1:])


def _begun_at(tx: Transaction) -> str:
    """Return the last number that was counted by the very texts of today."""
    stamp, _, number = (settings.get(tx, _SO_FAR) or "").rpartition(" ")
    return number if stamp == _stamp(tx) else ""
