"""Alembic's doorway: it climbs on the connection that it is given, and on no other."""

import logging
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from sync.district.ledger.database import TABLES, Half, climb

HALVES: tuple[Half, ...] = ("sealed", "record")


@pytest.mark.parametrize("half", HALVES)
def test_it_climbs_on_the_very_connection_that_it_is_given(half: Half) -> None:
    """A second connection to this engine would be to another, empty memory."""
    engine = create_engine("sqlite://", poolclass=NullPool)
    with engine.connect() as connection:
        climb(connection, half)
        assert set(inspect(connection).get_table_names()) > set(TABLES[half].tables)
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, TABLES[half]) == []


def test_the_two_halves_climb_ladders_of_their_own() -> None:
    names = {}
    for half in HALVES:
        engine = create_engine("sqlite://", poolclass=NullPool)
        with engine.connect() as connection:
            climb(connection, half)
            names[half] = set(inspect(connection).get_table_names())
    assert names["sealed"] & names["record"] == {"alembic_version"}


def test_it_reads_no_settings_and_writes_no_file_and_leaves_the_log_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alembic's usual doorway reads an ini file and switches other loggers off."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alembic.ini").write_text("[loggers]\nkeys = nonsense\n")
    ours = logging.getLogger("sync.district")
    handlers = list(logging.getLogger().handlers)
    with create_engine("sqlite://").connect() as connection:
        climb(connection, "sealed")
    assert not ours.disabled
    assert logging.getLogger().handlers == handlers
    assert [each.name for each in tmp_path.iterdir()] == ["alembic.ini"]
