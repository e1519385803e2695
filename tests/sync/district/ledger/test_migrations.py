"""The ledger's ladder ends at the tables of the code, and keeps what was there."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from schemas.problems import Code, Problem
from sync.district.ledger.database import TABLES, Half, open_database

HALVES: tuple[Half, ...] = ("sealed", "record")


@pytest.mark.parametrize("half", HALVES)
def test_p10_the_ladder_ends_at_the_tables_of_the_code(
    tmp_path: Path, half: Half
) -> None:
    engine = open_database(tmp_path / "ledger.db", half)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, TABLES[half]) == []


@pytest.mark.parametrize("half", HALVES)
def test_p10_a_second_opening_climbs_nothing(tmp_path: Path, half: Half) -> None:
    open_database(tmp_path / "ledger.db", half).dispose()
    engine = open_database(tmp_path / "ledger.db", half)

    with engine.connect() as connection:
        rungs = connection.execute(text("SELECT version_num FROM alembic_version"))
        assert len(rungs.all()) == 1


@pytest.mark.parametrize("half", HALVES)
def test_p10_a_database_of_a_newer_program_is_left_as_it_is(
    tmp_path: Path, half: Half
) -> None:
    path = tmp_path / "ledger.db"
    with open_database(path, half).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Problem) as refused:
        open_database(path, half)

    assert refused.value.code is Code.LEDGER_NEWER


@pytest.mark.parametrize("verb", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_what_was_noted_is_never_changed(tmp_path: Path, verb: str) -> None:
    engine = open_database(tmp_path / "ledger.db", "record")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO audit (at, who, what, subject) VALUES ('a','b','c','d')")
        )

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(verb))
