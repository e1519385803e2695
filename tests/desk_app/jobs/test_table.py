"""The window's jobs: which service when, and what a sleep of the PC makes of it."""

from datetime import UTC, datetime, timedelta

from desk_app.jobs.table import BACKUP_EVERY_S, SYNC_EVERY_S, schedule


async def _sync() -> None:
    """Stand for the line's service."""


async def _back_up() -> None:
    """Stand for the backup's service."""


async def test_the_line_is_looked_after_often_and_the_backup_now_and_then() -> None:
    scheduler = schedule(_sync, _back_up)
    try:
        every = {job.func: job.trigger.interval for job in scheduler.get_jobs()}
    finally:
        scheduler.shutdown(wait=False)
    assert every == {
        _sync: timedelta(seconds=SYNC_EVERY_S),
        _back_up: timedelta(seconds=BACKUP_EVERY_S),
    }
    assert SYNC_EVERY_S < BACKUP_EVERY_S <= 3600


async def test_runs_missed_in_a_sleep_are_made_up_once_and_never_lost() -> None:
    """The library's own default drops a run that is a second late."""
    scheduler = schedule(_sync, _back_up)
    try:
        for job in scheduler.get_jobs():
            assert job.misfire_grace_time is None
            assert job.coalesce
            assert job.max_instances == 1
    finally:
        scheduler.shutdown(wait=False)


async def test_the_first_run_is_within_its_interval() -> None:
    scheduler = schedule(_sync, _back_up)
    try:
        now = datetime.now(UTC)
        for job in scheduler.get_jobs():
            longest = job.trigger.interval + timedelta(seconds=10)
            assert now <= job.next_run_time <= now + longest
    finally:
        scheduler.shutdown(wait=False)
