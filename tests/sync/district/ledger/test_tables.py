"""The ledger's two halves: apart, tied to their desks, append-only where it counts."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sync.district.ledger.database import open_database
from sync.district.ledger.tables import record, sealed


def test_p02_what_intake_sees_holds_nothing_opened() -> None:
    """No table is in both halves, and the sealed one names no applicant."""
    assert not set(sealed.tables) & set(record.tables)
    columns = {c.name for table in sealed.tables.values() for c in table.columns}
    assert not columns & {"applicant_name", "identity", "application", "entry"}


def test_what_is_kept_of_a_desk_is_of_a_desk_that_is_known() -> None:
    named = [
        t for t in sealed.tables.values() if "device" in t.c and t.name != "devices"
    ]
    assert named
    for table in named:
        (key,) = table.c.device.foreign_keys
        assert key.target_fullname == "devices.device", table.name


@pytest.mark.parametrize("verb", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_what_was_noted_is_never_changed(tmp_path: Path, verb: str) -> None:
    engine = open_database(tmp_path / "ledger.db", "record")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO audit (at, who, what, subject) VALUES ('a','b','c','d')")
        )

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(verb))


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO responses VALUES ('d', 1, 'o', 'seen', NULL, 'a')",
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
