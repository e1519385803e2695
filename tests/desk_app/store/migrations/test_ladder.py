"""The ladder: every rung there is, in order; all of them lead to the same vault."""

from pathlib import Path

import pytest
import sqlcipher3

from desk_app.store import migrations
from desk_app.store.migrations.ladder import RUNGS
from desk_app.store.vault import Vault
from tests.support.older import KEY, a_vault_file, left_on_rung

NAMES = tuple(RUNGS)


def _plan(path: Path) -> set[tuple[str, str]]:
    """Return every table, index, view and trigger, and how it is made."""
    vault = Vault(path, KEY)
    with vault.read() as tx:
        rows = tx.rows(
            "SELECT name, coalesce(sql, '') FROM sqlite_master"
            " WHERE name NOT LIKE '%sqlite_migrations%'"
        )
        climbed = tx.rows("SELECT name FROM _sqlite_migrations ORDER BY id")
    vault.close()
    assert [name for (name,) in climbed] == list(NAMES)
    return {(str(name), str(sql)) for name, sql in rows}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """The plan of a vault that was made today."""
    return _plan(tmp_path_factory.mktemp("ladder") / "vault.db")


def test_no_rung_is_forgotten_and_they_are_climbed_in_order() -> None:
    folder = Path(migrations.__path__[0])
    there = sorted(file.stem.split("_")[0] for file in folder.glob("m[0-9]*.py"))
    assert list(NAMES) == there
    assert there == [f"m{n:04d}" for n in range(1, len(there) + 1)]


@pytest.mark.parametrize("height", range(1, len(NAMES)))
def test_p10_from_every_rung_the_same_vault_is_reached(
    tmp_path: Path, height: int, fresh: set[tuple[str, str]]
) -> None:
    with left_on_rung(tmp_path / "vault.db", height):
        pass
    assert _plan(tmp_path / "vault.db") == fresh
    assert _plan(tmp_path / "vault.db") == fresh, "a second start climbs nothing"


def test_a_rung_that_breaks_leaves_the_vault_on_the_one_below(tmp_path: Path) -> None:
    """What a later rung is to make is there already: nothing of it is half done."""
    path = tmp_path / "vault.db"
    with left_on_rung(path, 3) as old:
        old.execute("CREATE TABLE cuts (mine TEXT)")
    with pytest.raises(sqlcipher3.OperationalError, match="cuts"):
        Vault(path, KEY)
    with a_vault_file(path) as old:
        newest = old.execute("SELECT max(name) FROM _sqlite_migrations")
        assert newest.fetchone() == ("m0003",)
        made = old.execute("SELECT 1 FROM sqlite_master WHERE name = 'quarantine'")
        assert made.fetchone() is None
        old.execute("DROP TABLE cuts")
    assert _plan(path)
