"""What a batch may lean on, so that what the district has already costs nothing again.

Rule 1: only on entries that the district has signed for; they are filed before the
        batch is, since a desk's batches are opened in order.
Rule 2: only with a dictionary that the district said it has (its last welcome).
Rule 3: never on a place where the district may hold other bytes than this journal: an
        entry that was offered again elsewhere, or from before a batch did not open.
"""

from collections.abc import Sequence
from typing import Final

from desk_app.store import journal, outbox, quarantine, returned, settings
from desk_app.store.vault import Transaction
from schemas.contact import Welcome
from sync.seal.compressing import (
    ENOUGH_OF_ITS_OWN,
    MOST_RANGES,
    Context,
    EntryRange,
    best_of,
)

# Four times its own size of what went before brings a batch of a hundred cases to what
# a thousand at once would cost; more gains nothing (docs/adr/0013).
_TIMES: Final = 4
_MOST_BYTES: Final = 2**20
_MOST_ENTRIES: Final = 2000


_SETTING: Final = "lean_after"


def begin_anew(tx: Transaction) -> None:
    """Lean on nothing of before this moment: the district may lack some of it."""
    epoch = int(settings.get(tx, "epoch") or 1)
    head = journal.head(tx, epoch)
    settings.put(tx, _SETTING, f"{epoch} {head.sequence if head else 0}")


def _begin(tx: Transaction) -> tuple[int, int]:
    kept = settings.get(tx, _SETTING)
    epoch, sequence = kept.split() if kept else ("1", "0")
    return int(epoch), int(sequence)


def context_for(
    tx: Transaction, *, epoch: int, run: Sequence[journal.KeptEntry]
) -> Context | None:
    """Return what a run of entries is to be compressed against, or None."""
    said = settings.get(tx, "welcome")
    known = Welcome.model_validate_json(said).dictionaries if said else ()
    name = best_of(known)
    if name is None:
        return None
    first, last = run[0].sequence, run[-1].sequence
    size = sum(len(each.entry) for each in run)
    budget = min(_TIMES * size, _MOST_BYTES)
    recent = _recent(tx, epoch=epoch, before=first, budget=budget)
    near = {(each.epoch, each.sequence) for each in recent}
    same_cases = [
        each
        for each in journal.earlier_applications(
            tx, epoch=epoch, first=first, last=last
        )
        if (each.epoch, each.sequence) not in near
        and (each.epoch, each.sequence) > _begin(tx)
        and not returned.is_displaced(tx, each.epoch, each.sequence)
        and quarantine.get(tx, each.epoch, each.sequence) is None
        and outbox.signed_for(tx, epoch=each.epoch, sequence=each.sequence)
    ][: MOST_RANGES - 1]
    ranges = [EntryRange(each.epoch, each.sequence, 1) for each in same_cases]
    if recent:
        ranges.append(EntryRange(epoch, recent[0].sequence, len(recent)))
    if not ranges and size > ENOUGH_OF_ITS_OWN:
        return None
    earlier = (*same_cases, *recent)
    return Context(name, tuple(ranges), tuple(each.entry for each in earlier))


def _recent(
    tx: Transaction, *, epoch: int, before: int, budget: int
) -> list[journal.KeptEntry]:
    """Return the receipted entries just before a sequence, as many as the budget."""
    begin = outbox.receipted_back_to(
        tx, epoch=epoch, sequence=before - 1, limit=_MOST_ENTRIES
    )
    # Where a stub lies at the district there is nothing to lean on.
    begin = max(begin, quarantine.last_before(tx, epoch, before) + 1)
    since_epoch, since = _begin(tx)
    if since_epoch >= epoch:
        begin = max(begin, since + 1)
    if begin >= before:
        return []
    found = journal.after(tx, epoch=epoch, sequence=begin - 1, limit=before - begin)
    kept: list[journal.KeptEntry] = []
    for each in reversed([each for each in found if each.sequence < before]):
        budget -= len(each.entry)
        # A range has no gap: in a damaged journal it begins after the lost entry.
        if budget < 0 or each.sequence != before - 1 - len(kept):
            break
        kept.insert(0, each)
    return kept
