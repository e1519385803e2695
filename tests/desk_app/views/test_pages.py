"""A page is read to its end, then turned; Ctrl turns wherever one is."""

from collections.abc import AsyncIterator

import pytest

from desk_app.services.desk import Desk
from desk_app.views.pages import page_keys
from tests.support.headless import Seen, a_headless_window

SEEN, END = 500.0, 400.0


@pytest.fixture
def turned() -> list[str]:
    return []


@pytest.fixture
async def seen(desk: Desk, turned: list[str]) -> AsyncIterator[Seen]:
    async def before() -> None:
        turned.append("before")

    async def after() -> None:
        turned.append("after")

    async with a_headless_window(desk) as window:
        await window.shell.go("days")
        keys = page_keys(window.shell, before=before, after=after)
        window.shell.keys = keys
        yield window


async def stands(seen: Seen, pixels: float, *, end: float = END) -> None:
    """The window says where the screen stands."""
    said = {
        "event_type": "end", "pixels": pixels, "min_scroll_extent": 0.0,
        "max_scroll_extent": end, "viewport_dimension": SEEN,
    }  # fmt: skip
    await seen.fire(seen.shell.frame.body, "scroll", said)


def rolled(seen: Seen) -> int:
    return seen.asked_of(seen.shell.frame.body).count("scroll_to")


async def test_down_reads_to_the_end_and_then_turns(
    seen: Seen, turned: list[str]
) -> None:
    await stands(seen, 100)
    await seen.key("Page Down")
    await seen.until(lambda: rolled(seen))
    await stands(seen, END)
    await seen.until(lambda: seen.shell.frame.rolling.is_at_end)
    assert turned == []
    await seen.key("Page Down")
    await seen.until(lambda: turned == ["after"])


async def test_a_page_that_is_seen_as_a_whole_is_turned(
    seen: Seen, turned: list[str]
) -> None:
    """Nothing was said of its end yet: there was nothing to roll."""
    await seen.key("Page Down")
    await seen.until(lambda: turned == ["after"])


async def test_what_became_longer_meanwhile_is_read(
    seen: Seen, turned: list[str]
) -> None:
    await stands(seen, END)
    await seen.key("Page Down")
    await seen.until(lambda: rolled(seen))
    await stands(seen, END + 300, end=900)
    rolling = seen.shell.frame.rolling
    await seen.until(lambda: rolling.at == END + 300)
    await seen.key("Page Up")
    await seen.until(lambda: rolled(seen) > 1)
    assert turned == []


async def test_up_turns_only_from_the_top(seen: Seen, turned: list[str]) -> None:
    await stands(seen, 300)
    await seen.key("Page Up")
    await seen.until(lambda: rolled(seen))
    await stands(seen, 0)
    assert turned == []
    await seen.until(lambda: seen.shell.frame.rolling.at == 0)
    await seen.key("Page Up")
    await seen.until(lambda: turned == ["before"])


async def test_ctrl_turns_at_once(seen: Seen, turned: list[str]) -> None:
    await stands(seen, 100)
    for key in ("Page Down", "Page Up"):
        await seen.key(key, ctrl=True)
    await seen.until(lambda: turned == ["after", "before"])
    assert rolled(seen) == 0
