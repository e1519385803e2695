"""A device's feed: a position once, holes are known, a feed is sealed to one key."""

from schemas.case import Granted
from schemas.feed import CaseAnswered
from sync.district.ledger.sealed import SealedLedger
from sync.seal.feed import Addressee, close_feed
from tests.support.ledgers import NOW, Writer, a_number, granted, the_keys


def _told(sealed: SealedLedger, desk: Writer, position: int, licence: str) -> None:
    body = CaseAnswered(
        number=a_number(1), revision=0, answered_at=NOW, answered_by="审核",
        answer=Granted(licence_number=licence),
    )  # fmt: skip
    to = Addressee(desk.device, desk.sealing.public, position)
    said = close_feed(body, to, answers=the_keys().answers, now=NOW)
    assert sealed.add_feed(said, sealed_to=to.sealing_public)


def test_a_position_of_a_feed_is_given_once(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    for position in (1, 2, 3):
        _told(sealed, desk, position, "一号")
    kept = sealed.feed_message(desk.device, 2)
    _told(sealed, desk, 2, "二号")
    assert sealed.feed_message(desk.device, 2) == kept is not None
    page, last = sealed.feed_after(desk.device, 1, limit=1)
    assert ([each.header.position for each in page], last) == ([2], 3)
    assert sealed.feed_after("0" * 32, 0, limit=9) == ((), 0)
    assert sealed.feed_heads() == {desk.device: 3}


def test_a_feed_knows_what_it_leaps_over(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    assert sealed.feed_holes(desk.device, 0) == ()
    for position in (1, 2, 5, 8):
        _told(sealed, desk, position, "一号")
    assert sealed.feed_holes(desk.device, 0) == (3, 4, 6, 7)
    assert sealed.feed_holes(desk.device, 4) == (6, 7)
    assert sealed.feed_holes(desk.device, 8) == sealed.feed_holes(desk.device, 11) == ()


def test_a_message_sealed_to_another_key_is_not_taken(sealed: SealedLedger) -> None:
    """The desk renewed its keys meanwhile: whoever sealed it seals it anew."""
    desk = granted(sealed)
    body = CaseAnswered(
        number=a_number(1), revision=0, answered_at=NOW, answered_by="审核",
        answer=Granted(licence_number="一号"),
    )  # fmt: skip
    former = Addressee(desk.device, the_keys().opening.public, 1)
    said = close_feed(body, former, answers=the_keys().answers, now=NOW)
    assert not sealed.add_feed(said, sealed_to=former.sealing_public)
    assert sealed.feed_message(desk.device, 1) is None
