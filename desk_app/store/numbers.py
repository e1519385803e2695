"""Serials: per terminal and local day, gapless, unique, never given twice."""

from datetime import date

from desk_app.store.vault import Transaction
from schemas.ids import LAST_SERIAL, NumberParts, case_number
from schemas.problems import Code, Problem


def take(tx: Transaction, *, town: str, terminal: str, day: date) -> str:
    """Take the next number of the day in the caller's transaction."""
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
        "INSERT INTO serials (terminal, day, serial, number) VALUES (?, ?, ?, ?)",
        terminal,
        day.isoformat(),
        serial,
        number,
    )
    return number
