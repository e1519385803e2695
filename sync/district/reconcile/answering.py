"""Answer a case: the admission is pure, the act is one transaction.

received → at district, returned, granted, refused; returned → resubmitted by the desk;
granted and refused are final (a correction of a decision is a new case).
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from schemas.base import utc_text
from schemas.case import Answer, CaseState, Received
from schemas.feed import CaseAnswered
from schemas.problems import Code, Problem
from sync.district.ledger.record import AnswerGiven, CaseFiled, Record

_OPEN: Final = frozenset(
    {CaseState.RECEIVED, CaseState.AT_DISTRICT, CaseState.RESUBMITTED}
)
_AFTER: Final = {
    "received": CaseState.AT_DISTRICT,
    "returned": CaseState.RETURNED,
    "granted": CaseState.GRANTED,
    "refused": CaseState.REFUSED,
}


def admitted(case: CaseFiled, answer: Answer) -> bool:
    """Say whether this answer may be given to the case as it stands."""
    state = CaseState(case.state)
    if answer.kind == "received":
        return state in {CaseState.RECEIVED, CaseState.RESUBMITTED}
    return state in _OPEN


def answer_case(
    record: Record, number: str, answer: Answer, *, by: str, now: datetime
) -> CaseFiled:
    """Give an answer; `Problem(CASE_UNKNOWN)`, `Problem(ANSWER_NOT_ADMITTED)`."""
    case = record.case(number)
    if case is None:
        raise Problem(Code.CASE_UNKNOWN, number=number)
    if not admitted(case, answer):
        raise Problem(Code.ANSWER_NOT_ADMITTED)
    official = case.official_number
    if isinstance(answer, Received):
        official = answer.official_number or official
    after = replace(case, state=_AFTER[answer.kind], official_number=official)
    said = CaseAnswered(
        number=number,
        revision=case.revision,
        answered_at=now,
        answered_by=by,
        answer=answer,
    )
    given = AnswerGiven(
        number, case.revision, answer.model_dump_json(), utc_text(now), by
    )
    record.answer(after, given, feed_body=said.model_dump_json())
    return after
