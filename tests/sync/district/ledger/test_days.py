"""The record's part on days: noted once from what the entries say, never changed."""

import pytest
from sqlalchemy.exc import IntegrityError

from schemas.base import utc_text
from sync.district.ledger.days import (
    AgreementSigned,
    ClosingFiled,
    ClosingKey,
    QuestionAsked,
    Search,
    keep_agreement,
    keep_closing,
    keep_question,
)
from sync.district.ledger.record import Record
from sync.district.ledger.rows import EntryFiled
from tests.support.ledgers import NOW, Writer, a_number

DAY = NOW.date().isoformat()
DESK = Writer()
KEY = ClosingKey(DESK.device, DAY, 1, 9)


def _file(record: Record, sequence: int, *, epoch: int = 1, **body: object) -> bytes:
    said = body or {"kind": "case_closed", "number": a_number(1), "at": utc_text(NOW)}
    raw = DESK.line(sequence, epoch=epoch, **said)
    entry = EntryFiled(DESK.device, epoch, sequence, raw, a_number(1), None, "")
    record.file(entry, "0" * 64, case=None, feedback=None, now=NOW)
    return raw


def _closing(version: int, sequence: int) -> ClosingFiled:
    key = ClosingKey(DESK.device, DAY, 1, sequence)
    return ClosingFiled(key, version, "0" * 16, "{}", "{}")


def test_an_entry_is_noted_for_its_day_once(record: Record) -> None:
    raw = [_file(record, 1), _file(record, 2)]
    _file(record, 3, kind="notice_seen")
    for _ in range(2):
        record.days.catch_up(DESK.device)
    held = record.days.records(DESK.device, DAY)
    assert [(each.key, each.raw) for each in held] == [
        ((1, 1), raw[0]),
        ((1, 2), raw[1]),
    ]
    assert record.days.counts(limit=9) == ((DESK.device, DAY, 2),)


def test_what_comes_later_is_caught_up_with_in_every_epoch(record: Record) -> None:
    _file(record, 1)
    record.days.catch_up(DESK.device)
    _file(record, 2)
    _file(record, 1, epoch=2)
    record.days.catch_up(DESK.device)
    keys = [each.key for each in record.days.records(DESK.device, DAY)]
    assert keys == [(1, 1), (1, 2), (2, 1)]


def test_what_came_after_a_closing_is_counted(record: Record) -> None:
    for place in ((1, 8), (1, 10), (2, 1)):
        _file(record, place[1], epoch=place[0])
    record.days.catch_up(DESK.device)
    assert record.days.after(KEY) == 2


def test_every_closing_of_a_day_stays_in_order(record: Record) -> None:
    for version, sequence in ((1, 9), (2, 14)):
        record.keep(
            lambda c, v=version, s=sequence: keep_closing(c, _closing(v, s), now=NOW),
            device=DESK.device, feedback=None,
        )  # fmt: skip
    kept = record.days.closings(DESK.device, DAY)
    assert [each.version for each in kept] == [1, 2]
    assert record.days.closed_days(limit=9) == ((DESK.device, DAY),)
    with pytest.raises(IntegrityError):
        record.keep(
            lambda c: keep_closing(c, _closing(3, 9), now=NOW),
            device=DESK.device, feedback=None,
        )  # fmt: skip


def test_a_search_goes_on_until_it_asks_of_nothing(record: Record) -> None:
    seen = [record.days.search(KEY)]
    for round_, ranges in ((1, 16), (2, 3), (3, 0)):
        asked = QuestionAsked(KEY, round_, ranges)
        record.keep(
            lambda c, a=asked: keep_question(c, a, now=NOW), device="", feedback=None
        )
        seen.append(record.days.search(KEY))
    assert seen == [
        Search(0, asking=False), Search(1, asking=True), Search(2, asking=True),
        Search(2, asking=False),
    ]  # fmt: skip


def test_a_day_is_agreed_once(record: Record) -> None:
    assert record.days.agreement(KEY) is None
    signed = AgreementSigned(KEY, '{"signed": 1}')
    record.keep(lambda c: keep_agreement(c, signed, now=NOW), device="", feedback=None)
    assert record.days.agreement(KEY) == '{"signed": 1}'
    with pytest.raises(IntegrityError):
        record.keep(
            lambda c: keep_agreement(c, signed, now=NOW), device="", feedback=None
        )


def test_the_entries_of_cases_are_found_by_their_numbers(record: Record) -> None:
    raw = _file(record, 1)
    assert record.days.receipts(DESK.device, [a_number(1)]) == (raw,)
    assert record.days.receipts(DESK.device, [a_number(2)]) == ()
    assert record.days.devices() == (DESK.device,)
