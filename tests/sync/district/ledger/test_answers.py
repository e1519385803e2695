"""An answer is kept with who gave it, and once more with how it came back."""

import sqlite3
from pathlib import Path

from schemas.base import utc_text
from sync.district.ledger.answers import keep_answer
from sync.district.ledger.record import AnswerGiven, Record
from tests.support.ledgers import NOW, a_number

GIVEN = AnswerGiven(a_number(1), 2, '{"kind": "granted"}', utc_text(NOW), "陈审核")


def _keep(record: Record, *, what: str) -> None:
    record.keep(
        lambda connection: keep_answer(connection, GIVEN, what=what),
        device="d" * 32,
        feedback=None,
    )


def test_an_answer_is_kept_as_it_was_given(record: Record) -> None:
    _keep(record, what="case_answered")
    assert record.answers_of(GIVEN.number) == (GIVEN,)
    assert record.answers_of(a_number(2)) == ()


def test_the_audit_trail_says_who_and_how(record: Record, tmp_path: Path) -> None:
    for what in ("case_answered", "answer_restored"):
        _keep(record, what=what)
    with sqlite3.connect(tmp_path / "record.db") as raw:
        lines = raw.execute("SELECT at, who, what, subject FROM audit").fetchall()
    said = (GIVEN.answered_at, GIVEN.answered_by)
    assert lines == [
        (*said, "case_answered", GIVEN.number),
        (*said, "answer_restored", GIVEN.number),
    ]
