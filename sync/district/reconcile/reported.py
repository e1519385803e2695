"""Take an answer back that a desk reports: this district gave it and forgot it.

Rule 1: only this district's own signature proves it.
Rule 2: of two contrary decisions the first is final, here and at the desk; that both
        were told is a finding, and people rule on it.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from schemas.base import utc_text
from schemas.case import CaseState, Received
from schemas.casework import BEGINS, after_answer
from schemas.encoding import base64_bytes
from schemas.feed import CaseAnswered
from schemas.healing import AnswerReported
from schemas.journal import JournalEntry
from schemas.problems import Code, Problem
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.healing import restore_answer
from sync.district.ledger.record import AnswerGiven, CaseFiled, Record
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.noticing import found_in, noticed
from sync.district.reconcile.rules import SetAside
from sync.seal.feed import is_proven

_DECISIONS: Final = frozenset({"granted", "refused"})
_UNDELIVERED: Final = frozenset({CaseState.GRANTED, CaseState.REFUSED})


def answer_back(
    entry: JournalEntry, body: AnswerReported, record: Record, keys: ReconcileKeys, *,
    now: datetime,
) -> Said | SetAside:  # fmt: skip
    """Return what follows from a report, or why it is none; a repeat is harmless."""
    raw = base64_bytes(body.body)
    if not _is_ours(body, raw, keys):
        return SetAside(Code.ANSWER_NOT_PROVEN, "no signature of ours", body.number)
    try:
        said = CaseAnswered.model_validate_json(raw)
    except ValidationError:
        return SetAside(Code.ANSWER_NOT_PROVEN, "not an answer", body.number)
    case = record.case(said.number)
    if case is None:
        return SetAside(Code.CASE_UNKNOWN, "no such case", said.number)
    given = AnswerGiven(
        said.number, said.revision, said.answer.model_dump_json(),
        utc_text(said.answered_at), said.answered_by,
    )  # fmt: skip
    here = record.answers_of(said.number)
    contrary = [each for each in here if _contradict(each, given)]
    if case.state in _UNDELIVERED and contrary and _came_first(given, contrary):
        # Decided again by a district that had forgotten it: the first is final.
        case = replace(case, state=BEGINS)
    after = _after(case, said)
    follows = Said(also=lambda connection: restore_answer(connection, given, after))
    if not contrary or given in here:
        return follows
    # An applicant was told two things: people rule on it.
    both = found_in(
        entry, "two_decisions", said.answered_at, number=said.number,
        stands=str(after.state),
    )  # fmt: skip
    return noticed(follows, [both], now=now)


def _decision(given: AnswerGiven) -> str | None:
    kind = str(json.loads(given.answer)["kind"])
    return kind if kind in _DECISIONS else None


def _contradict(one: AnswerGiven, other: AnswerGiven) -> bool:
    kinds = (_decision(one), _decision(other))
    return None not in kinds and kinds[0] != kinds[1]


def _came_first(given: AnswerGiven, others: list[AnswerGiven]) -> bool:
    return all(given.answered_at < each.answered_at for each in others)


def _is_ours(body: AnswerReported, raw: bytes, keys: ReconcileKeys) -> bool:
    try:
        public = keys.answers_of(body.message.header.answers_key).public
    except Problem:
        return False
    return is_proven(body.message, raw, answers_public=public)


def _after(case: CaseFiled, said: CaseAnswered) -> CaseFiled:
    state = CaseState(case.state)
    official = case.official_number
    if isinstance(said.answer, Received):
        official = said.answer.official_number or official
    if said.revision < case.revision and said.answer.kind == "returned":
        return replace(case, official_number=official)
    state = after_answer(state, said.answer) or state
    return replace(case, state=state, official_number=official)
