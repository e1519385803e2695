"""Judge two histories from their ends: pure; both sides use it.

The district sees counters and heads and cannot open anything; the desk can also look
up its own chain at the place that the district names. What a verdict leads to is not
decided here.
"""

from dataclasses import dataclass

from schemas.contact import Contact, JournalHead, Verdict


@dataclass(frozen=True, slots=True)
class KnownContact:
    """The last contact that the district took from a device."""

    counter: int
    nonce: str


def judge(
    contact: Contact,
    *,
    known: KnownContact | None,
    held: JournalHead | None,
    newest_epoch: int,
    feed_head: int,
) -> Verdict:
    """Return what blind intake can tell from a contact."""
    repeats = known is not None and (contact.counter, contact.nonce) == (
        known.counter,
        known.nonce,
    )
    if known is not None and contact.counter <= known.counter and not repeats:
        if contact.by == "stick":
            # It was overtaken on its way: not a second history, only an old letter.
            return Verdict.AGREED
        # An older copy of the vault speaks: put back, or running beside the newer one.
        behind = contact.head.epoch <= newest_epoch
        return Verdict.DESK_BEHIND if behind else Verdict.CLONED
    has = held.sequence if held is not None else 0
    if contact.receipted > has or contact.feed_cursor > feed_head:
        return Verdict.DISTRICT_BEHIND
    if newest_epoch > contact.head.epoch or has > contact.head.sequence:
        return Verdict.DESK_BEHIND
    return Verdict.AGREED


def compare_held(
    held: JournalHead | None, *, own_chain: str | None, own_head: int
) -> Verdict:
    """Return what the desk sees: `own_chain` is its chain at the held sequence."""
    if held is None or held.sequence == 0:
        return Verdict.AGREED
    if held.sequence > own_head:
        return Verdict.DESK_BEHIND
    return Verdict.AGREED if own_chain == held.chain else Verdict.FORKED
