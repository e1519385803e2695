"""P8 at the district: an answer that it forgot comes back, and the first is final."""

from datetime import datetime, timedelta

import pytest

from schemas.case import Granted, Refused, ReturnedForCorrection
from schemas.encoding import base64_text, canonical
from schemas.feed import CaseAnswered
from schemas.healing import AnswerReported
from schemas.journal import JournalEntry
from schemas.problems import Code
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.record import Record
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.reported import answer_back
from sync.district.reconcile.rules import SetAside
from sync.seal.feed import Addressee, close_feed, open_feed
from sync.seal.keys import SigningKey
from tests.support.ledgers import NOW, Writer, a_case, a_number, file_line, the_keys

DESK = Writer()
REFUSED = Refused(reason="资源保护", remedies="六十日内申请复议")
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)


def _reported(
    answer: Granted | ReturnedForCorrection, *, key: SigningKey | None = None,
    changed: bool = False,
) -> JournalEntry:  # fmt: skip
    """An answer as a desk tells it back, with the message that proves it."""
    said = CaseAnswered(
        number=a_number(1), revision=0, answered_at=NOW, answered_by="审核",
        answer=answer,
    )  # fmt: skip
    answers = key or the_keys().answers
    to = Addressee(DESK.device, DESK.sealing.public, 1)
    message = close_feed(said, to, answers=answers, now=NOW)
    opened = open_feed(message, answers_public=answers.public, key=DESK.sealing)
    body = opened.model_dump(mode="json")
    if changed:
        body["answered_by"] = "别人"
    raw = DESK.line(
        2, kind="answer_reported", number=a_number(1),
        message=message.model_dump(mode="json"), body=base64_text(canonical(body)),
    )  # fmt: skip
    return JournalEntry.model_validate_json(raw)


def _back(entry: JournalEntry, record: Record, keys: ReconcileKeys) -> Said | SetAside:
    assert isinstance(entry.body, AnswerReported)
    return answer_back(entry, entry.body, record, keys, now=LATER)


def _take(entry: JournalEntry, record: Record, keys: ReconcileKeys) -> None:
    said = _back(entry, record, keys)
    assert isinstance(said, Said)
    assert said.also is not None
    record.keep(said.also, device="", feedback=None)


def _state(record: Record) -> str:
    case = record.case(a_number(1))
    assert case is not None
    return str(case.state)


def _findings(record: Record) -> list[str]:
    return [each.finding.kind for each in record.findings.of()]


def test_an_answer_that_this_side_lost_is_taken_on_its_own_signature(
    record: Record, keys: ReconcileKeys
) -> None:
    file_line(record, DESK, 1, case=a_case(1, DESK.device, state="accepted"))
    _take(_reported(Granted(licence_number="一号")), record, keys)
    assert _state(record) == "granted"
    assert [each.answered_by for each in record.answers_of(a_number(1))] == ["审核"]
    assert _findings(record) == []


@pytest.mark.parametrize("how", ["stranger", "changed"])
def test_what_no_key_of_ours_signed_is_no_answer(
    record: Record, keys: ReconcileKeys, how: str
) -> None:
    file_line(record, DESK, 1, case=a_case(1, DESK.device))
    entry = _reported(
        Granted(licence_number="一号"),
        key=SigningKey.generate() if how == "stranger" else None,
        changed=how == "changed",
    )
    said = _back(entry, record, keys)
    assert isinstance(said, SetAside)
    assert said.code is Code.ANSWER_NOT_PROVEN


def test_an_answer_to_a_case_that_is_not_here_waits_for_it(
    record: Record, keys: ReconcileKeys
) -> None:
    said = _back(_reported(Granted(licence_number="一号")), record, keys)
    assert isinstance(said, SetAside)
    assert said.code is Code.CASE_UNKNOWN


@pytest.mark.parametrize(
    ("at", "stands"),
    [(LATER, "granted"), (EARLIER, "refused")],
    ids=["first", "second"],
)
def test_p08_of_two_contrary_decisions_the_first_is_final_and_people_hear_of_it(
    record: Record, keys: ReconcileKeys, at: datetime, stands: str
) -> None:
    """The district forgot that it had granted, and refused before the desk called."""
    file_line(record, DESK, 1, case=a_case(1, DESK.device))
    answer_case(record, a_number(1), REFUSED, by="审核", now=at)
    for _ in range(2):
        _take(_reported(Granted(licence_number="一号")), record, keys)
        assert _state(record) == stands
        assert _findings(record) == ["two_decisions"]
    assert len(record.answers_of(a_number(1))) == 2


def test_p08_the_same_decision_given_twice_contradicts_nothing(
    record: Record, keys: ReconcileKeys
) -> None:
    file_line(record, DESK, 1, case=a_case(1, DESK.device))
    again = Granted(licence_number="二号")
    answer_case(record, a_number(1), again, by="审核", now=LATER)
    _take(_reported(Granted(licence_number="一号")), record, keys)
    assert (_state(record), _findings(record)) == ("granted", [])


def test_p08_a_decision_that_was_delivered_meanwhile_stays_delivered(
    record: Record, keys: ReconcileKeys
) -> None:
    file_line(record, DESK, 1, case=a_case(1, DESK.device))
    answer_case(record, a_number(1), REFUSED, by="审核", now=LATER)
    delivered = a_case(1, DESK.device, state="delivered")
    file_line(record, DESK, 2, case=delivered)
    _take(_reported(Granted(licence_number="一号")), record, keys)
    assert (_state(record), _findings(record)) == ("delivered", ["two_decisions"])
