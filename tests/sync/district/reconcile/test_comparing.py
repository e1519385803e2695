"""P7 at the district: days agree, or differ down to the record, and people rule."""

import json

import pytest

from schemas.base import utc_text
from schemas.problems import Code, Problem
from schemas.statement import (
    DayQuestion,
    RecordDifference,
    StatementAgreed,
    StatementDiffers,
)
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.findings import Finding, keep_findings
from sync.district.ledger.record import Record
from sync.district.reconcile.comparing import (
    Said,
    agree_after_all,
    consider,
    difference_of,
    differences_of,
    own_statement,
    rule,
)
from sync.seal.agreements import agreement_is_genuine
from tests.support.closings import DAY, ClosingDesk
from tests.support.ledgers import NOW, a_number, file_line, the_keys


@pytest.fixture
def desk(record: Record, keys: ReconcileKeys) -> ClosingDesk:
    return ClosingDesk(record, keys)


def _question(said: Said) -> DayQuestion:
    assert said.feedback is not None
    return DayQuestion.model_validate_json(said.feedback)


def test_p07_a_day_on_which_both_hold_the_same_is_countersigned(
    desk: ClosingDesk,
) -> None:
    desk.did(1, 2, 3)
    said = desk.close(4)
    assert said.feedback is not None
    agreed = StatementAgreed.model_validate_json(said.feedback)
    body = desk.record.days.closings(desk.writer.device, DAY)[0].body
    assert agreement_is_genuine(
        agreed.document, the_keys().answers.public, closed=(1, 4), body=body
    )
    kept = desk.record.days.agreement(desk.key(4))
    assert kept is not None
    assert json.loads(kept) == agreed.document


def test_p07_where_they_differ_the_very_record_is_named(desk: ClosingDesk) -> None:
    desk.did(1, 2)
    desk.did(3, filed=False)
    question = _question(desk.close(4))

    said = desk.answer(question, 5)

    assert said.feedback is not None
    differs = StatementDiffers.model_validate_json(said.feedback)
    (one,) = differs.differences
    assert (one.what, one.epoch, one.sequence) == ("missing_at_district", 1, 3)
    assert [difference_of(each) for each in differences_of(desk.record, desk.key(4))]
    assert desk.record.days.agreement(desk.key(4)) is None


def test_p07_what_came_in_while_it_was_asked_about_makes_the_day_agree(
    desk: ClosingDesk,
) -> None:
    desk.did(1, 2)
    desk.did(3, filed=False)
    question = _question(desk.close(4))
    desk.did(3)

    said = desk.answer(question, 5)

    assert said.feedback is not None
    assert StatementAgreed.model_validate_json(said.feedback).day == DAY
    assert differences_of(desk.record, desk.key(4)) == ()


def test_p07_a_day_that_differed_agrees_once_its_records_are_there(
    desk: ClosingDesk,
) -> None:
    """A batch that did not open comes again after the search: nobody rules on that."""
    record, keys, device = desk.record, desk.keys, desk.writer.device
    desk.did(1)
    desk.did(2, 3, filed=False)
    question = _question(desk.close(4))
    assert agree_after_all(device, record, keys, now=NOW) == 0, "still asking"
    desk.answer(question, 5)
    desk.offer(2, at=6)
    assert agree_after_all(device, record, keys, now=NOW) == 0, "one is missing"
    desk.offer(3, at=7)

    assert agree_after_all(device, record, keys, now=NOW) == 1

    kept = record.days.agreement(desk.key(4))
    assert kept is not None
    assert json.loads(kept)["exceptions"] == []
    said = StatementAgreed.model_validate_json(record.unsent()[-1].body)
    assert said.document == json.loads(kept)
    assert agree_after_all(device, record, keys, now=NOW) == 0, "once"


def test_p07_what_differed_is_settled_by_the_days_later_agreement(
    desk: ClosingDesk,
) -> None:
    """Nobody rules on what is no longer so; what was found stays in sight."""
    record, keys = desk.record, desk.keys
    desk.did(1)
    desk.did(2, filed=False)
    desk.answer(_question(desk.close(3)), 4)
    (found,) = record.findings.of(open_only=True)
    desk.offer(2, at=5)
    desk.did(6)
    desk.close(7, version=2)

    assert record.days.agreement(desk.key(7)) is not None
    assert record.findings.of(open_only=True) == ()
    (kept,) = record.findings.of()
    assert (kept.id, kept.settled_at) == (found.id, utc_text(NOW))
    before = len(record.unsent())
    with pytest.raises(Problem) as refused:
        rule(record, keys, found.id, ruling="以纸质件为准", by="赵主任", now=NOW)
    assert refused.value.code is Code.FINDING_SETTLED
    assert len(record.unsent()) == before, "no older closing is signed any more"
    assert record.days.agreement(desk.key(3)) is None


def test_an_answer_to_no_question_changes_nothing(desk: ClosingDesk) -> None:
    desk.did(1)
    desk.did(2, filed=False)
    question = _question(desk.close(3))
    other = question.model_copy(update={"round": 7})
    assert desk.answer(other, 4) == Said()
    desk.answer(question, 5)
    assert desk.answer(question, 6) == Said(), "answered before"


def test_a_closing_that_was_carried_into_another_place_says_nothing(
    desk: ClosingDesk,
) -> None:
    desk.did(1)
    assert desk.close(2, at=9) == Said()
    assert desk.record.days.closings(desk.writer.device, DAY) == ()


def test_an_entry_about_something_else_says_nothing(
    record: Record, keys: ReconcileKeys
) -> None:
    assert consider(None, record, keys, now=NOW) == Said()


def test_a_statement_of_ours_counts_what_is_held_before_the_closing(
    desk: ClosingDesk,
) -> None:
    desk.did(1, 2, 9)
    own = own_statement(desk.record, desk.closing(4))
    assert (own.entries.count, own.day, own.before.sequence) == (2, DAY, 4)


def test_p07_the_last_ruling_countersigns_the_day_with_its_exceptions(
    desk: ClosingDesk,
) -> None:
    record, keys = desk.record, desk.keys
    desk.did(1)
    desk.did(2, 3, filed=False)
    desk.answer(_question(desk.close(4)), 5)
    first, last = (each.id for each in differences_of(record, desk.key(4)))

    def ruled(finding: int, ruling: str = "以纸质件为准") -> bool:
        return rule(record, keys, finding, ruling=ruling, by="赵主任", now=NOW)

    with pytest.raises(Problem) as refused:
        ruled(first, " 是 ")
    assert refused.value.code is Code.REASON_MISSING
    assert not ruled(first)
    assert ruled(last)
    kept = record.days.agreement(desk.key(4))
    assert kept is not None
    said = [each["ruling"] for each in json.loads(kept)["exceptions"]]
    assert said == ["以纸质件为准"] * 2
    with pytest.raises(Problem) as refused:
        ruled(last)
    assert refused.value.code is Code.FINDING_RULED


def test_a_ruling_before_the_search_has_ended_signs_nothing(
    desk: ClosingDesk,
) -> None:
    """What is not found yet cannot have been ruled on."""
    desk.did(1)
    desk.did(2, filed=False)
    desk.close(3)
    said = RecordDifference(what="missing_at_district", epoch=1, sequence=2)
    found = Finding(
        desk.writer.device, DAY, "1.3", said.what, 1, 2, "", said.model_dump_json()
    )
    record = desk.record
    record.keep(lambda c: keep_findings(c, [found], now=NOW), device="", feedback=None)
    (kept,) = differences_of(record, desk.key(3))

    assert not rule(record, desk.keys, kept.id, ruling="已核对", by="赵", now=NOW)

    assert record.days.search(desk.key(3)).asking
    assert record.days.agreement(desk.key(3)) is None


def test_a_serial_that_nothing_explains_is_found(desk: ClosingDesk) -> None:
    """A number that may be on a paper in somebody's hands."""
    for sequence, serial in ((1, 1), (2, 4)):
        body = {
            "kind": "case_received", "number": a_number(serial),
            "received_at": utc_text(NOW),
            "application": {"item_code": "HY01-01", "edition": 1},
        }  # fmt: skip
        desk.holds[sequence] = file_line(desk.record, desk.writer, sequence, **body)
    desk.close(3)
    (kept,) = desk.record.findings.of(closing="1.3")
    assert kept.finding.kind == "serial_gap"
    assert json.loads(kept.finding.detail) == {"first": 2, "last": 3}
