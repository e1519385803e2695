"""The real clocks and dice: the one place where the desk reads them."""

import os
import random
import secrets
import sys
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from desk_app.services.hands import Hands

_WINDOWS_ID = r"SOFTWARE\Microsoft\Cryptography"
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


def machine_id() -> str:
    """Return what names this machine; a copy of the vault elsewhere finds another.

    Linux and Windows name their installations; elsewhere the network card does.
    """
    for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        with suppress(OSError):
            return path.read_text("ascii").strip()
    if sys.platform == "win32":
        with suppress(OSError):
            import winreg  # noqa: PLC0415 - there is no such module elsewhere

            where = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _WINDOWS_ID)
            return str(winreg.QueryValueEx(where, "MachineGuid")[0])
    return f"{uuid.getnode():012x}"


def real_hands() -> Hands:
    """Return the machine's own clocks and dice."""
    return Hands(
        now=lambda: datetime.now(UTC),
        random_bytes=secrets.token_bytes,
        dice=random.SystemRandom().random,
        monotonic_ms=awake_or_asleep_ms,
        boot=boot_id(),
        machine=machine_id(),
    )
