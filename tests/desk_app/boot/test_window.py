"""Opening the window: every way leads to a screen, and what fails is a number."""

import tomllib
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import flet as ft
import pytest

from desk_app.boot.window import SCREENS, dress, forgive_late_answers, open_window
from desk_app.views.navigation import SCREENS as WAYS
from schemas.problems import Code, Problem
from tests.support.headless import a_headless_window
from tests.support.rigs import Island


def test_without_a_display_the_window_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The toolkit would start a web server on all interfaces instead."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(Problem) as refused:
        open_window(tmp_path / "home")
    assert refused.value.code is Code.NO_DISPLAY
    assert not (tmp_path / "home").exists(), "nothing was begun"


def test_a_client_that_ends_before_it_shows_anything_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A display that is not there, a library that is missing."""
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("flet.context", SimpleNamespace(disable_auto_update=lambda: 0))
    started: list[str] = []
    monkeypatch.setattr(
        "flet.run", lambda _, assets_dir: started.append(f"{Path.cwd()} {assets_dir}")
    )
    with pytest.raises(Problem) as refused:
        open_window(tmp_path / "home")
    assert refused.value.code is Code.WINDOW_NOT_STARTED
    # Where nobody else's client lies under ./build.
    assert started[0].startswith(f"{tmp_path / 'home'} ")


def test_every_way_leads_to_a_screen_and_has_its_words() -> None:
    text = files("assets").joinpath("text", "desk.zh-CN.toml").read_text("utf-8")
    ways = tomllib.loads(text)["nav"]
    assert set(WAYS) <= set(SCREENS)
    assert set(WAYS) <= set(ways)
    assert {"login", "setup", "recover"} <= set(SCREENS), "before anybody is known"


def test_the_window_is_dressed_so_that_han_comes_out_in_chinese_shapes() -> None:
    page = SimpleNamespace(window=SimpleNamespace())
    dress(page)  # type: ignore[arg-type]
    locale = page.locale_configuration.current_locale
    assert (locale.language_code, locale.country_code) == ("zh", "CN")
    (font,) = page.fonts.values()
    assert files("assets").joinpath(font).is_file()
    assert page.theme.font_family in page.fonts
    assert page.theme_mode is ft.ThemeMode.LIGHT


async def test_a_late_answer_for_what_is_no_longer_shown_ends_nothing(
    island: Island,
) -> None:
    async with a_headless_window(island.desk) as seen:
        page = seen.shell.page
        with pytest.raises(RuntimeError):
            page.session.handle_invoke_method_results(999_999, "x", None, None)
        forgive_late_answers(page)
        page.session.handle_invoke_method_results(999_999, "x", None, None)
        await seen.shell.go("board")
