"""The opened record: an entry with all that follows from it, once; nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from schemas.base import utc_text
from sync.district.ledger.record import AnswerGiven, EntryFiled, Record
from tests.support.ledgers import NOW, Writer, a_case, a_number, file_line

DESK = Writer()


def _answer(record: Record, answer: str, state: str) -> None:
    case = record.case(a_number(1))
    assert case is not None
    given = AnswerGiven(case.number, 0, answer, utc_text(NOW), "审核")
    after = a_case(1, DESK.device, state=state, official_number="官1")
    record.answer(after, given, feed_body="{}")


def test_p04_an_entry_is_filed_once_with_all_that_follows(record: Record) -> None:
    case = a_case(1, DESK.device)
    file_line(record, DESK, 1, case=case, feedback="{}")
    file_line(
        record, DESK, 1, case=a_case(1, DESK.device, state="closed"), feedback="{}"
    )

    assert record.case(case.number) == case
    assert len(record.journals.entries_of(case.number)) == 1
    assert [each.position for each in record.unsent()] == [1]
    head = record.chain(DESK.device, 1)
    assert head is not None
    assert (head.sequence, head.chain) == (1, DESK.head(1).chain)


def test_p01_what_cannot_be_kept_whole_is_not_kept_at_all(record: Record) -> None:
    def disk_full(_: Connection) -> None:
        message = "disk full"
        raise OSError(message)

    entry = EntryFiled(DESK.device, 1, 1, DESK.line(1), a_number(1), None, "")
    with pytest.raises(OSError, match="disk full"):
        record.file(
            entry, "0" * 64, case=a_case(1, DESK.device), feedback="{}", now=NOW,
            also=disk_full,
        )  # fmt: skip

    assert record.chain(DESK.device, 1) is None
    assert (record.case(a_number(1)), record.unsent()) == (None, ())


def test_every_answer_to_a_case_stays(record: Record) -> None:
    file_line(record, DESK, 1, case=a_case(1, DESK.device))
    _answer(record, '{"kind": "received"}', "received")
    _answer(record, '{"kind": "granted"}', "granted")

    said = [each.answer for each in record.answers_of(a_number(1))]
    assert said == ['{"kind": "received"}', '{"kind": "granted"}']
    after = record.case(a_number(1))
    assert after is not None
    assert (after.state, after.official_number) == ("granted", "官1")
    assert len(record.unsent()) == 2


def test_what_was_sealed_is_not_sealed_again(record: Record) -> None:
    for sequence in (1, 2):
        file_line(record, DESK, sequence, feedback=f'{{"n": {sequence}}}')
    first, second = record.unsent()
    record.mark_sent(first.id)
    assert record.unsent() == (second,)


def test_cases_are_found_by_any_of_their_names_the_newest_first(record: Record) -> None:
    for serial, name in ((1, "林海生"), (2, "陈阿妹"), (3, "林阿宝")):
        later = utc_text(NOW + timedelta(hours=serial))
        state = "granted" if serial == 3 else "received"
        case = a_case(
            serial, DESK.device, applicant_name=name, received_at=later, state=state
        )
        file_line(record, DESK, serial, case=case)

    def found(**how: str | int) -> tuple[list[str], int]:
        page, total = record.list_cases(**how)  # type: ignore[arg-type]
        return [each.applicant_name for each in page], total

    assert found() == (["林阿宝", "陈阿妹", "林海生"], 3)
    assert found(text=" 林 ") == (["林阿宝", "林海生"], 2)
    assert found(text=a_number(2)) == (["陈阿妹"], 1)
    assert found(state="granted") == (["林阿宝"], 1)
    assert found(limit=1, offset=1) == (["陈阿妹"], 3)
    assert record.counts() == {"received": 2, "granted": 1}
    assert record.open_cases() == {DESK.device: 2}
