"""Keep an answer and its audit line together, given now or brought back."""

from sqlalchemy import Connection, insert

from sync.district.ledger.rows import AnswerGiven
from sync.district.ledger.tables import answers, audit


def keep_answer(connection: Connection, given: AnswerGiven, *, what: str) -> None:
    """Append an answer; the audit trail says `what` of its case, and who did it."""
    connection.execute(
        insert(answers).values(
            number=given.number,
            revision=given.revision,
            answer=given.answer,
            answered_at=given.answered_at,
            answered_by=given.answered_by,
        )
    )
    connection.execute(
        insert(audit).values(
            at=given.answered_at,
            who=given.answered_by,
            what=what,
            subject=given.number,
        )
    )
