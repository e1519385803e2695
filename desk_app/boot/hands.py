"""The real clocks and dice: the one place where the desk reads them."""

import os
import random
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

from desk_app.services.hands import Hands

_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """Return a name of the machine's current boot.

    Linux has one; elsewhere the moment of the boot, by the minute, names it.
    """
    try:
        return _LINUX_BOOT_ID.read_text("ascii").strip()
    except OSError:
        started = int((time.time() - time.monotonic()) // 60)
        return f"{os.name}-{started}"


def awake_or_asleep_ms() -> int:
    """Return the milliseconds of this boot, sleep included (P9).

    Linux stops its usual monotonic clock while a notebook's lid is shut; elsewhere
    Python's own counts on (Windows ticks).
    """
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is not None:
        return time.clock_gettime_ns(clock) // 1_000_000
    return time.monotonic_ns() // 1_000_000


def real_hands() -> Hands:
    """Return the machine's own clocks and dice."""
    return Hands(
        now=lambda: datetime.now(UTC),
        random_bytes=secrets.token_bytes,
        dice=random.SystemRandom().random,
        monotonic_ms=awake_or_asleep_ms,
        boot=boot_id(),
    )
