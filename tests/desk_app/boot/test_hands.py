"""The machine's own clocks and dice: of this boot, never the same bytes twice."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_app.boot import hands
from desk_app.boot.hands import awake_or_asleep_ms, boot_id, machine_id, real_hands


def test_the_boot_has_one_name_until_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    assert boot_id() == boot_id() != ""
    monkeypatch.setattr(hands, "_LINUX_BOOT_ID", Path("/nowhere/boot_id"))
    # Elsewhere the minute of the boot names it; two looks may straddle a minute.
    names = {boot_id() for _ in range(3)}
    started = int((time.time() - time.monotonic()) // 60)
    assert all(abs(int(name.rpartition("-")[2]) - started) <= 1 for name in names)


def test_p09_the_monotonic_clock_counts_sleep_and_never_goes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = [awake_or_asleep_ms() for _ in range(50)]
    assert seen == sorted(seen)
    if hasattr(time, "CLOCK_BOOTTIME"):
        asleep = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
        assert 0 <= asleep - seen[-1] < 5000
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert awake_or_asleep_ms() <= time.monotonic_ns() // 1_000_000


def test_p08_a_machine_has_one_name_and_a_copy_elsewhere_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert machine_id() == machine_id() != ""

    def unreadable(*_: object, **__: object) -> str:
        raise OSError(13, "permission denied")

    monkeypatch.setattr(Path, "read_text", unreadable)
    monkeypatch.setattr(uuid, "getnode", lambda: 0x0242AC110002)
    assert machine_id() == "0242ac110002"
    monkeypatch.setattr(uuid, "getnode", lambda: 0x0242AC110003)
    assert machine_id() == "0242ac110003"


def test_times_are_utc_and_dice_are_dice() -> None:
    real = real_hands()
    assert real.now().tzinfo is UTC
    assert abs(real.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert real.random_bytes(32) != real.random_bytes(32)
    assert len(real.random_bytes(7)) == 7
    throws = {real.dice() for _ in range(20)}
    assert len(throws) == 20
    assert all(0 <= each < 1 for each in throws)
    assert (real.boot, real.machine) == (boot_id(), machine_id())
