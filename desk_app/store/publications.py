"""What the district gave out, by its place in the feed: texts, notices, commands."""

from dataclasses import dataclass

from desk_app.store.vault import Row, Transaction


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """An edition or calendar as it came; `text` while it waits for its day."""

    position: int
    kind: str
    number: int
    effective_from: str
    digest: str
    text: str | None
    state: str
    problem: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """Words to the clerks; `seen_by` are operators' ids."""

    position: int
    text: str
    published_at: str
    published_by: str
    until: str | None
    seen_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """Something the desk is to do; `outcome` is None until it did."""

    position: int
    command: str
    arguments: str
    outcome: str | None


def add(tx: Transaction, record: PublicationRecord) -> None:
    """Keep one more."""
    tx.run(
        "INSERT INTO publications (position, kind, number, effective_from, digest,"
        " text, state, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        record.position,
        record.kind,
        record.number,
        record.effective_from,
        record.digest,
        record.text,
        record.state,
        record.problem,
    )


_COLUMNS = "position, kind, number, effective_from, digest, text, state, problem"


def waiting(tx: Transaction, day: str = "9999-12-31") -> tuple[PublicationRecord, ...]:
    """Return what waits and holds from this day or before, the lowest number first."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM publications"  # noqa: S608 - our own columns
        " WHERE state = 'waiting' AND effective_from <= ? ORDER BY kind, number",
        day,
    )
    return tuple(map(_record, rows))


def listed(tx: Transaction, limit: int) -> tuple[PublicationRecord, ...]:
    """Return the last ones that came, without their texts."""
    rows = tx.rows(
        "SELECT position, kind, number, effective_from, digest, NULL, state, problem"
        " FROM publications ORDER BY position DESC LIMIT ?",
        limit,
    )
    return tuple(map(_record, rows))


def newest_number(tx: Transaction, kind: str) -> int:
    """Return the highest number of a kind that is in use or waits; 0 for none."""
    row = tx.row(
        "SELECT coalesce(max(number), 0) FROM publications"
        " WHERE kind = ? AND state IN ('waiting', 'in_use')",
        kind,
    )
    return int(str(row[0])) if row else 0


def in_use_number(tx: Transaction, kind: str) -> int:
    """Return the number of what is in force of a kind; 0 for what was shipped."""
    row = tx.row(
        "SELECT coalesce(max(number), 0) FROM publications"
        " WHERE kind = ? AND state = 'in_use'",
        kind,
    )
    return int(str(row[0])) if row else 0


def settle(tx: Transaction, position: int, state: str, *, at: str) -> None:
    """Note what became of one that waited; its text is in `texts` from now on."""
    tx.run(
        "UPDATE publications SET state = ?, text = NULL, settled_at = ?"
        " WHERE position = ?",
        state,
        at,
        position,
    )


def _record(row: Row) -> PublicationRecord:
    position, kind, number, since, digest, text, state, problem = row
    return PublicationRecord(
        int(str(position)),
        str(kind),
        int(str(number)),
        str(since),
        str(digest),
        str(text) if text is not None else None,
        str(state),
        int(str(problem)) if problem is not None else None,
    )


def add_notice(tx: Transaction, notice: NoticeRecord) -> None:
    """Keep words to the clerks."""
    tx.run(
        "INSERT INTO notices (position, text, published_at, published_by, until)"
        " VALUES (?, ?, ?, ?, ?)",
        notice.position,
        notice.text,
        notice.published_at,
        notice.published_by,
        notice.until,
    )


def notices(tx: Transaction, *, day: str, limit: int) -> tuple[NoticeRecord, ...]:
    """Return the notices that still hold, the newest first, and who saw each."""
    rows = tx.rows(
        "SELECT position, text, published_at, published_by, until FROM notices"
        " WHERE until IS NULL OR until >= ? ORDER BY position DESC LIMIT ?",
        day,
        limit,
    )
    return tuple(
        NoticeRecord(
            int(str(row[0])),
            str(row[1]),
            str(row[2]),
            str(row[3]),
            str(row[4]) if row[4] is not None else None,
            _seen_by(tx, int(str(row[0]))),
        )
        for row in rows
    )


def _seen_by(tx: Transaction, position: int) -> tuple[str, ...]:
    rows = tx.rows(
        "SELECT operator FROM notices_seen WHERE position = ? ORDER BY at", position
    )
    return tuple(str(row[0]) for row in rows)


def see(tx: Transaction, position: int, operator: str, *, at: str) -> bool:
    """Note that an operator has seen a notice; False if that was known."""
    return bool(
        tx.run(
            "INSERT INTO notices_seen (position, operator, at) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            position,
            operator,
            at,
        )
    )


def add_command(tx: Transaction, command: CommandRecord) -> None:
    """Keep something to do."""
    tx.run(
        "INSERT INTO commands (position, command, arguments) VALUES (?, ?, ?)",
        command.position,
        command.command,
        command.arguments,
    )


def open_commands(tx: Transaction) -> tuple[CommandRecord, ...]:
    """Return what is still to be done, in order."""
    rows = tx.rows(
        "SELECT position, command, arguments, outcome FROM commands"
        " WHERE outcome IS NULL ORDER BY position"
    )
    return tuple(
        CommandRecord(int(str(row[0])), str(row[1]), str(row[2]), None) for row in rows
    )


def command_done(tx: Transaction, position: int, outcome: str, *, at: str) -> bool:
    """Note what became of a command; False if that was known."""
    return bool(
        tx.run(
            "UPDATE commands SET outcome = ?, done_at = ?"
            " WHERE position = ? AND outcome IS NULL",
            outcome,
            at,
            position,
        )
    )


def unread_kinds(
    tx: Transaction, kinds: tuple[str, ...]
) -> tuple[tuple[int, str], ...]:
    """Return (position, body) of kept messages that an older program did not know."""
    marks = ", ".join("?" * len(kinds))
    rows = tx.rows(
        f"SELECT position, body FROM feed WHERE kind IN ({marks})"  # noqa: S608
        " AND position NOT IN (SELECT position FROM publications)"
        " AND position NOT IN (SELECT position FROM notices)"
        " AND position NOT IN (SELECT position FROM commands) ORDER BY position",
        *kinds,
    )
    return tuple((int(str(row[0])), str(row[1])) for row in rows)
