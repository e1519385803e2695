"""Keys: the screen's own before everybody's, none for who has not logged in."""

import pytest

from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window


async def test_no_key_opens_anything_before_somebody_logged_in(desk: Desk) -> None:
    desk.lock()
    async with a_headless_window(desk) as seen:
        await seen.until_shown("登录名")
        for key in ("F1", "F2", "F3", "F9", "F10"):
            await seen.key(key)
        await seen.until_shown("登录名")
        assert "今日收件" not in seen.texts()


async def test_a_screens_own_key_comes_before_what_it_does_everywhere(
    desk: Desk,
) -> None:
    pressed: list[str] = []
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        seen.shell.keys = {"F3": lambda: pressed.append("own")}
        await seen.key("F3")
        assert pressed == ["own"]
        await seen.key("F4")
        await seen.until_shown("九十天内到期的证书")
        await seen.key("F3")
        await seen.until_shown("姓名、拼音首字母")


async def test_no_key_leads_a_resident_to_the_clerks_screens(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        seen.shell.for_resident(on=True)
        shown = seen.shell.shown
        for key in ("F1", "F3", "F4", "F12"):
            await seen.key(key)
        await seen.key("=", ctrl=True)
        await seen.until(lambda: seen.shell.frame.percent == 110)
        await seen.key("0", ctrl=True)
        await seen.until(lambda: seen.shell.frame.percent == 100)
        assert (seen.shell.shown, desk.session is not None) == (shown, True)


async def test_page_down_rolls_every_screen_that_has_no_pages_of_its_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a resident's, and before somebody logged in."""
    rolled: list[int] = []
    own: list[str] = []

    async def roll(step: int) -> bool:
        rolled.append(step)
        return True

    async with a_headless_window(desk) as seen:
        monkeypatch.setattr(seen.shell.frame.rolling, "page", roll)
        await seen.shell.go("days")
        await seen.key("Page Down")
        await seen.shell.go("resident")
        await seen.key("Page Up")
        await seen.shell.go("board")
        seen.shell.keys = {"Page Down": lambda: own.append("own")}
        await seen.key("Page Down")
        assert own == ["own"]
        desk.lock()
        await seen.shell.go("login")
        await seen.key("Page Down")
    assert rolled == [1, -1, 1]


async def test_whoever_presses_a_key_is_here(desk: Desk) -> None:
    """Any key, also one that does nothing: the desk does not lock itself."""
    touched: list[bool] = []
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        seen.shell.touch = lambda: touched.append(True)  # type: ignore[method-assign]
        await seen.key("Q")
        assert touched == [True]
