"""The ledger's ladder ends at the tables of the code, and keeps what was there."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from schemas.problems import Code, Problem
from sync.district.ledger.database import TABLES, Half, climb, open_database
from sync.district.ledger.record import Record

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


def test_p10_a_record_of_0_1_gets_the_days_of_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        climb(connection, "record", to="0001")
        connection.execute(
            text(
                "INSERT INTO entries (device, epoch, sequence, entry, filed_at)"
                " VALUES ('d', 1, 1, :entry, 'a')"
            ),
            {
                "entry": b'{"clocks":{"wall":"2026-11-23T04:00:00.000Z"},'
                b'"body":{"kind":"case_closed","number":"n"}}'
            },
        )
    engine.dispose()
    record = Record(path)
    record.days.catch_up("d")
    record.days.catch_up("d")
    assert record.days.counts(limit=5) == (("d", "2026-11-23", 1),)
    record.close()


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO closings VALUES ('d', 'y', 1, 1, 1, 'o', '{}', '{}', 'a')",
        "INSERT INTO questions VALUES ('d', 'y', 1, 1, 1, 16, 'a')",
        "INSERT INTO agreements VALUES ('d', 'y', 1, 1, '{}', 'a')",
        "INSERT INTO findings VALUES (1, 'd', 'y', '', 'k', 1, 1, 'n', '{}', 'a')",
    ],
)
def test_what_was_said_found_or_signed_is_never_changed(
    tmp_path: Path, row: str
) -> None:
    engine = open_database(tmp_path / "ledger.db", "record")
    table = row.split()[2]
    with engine.begin() as connection:
        connection.execute(text(row))
    for verb in (f"DELETE FROM {table}", f"UPDATE {table} SET device = 'x'"):  # noqa: S608
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(verb))
