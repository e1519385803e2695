"""A page is rolled wherever the keyboard is, and held against a field that rolls back.

The other end here answers nothing by itself: what the toolkit would do is said by hand,
in the order in which the real window was seen to do it.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import flet as ft
import pytest

from desk_app.services.desk import Desk
from desk_app.views.rolling import Rolling
from tests.support.headless import Seen, a_headless_window

SEEN, END = 500.0, 900.0


@pytest.fixture
async def seen(desk: Desk) -> AsyncIterator[Seen]:
    async with a_headless_window(desk) as window:
        await window.shell.go("days")
        size = {"w": 1000.0, "h": SEEN}
        await window.fire(window.shell.frame.body, "size_change", size)
        yield window


async def says(
    seen: Seen,
    pixels: float,
    kind: ft.ScrollType = ft.ScrollType.END,
    *,
    height: float = SEEN,
) -> None:
    """The toolkit says where the screen stands."""
    said = {
        "event_type": kind.value, "pixels": pixels, "min_scroll_extent": 0.0,
        "max_scroll_extent": END, "viewport_dimension": height,
    }  # fmt: skip
    await seen.fire(seen.shell.frame.body, "scroll", said)


class Asked:
    """What the toolkit was asked for, in order."""

    def __init__(self, rolling: Rolling, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offsets: list[float] = []

        async def scroll_to(**asked: Any) -> None:
            self.offsets.append(asked["offset"])

        monkeypatch.setattr(rolling.body, "scroll_to", scroll_to)


async def a_page(seen: Seen, asked: Asked) -> asyncio.Task[bool]:
    """Press PgDn: the toolkit has been asked, and has answered nothing yet."""
    rolled = asyncio.create_task(seen.shell.frame.rolling.page(1))
    await seen.until(lambda: asked.offsets)
    return rolled


async def test_a_page_goes_on_from_where_the_screen_stands(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    await says(seen, 100)
    rolled = await a_page(seen, asked)
    await says(seen, 500)
    assert await rolled
    assert set(asked.offsets) == {100 + 0.8 * SEEN}
    assert not rolling.is_at_end


async def test_a_field_that_rolls_back_is_overruled(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, or later and slowly: whoever reads on is not brought back to it."""
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    await says(seen, 300)
    rolled = await a_page(seen, asked)
    await says(seen, 20)
    await seen.until(lambda: asked.offsets == [700, 700])
    await says(seen, 700)
    await says(seen, 700, ft.ScrollType.START)
    await seen.until(lambda: asked.offsets == [700, 700, 700])
    assert await rolled
    await says(seen, 20)
    assert asked.offsets == [700, 700, 700], "held for a moment, not for ever"


async def test_the_end_is_where_it_is_now_not_where_it_was(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    await says(seen, END)
    assert rolling.is_at_end
    rolled = await a_page(seen, asked)
    assert asked.offsets == [END + 0.8 * SEEN], "there may be more by now"
    await says(seen, END, ft.ScrollType.START)
    await says(seen, END)
    assert not await rolled, "nothing was left"
    await rolling.to_top()
    assert not rolling.is_at_end, "not known after somebody rolled elsewhere"


async def test_whoever_turns_at_the_end_waits_for_no_field(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window says where it stands, and that is enough."""
    monkeypatch.setattr("desk_app.views.rolling._HELD_S", 1000)
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    await says(seen, END)
    rolled = await a_page(seen, asked)
    await says(seen, END, ft.ScrollType.START)
    await seen.until(rolled.done)
    assert not await rolled


async def test_a_key_that_is_held_down_goes_on_page_by_page(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    await says(seen, 0)
    first = asyncio.create_task(rolling.page(1))
    second = asyncio.create_task(rolling.page(1))
    await seen.until(lambda: len(asked.offsets) == 2)
    assert asked.offsets == [400, 800]
    await says(seen, 800)
    assert await first
    assert await second


async def test_a_page_up_stops_where_it_is_told_to(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    await says(seen, 600)
    await rolling.page(-1, not_above=350)
    await rolling.page(-1)
    assert asked.offsets == [350, 200]


async def test_another_screen_is_at_its_top(seen: Seen) -> None:
    rolling = seen.shell.frame.rolling
    await says(seen, 600)
    before = rolling.body
    await seen.shell.go("board")
    assert rolling.body is not before
    assert (rolling.at, rolling.is_at_end) == (0, False)


async def test_a_key_holds_the_screen_until_its_own_work_rolls_it(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen's own PgDn comes later than the field that rolls back."""
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    await says(seen, 300)
    rolling.hold()
    await says(seen, 20)
    await seen.until(lambda: asked.offsets == [300])
    assert rolling.at == 300, "where the key found it"
    rolled = asyncio.create_task(rolling.page(1))
    await seen.until(lambda: asked.offsets == [300, 700])
    await says(seen, 700)
    assert await rolled


async def test_a_page_is_a_page_also_after_all_was_enlarged(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How much of a new screen is seen is only said when it begins to roll."""
    rolling = seen.shell.frame.rolling
    asked = Asked(rolling, monkeypatch)
    rolled = asyncio.create_task(rolling.page(1))
    await seen.until(lambda: asked.offsets == [400])
    await says(seen, 0, ft.ScrollType.START, height=200)
    await seen.until(lambda: asked.offsets == [400, 160])
    await says(seen, 160, height=200)
    assert await rolled
