"""The district's own keys in the record: each next charter once, every desk told."""

import pytest
from sqlalchemy.exc import IntegrityError

from sync.district.ledger.record import Record
from sync.seal.renewal import make_succession
from tests.support.ledgers import NOW, DistrictKeys

OLD, NEW = DistrictKeys(), DistrictKeys()
FIRST, SECOND = OLD.charter(), NEW.charter()
NEXT = make_succession(FIRST, SECOND, edition=2, answers=OLD.answers, now=NOW)


def _succeed(record: Record, *desks: str) -> None:
    record.renewals.succeed(
        NEXT, FIRST, feed_body="changed", devices=desks,
        answers_key=OLD.answers.key_id, now=NOW,
    )  # fmt: skip


def test_a_next_charter_is_kept_with_the_one_it_follows(record: Record) -> None:
    _succeed(record)
    assert record.renewals.successions() == (NEXT,)
    assert record.renewals.former() == (FIRST,)


def test_every_desk_learns_it_signed_by_the_key_it_knows(record: Record) -> None:
    """A desk that knew only the old key could not believe the new one."""
    _succeed(record, "a", "b")
    told = record.unsent()
    assert {each.device for each in told} == {"a", "b"}
    assert {each.answers_key for each in told} == {OLD.answers.key_id}


def test_an_edition_is_made_once_and_else_nobody_is_told(record: Record) -> None:
    _succeed(record, "a")
    with pytest.raises(IntegrityError):
        _succeed(record, "a", "b")
    assert [each.device for each in record.unsent()] == ["a"]


def test_where_in_its_feed_a_desk_learns_the_newest_charter(record: Record) -> None:
    record.renewals.tell(("a",), "{}")
    assert record.renewals.told_at("a") == 0
    _succeed(record, "a")
    record.renewals.tell(("a",), "{}")
    assert record.renewals.told_at("a") == 2
    assert record.renewals.told_at("b") == 0
