"""What an answer makes of a case."""

from dataclasses import replace

from desk_app.services import standing
from desk_app.store.cases import CaseRecord
from schemas.case import Received
from schemas.feed import CaseAnswered


def show_answer(record: CaseRecord, said: CaseAnswered) -> CaseRecord | None:
    """Return the case after an answer, or None where a newer revision is on its way."""
    answer = said.answer
    if said.revision < record.revision and answer.kind == "returned":
        return None
    moved = standing.answered(record, answer, said.answered_at)
    if isinstance(answer, Received) and answer.official_number:
        moved = replace(moved, official_number=answer.official_number)
    return moved
