"""The audit trail: in order, and a changed line is found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_app.store import audit
from desk_app.store.vault import Vault

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _trail(path: Path, count: int) -> Vault:
    vault = Vault(path, bytes(32))
    for n in range(count):
        with vault.write() as tx:
            moment = NOON + timedelta(minutes=n)
            audit.note(tx, "printed", f"case {n}", operator="lin", now=moment)
    return vault


def test_the_newest_lines_come_first_and_pages_do_not_overlap(tmp_path: Path) -> None:
    vault = _trail(tmp_path / "vault.db", 5)
    with vault.read() as tx:
        first = audit.lines(tx, limit=3)
        rest = audit.lines(tx, limit=3, before=first[-1].position)
    assert [each.subject[-1] for each in (*first, *rest)] == list("43210")
    assert first[0].at == NOON + timedelta(minutes=4)
    vault.close()


@pytest.mark.parametrize(
    "change",
    ["SET subject = 'other'", "SET at = '2020-01-01T00:00:00.000Z'",
     "SET operator = NULL", "SET what = 'viewed'"],
)  # fmt: skip
def test_a_line_changed_behind_the_program_is_found(
    tmp_path: Path, change: str
) -> None:
    """With the key and another program one gets past the trigger, not the chain."""
    vault = _trail(tmp_path / "vault.db", 4)
    with vault.write() as tx:
        guards = tx.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            " AND tbl_name = 'audit'"
        )
        assert guards
        for (name,) in guards:
            tx.run(f"DROP TRIGGER {name}")
        tx.run(f"UPDATE audit {change} WHERE position = 2")
        assert audit.broken_at(tx) == 2
    vault.close()
