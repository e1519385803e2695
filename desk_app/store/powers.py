"""Powers of attorney: who may act for whom, until when, as last seen in a case."""

from dataclasses import dataclass
from typing import Final

from desk_app.store.vault import Row, Transaction


@dataclass(frozen=True, slots=True)
class PowerRecord:
    """One agent of one applicant; `number` is the case that the paper lies in."""

    owner: str
    agent_id: str
    agent_name: str
    relation: str
    valid_until: str | None
    number: str
    used_at: str

    def holds_on(self, day: str) -> bool:
        """Say whether the power is not known to have ended before a day."""
        return self.valid_until is None or self.valid_until >= day


def remember(tx: Transaction, power: PowerRecord) -> None:
    """Keep an agent's latest paper."""
    tx.run(
        "INSERT INTO powers (owner, agent_id, agent_name, relation, valid_until,"
        " number, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (owner, agent_id) DO UPDATE SET"
        " agent_name = excluded.agent_name, relation = excluded.relation,"
        " valid_until = excluded.valid_until, number = excluded.number,"
        " used_at = excluded.used_at",
        power.owner,
        power.agent_id,
        power.agent_name,
        power.relation,
        power.valid_until,
        power.number,
        power.used_at,
    )


_POWER: Final = (
    "SELECT owner, agent_id, agent_name, relation, valid_until, number, used_at"
    " FROM powers "
)


def of_owner(tx: Transaction, owner: str) -> tuple[PowerRecord, ...]:
    """Return an applicant's agents, the last used first."""
    rows = tx.rows(_POWER + "WHERE owner = ? ORDER BY used_at DESC", owner)
    return tuple(map(_record, rows))


def of_agent(tx: Transaction, agent_id: str) -> tuple[PowerRecord, ...]:
    """Return whom an agent may act for, the last used first."""
    rows = tx.rows(_POWER + "WHERE agent_id = ? ORDER BY used_at DESC", agent_id)
    return tuple(map(_record, rows))


def _record(row: Row) -> PowerRecord:
    return PowerRecord(
        owner=str(row[0]),
        agent_id=str(row[1]),
        agent_name=str(row[2]),
        relation=str(row[3]),
        valid_until=None if row[4] is None else str(row[4]),
        number=str(row[5]),
        used_at=str(row[6]),
    )
