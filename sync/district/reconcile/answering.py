"""Answer a case: the admission is pure, the act is one transaction.

The machine is `schemas.casework`'s, the same as the window's; a decision is final (a
correction of a decision is a new case).
"""

from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter

from schemas.base import utc_text
from schemas.case import Answer, CaseState, Received
from schemas.casework import OPEN, after_answer
from schemas.feed import CaseAnswered
from schemas.problems import Code, Problem
from sync.district.ledger.record import AnswerGiven, CaseFiled, Record

_answer: TypeAdapter[Answer] = TypeAdapter(Answer)


def admitted(case: CaseFiled, answer: Answer) -> bool:
    """Say whether this answer may be given to the case as it stands."""
    state = CaseState(case.state)
    if answer.kind == "received":
        return state in OPEN and case.official_number is None
    return after_answer(state, answer) is not None


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
    state = after_answer(CaseState(case.state), answer) or CaseState(case.state)
    after = replace(case, state=state, official_number=official)
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


def told_before(
    record: Record, device: str, *, restored_only: bool = False
) -> tuple[str, ...]:
    """Return the feed bodies of the answers to a desk's cases, as they were given.

    All, or those that were lost here and reported back.
    """
    return tuple(
        CaseAnswered(
            number=given.number,
            revision=given.revision,
            answered_at=datetime.fromisoformat(given.answered_at),
            answered_by=given.answered_by,
            answer=_answer.validate_json(given.answer),
        ).model_dump_json()
        for given in record.healing.answers_to(device, restored_only=restored_only)
    )
