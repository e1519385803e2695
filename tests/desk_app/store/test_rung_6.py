"""Rung 6 is climbed with rows in place: older entries get their days, nothing else."""

import json
from pathlib import Path

import pytest
import sqlcipher3

from desk_app.services import days as looked_at
from desk_app.store import anchors, days, settings
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung

DAY = "2026-11-23"
NUMBER = "350305107-01-20261123-0001-7"


def entry(sequence: int) -> bytes:
    clocks = {"wall": f"{DAY}T04:00:00.000Z", "boot": "b", "monotonic_ms": 1}
    body = {"kind": "case_closed", "number": NUMBER, "at": f"{DAY}T04:00:00.000Z"}
    return json.dumps({"sequence": sequence, "clocks": clocks, "body": body}).encode()


def a_vault_of_rung_1(path: Path) -> None:
    with left_on_rung(path, 1) as old:
        for sequence in range(1, 8):
            old.execute(
                "INSERT INTO journal VALUES (1, ?, ?, 'c', 'a', 'case_closed', ?)",
                (sequence, entry(sequence), NUMBER),
            )


def test_p10_entries_of_rung_1_get_their_days_a_part_at_a_time(tmp_path: Path) -> None:
    a_vault_of_rung_1(tmp_path / "vault.db")
    vault = Vault(tmp_path / "vault.db", KEY)
    with vault.write() as tx:
        settings.put(tx, "epoch", "1")
        assert looked_at.note_new(tx, 4) == 4
        assert days.counts(tx, limit=9) == ((DAY, 4),)
    with vault.write() as tx:
        assert looked_at.note_new(tx, 100) == 3
        assert looked_at.note_new(tx, 100) == 0
        assert days.counts(tx, limit=9) == ((DAY, 7),)
        assert days.not_agreed(tx, before="2026-11-24", limit=9) == (DAY,)
        assert days.not_agreed(tx, before=DAY, limit=9) == ()
        assert anchors.latest(tx) is None
    vault.close()


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO closings VALUES ('2026-11-23', 1, 1, 1, 'o', '{}')",
        "INSERT INTO day_verdicts VALUES (1, '2026-11-23', 1, 'k', 1, '{}')",
    ],
)
def test_what_was_said_of_a_day_is_never_changed(tmp_path: Path, row: str) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    table = row.split()[2]
    with vault.write() as tx:
        tx.run(row)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET day = 'x'"):  # noqa: S608
        with pytest.raises(sqlcipher3.IntegrityError), vault.write() as tx:
            tx.run(statement)
    vault.close()
