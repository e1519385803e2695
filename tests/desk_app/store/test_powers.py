"""Powers of attorney: the latest paper of each agent, until when it holds."""

import dataclasses

from desk_app.store import powers
from desk_app.store.powers import PowerRecord
from desk_app.store.vault import Transaction
from tests.support.rows import a_number

POWER = PowerRecord(
    "OWNER-1", "AGENT-1", "陈阿妹", "亲属", "2026-12-31", a_number(1), "2026-11-01"
)


def test_the_latest_paper_of_an_agent_replaces_the_earlier(tx: Transaction) -> None:
    powers.remember(tx, POWER)
    later = dataclasses.replace(
        POWER, valid_until=None, number=a_number(2), used_at="2026-11-02"
    )
    powers.remember(tx, later)
    assert powers.of_owner(tx, "OWNER-1") == (later,)


def test_owners_and_agents_find_each_other_the_last_used_first(
    tx: Transaction,
) -> None:
    other = dataclasses.replace(POWER, agent_id="AGENT-2", used_at="2026-11-09")
    third = dataclasses.replace(POWER, owner="OWNER-2", used_at="2026-11-05")
    for power in (POWER, other, third):
        powers.remember(tx, power)
    assert powers.of_owner(tx, "OWNER-1") == (other, POWER)
    assert powers.of_agent(tx, "AGENT-1") == (third, POWER)
    assert powers.of_agent(tx, "OWNER-1") == ()


def test_a_power_holds_through_its_last_day_and_without_one_always() -> None:
    held = [POWER.holds_on(day) for day in ("2026-12-30", "2026-12-31", "2027-01-01")]
    assert held == [True, True, False]
    assert dataclasses.replace(POWER, valid_until=None).holds_on("2099-01-01")
