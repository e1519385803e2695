"""Every job of the window, on one screen: when → which service; no logic here."""

from collections.abc import Awaitable, Callable
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

# Seconds. The engine's own patience decides whether a tick speaks at all.
SYNC_EVERY_S: Final = 30
_JITTER_S: Final = 5


# A backup is due once a day; looking for it more often makes up for a PC that slept.
BACKUP_EVERY_S: Final = 15 * 60


def schedule(
    sync: Callable[[], Awaitable[None]], back_up: Callable[[], Awaitable[None]]
) -> AsyncIOScheduler:
    """Return a started scheduler; runs missed while the PC slept are made up once."""
    scheduler = AsyncIOScheduler(
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    scheduler.add_job(sync, "interval", seconds=SYNC_EVERY_S, jitter=_JITTER_S)
    scheduler.add_job(back_up, "interval", seconds=BACKUP_EVERY_S, jitter=_JITTER_S)
    scheduler.start()
    return scheduler
