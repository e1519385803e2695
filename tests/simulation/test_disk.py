"""The simulator's bad disks do only what a disk can do to a vault that is still one."""

import secrets
from pathlib import Path
from random import Random

import pytest

from tests.simulation.disk import FragileVault, power_cut_files, put_back
from tests.simulation.faults import Fuse

KEY = secrets.token_bytes(32)


def _put(vault: FragileVault, rows: range) -> None:
    for n in rows:
        with vault.write() as tx:
            tx.run("INSERT INTO settings VALUES (?, ?)", f"k{n:04d}", "示" * 900)


@pytest.mark.parametrize("copied", ["nothing", "all", "some"])
def test_a_torn_log_leaves_an_older_vault_and_no_broken_one(
    tmp_path: Path, copied: str
) -> None:
    path = tmp_path / "vault.db"
    vault = FragileVault(path, KEY, Fuse())
    vault.flush()
    _put(vault, range(40))
    if copied != "nothing":
        vault._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    if copied == "some":
        _put(vault, range(40, 60))
    wrote = 60 if copied == "some" else 40
    found = set()
    for seed in range(25):
        lost = power_cut_files(path, Random(seed), torn=True)
        assert lost is (copied != "all")
        other = tmp_path / f"{seed}" / path.name
        other.parent.mkdir()
        put_back(other, path.with_name("frozen"))
        again = FragileVault(other, KEY, Fuse())
        assert again.damage() == []
        with again.read() as tx:
            keys = [str(row[0]) for row in tx.rows("SELECT name FROM settings")]
        rows = sorted(each for each in keys if each.startswith("k"))
        assert rows == [f"k{n:04d}" for n in range(len(rows))]
        found.add(len(rows))
        again.close()
    vault.close()
    assert max(found) <= wrote
    if copied != "all":
        assert len(found) > 1, "nothing was ever lost"
    else:
        assert found == {40}


def test_a_power_cut_leaves_everything_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    vault = FragileVault(path, KEY, Fuse())
    _put(vault, range(5))
    assert power_cut_files(path, Random(1), torn=False) is False
    vault.close()
    put_back(path, path.with_name("frozen"))
    again = FragileVault(path, KEY, Fuse())
    with again.read() as tx:
        assert len(tx.rows("SELECT 1 FROM settings WHERE name LIKE 'k%'")) == 5
    again.close()
