"""Trusted times: kept as heard, no more of them than entries, found around an entry."""

from datetime import UTC, datetime, timedelta

from desk_app.store import anchors
from desk_app.store.vault import Transaction
from sync.protocol.anchors import Anchor, Reading

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _anchor(minute: int, within: timedelta | None = SECOND, boot: str = "b1") -> Anchor:
    at = NOON + timedelta(minutes=minute)
    return Anchor(Reading(at - timedelta(days=9), boot, 60_000 * minute), at, within)


def test_an_anchor_comes_back_as_it_was_heard(tx: Transaction) -> None:
    heard = _anchor(1, within=timedelta(milliseconds=1234))
    anchors.keep(tx, heard, epoch=2, sequence=7)
    assert anchors.latest(tx) == heard
    assert anchors.latest_head(tx) == (2, 7)


def test_before_the_first_contact_nothing_is_proved(tx: Transaction) -> None:
    assert anchors.latest(tx) is None
    assert anchors.latest_head(tx) == (1, 0)
    assert anchors.around(tx, epoch=1, sequence=1) == ((), ())


def test_without_an_entry_in_between_a_newer_anchor_replaces_the_older(
    tx: Transaction,
) -> None:
    """A desk that calls every minute of a quiet night keeps one row of it."""
    for minute in range(5):
        anchors.keep(tx, _anchor(minute), epoch=1, sequence=3)
    assert anchors.count(tx) == 1
    anchors.keep(tx, _anchor(9), epoch=1, sequence=4)
    anchors.keep(tx, _anchor(9, boot="b2"), epoch=1, sequence=4)
    assert anchors.count(tx) == 3


def test_p09_an_old_receipt_replaces_no_bounded_anchor(tx: Transaction) -> None:
    """What proves only "not before" must not push out what proves both sides."""
    bounded = _anchor(1)
    anchors.keep(tx, bounded, epoch=1, sequence=3)
    anchors.keep(tx, _anchor(2, within=None), epoch=1, sequence=3)
    assert anchors.count(tx) == 2
    assert anchors.latest(tx) == bounded
    anchors.keep(tx, _anchor(3), epoch=1, sequence=3)
    assert anchors.count(tx) == 1


def test_an_entry_lies_between_the_two_anchors_before_it_and_the_two_after(
    tx: Transaction,
) -> None:
    """An anchor heard at head n is before entry n+1, and not before entry n."""
    heard = [_anchor(minute) for minute in range(6)]
    for place, anchor in enumerate(heard):
        anchors.keep(tx, anchor, epoch=1 + place // 3, sequence=10 * (place % 3))
    before, after = anchors.around(tx, epoch=1, sequence=20)
    assert (before, after) == (tuple(heard[:2]), tuple(heard[2:4]))
    before, after = anchors.around(tx, epoch=2, sequence=5)
    assert (before, after) == (tuple(heard[2:4]), tuple(heard[4:]))
