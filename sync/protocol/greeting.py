"""Judge two histories from their ends: pure; both sides use it.

The district sees counters and heads and cannot open anything; the desk can also look
up its own chain at the place that the district names. What a verdict leads to is not
decided here.

One machine at a time speaks for a device. An older counter from the same machine, or
from a desk that says itself that it was restored, is a vault put back; from another
machine it is a second copy in use. An older epoch that goes on beside a newer one is a
vault put back on the newer one's own machine: its copy had counted greetings that never
arrived. Where no machine is named it is a second copy.
"""

from dataclasses import dataclass

from schemas.contact import Contact, JournalHead, Verdict


@dataclass(frozen=True, slots=True)
class KnownDesk:
    """What the district remembers of a device's greetings.

    `seen` says that this very contact came before; `lineage` is the highest counter
    that came from the contact's own epoch, 0 for none (a vault that was put back counts
    on from where it was, in its new epoch); `newest_epoch` is the highest epoch that
    any greeting or kept batch named. `second_copy` says that the contact's machine was
    called a second copy in this epoch before: the line may have lost the answer, and a
    later counter makes no owner of it.
    """

    seen: bool = False
    lineage: int = 0
    newest_epoch: int = 0
    machine: str | None = None
    second_copy: bool = False


def judge(
    contact: Contact, known: KnownDesk, *, held: JournalHead | None, feed_head: int
) -> Verdict:
    """Return what blind intake can tell from a contact."""
    if known.second_copy and not contact.restored:
        return Verdict.CLONED
    if is_late(contact, known):
        return Verdict.AGREED
    if contact.restored:
        return Verdict.DESK_BEHIND
    if contact.head.epoch < known.newest_epoch:
        goes_on = 0 < known.lineage < contact.counter
        second = _elsewhere(contact, known) or (goes_on and not _here(contact, known))
        return Verdict.CLONED if second else Verdict.DESK_BEHIND
    if contact.counter <= known.lineage:
        second = _elsewhere(contact, known)
        return Verdict.CLONED if second else Verdict.DESK_BEHIND
    if _missed_one(contact, known) and _elsewhere(contact, known):
        return Verdict.CLONED
    has = held.sequence if held is not None else 0
    if has > contact.head.sequence:
        return Verdict.DESK_BEHIND
    at_head = held is not None and has == contact.head.sequence
    if at_head and held is not None and held.chain != contact.head.chain:
        return Verdict.FORKED
    if contact.receipted > has or contact.feed_cursor > feed_head:
        return Verdict.DISTRICT_BEHIND
    return Verdict.AGREED


def is_late(contact: Contact, known: KnownDesk) -> bool:
    """Say whether an old greeting comes twice, or late on a stick: no word of today."""
    older = contact.head.epoch < known.newest_epoch
    behind = older or contact.counter <= known.lineage
    return known.seen or (contact.by == "stick" and behind and not contact.restored)


def _missed_one(contact: Contact, known: KnownDesk) -> bool:
    """Say whether the desk never heard the answer to its epoch's last greeting.

    A copy whose own first greeting was lost counts on beyond the original's.
    """
    return contact.answered is not None and contact.answered < known.lineage


def _here(contact: Contact, known: KnownDesk) -> bool:
    return contact.machine is not None and contact.machine == known.machine


def _elsewhere(contact: Contact, known: KnownDesk) -> bool:
    both_named = contact.machine is not None and known.machine is not None
    return both_named and contact.machine != known.machine


def compare_held(
    held: JournalHead | None, *, own_chain: str | None, own_head: int
) -> Verdict:
    """Return what the desk sees: `own_chain` is its chain at the held sequence."""
    if held is None or held.sequence == 0:
        return Verdict.AGREED
    if held.sequence > own_head:
        return Verdict.DESK_BEHIND
    return Verdict.AGREED if own_chain == held.chain else Verdict.FORKED
