"""The record's part of a healing: epochs left, acts known by id, feeds made one."""

import pytest

from schemas.base import utc_text
from schemas.problems import Code
from sync.district.ledger.healing import (
    FEED_FORK,
    EpochLeft,
    keep_epoch,
    keep_id,
    restore_answer,
)
from sync.district.ledger.record import AnswerGiven, Record
from tests.support.ledgers import NOW, Writer, a_case, a_number, file_line

DESK = Writer()
AT = utc_text(NOW)


def _left(epoch: int, from_epoch: int, agreed: int, *, at: str = AT) -> EpochLeft:
    return EpochLeft(DESK.device, epoch, from_epoch, agreed, "restored", at)


def _keep(record: Record, left: EpochLeft) -> None:
    record.keep(lambda c: keep_epoch(c, left), device="", feedback=None)


def _tell(record: Record, count: int) -> None:
    for n in range(count):
        record.renewals.tell((DESK.device,), f'{{"n": {n + 1}}}')


def test_p04_an_act_is_known_by_its_id_at_whatever_place(record: Record) -> None:
    def note(entry_id: str, sequence: int) -> None:
        record.keep(
            lambda c: keep_id(c, entry_id, device="d", epoch=1, sequence=sequence),
            device="", feedback=None,
        )  # fmt: skip

    note("a" * 32, 1)
    note("a" * 32, 9)
    assert record.healing.knows("a" * 32)
    assert not record.healing.knows("b" * 32)


def test_p08_what_a_desk_left_behind_is_returned_without_its_gaps(
    record: Record,
) -> None:
    first, second = (file_line(record, DESK, n) for n in (1, 2))
    file_line(record, DESK, 3, problem=Code.ENTRY_WITHHELD)
    aside = file_line(record, DESK, 4, problem=Code.CHAIN_FORKED)
    other = file_line(record, DESK, 1, epoch=2)
    file_line(record, DESK, 1, epoch=3)
    file_line(record, Writer(), 1)
    after = record.healing.after
    assert after(DESK.device, epoch=1, sequence=0, before=3) == (
        first, second, aside, other,
    )  # fmt: skip
    assert after(DESK.device, epoch=1, sequence=2, before=2) == (aside,)


@pytest.mark.parametrize(
    ("place", "late"),
    [((1, 4), False), ((1, 5), True), ((2, 1), True), ((3, 1), False)],
)
def test_what_comes_late_of_a_left_epoch_is_known_by_its_place(
    record: Record, place: tuple[int, int], *, late: bool
) -> None:
    _keep(record, _left(3, 1, 4))
    found = record.healing.left_after(DESK.device, *place)
    assert (found == _left(3, 1, 4)) if late else (found is None)


def test_epochs_are_listed_the_newest_first(record: Record) -> None:
    for epoch, at in ((2, "2026-01-01"), (3, "2026-02-01")):
        _keep(record, _left(epoch, epoch - 1, 0, at=at))
    assert [each.epoch for each in record.healing.epochs(limit=9)] == [3, 2]
    assert len(record.healing.epochs(limit=1)) == 1


def test_p04_an_answer_that_was_lost_is_put_back_once(record: Record) -> None:
    file_line(record, DESK, 1, case=a_case(1, DESK.device))
    given = AnswerGiven(a_number(1), 0, '{"kind": "granted"}', AT, "审核")
    after = a_case(1, DESK.device, state="granted", official_number="官1")
    for _ in range(2):
        record.keep(lambda c: restore_answer(c, given, after), device="", feedback=None)
    assert record.answers_of(a_number(1)) == (given,)
    case = record.case(a_number(1))
    assert case is not None
    assert (case.state, case.official_number) == ("granted", "官1")


def test_a_lost_desks_cases_go_to_another_with_its_entries(record: Record) -> None:
    for n in (1, 2):
        file_line(record, DESK, n, case=a_case(n, DESK.device))
    moved = record.healing.succeed(DESK.device, "heir", ["{}", "{}"], at=AT)
    assert moved == 2
    assert [each.device for each in record.unsent()] == ["heir", "heir"]
    case = record.case(a_number(1))
    assert case is not None
    assert case.device == "heir"


def test_p08_a_feed_never_gives_a_position_again(record: Record) -> None:
    _tell(record, 2)
    healing = record.healing
    assert (healing.feed_end(DESK.device), healing.sent_end(DESK.device)) == (2, 0)
    healing.raise_floor(DESK.device, 5)
    healing.raise_floor(DESK.device, 7)
    assert healing.feed_end(DESK.device) == 7
    _tell(record, 1)
    assert healing.feed_end(DESK.device) == 8
    assert healing.feed_end("other") == 0


def test_what_the_sealed_half_lost_is_sealed_once_more(record: Record) -> None:
    _tell(record, 3)
    for each in record.unsent():
        record.mark_sent(each.id)
    assert record.healing.sent_end(DESK.device) == 3
    record.healing.send_again(DESK.device, 1)
    assert [each.position for each in record.unsent()] == [2, 3]


def test_a_hole_is_filled_and_what_stands_there_stays(record: Record) -> None:
    _tell(record, 1)
    (first,) = record.unsent()
    record.mark_sent(first.id)
    record.healing.fill(DESK.device, {1: "{}", 2: '{"hole": 2}'})
    assert [(e.position, e.body) for e in record.unsent()] == [
        (1, '{"n": 1}'), (2, '{"hole": 2}'),
    ]  # fmt: skip
    assert record.healing.bodies(DESK.device, after=1, through=9) == ('{"hole": 2}',)


def test_a_fork_is_mended_once(record: Record) -> None:
    assert not record.healing.was_mended("desk digest")
    record.note("system", FEED_FORK, "desk digest", now=NOW)
    assert record.healing.was_mended("desk digest")
    assert not record.healing.was_mended("desk other")
