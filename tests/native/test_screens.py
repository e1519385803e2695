"""Every screen, reached by keyboard in the real window; pictures for the manual."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from desk_app.services import steps
from schemas.case import Granted
from schemas.steps import Acceptance
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import Island, an_island, take_case
from tests.support.screen import (
    ROOT,
    Keyboard,
    a_display,
    a_window,
    finished_draft,
    log_in,
    press_and_see,
    settle,
    window_of,
)

ITEMS = ("HY01-02", "HY03-02", "HY05-01", "HY12-01", "HY06-01", "HY01-02", "HY04-03")


def _some_work(island: Island) -> None:
    """Cases in several states, one decided by the district."""
    desk, place = island.desk, island.district
    numbers = [take_case(desk, code, seed=n) for n, code in enumerate(ITEMS, start=1)]
    steps.accept_case(desk.place, numbers[0], Acceptance.FULL)
    steps.accept_case(desk.place, numbers[1], Acceptance.FULL)
    steps.request_correction(
        desk.place, numbers[2], missing=("海域使用图件", "签字"),
        due=desk.working_day(10),
    )  # fmt: skip
    asyncio.run(desk.sync(impatient=True))
    now = datetime.now(UTC)
    reconcile_once(place.sealed, place.record, place.keys, now=now)
    granted = Granted(licence_number="(示)证第0001号")
    answer_case(place.record, numbers[0], granted, by="区审核", now=now)
    reconcile_once(place.sealed, place.record, place.keys, now=now)
    asyncio.run(desk.sync(impatient=True))
    finished_draft(desk)


def test_every_screen_opens_by_its_key(tmp_path: Path) -> None:
    """No screen shows a key of the catalogue, a traceback or an empty frame."""
    command = window_of(tmp_path / "desk")
    with an_island(tmp_path) as island, a_display() as display:
        _some_work(island)
        keyboard = Keyboard(display)
        with a_window(keyboard, command, cwd=ROOT):
            log_in(keyboard)
            keyboard.picture("screen-board")
            for key, name in (
                ("F2", "new"), ("F3", "cases"), ("F4", "people"),
                ("F5", "deliveries"), ("F11", "help"),
            ):  # fmt: skip
                press_and_see(keyboard, key)
                keyboard.picture(f"screen-{name}")
            # From the list to a case, its step and its papers: by Tab and Enter.
            press_and_see(keyboard, "F3")
            keyboard.type("cwl")
            settle(keyboard)
            keyboard.picture("screen-search")
            press_and_see(keyboard, "F10")
            keyboard.picture("screen-resident")
