"""What becomes of entries that will not go through: cut off, set aside, offered again.

Rule 1: a run that the district refuses is sent again in halves, down to the one entry
        that cannot pass; nothing else is held up by it.
        One refusal of it proves nothing: a byte may have changed on the way. The same
        bytes go again, a few times, before they are suspected.
Rule 2: an entry is at fault only if the district takes a stub in its place. Where it
        refuses the stub, too, the fault lies elsewhere, and nothing is set aside.
Rule 3: what is set aside stays in the journal, is a supervisor's task until settled,
        and is offered again whole inside a new entry. Nothing vanishes (P3).
Rule 4: a run that overlaps with what is kept is cut where the kept part ends, or, when
        the district lost what came after it, into the pieces that it once went in.
        Where that does not help the desk leaves its epoch (`healing`): none is parked.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from desk_app.services import access
from desk_app.services.hands import Workplace
from desk_app.services.supplying import offer, supply_case, supply_range
from desk_app.store import audit, journal, outbox, quarantine, settings
from desk_app.store.outbox import BatchRecord
from desk_app.store.quarantine import Cut, Quarantined
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.batch import BatchHeader
from schemas.contact import Welcome
from schemas.encoding import canonical
from schemas.feed import EntryQuarantined, FeedBody
from schemas.healing import CaseWanted, EntryReleased
from schemas.problems import Code, Problem
from schemas.quarantine import BatchUnreadable, EntryWithheld
from sync.seal import suite1

# What may lie in one entry alone. Everything else is about the desk, its history or
# the district, and cutting a batch apart would not help.
_OF_THE_CONTENT: Final = frozenset({Code.MESSAGE_MALFORMED, Code.SIGNATURE_INVALID})
# Refusals of the same bytes before an entry is suspected.
PATIENCE: Final = 3
# The district holds the bytes and has ruled on them: a repeat changes nothing.
_RULED = "rules"


def refused(place: Workplace, tx: Transaction, digest: str, code: Code) -> bool:
    """Act on a refusal; returns whether sending can go on."""
    batch = outbox.get(tx, digest)
    if batch is None:
        return True
    header = BatchHeader.model_validate_json(batch.header)
    of_one = code in _OF_THE_CONTENT and batch.first == batch.last
    if of_one and outbox.refused_again(tx, digest) < PATIENCE:
        return True
    if header.withheld:
        quarantine.no_longer_suspected(tx, batch.epoch, batch.first)
        quarantine.uncut(tx, batch.epoch, batch.first)
        outbox.take_back(tx, digest)
        _note(place, tx, "suspicion_withdrawn", _name(batch.epoch, batch.first))
        return False
    cut = code is Code.BATCH_OVERLAPS and (
        _cut_where_held_ends(tx, batch) or _in_its_pieces(tx, batch)
    )
    if cut:
        _note(place, tx, "batch_cut", digest)
        return True
    if code not in _OF_THE_CONTENT:
        outbox.refused(tx, digest, int(code))
        _note(place, tx, "batch_refused", digest)
        return True
    outbox.take_back(tx, digest)
    if batch.first < batch.last:
        middle = (batch.first + batch.last) // 2
        quarantine.cut(tx, Cut(batch.epoch, batch.first, middle, withheld=False))
        quarantine.cut(tx, Cut(batch.epoch, middle + 1, batch.last, withheld=False))
        _note(place, tx, "batch_cut", digest)
        return True
    quarantine.cut(tx, Cut(batch.epoch, batch.first, batch.first, withheld=True))
    now = utc_text(place.hands.now())
    suspect = Quarantined(
        batch.epoch, batch.first, int(code), "", "intake", "suspected", now
    )
    quarantine.put(tx, suspect)
    return True


def _cut_where_held_ends(tx: Transaction, batch: BatchRecord) -> bool:
    """Cut a run in two where the district's own word says that its kept part ends.

    A disk that lied has lost what was sent, but not the entries: the kept part is
    sealed once more and gets its receipt; what comes after it is new.
    """
    kept = settings.get(tx, "welcome")
    held = Welcome.model_validate_json(kept).held if kept else None
    if held is None or held.epoch != batch.epoch:
        return False
    own = journal.chain_at(tx, epoch=held.epoch, sequence=held.sequence)
    if own != held.chain or not batch.first <= held.sequence < batch.last:
        return False
    outbox.take_back(tx, batch.batch_digest)
    quarantine.cut(tx, Cut(batch.epoch, batch.first, held.sequence, withheld=False))
    return True


def _in_its_pieces(tx: Transaction, batch: BatchRecord) -> bool:
    """Cut a run where its entries were cut before the district lost them."""
    epoch, last = batch.epoch, batch.last
    begins = outbox.lost_borders(tx, epoch, first=batch.first, last=last)
    if len(begins) == 1:
        return False
    outbox.take_back(tx, batch.batch_digest)
    ends = (*(each - 1 for each in begins[1:]), last)
    for first, end in zip(begins, ends, strict=True):
        quarantine.cut(tx, Cut(epoch, first, end, withheld=False))
    return True


def stub_of(tx: Transaction, entry: journal.KeptEntry) -> bytes:
    """Return the line that takes an entry's place."""
    known = quarantine.get(tx, entry.epoch, entry.sequence)
    return canonical(
        EntryWithheld(
            digest=suite1.digest(entry.entry),
            size=len(entry.entry),
            problem=known.problem if known else int(Code.ENTRY_WITHHELD),
        )
    )


def released(place: Workplace, tx: Transaction, header: BatchHeader) -> None:
    """Note a receipt: a stub's makes the suspicion a fact."""
    if not header.withheld:
        return
    suspect = quarantine.get(tx, header.epoch, header.first)
    if suspect is not None and suspect.state == "suspected":
        _set_aside(place, tx, suspect)


def _set_aside(place: Workplace, tx: Transaction, entry: Quarantined) -> None:
    """Make an entry a task; of a second try that failed, the task is the first one."""
    first = quarantine.offered_as(tx, entry.epoch, entry.sequence)
    if first is None:
        quarantine.put(tx, replace(entry, state="open"))
    else:
        again = _name(entry.epoch, entry.sequence)
        quarantine.put(tx, replace(entry, state="settled"))
        quarantine.put(
            tx,
            replace(
                first, state="open", problem=entry.problem, reason=entry.reason,
                offered_epoch=None, offered_sequence=None, note=again,
            ),
        )  # fmt: skip
    _note(place, tx, "entry_quarantined", _name(entry.epoch, entry.sequence))


def take(place: Workplace, tx: Transaction, body: FeedBody) -> None:
    """Act on what the district says it could not open or file."""
    now = utc_text(place.hands.now())
    if isinstance(body, EntryQuarantined):
        ruled = Quarantined(
            body.epoch, body.sequence, body.problem, body.reason, _RULED, "open", now
        )
        _set_aside(place, tx, ruled)
    if isinstance(body, BatchUnreadable):
        for task in supply_range(place, tx, body):
            _set_aside(place, tx, task)
    if isinstance(body, CaseWanted):
        supply_case(place, tx, body.number)
    if isinstance(body, EntryReleased):
        _released(place, tx, body)


def _released(place: Workplace, tx: Transaction, body: EntryReleased) -> None:
    """Settle what the district filed after all; it says by which entry."""
    here = _name(body.epoch, body.sequence)
    by = _name(body.by_epoch, body.by_sequence)
    mine = quarantine.get(tx, body.epoch, body.sequence)
    first = quarantine.noted(tx, here)
    for task in filter(None, (mine, first)):
        quarantine.put(tx, replace(task, state="settled", note=by))
    _note(place, tx, "entry_released", here)


def tasks(place: Workplace) -> tuple[Quarantined, ...]:
    """Return what is in quarantine and not settled, in order of the journal.

    What was offered again and has its receipt is settled by that.
    """
    with place.vault.read() as tx:
        found = quarantine.all_of(tx)
        return tuple(each for each in found if not _is_done(tx, each))


def found(task: Quarantined) -> datetime:
    """Return when a task was found."""
    return datetime.fromisoformat(task.found_at)


def may_retry(task: Quarantined) -> bool:
    """Say whether offering it again could change anything."""
    return task.found_by != _RULED and task.state == "open"


def _is_done(tx: Transaction, entry: Quarantined) -> bool:
    if entry.state != "offered":
        return entry.state in {"settled", "suspected"}
    epoch, sequence = entry.offered_epoch or 0, entry.offered_sequence or 0
    return outbox.is_receipted(tx, epoch=epoch, sequence=sequence)


def retry(place: Workplace, epoch: int, sequence: int) -> None:
    """Offer an entry again; supervisors only."""
    access.require_supervisor(place)
    with place.vault.write() as tx:
        task = _task(tx, epoch, sequence)
        if not may_retry(task):
            raise Problem(Code.NOT_RETRIABLE)
        # Its last try is missing at the district, too: that one carries it.
        last, there = _place(task.note) or (epoch, sequence)
        kept = journal.after(tx, epoch=last, sequence=there - 1, limit=1)
        offer(place, tx, task, kept[0])
        _note(place, tx, "entry_offered", _name(epoch, sequence))


def settle(place: Workplace, epoch: int, sequence: int, *, note: str) -> None:
    """Close the task with a reason; supervisors only. The entry stays on record."""
    access.require_supervisor(place)
    if not note.strip():
        raise Problem(Code.REASON_MISSING)
    with place.vault.write() as tx:
        task = _task(tx, epoch, sequence)
        quarantine.put(tx, replace(task, state="settled", note=note.strip()))
        _note(place, tx, "quarantine_settled", _name(epoch, sequence))


def _task(tx: Transaction, epoch: int, sequence: int) -> Quarantined:
    task = quarantine.get(tx, epoch, sequence)
    if task is None or task.state in {"suspected", "settled"}:
        raise Problem(Code.QUARANTINE_UNKNOWN)
    return task


def _name(epoch: int, sequence: int) -> str:
    return f"{epoch}/{sequence}"


def _place(name: str) -> tuple[int, int] | None:
    epoch, _, sequence = name.partition("/")
    digits = epoch.isdecimal() and sequence.isdecimal()
    return (int(epoch), int(sequence)) if digits else None


def _note(place: Workplace, tx: Transaction, what: str, subject: str) -> None:
    audit.note(tx, what, subject, operator=None, now=place.hands.now())
