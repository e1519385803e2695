"""Serials: per terminal and local day, gapless, unique, never given twice."""

from datetime import date

from desk_app.store.vault import Transaction
from schemas.ids import LAST_SERIAL, NumberParts, case_number
from schemas.problems import Code, Problem


def take(
    tx: Transaction, *, town: str, terminal: str, day: date, voided: str | None = None
) -> str:
    """Take the next number of the day in the caller's transaction.

    `voided` is the reason why no case will ever bear it.
    """
    row = tx.row(
        "SELECT coalesce(max(serial), 0) FROM serials WHERE terminal = ? AND day = ?",
        terminal,
        day.isoformat(),
    )
    serial = int(str(row[0])) + 1 if row else 1
    if serial > LAST_SERIAL:
        raise Problem(Code.NUMBERS_EXHAUSTED)
    number = case_number(NumberParts(town, terminal, day, serial))
    tx.run(
        "INSERT INTO serials (terminal, day, serial, number, voided)"
        " VALUES (?, ?, ?, ?, ?)",
        terminal,
        day.isoformat(),
        serial,
        number,
        voided,
    )
    return number


def voided(tx: Transaction, *, limit: int) -> tuple[tuple[str, str], ...]:
    """Return (number, reason) of numbers that no case bears, the newest first."""
    rows = tx.rows(
        "SELECT number, voided FROM serials WHERE voided IS NOT NULL"
        " ORDER BY day DESC, serial DESC LIMIT ?",
        limit,
    )
    return tuple((str(number), str(reason)) for number, reason in rows)


def keep(tx: Transaction, parts: NumberParts) -> None:
    """Note a number that was given before this vault's time; twice changes nothing."""
    tx.run(
        "INSERT INTO serials (terminal, day, serial, number) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        parts.terminal,
        parts.day.isoformat(),
        parts.serial,
        case_number(parts),
    )
