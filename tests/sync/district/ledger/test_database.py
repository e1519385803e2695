"""A database opens at the top of its ladder, durable, or says what is wrong with it."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from schemas.problems import Code, Problem
from sync.district.ledger.database import (
    TABLES,
    Half,
    climb,
    damage,
    open_database,
)
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


@pytest.mark.parametrize("half", HALVES)
def test_what_is_no_database_is_left_as_it_is(tmp_path: Path, half: Half) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"something else entirely " * 400)

    with pytest.raises(Problem) as refused:
        open_database(path, half)

    assert refused.value.code is Code.DISTRICT_FILE_DAMAGED
    assert path.read_bytes().startswith(b"something else")


@pytest.mark.parametrize("half", HALVES)
def test_p01_what_is_committed_is_on_the_disk(tmp_path: Path, half: Half) -> None:
    """A receipt is a promise: the write ahead of it is flushed, not left to luck."""
    with open_database(tmp_path / "ledger.db", half).connect() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    engine = open_database(path, "record")
    assert damage(engine) == ()
    with engine.begin() as connection:
        rows = [{"n": f"{n:06d}" * 40} for n in range(500)]
        statement = "INSERT INTO audit (at, who, what, subject) VALUES ('', '', '', :n)"
        connection.execute(text(statement), rows)
    engine.dispose()
    raw = bytearray(path.read_bytes())
    raw[-20_000:-8_000] = b"\xff" * 12_000
    path.write_bytes(raw)

    assert damage(open_database(path, "record")) != ()


def test_p10_a_record_of_before_knows_what_was_answered_by_then(tmp_path: Path) -> None:
    """Notices seen and commands done are found in the entries, each person once."""
    path = tmp_path / "ledger.db"
    engine = create_engine(f"sqlite:///{path}")
    clock = '"clocks":{"wall":"2026-11-23T04:00:00.000Z"}'
    bodies = (
        '{"kind":"notice_seen","position":4}',
        '{"kind":"notice_seen","position":4}',
        '{"kind":"command_done","position":5,"outcome":"failed","problem":101}',
        '{"kind":"case_closed","number":"notice_seen"}',
    )
    with engine.begin() as connection:
        climb(connection, "record", to="0006")
        for sequence, body in enumerate(bodies, start=1):
            entry = f'{{{clock},"operator":"lin","body":{body}}}'
            connection.execute(
                text(
                    "INSERT INTO entries (device, epoch, sequence, entry, filed_at)"
                    " VALUES ('d', 1, :sequence, :entry, 'a')"
                ),
                {"sequence": sequence, "entry": entry.encode()},
            )
    engine.dispose()
    with open_database(path, "record").connect() as connection:
        found = connection.execute(
            text("SELECT position, operator, outcome, problem FROM responses")
        ).all()
    assert sorted(map(tuple, found)) == [
        (4, "lin", "seen", None), (5, "lin", "failed", 101)
    ]  # fmt: skip


def test_p10_what_was_set_aside_before_can_be_healed_now(tmp_path: Path) -> None:
    """Each gets a line with the act that it says; a gap and noise have none."""
    path = tmp_path / "ledger.db"
    engine = create_engine(f"sqlite:///{path}")
    entries = (
        (b'{"entry_id":"a1","body":{}}', 402),
        (b'{"entry_id":"a2","again":{"entry_id":"a1"},"body":{}}', 309),
        (b"", 413),
        (b'{"not":"an entry"}', 403),
        (b'{"entry_id":"a3","body":{}}', None),
    )
    with engine.begin() as connection:
        climb(connection, "record", to="0007")
        for sequence, (entry, problem) in enumerate(entries, start=1):
            connection.execute(
                text(
                    "INSERT INTO entries (device, epoch, sequence, entry, problem,"
                    " filed_at) VALUES ('d', 1, :sequence, :entry, :problem, 'a')"
                ),
                {"sequence": sequence, "entry": entry, "problem": problem},
            )
    engine.dispose()
    record = Record(path)
    open_ones = record.asides.not_asked("d", {each for _, each in entries if each})
    found = [(each.sequence, each.act) for each in open_ones]
    assert found == [(1, "a1"), (2, "a1"), (3, None), (4, None)]
    assert len(record.journals.quarantined()) == 4
    record.close()


def test_p10_desks_of_before_can_ask_for_fresh_keys(tmp_path: Path) -> None:
    """A ledger with a desk in it climbs; what it knew of the desk stays."""
    path = tmp_path / "sealed.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        climb(connection, "sealed", to="0007")
        connection.execute(
            text(
                "INSERT INTO devices (device, state, town, signing_key,"
                " signing_key_id, sealing_key, desk_name, request, asked_at)"
                " VALUES ('d', 'granted', 't', 's', 'k', 'x', 'n', '{}', 'a')"
            )
        )
    engine.dispose()
    with open_database(path, "sealed").begin() as connection:
        connection.execute(
            text(
                "INSERT INTO keys_requests (key_id, device, state, request, asked_at)"
                " VALUES ('f', 'd', 'pending', '{}', 'a')"
            )
        )
        kept = connection.execute(text("SELECT signing_key_id, state FROM devices"))
        assert kept.all() == [("k", "granted")]
