"""A desk's feed: gapless positions of its own, beyond what it has seen elsewhere."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from sync.district.ledger.database import open_database
from sync.district.ledger.healing import HealingLedger
from sync.district.ledger.record import Record
from sync.district.ledger.sending import queue_message


@pytest.fixture
def engine(climbed: Path, tmp_path: Path) -> Engine:
    path = tmp_path / "record.db"
    path.write_bytes((climbed / "record.db").read_bytes())
    return open_database(path, "record")


def _queue(engine: Engine, device: str, body: str = "{}") -> int:
    with engine.begin() as connection:
        return queue_message(connection, device, body)


def test_each_desk_counts_its_own_feed(engine: Engine) -> None:
    assert [_queue(engine, "a"), _queue(engine, "b"), _queue(engine, "a")] == [1, 1, 2]


def test_p08_a_feed_goes_on_after_what_its_desk_has_seen(engine: Engine) -> None:
    """A record that was put back must not give a position that the desk had."""
    _queue(engine, "a")
    HealingLedger(engine).raise_floor("a", 9)
    assert [_queue(engine, "a"), _queue(engine, "a"), _queue(engine, "b")] == [
        10,
        11,
        1,
    ]


def test_a_floor_below_the_feed_changes_nothing(engine: Engine) -> None:
    for _ in range(3):
        _queue(engine, "a")
    HealingLedger(engine).raise_floor("a", 1)
    assert _queue(engine, "a") == 4


def test_a_message_is_queued_with_what_its_caller_keeps_or_not_at_all(
    engine: Engine, tmp_path: Path
) -> None:
    power_cut = pytest.raises(RuntimeError, match="cut")
    with power_cut, engine.begin() as connection:
        queue_message(connection, "a", "{}")
        message = "cut"
        raise RuntimeError(message)
    assert Record(tmp_path / "record.db").unsent() == ()
    assert _queue(engine, "a") == 1
