"""Failed unlocks: the delay grows, ends, survives a restart, and never locks out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_app.store.attempts import LONGEST_S, Attempts

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def _failed(path: Path, times: int) -> Attempts:
    attempts = Attempts(path / "attempts.json")
    for _ in range(times):
        attempts.failed(now=NOW)
    return attempts


def test_the_delay_grows_and_a_clock_jump_never_locks_anybody_out(
    tmp_path: Path,
) -> None:
    attempts = Attempts(tmp_path / "attempts.json")
    delays = []
    for _ in range(12):
        attempts.failed(now=NOW)
        delays.append(attempts.delay_s(now=NOW))
    assert delays[:5] == [0, 0, 1, 2, 4]
    assert max(delays) == LONGEST_S
    assert attempts.delay_s(now=NOW - timedelta(days=900)) == 0


def test_a_delay_runs_down_to_nothing_by_the_second(tmp_path: Path) -> None:
    attempts = _failed(tmp_path, 5)
    left = [attempts.delay_s(now=NOW + timedelta(seconds=s)) for s in (0, 1, 3, 4, 99)]
    assert left == [4, 3, 1, 0, 0]


def test_a_restart_forgets_no_failure_and_a_good_unlock_all(tmp_path: Path) -> None:
    _failed(tmp_path, 3)
    again = Attempts(tmp_path / "attempts.json")
    assert again.failures() == (NOW,) * 3
    assert again.delay_s(now=NOW) == 1
    again.clear()
    again.clear()
    assert (again.failures(), again.delay_s(now=NOW)) == ((), 0)


@pytest.mark.parametrize("raw", [b"", b"{", b"7", b'["when?"]', b"[7]", b"\xff\xfe"])
def test_a_damaged_file_counts_as_none_and_is_written_anew(
    tmp_path: Path, raw: bytes
) -> None:
    (tmp_path / "attempts.json").write_bytes(raw)
    attempts = Attempts(tmp_path / "attempts.json")
    assert attempts.failures() == ()
    attempts.failed(now=NOW)
    assert attempts.failures() == (NOW,)


def test_only_the_last_hundred_times_are_kept(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path / "attempts.json")
    for second in range(103):
        attempts.failed(now=NOW + timedelta(seconds=second))
    kept = attempts.failures()
    assert len(kept) == 100
    assert kept[-1] == NOW + timedelta(seconds=102)
