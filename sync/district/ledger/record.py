"""The opened record: filing, cases, answers, and the way to its other rooms.

Entries, answers and audit lines are append-only; one transaction per verb. Never seen
by intake.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from schemas.base import utc_text
from schemas.casework import OPEN
from sync.district.ledger.answers import keep_answer
from sync.district.ledger.asides import Asides, set_aside
from sync.district.ledger.database import damage, open_database
from sync.district.ledger.days import Days
from sync.district.ledger.findings import Findings
from sync.district.ledger.healing import HealingLedger
from sync.district.ledger.journals import Journals
from sync.district.ledger.publications import Publications
from sync.district.ledger.renewals import Renewals
from sync.district.ledger.rows import (
    AnswerGiven,
    CaseFiled,
    ChainHead,
    EntryFiled,
    Outgoing,
    StaffMember,
)
from sync.district.ledger.scans import ScanRecord
from sync.district.ledger.sending import queue_message
from sync.district.ledger.staff import Staff
from sync.district.ledger.tables import (
    answers,
    audit,
    cases,
    chains,
    entries,
    outgoing,
)

Also: TypeAlias = Callable[[Connection], None]
"""What a verb keeps besides its own, in the transaction that it is lent."""


__all__ = ["Also", "AnswerGiven", "CaseFiled", "EntryFiled", "Record", "StaffMember"]

# What is asked for every entry is built once: building costs more than asking.
_CHAIN: Final = select(chains).where(
    chains.c.device == bindparam("device"), chains.c.epoch == bindparam("epoch")
)
_CHAIN_GROWS: Final = update(chains).where(
    chains.c.device == bindparam("of"), chains.c.epoch == bindparam("within")
)
_FILED: Final = select(entries.c.device).where(
    entries.c.device == bindparam("device"),
    entries.c.epoch == bindparam("epoch"),
    entries.c.sequence == bindparam("sequence"),
)
_CASE: Final = select(cases).where(cases.c.number == bindparam("number"))
_CASE_CHANGES: Final = update(cases).where(cases.c.number == bindparam("of"))
_UNSENT: Final = select(outgoing).where(outgoing.c.sent == 0).order_by(outgoing.c.id)
_SENT: Final = (
    update(outgoing).where(outgoing.c.id == bindparam("which")).values(sent=1)
)


class Record:
    """The opened record's database."""

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path, "record")
        self.days = Days(self._engine)
        self.findings = Findings(self._engine)
        self.scans = ScanRecord(self._engine)
        self.renewals = Renewals(self._engine)
        self.publications = Publications(self._engine)
        self.healing = HealingLedger(self._engine)
        self.asides = Asides(self._engine)
        self.journals = Journals(self._engine)
        self.staff = Staff(self._engine)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def damage(self) -> tuple[str, ...]:
        """Return what the database's own check finds wrong."""
        return damage(self._engine)

    def chain(self, device: str, epoch: int) -> ChainHead | None:
        """Return how far a device's journal is filed."""
        journal = {"device": device, "epoch": epoch}
        with self._engine.connect() as connection:
            row = connection.execute(_CHAIN, journal).first()
        return ChainHead(row.sequence, row.chain) if row else None

    def file(
        self,
        entry: EntryFiled,
        chain: str,
        *,
        case: CaseFiled | None,
        feedback: str | None,
        now: datetime,
        also: Also | None = None,
        act: str | None = None,
    ) -> bool:
        """File one entry with all that follows from it; a repeat changes nothing.

        Returns whether it was new. `feedback` is a feed body for the desk; `also` is
        what else is to be kept in the same transaction; `act` is what an entry that is
        set aside says was done.
        """
        journal = {"device": entry.device, "epoch": entry.epoch}
        step = {"sequence": entry.sequence, "chain": chain}
        with self._engine.begin() as connection:
            here = journal | {"sequence": entry.sequence}
            if connection.execute(_FILED, here).first():
                return False
            line = {
                "entry": entry.entry, "number": entry.number,
                "problem": entry.problem, "reason": entry.reason,
                "filed_at": utc_text(now),
            }  # fmt: skip
            connection.execute(insert(entries), here | line)
            there = {"of": entry.device, "within": entry.epoch}
            if not connection.execute(_CHAIN_GROWS, there | step).rowcount:
                connection.execute(insert(chains), journal | step)
            if entry.problem is not None:
                set_aside(connection, entry, act)
            _keep_with(connection, entry.device, case, also, feedback)
        return True

    def file_late(
        self, device: str, *, case: CaseFiled | None, feedback: str | None, also: Also
    ) -> None:
        """Keep what follows from an entry that was set aside and is filed now."""
        with self._engine.begin() as connection:
            _keep_with(connection, device, case, also, feedback)

    def keep(self, also: Also, *, device: str, feedback: str | None) -> None:
        """Keep what people decided, and the desk's message, together."""
        with self._engine.begin() as connection:
            also(connection)
            if feedback is not None:
                queue_message(connection, device, feedback)

    def answer(self, case: CaseFiled, given: AnswerGiven, *, feed_body: str) -> None:
        """Keep an answer, the case's new state and the desk's message together."""
        with self._engine.begin() as connection:
            keep_answer(connection, given, what="case_answered")
            _put_case(connection, case)
            queue_message(connection, case.device, feed_body)

    def unsent(self) -> tuple[Outgoing, ...]:
        """Return the feed bodies that are not in the sealed ledger yet."""
        with self._engine.connect() as connection:
            return tuple(
                Outgoing(row.id, row.device, row.position, row.body, row.answers_key)
                for row in connection.execute(_UNSENT)
            )

    def mark_sent(self, outgoing_id: int) -> None:
        """Note that a feed body is in the sealed ledger."""
        with self._engine.begin() as connection:
            connection.execute(_SENT, {"which": outgoing_id})

    def case(self, number: str) -> CaseFiled | None:
        """Return one case."""
        with self._engine.connect() as connection:
            row = connection.execute(_CASE, {"number": number}).first()
        return CaseFiled(**row._asdict()) if row else None

    def list_cases(
        self, *, text: str = "", state: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[tuple[CaseFiled, ...], int]:
        """Return a page of cases, newest first, and how many there are in all."""

        def narrowed(query: Select[Any]) -> Select[Any]:
            if state:
                query = query.where(cases.c.state == state)
            if text:
                like = f"%{text.strip()}%"
                query = query.where(
                    or_(
                        cases.c.number.like(like),
                        cases.c.applicant_name.like(like),
                        cases.c.identity.like(like),
                        cases.c.official_number.like(like),
                    )
                )
            return query

        page = narrowed(select(cases)).order_by(cases.c.received_at.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(page.limit(limit).offset(offset)).all()
            total = connection.execute(
                narrowed(select(func.count()).select_from(cases))
            ).scalar()
        return tuple(CaseFiled(**row._asdict()) for row in rows), total or 0

    def counts(self) -> dict[str, int]:
        """Return how many cases are in each state."""
        query = select(cases.c.state, func.count()).group_by(cases.c.state)
        with self._engine.connect() as connection:
            return {str(state): int(n) for state, n in connection.execute(query)}

    def open_cases(self) -> dict[str, int]:
        """Return how many undecided cases each device has."""
        query = (
            select(cases.c.device, func.count())
            .where(cases.c.state.in_([str(state) for state in OPEN]))
            .group_by(cases.c.device)
        )
        with self._engine.connect() as connection:
            return {str(device): int(n) for device, n in connection.execute(query)}

    def answers_of(self, number: str) -> tuple[AnswerGiven, ...]:
        """Return every answer to a case, in order."""
        query = select(answers).where(answers.c.number == number).order_by(answers.c.id)
        with self._engine.connect() as connection:
            return tuple(
                AnswerGiven(
                    row.number,
                    row.revision,
                    row.answer,
                    row.answered_at,
                    row.answered_by,
                )
                for row in connection.execute(query)
            )

    def note(self, who: str, what: str, subject: str, *, now: datetime) -> None:
        """Append an audit line."""
        with self._engine.begin() as connection:
            connection.execute(
                insert(audit).values(
                    at=utc_text(now), who=who, what=what, subject=subject
                )
            )


def _keep_with(
    connection: Connection, device: str, case: CaseFiled | None, also: Also | None,
    feedback: str | None,
) -> None:  # fmt: skip
    if case is not None:
        _put_case(connection, case)
    if also is not None:
        also(connection)
    if feedback is not None:
        queue_message(connection, device, feedback)


def _put_case(connection: Connection, case: CaseFiled) -> None:
    values = {name: getattr(case, name) for name in CaseFiled.__slots__}
    changed = connection.execute(_CASE_CHANGES, {"of": case.number} | values)
    if not changed.rowcount:
        connection.execute(insert(cases), values)
