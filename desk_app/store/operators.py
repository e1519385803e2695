"""Who may work at this desk."""

from dataclasses import dataclass

from desk_app.store.vault import Row, Transaction

_COLUMNS = "operator_id, login, name, role, slot_id, active"


@dataclass(frozen=True, slots=True)
class OperatorRecord:
    """An operator; `slot_id` is the key slot that the passphrase opens."""

    operator_id: str
    login: str
    name: str
    role: str
    slot_id: str
    active: bool


def _record(row: Row) -> OperatorRecord:
    operator_id, login, name, role, slot_id, active = row
    return OperatorRecord(
        str(operator_id), str(login), str(name), str(role), str(slot_id), bool(active)
    )


def add(tx: Transaction, operator: OperatorRecord) -> None:
    """Add an operator."""
    tx.run(
        f"INSERT INTO operators ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
        operator.operator_id,
        operator.login,
        operator.name,
        operator.role,
        operator.slot_id,
        int(operator.active),
    )


def by_slot(tx: Transaction, slot_id: str) -> OperatorRecord | None:
    """Return the active operator whose slot was opened."""
    row = tx.row(
        f"SELECT {_COLUMNS} FROM operators"  # noqa: S608 - constant columns
        " WHERE slot_id = ? AND active = 1",
        slot_id,
    )
    return _record(row) if row else None


def all_of(tx: Transaction) -> tuple[OperatorRecord, ...]:
    """Return everybody, former operators too."""
    sql = f"SELECT {_COLUMNS} FROM operators ORDER BY login"  # noqa: S608
    return tuple(map(_record, tx.rows(sql)))


def retire(tx: Transaction, operator_id: str, *, freed_login: str) -> None:
    """Keep the operator for the record, but let nobody in by that name."""
    tx.run(
        "UPDATE operators SET active = 0, login = ? WHERE operator_id = ?",
        freed_login,
        operator_id,
    )
