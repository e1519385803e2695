"""Check every part of a desk, whatever state it is in: the program, files, the vault.

Rule 1: what can be looked at is looked at, though another part is broken.
Rule 2: each line that is not well says how to mend it, by a problem's own words.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from desk_app.config.places import Places
from desk_app.printing import fonts, printer
from desk_app.services import access, enrolling, health
from desk_app.services.desk import Desk
from desk_app.services.shown import Check
from desk_app.store.keyslots import Keyslots
from schemas.problems import Code, Problem
from schemas.progress import Progress, nobody_watches
from sync.seal.selftest import self_test

_LEAST_FREE_MB: Final = 500


def program() -> tuple[Check, ...]:
    """Check what was installed: cryptography, typeface, the window's client."""
    return (
        _tried("self_test", self_test),
        _tried("fonts", fonts.register),
        _stated("client", _client_is_there(), Code.WINDOW_NOT_STARTED),
        _advised("display", has_display(), Code.NO_DISPLAY),
        _advised("printer", printer.can_print(), Code.NO_PRINTER),
    )


def has_display() -> bool:
    """Say whether a window can be shown at all."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(named) or not sys.platform.startswith("linux")


def _client_is_there() -> bool:
    own = os.environ.get("FLET_VIEW_PATH")
    # Looked for, not imported: the toolkit takes a second to load.
    spec = find_spec("flet_desktop")
    if own:
        place = Path(own)
    elif spec is not None and spec.origin:
        place = Path(spec.origin).parent / "app"
    else:
        return False
    return place.is_dir() and any(place.iterdir())


def folder(where: Places, desk: Desk) -> tuple[Check, ...]:
    """Check the desk's folder: private, with room, its files whole."""
    free_mb = shutil.disk_usage(where.home).free // 2**20
    found = [
        _stated("folder", _is_private(where), Code.FILE_NOT_WRITABLE, str(where.home)),
        _stated("room", free_mb >= _LEAST_FREE_MB, Code.DISK_FULL, f"{free_mb} MB"),
    ]
    if not desk.is_set_up:
        return (*found, _stated("set_up", ok=False, code=Code.NOT_SET_UP))

    def slots() -> None:
        access.refuse_incomplete(where)
        _ = Keyslots(where.keyslots, dice=os.urandom).slot_ids

    return (*found, _tried("keyslots", slots))


def _is_private(where: Places) -> bool:
    private = os.name != "posix" or not where.home.stat().st_mode & 0o077
    return private and os.access(where.home, os.W_OK)


def vault(desk: Desk, *, progress: Progress = nobody_watches) -> tuple[Check, ...]:
    """Check what an unlocked desk holds; `Problem(STOPPED)` by `progress`."""
    return health.doctor(desk.place, progress=progress)


def district(desk: Desk, found: Iterable[Check]) -> tuple[Check, ...]:
    """Check that the district answers, where one took this desk in."""
    if not all(each.ok for each in found if each.what == "enrolment"):
        return ()
    ask = enrolling.ask_district
    return (_tried("district", lambda: asyncio.run(ask(desk.place))),)


def locked(problem: Problem) -> Check:
    """Return the line for a vault that could not be looked into, and why."""
    return _failed("unlock", problem)


def _tried(what: str, part: Callable[[], object]) -> Check:
    try:
        part()
    except Problem as problem:
        return _failed(what, problem)
    return Check(what, ok=True, detail="")


def _failed(what: str, problem: Problem) -> Check:
    code = int(problem.code)
    return Check(what, False, f"[{code}]", str(code), problem.params)  # noqa: FBT003


def _stated(what: str, ok: bool, code: Code, detail: str = "") -> Check:  # noqa: FBT001
    return Check(what, ok, detail, "" if ok else str(int(code)))


def _advised(what: str, there: bool, code: Code) -> Check:  # noqa: FBT001
    """Return a line that is worth knowing, but no failure: work goes on without it."""
    return Check(what, ok=True, detail="", mend="" if there else str(int(code)))
