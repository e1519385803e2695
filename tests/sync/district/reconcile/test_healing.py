"""P8 at the district: what a desk lost goes back, what this side lost is asked for."""

import pytest

from schemas.contact import Verdict
from schemas.healing import AnswersWanted, EntriesReturned
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import EntryFiled, Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile import healing
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.filing import send_outgoing
from sync.protocol.feed import fresh_messages
from sync.protocol.returning import unpack
from tests.support.ledgers import (
    NOW,
    Writer,
    a_case,
    file_line,
    granted,
    keep,
)

DESK = Writer()


def _began(record: Record, keys: ReconcileKeys, *, agreed: int) -> list[bytes]:
    """File the beginning of the desk's second epoch; returns what went back."""
    raw = DESK.line(
        1, epoch=2, kind="epoch_started", why="restored", from_epoch=1, agreed=agreed,
        own=agreed,
    )  # fmt: skip
    said = healing.heal(JournalEntry.model_validate_json(raw), record, keys, now=NOW)
    assert isinstance(said, Said)
    record.file(
        EntryFiled(DESK.device, 2, 1, raw, None, None, ""), "0" * 64, case=None,
        feedback=None, also=said.also, now=NOW,
    )  # fmt: skip
    bodies = [
        EntriesReturned.model_validate_json(each.body) for each in record.unsent()
    ]
    assert bodies[-1].final
    return [entry for body in bodies for entry in unpack(body)]


def test_p08_what_the_desk_lost_is_sent_back_byte_for_byte(
    record: Record, keys: ReconcileKeys
) -> None:
    lines = [file_line(record, DESK, n) for n in (1, 2, 3)]
    assert _began(record, keys, agreed=1) == lines[1:]
    left = record.healing.epochs(limit=1)
    assert [(each.epoch, each.from_epoch, each.agreed) for each in left] == [(2, 1, 1)]


def test_p08_what_comes_late_of_a_left_epoch_follows(
    record: Record, keys: ReconcileKeys
) -> None:
    file_line(record, DESK, 1)
    _began(record, keys, agreed=1)
    late = EntryFiled(DESK.device, 1, 2, DESK.line(2), None, None, "")
    (message,) = healing.late_return(late, record)
    body = EntriesReturned.model_validate_json(message)
    assert (unpack(body), body.since) == ((DESK.line(2),), 2)
    known = EntryFiled(DESK.device, 1, 1, DESK.line(1), None, None, "")
    assert healing.late_return(known, record) == ()


def test_an_entry_about_something_else_heals_nothing(
    record: Record, keys: ReconcileKeys
) -> None:
    entry = JournalEntry.model_validate_json(DESK.line(1))
    assert healing.heal(entry, record, keys, now=NOW) is None
    assert healing.original_id(entry) == entry.entry_id


def test_a_lost_desk_is_succeeded_only_once_it_was_revoked(
    sealed: SealedLedger, record: Record
) -> None:
    old, new = granted(sealed, "01"), granted(sealed, "02")
    line = file_line(record, old, 1, case=a_case(1, old.device))

    def succeed(heir: str) -> int:
        return healing.succeed(sealed, record, old=old.device, new=heir, now=NOW)

    for heir, code in (
        ("0" * 32, Code.DEVICE_NOT_FOUND), (new.device, Code.DEVICE_NOT_REVOKED)
    ):  # fmt: skip
        with pytest.raises(Problem) as refused:
            succeed(heir)
        assert refused.value.code is code
    sealed.keys.revoke(old.device, reason="遗失", up_to=None)
    assert succeed(new.device) == 1
    body = EntriesReturned.model_validate_json(record.unsent()[0].body)
    assert unpack(body) == (line,)


def test_p08_a_record_behind_its_own_feed_asks_for_what_it_said(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    """The record was put back: the desk knows answers that it has forgotten."""
    desk = granted(sealed)
    sealed.contacts.keep(desk.contact(1, cursor=4), Verdict.DISTRICT_BEHIND, now=NOW)
    healing.mend(sealed, record, now=NOW)
    (asked,) = record.unsent()
    wanted = AnswersWanted.model_validate_json(asked.body)
    assert (wanted.after, wanted.through, asked.position) == (0, 4, 5)
    send_outgoing(sealed, record, keys, now=NOW)
    healing.mend(sealed, record, now=NOW)
    positions = [each.position for each in record.unsent()]
    assert 5 not in positions, "asked once"


def test_p08_a_sealed_half_behind_the_record_gets_its_messages_again(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys
) -> None:
    desk = granted(sealed)
    sealed.contacts.keep(desk.contact(1), Verdict.AGREED, now=NOW)
    record.renewals.tell(
        (desk.device,), AnswersWanted(after=0, through=1).model_dump_json()
    )
    for each in record.unsent():
        record.mark_sent(each.id)
    healing.mend(sealed, record, now=NOW)
    assert [each.position for each in record.unsent()] == [1]
    send_outgoing(sealed, record, keys, now=NOW)
    healing.mend(sealed, record, now=NOW)
    assert record.unsent() == ()


def test_p08_what_the_sealed_half_says_was_opened_and_the_record_lost_is_opened_again(
    sealed: SealedLedger, record: Record
) -> None:
    desk = granted(sealed)
    for first in (1, 2):
        keep(sealed, desk.batch(first, first))
    for each in sealed.unopened():
        sealed.mark_opened(each.log_position)
    file_line(record, desk, 1)
    healing.mend(sealed, record, now=NOW)
    assert [each.first for each in sealed.unopened()] == [2]


@pytest.mark.parametrize("cursor", [0, 1, 2])
def test_p08_a_feed_that_both_lost_a_part_of_is_whole_again_from_where_a_desk_is(
    sealed: SealedLedger, record: Record, keys: ReconcileKeys, cursor: int
) -> None:
    """The hole may lie behind messages that the desk is still to take."""
    desk = granted(sealed)

    def tell(after: int) -> None:
        wanted = AnswersWanted(after=after, through=after + 1).model_dump_json()
        record.renewals.tell((desk.device,), wanted)
        send_outgoing(sealed, record, keys, now=NOW)

    tell(0)
    tell(0)
    # The district was put back to here; the desk had come to five, and then was put
    # back to `cursor`.
    record.healing.raise_floor(desk.device, 5)
    tell(5)
    assert sealed.feed_holes(desk.device, cursor) == (3, 4, 5)
    sealed.contacts.keep(desk.contact(9, cursor=cursor), Verdict.AGREED, now=NOW)
    healing.mend(sealed, record, now=NOW)
    send_outgoing(sealed, record, keys, now=NOW)
    page, last = sealed.feed_after(desk.device, cursor, limit=9)
    assert fresh_messages(page, cursor=cursor, device=desk.device) == page
    assert (len(page), last) == (6 - cursor, 6)


def test_p05_an_epoch_that_is_said_to_begin_twice_holds_nothing_up(
    record: Record, keys: ReconcileKeys
) -> None:
    """Nothing goes back a second time. Found by the world of seed 41."""
    file_line(record, DESK, 1)
    _began(record, keys, agreed=0)
    waiting = len(record.unsent())
    again = DESK.line(
        2, epoch=2, kind="epoch_started", why="restored", from_epoch=1, agreed=0, own=0
    )
    said = healing.heal(JournalEntry.model_validate_json(again), record, keys, now=NOW)
    assert said == Said()
    assert len(record.healing.epochs(limit=9)) == 1
    assert len(record.unsent()) == waiting
