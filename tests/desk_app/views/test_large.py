"""At 200 % the window is 600 wide: no line of any screen may run out of it.

The toolkit does not break a line of controls that was not told to wrap: what is beyond
its edge is cut off, and nothing says so. The widths here are estimates from the type's
own proportions, a little on the generous side; the real window is looked at as well.
"""

from collections.abc import Awaitable, Callable, Iterator

import flet as ft
from flet.controls.base_control import BaseControl

from desk_app.boot.window import SCREENS
from desk_app.views import people, resident, step_forms
from desk_app.views.form import FormPage
from desk_app.views.received import received
from desk_app.views.scans import scans
from tests.support.headless import Seen, a_headless_window
from tests.support.rigs import Island, finished, take_case

ITEM = "HY12-01"
WINDOW, PADDING, SECTION = 600, 20, 16
# What a button has around its words, and the least that leaves a text readable.
AROUND, READABLE = 48, 96


def _text(value: str, size: float) -> float:
    return max(
        (sum(size if ord(c) > 0x2E80 else size * 0.6 for c in line)
         for line in value.split("\n")),
        default=0,
    )  # fmt: skip


def _least(control: BaseControl) -> float:
    """The least width that a control takes within a line that does not wrap."""
    if isinstance(control, ft.Control) and not control.visible:
        return 0
    width = getattr(control, "width", None)
    if isinstance(width, int | float):
        return float(width)
    if getattr(control, "expand", None):
        return READABLE
    if isinstance(control, ft.Text):
        return _text(control.value or "", control.size or 14)
    if isinstance(control, ft.TextButton | ft.FilledButton | ft.OutlinedButton):
        said = control.content
        words = said if isinstance(said, str) else getattr(said, "value", "")
        return _text(words or "", 14) + AROUND
    inner = getattr(control, "content", None)
    if isinstance(inner, BaseControl):
        return _least(inner)
    inside = getattr(control, "controls", None) or []
    if isinstance(control, ft.Row) and not control.wrap:
        return _line(control)
    return max(map(_least, inside), default=40)


def _line(row: ft.Row) -> float:
    parts = [each for each in row.controls if each.visible]
    return sum(map(_least, parts)) + row.spacing * max(0, len(parts) - 1)


def _too_wide(seen: Seen) -> Iterator[tuple[str, float]]:
    """Lines that do not wrap and are wider than the screen, by what they say."""
    frame = seen.shell.frame
    for root, room in ((frame.header, WINDOW - 16), (frame.body, WINDOW - 2 * PADDING)):
        for each in seen.controls(root):
            inside = isinstance(each, ft.Row) and not each.wrap
            if inside and _line(each) > room - 2 * SECTION:
                words = [str(getattr(c, "value", "")) for c in seen.controls(each)]
                yield " ".join(filter(None, words))[:60], _line(each)


Opens = Callable[[], Awaitable[None]]


async def test_no_screen_runs_out_of_a_window_at_200_percent(island: Island) -> None:
    take_case(island.desk, ITEM, seed=71)
    async with a_headless_window(island.desk) as seen:
        seen.shell.frame.enlarge(200)
        for name in SCREENS:
            await seen.shell.go(name)
            assert (name, list(_too_wide(seen))) == (name, [])


async def test_nor_does_any_that_is_opened_from_one(island: Island) -> None:
    desk = island.desk
    number = take_case(desk, ITEM, seed=72)
    view = desk.case(number)
    kept = desk.draft(finished(desk, ITEM, seed=73))

    async def back() -> None:
        pass

    async with a_headless_window(desk) as seen:
        shell = seen.shell
        opens: dict[str, Opens] = {
            "case": lambda: shell.open_case(number),
            "form": FormPage(shell, kept).show,
            "scans": lambda: scans(shell, kept.draft_id, ITEM, back),
            "owner": lambda: people.owner(shell, view.application.applicant),
            "step": lambda: step_forms.ask(shell, view, "result_delivered", back),
            "read back": lambda: resident.read_back(shell, kept, back),
            "received": lambda: received(shell, desk.receive_case(kept.draft_id)),
        }
        shell.frame.enlarge(200)
        for name, show in opens.items():
            await shell.go("board")
            await show()
            assert (name, list(_too_wide(seen))) == (name, [])
