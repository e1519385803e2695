"""Two histories are judged from their ends alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas.contact import Contact, JournalHead, Verdict
from schemas.journal import Clocks
from sync.protocol.greeting import KnownDesk, compare_held, judge

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DEVICE = "d" * 32
HERE, THERE = "e" * 32, "f" * 32
CHAIN, OTHER = "a" * 64, "b" * 64


def a_head(sequence: int, chain: str = CHAIN, *, epoch: int = 1) -> JournalHead:
    return JournalHead(epoch=epoch, sequence=sequence, chain=chain)


def a_contact(
    *, counter: int = 5, nonce: str = "1" * 32, head: int = 10, epoch: int = 1,
    receipted: int = 10, cursor: int = 3, **more: object,
) -> Contact:  # fmt: skip
    return Contact(
        suite=1, device=DEVICE, program="test", counter=counter, nonce=nonce,
        head=a_head(head, epoch=epoch), receipted=receipted, feed_cursor=cursor,
        clocks=Clocks(wall=NOW, boot="boot", monotonic_ms=1),
        **({"machine": HERE} | more),
    )  # fmt: skip


KNOWN = KnownDesk(lineage=4, newest_epoch=1, machine=HERE)


def judged(contact: Contact, **given: object) -> Verdict:
    facts: dict[str, object] = {"held": a_head(10), "feed_head": 3} | given
    known = replace(KNOWN, **facts.pop("known", {}))  # type: ignore[arg-type]
    return judge(contact, known, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("contact", "given", "verdict"),
    [
        (a_contact(), {}, Verdict.AGREED),
        (a_contact(), {"known": {"lineage": 0}}, Verdict.AGREED),
        # The same greeting twice, and late: it says nothing of today.
        (a_contact(counter=4), {"known": {"seen": True}}, Verdict.AGREED),
        (a_contact(counter=3, head=2, by="stick"), {}, Verdict.AGREED),
        # An older counter: put back here, a second copy elsewhere.
        (a_contact(counter=4), {}, Verdict.DESK_BEHIND),
        (a_contact(counter=4, machine=None), {}, Verdict.DESK_BEHIND),
        (a_contact(counter=4, machine=THERE), {}, Verdict.CLONED),
        (a_contact(counter=4, machine=THERE, restored=True), {}, Verdict.DESK_BEHIND),
        (a_contact(restored=True), {}, Verdict.DESK_BEHIND),
        # An older epoch: put back, or a history that goes on beside the newer one.
        (a_contact(counter=4), {"known": {"newest_epoch": 2}}, Verdict.DESK_BEHIND),
        # It goes on, on the same machine: a copy that had counted unheard greetings.
        (a_contact(), {"known": {"newest_epoch": 2}}, Verdict.DESK_BEHIND),
        (a_contact(machine=None), {"known": {"newest_epoch": 2}}, Verdict.CLONED),
        (a_contact(machine=THERE), {"known": {"newest_epoch": 2}}, Verdict.CLONED),
        (
            a_contact(counter=4, machine=THERE),
            {"known": {"newest_epoch": 2}},
            Verdict.CLONED,
        ),
        # A machine that was changed, and everything fits: no harm.
        (a_contact(machine=THERE), {}, Verdict.AGREED),
        (a_contact(head=9, receipted=9), {}, Verdict.DESK_BEHIND),
        (a_contact(), {"held": a_head(10, OTHER)}, Verdict.FORKED),
        (a_contact(), {"held": a_head(9)}, Verdict.DISTRICT_BEHIND),
        (a_contact(), {"held": None}, Verdict.DISTRICT_BEHIND),
        (a_contact(cursor=4), {}, Verdict.DISTRICT_BEHIND),
        (a_contact(head=12), {"held": a_head(12)}, Verdict.AGREED),
    ],
)
def test_p08_the_district_judges_by_counters_and_heads(
    contact: Contact, given: dict[str, object], verdict: Verdict
) -> None:
    assert judged(contact, **given) is verdict


@pytest.mark.parametrize(
    ("held", "own_chain", "own_head", "verdict"),
    [
        (None, None, 4, Verdict.AGREED),
        (a_head(4), CHAIN, 4, Verdict.AGREED),
        (a_head(4), CHAIN, 9, Verdict.AGREED),
        (a_head(4), None, 3, Verdict.DESK_BEHIND),
        (a_head(4), OTHER, 4, Verdict.FORKED),
    ],
)
def test_p08_the_desk_judges_by_its_own_chain(
    held: JournalHead | None, own_chain: str | None, own_head: int, verdict: Verdict
) -> None:
    assert compare_held(held, own_chain=own_chain, own_head=own_head) is verdict


def test_p08_a_copy_whose_first_greeting_was_lost_is_a_copy() -> None:
    """Its counter has gone on beyond the original's, but it never heard the answer."""
    known = KnownDesk(lineage=4, newest_epoch=1, machine="a" * 32)
    copy = a_contact(counter=6).model_copy(update={"machine": "b" * 32, "answered": 3})
    moved = copy.model_copy(update={"answered": 4})

    assert judge(copy, known, held=a_head(10), feed_head=3) is Verdict.CLONED
    assert judge(moved, known, held=a_head(10), feed_head=3) is Verdict.AGREED
