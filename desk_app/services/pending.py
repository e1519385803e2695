"""What is still to be sent, of every epoch.

Of an epoch that was left, the district holds what it has signed for and what it sent
back; should it lose that (its own backup was put back), it is offered again from the
history as both sides had it, not from what the desk displaced.
"""

from desk_app.store import journal, outbox, settings
from desk_app.store.vault import Transaction

Waiting = tuple[int, int, str | None]


def held_through(tx: Transaction, epoch: int) -> int:
    """Return up to where the district has proved that it holds an epoch."""
    came_back = int(settings.get(tx, f"held_through_{epoch}") or 0)
    return max(outbox.receipted_through(tx, epoch), came_back)


def hold_through(tx: Transaction, epoch: int, sequence: int) -> None:
    """Note that the district holds a left epoch up to here, or only up to here."""
    settings.put(tx, f"held_through_{epoch}", str(sequence))


def receipted(tx: Transaction, epoch: int, *, first: int, last: int) -> None:
    """Note that what was offered again of a left epoch has its receipt."""
    came_back = int(settings.get(tx, f"held_through_{epoch}") or 0)
    if came_back and first <= came_back + 1 <= last:
        hold_through(tx, epoch, last)


def offered_through(tx: Transaction, epoch: int) -> int:
    """Return the last sequence of a left epoch that is in any batch, or came back."""
    came_back = int(settings.get(tx, f"held_through_{epoch}") or 0)
    return max(outbox.last_batched(tx, epoch), came_back)


def next_gap(tx: Transaction, present: int) -> tuple[int, int, int | None]:
    """Return (epoch, first sequence in no batch, last one before the next batch)."""
    for epoch in range(1, present):
        last = offered_through(tx, epoch)
        kept = journal.history_after(tx, epoch=epoch, sequence=last, limit=1)
        if kept and not _is_open(tx, epoch):
            return epoch, last + 1, None
    begin, until = outbox.next_gap(tx, present)
    return present, begin, until


def _is_open(tx: Transaction, epoch: int) -> bool:
    """Say whether a healing has yet to decide what becomes of an epoch's entries."""
    since = int(settings.get(tx, "healing_from") or 0)
    return 0 < since <= epoch


def waiting(tx: Transaction, present: int) -> Waiting:
    """Return entries not yet released, those of them in flight, the oldest's time."""
    count, flying, oldest = outbox.waiting(tx, present)
    for epoch in range(1, present):
        more, since = journal.unreleased(tx, epoch, after=held_through(tx, epoch))
        count += more
        flying += outbox.flying(tx, epoch)
        oldest = min(filter(None, (oldest, since)), default=None)
    return count, flying, oldest
