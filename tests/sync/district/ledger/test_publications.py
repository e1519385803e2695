"""What was given out: numbered in order, to each desk once, for ever."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from sync.district.ledger.record import Record
from tests.support.ledgers import NOW

DAY = date(2026, 12, 1)


def _publish(
    record: Record, kind: str = "notice", *, number: int | None = None,
    device: str | None = None,
) -> int:  # fmt: skip
    return record.publications.publish(
        kind, "{}", number=number, device=device, effective_from=DAY, by="赵", now=NOW
    )


def test_numbers_follow_each_other_in_each_kind(record: Record) -> None:
    assert record.publications.newest_number("notice") == 0
    assert [_publish(record), _publish(record), _publish(record, "command")] == [
        1,
        2,
        1,
    ]
    assert record.publications.newest_number("notice") == 2


def test_an_edition_keeps_the_number_that_it_has(record: Record) -> None:
    assert _publish(record, "edition", number=7) == 7
    with pytest.raises(IntegrityError):
        _publish(record, "edition", number=7)
    found = record.publications.numbered("edition", 7)
    assert found is not None
    assert (found.effective_from, found.published_by) == (DAY, "赵")
    assert record.publications.numbered("edition", 6) is None


def test_p04_each_desk_is_sent_a_thing_once(record: Record) -> None:
    """A crash between two desks, and again: the first one gets it once."""
    given = record.publications
    _publish(record)
    (notice,) = given.undelivered("a")
    given.deliver(notice.id, "a", "{}")
    given.deliver(notice.id, "a", "{}")
    given.deliver(notice.id, "b", "{}")
    assert [each.device for each in record.unsent()] == ["a", "b"]
    assert given.undelivered("a") == ()
    sent = given.deliveries_of()[notice.id]
    assert [(each.device, each.outcome) for each in sent] == [("a", ""), ("b", "")]


def test_what_is_for_one_desk_waits_for_that_desk_alone(record: Record) -> None:
    _publish(record)
    _publish(record, device="b")
    assert [each.number for each in record.publications.undelivered("a")] == [1]
    assert [each.number for each in record.publications.undelivered("b")] == [1, 2]


def test_the_last_of_a_kind_that_a_desk_was_sent(record: Record) -> None:
    given = record.publications
    for _ in range(3):
        _publish(record, "edition")
    newest, middle, first = given.listed()
    assert given.last_delivered("a", "edition") is None
    given.deliver(first.id, "a", "{}")
    given.deliver(middle.id, "a", "{}")
    assert given.last_delivered("a", "edition") == middle
    assert newest in given.undelivered("a")
