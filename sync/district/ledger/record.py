"""The opened record: cases, entries, answers, staff. Never seen by intake.

Entries, answers and audit lines are append-only; one transaction per verb.
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
from schemas.encoding import base64_bytes
from schemas.journal import JournalEntry
from schemas.quarantine import EntryOffered
from sync.district.ledger.answers import keep_answer
from sync.district.ledger.asides import Asides, same_place, set_aside
from sync.district.ledger.database import damage, open_database
from sync.district.ledger.days import Days
from sync.district.ledger.findings import Findings
from sync.district.ledger.healing import HealingLedger
from sync.district.ledger.publications import Publications
from sync.district.ledger.renewals import Renewals
from sync.district.ledger.rows import (
    GAPS,
    AnswerGiven,
    CaseFiled,
    ChainHead,
    EntryFiled,
    Outgoing,
    StaffMember,
)
from sync.district.ledger.scans import ScanRecord
from sync.district.ledger.sending import queue_message
from sync.district.ledger.tables import (
    answers,
    asides,
    audit,
    cases,
    chains,
    entries,
    outgoing,
    staff,
)
from sync.protocol.chain import chain_over, chain_start
from sync.seal import suite1
from sync.seal.compressing import EntryRange

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
_RUN: Final = (
    select(entries.c.entry)
    .where(
        entries.c.device == bindparam("device"),
        entries.c.epoch == bindparam("epoch"),
        entries.c.sequence >= bindparam("first"),
        entries.c.sequence < bindparam("end"),
        # What stands for an entry that never came is not the entry.
        entries.c.problem.is_(None) | entries.c.problem.not_in(GAPS),
    )
    .order_by(entries.c.sequence)
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

    def broken_chains(self) -> list[tuple[str, int]]:
        """Return (device, epoch) of journals whose filed chain does not follow.

        A gap that was healed counts by the bytes that were offered for it. One that was
        not is in sight by itself (`quarantined`), and no chain leads over it.
        """
        broken = []
        with self._engine.connect() as connection:
            heads = connection.execute(select(chains)).all()
        for head in heads:
            filed = self._entries(
                _with_asides().where(
                    entries.c.device == head.device, entries.c.epoch == head.epoch
                )
            )
            lines = [self._stood_there(line) for line in filed]
            if None in lines:
                continue
            start = chain_start(suite1.digest, head.device, head.epoch)
            if chain_over(suite1.digest, start, filter(None, lines)) != head.chain:
                broken.append((str(head.device), int(head.epoch)))
        return broken

    def _stood_there(self, line: EntryFiled) -> bytes | None:
        """Return the bytes that stood at a place; None where they never came."""
        if line.problem not in GAPS:
            return line.entry
        by = self.entry_at(line.device, *line.healed_by) if line.healed_by else None
        raw = by.entry if by else b""
        while raw:
            body = JournalEntry.model_validate_json(raw).body
            if not isinstance(body, EntryOffered):
                break
            raw = base64_bytes(body.entry)
            if (body.epoch, body.sequence) == (line.epoch, line.sequence):
                return raw
        return None

    def entries_of(self, number: str) -> tuple[EntryFiled, ...]:
        """Return every entry of a case, in order."""
        return self._entries(_with_asides().where(entries.c.number == number))

    def run_of(self, device: str, some: EntryRange) -> tuple[bytes, ...]:
        """Return the bytes of a device's entries; fewer where some are not filed."""
        run = {
            "device": device, "epoch": some.epoch, "first": some.first,
            "end": some.first + some.count,
        }  # fmt: skip
        with self._engine.connect() as connection:
            return tuple(connection.execute(_RUN, run).scalars())

    def entry_at(self, device: str, epoch: int, sequence: int) -> EntryFiled | None:
        """Return the entry at a place of a journal, filed or set aside."""
        found = self._entries(
            _with_asides().where(
                entries.c.device == device,
                entries.c.epoch == epoch,
                entries.c.sequence == sequence,
            )
        )
        return found[0] if found else None

    def quarantined(self) -> tuple[EntryFiled, ...]:
        """Return what could not be filed, each with its reason; not what was healed."""
        return self._entries(
            _with_asides().where(
                entries.c.problem.is_not(None), asides.c.healed_at.is_(None)
            )
        )

    def healed(self) -> tuple[EntryFiled, ...]:
        """Return what had been set aside and is there now, and by which entry."""
        return self._entries(_with_asides().where(asides.c.healed_at.is_not(None)))

    def _entries(self, query: Select[Any]) -> tuple[EntryFiled, ...]:
        with self._engine.connect() as connection:
            return tuple(
                EntryFiled(
                    row.device,
                    row.epoch,
                    row.sequence,
                    row.entry,
                    row.number,
                    row.problem,
                    row.reason,
                    (row.healed_epoch, row.healed_sequence) if row.healed_at else None,
                )
                for row in connection.execute(query)
            )

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

    def add_staff(self, member: StaffMember) -> None:
        """Let one more person use the console."""
        with self._engine.begin() as connection:
            connection.execute(
                insert(staff).values(
                    login=member.login,
                    name=member.name,
                    role=member.role,
                    passphrase=member.passphrase,
                )
            )

    def member(self, login: str) -> StaffMember | None:
        """Return one of the staff."""
        query = select(staff).where(staff.c.login == login)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return StaffMember(**row._asdict()) if row else None

    def members(self) -> tuple[StaffMember, ...]:
        """Return all of the staff."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(staff).order_by(staff.c.login)).all()
        return tuple(StaffMember(**row._asdict()) for row in rows)

    def signed_in(self, login: str, *, failures: int, now: datetime) -> None:
        """Keep how the last tries to sign in went."""
        with self._engine.begin() as connection:
            connection.execute(
                update(staff)
                .where(staff.c.login == login)
                .values(failures=failures, failed_at=utc_text(now))
            )

    def note(self, who: str, what: str, subject: str, *, now: datetime) -> None:
        """Append an audit line."""
        with self._engine.begin() as connection:
            connection.execute(
                insert(audit).values(
                    at=utc_text(now), who=who, what=what, subject=subject
                )
            )


def _with_asides() -> Select[Any]:
    """Select entries in order, each with what healed it."""
    return (
        select(
            entries, asides.c.healed_epoch, asides.c.healed_sequence,
            asides.c.healed_at,
        )
        .select_from(entries.outerjoin(asides, same_place()))
        .order_by(entries.c.device, entries.c.epoch, entries.c.sequence)
    )  # fmt: skip


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
