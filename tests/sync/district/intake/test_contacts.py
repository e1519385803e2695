"""Greetings answered blind: what is held, what was noticed, and what fits the line."""

import pytest

from schemas.case import Granted
from schemas.contact import Contact, ContactAnswer, Verdict
from schemas.feed import CaseAnswered
from schemas.problems import Code, Problem
from sync.district.intake.contacts import answer_contact, read_contact, rebirth
from sync.district.intake.keeping import IntakeParts
from sync.seal.feed import Addressee, close_feed
from sync.seal.welcomes import welcome_is_genuine
from tests.support.ledgers import (
    NOW,
    Writer,
    a_number,
    granted,
    keep,
    the_keys,
)


def _answer(parts: IntakeParts, said: Contact, *, page: int = 50) -> ContactAnswer:
    return answer_contact(
        said, parts.ledger, parts.ledger.contacts, parts.receipts, page=page, now=NOW
    )


def _tell(parts: IntakeParts, desk: Writer, *positions: int) -> None:
    for position in positions:
        body = CaseAnswered(
            number=a_number(1), revision=0, answered_at=NOW, answered_by="审核",
            answer=Granted(licence_number="一号"),
        )  # fmt: skip
        to = Addressee(desk.device, desk.sealing.public, position)
        said = close_feed(body, to, answers=the_keys().answers, now=NOW)
        parts.ledger.add_feed(said, sealed_to=to.sealing_public)


def test_a_desk_is_told_what_is_held_of_it_and_the_time(parts: IntakeParts) -> None:
    desk = granted(parts.ledger)
    keep(parts.ledger, desk.batch(1, 3))
    _tell(parts, desk, 1, 2)

    answer = _answer(parts, desk.contact(1, head=3, cursor=1))

    welcome = answer.welcome
    assert welcome_is_genuine(welcome, the_keys().receipts.public)
    assert (welcome.verdict, welcome.held, welcome.at) == ("agreed", desk.head(3), NOW)
    assert (welcome.feed_head, welcome.log_position) == (2, 1)
    assert [each.header.position for each in answer.messages] == [2]
    assert parts.ledger.contacts.last(desk.device) is not None


def test_p05_no_more_of_the_feed_comes_than_the_line_may_carry(
    parts: IntakeParts,
) -> None:
    desk = granted(parts.ledger)
    _tell(parts, desk, 1, 2, 3)
    first = parts.ledger.feed_message(desk.device, 1)
    assert first is not None
    one = len(first.model_dump_json())
    for room, fits in ((0, 0), (one - 1, 0), (one, 1), (9 * one, 3), (None, 3)):
        said = desk.contact(1, nonce=f"{room or 1:032x}", feed_bytes=room)
        assert len(_answer(parts, said).messages) == fits, room
    assert len(_answer(parts, desk.contact(2), page=2).messages) == 2


def test_p08_a_copy_is_told_and_gets_nothing_of_the_feed(parts: IntakeParts) -> None:
    desk = granted(parts.ledger)
    keep(parts.ledger, desk.batch(1, 3))
    _tell(parts, desk, 1)
    _answer(parts, desk.contact(5, head=3, machine="e" * 32))

    copy = _answer(parts, desk.contact(5, nonce="9" * 32, head=3, machine="f" * 32))

    assert copy.welcome.verdict is Verdict.CLONED
    assert copy.messages == ()
    (alarm,) = parts.ledger.contacts.alarms(limit=9)
    assert (alarm.verdict, alarm.machine) == ("cloned", "f" * 32)
    last = parts.ledger.contacts.last(desk.device)
    assert last is not None
    assert last.counter == 5, "the copy's word is not the desk's"


def test_p08_a_ledger_that_was_put_back_learns_it_from_a_desk(
    parts: IntakeParts,
) -> None:
    """The desk has receipts of this life of the ledger that it knows nothing of."""
    desk, contacts = granted(parts.ledger), parts.ledger.contacts
    keep(parts.ledger, desk.batch(1, 2))
    before = contacts.incarnation()
    said = desk.contact(4, head=5, incarnation=before)

    welcome = _answer(parts, said).welcome

    assert welcome.verdict is Verdict.DISTRICT_BEHIND
    assert welcome.incarnation == contacts.incarnation() != before
    assert contacts.believed_to(desk.device, 1) == 5
    again = contacts.incarnation()
    _answer(parts, desk.contact(5, head=5, incarnation=before))
    assert contacts.incarnation() == again, "it is reborn once"


def test_p08_two_ledgers_put_back_from_one_backup_get_different_names(
    parts: IntakeParts,
) -> None:
    said = Writer().contact(1)
    names = {
        rebirth(parts.ledger.contacts, said),
        rebirth(parts.ledger.contacts, said.model_copy(update={"nonce": "9" * 32})),
    }
    assert len(names) == 2
    assert all(len(each) == 32 for each in names)


def test_a_late_greeting_on_a_stick_says_nothing_of_today(parts: IntakeParts) -> None:
    desk, contacts = granted(parts.ledger), parts.ledger.contacts
    _answer(parts, desk.contact(7))
    _answer(parts, desk.contact(3, nonce="9" * 32, by="stick"))
    last = contacts.last(desk.device)
    assert last is not None
    assert last.counter == 7


def test_a_greeting_is_of_the_desk_that_signed_it(parts: IntakeParts) -> None:
    one, other = granted(parts.ledger, "01"), granted(parts.ledger, "02")
    device = parts.ledger.device(one.device)
    assert device is not None
    said = one.contact(1)
    assert read_contact(said.model_dump_json().encode(), device) == said
    for raw in (other.contact(1).model_dump_json().encode(), b"{}", b"\xff"):
        with pytest.raises(Problem) as refused:
            read_contact(raw, device)
        assert refused.value.code is Code.MESSAGE_MALFORMED
