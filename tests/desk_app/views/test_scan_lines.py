"""The pages of a draft: every sheet of every scan can be looked at, by key alone."""

from io import BytesIO

import flet as ft
import pytest
from PIL import Image

from desk_app.services import attaching
from desk_app.services.desk import Desk
from desk_app.views.scans import scans
from tests.support.headless import Seen, a_headless_window

ITEM = "HY01-02"


def a_pdf_of(*heights: int) -> bytes:
    """Return a scanner's file: one sheet a height, so that each can be told apart."""
    first, *rest = (Image.new("RGB", (100, height), "white") for height in heights)
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=72)
    return out.getvalue()


@pytest.fixture
def draft(desk: Desk) -> str:
    """A draft with a scan of three sheets and, after it, a picture."""
    draft_id = desk.new_draft(ITEM).draft_id
    picture = BytesIO()
    Image.new("RGB", (90, 60), "white").save(picture, "PNG")
    for name, raw in (
        ("a.pdf", a_pdf_of(100, 200, 300)),
        ("b.png", picture.getvalue()),
    ):
        attaching.attach(desk.place, draft_id, "id", name=name, raw=raw)
    return draft_id


async def show(seen: Seen, draft_id: str) -> None:
    async def back() -> None:
        await seen.shell.go("board")

    await seen.shell.go("board")
    await scans(seen.shell, draft_id, ITEM, back)
    await seen.until_shown("a.pdf", "b.png")


def looked_at(seen: Seen) -> tuple[int, int]:
    """Return the size of the picture that is shown; nothing where none is."""
    images = [each for each in seen.controls() if isinstance(each, ft.Image)]
    if not images:
        return (0, 0)
    (image,) = images
    assert isinstance(image.src, bytes)
    return Image.open(BytesIO(image.src)).size


async def test_every_sheet_of_a_scan_is_shown_with_its_number(
    desk: Desk, draft: str
) -> None:
    async with a_headless_window(desk) as seen:
        await show(seen, draft)
        await seen.press("看")
        await seen.until_shown("a.pdf　第 1 页，共 3 页")
        assert looked_at(seen) == (150, 150)
        await seen.press("下一页")
        await seen.until_shown("第 2 页，共 3 页")
        assert looked_at(seen) == (150, 300)
        await seen.press("上一页")
        await seen.until_shown("第 1 页，共 3 页")


async def test_the_keys_turn_over_the_whole_pile_and_stop_at_its_ends(
    desk: Desk, draft: str
) -> None:
    async with a_headless_window(desk) as seen:
        await show(seen, draft)
        for said in (
            "第 1 页，共 3",
            "第 2 页，共 3",
            "第 3 页，共 3",
            "b.png　第 1 页，共 1",
        ):
            await seen.key("Page Down")
            await seen.until_shown(said)
        await seen.key("Page Down", ctrl=True)
        await seen.key("Page Up", ctrl=True)
        # Back from the picture to the last sheet of the scan before it.
        await seen.until_shown("a.pdf　第 3 页，共 3 页")
        assert looked_at(seen) == (150, 450)


@pytest.mark.parametrize("percent", [100, 200])
async def test_a_sheet_is_as_high_as_it_is_drawn_however_large_all_is(
    desk: Desk, draft: str, percent: int
) -> None:
    """Its place is kept before it is drawn: too high, and there is a gap above it."""
    async with a_headless_window(desk) as seen:
        seen.shell.frame.enlarge(percent)
        await show(seen, draft)
        await seen.key("Page Down")
        await seen.until_shown("第 1 页，共 3 页")
        await seen.press("下一页")
        await seen.until_shown("第 2 页，共 3 页")
        (image,) = [each for each in seen.controls() if isinstance(each, ft.Image)]
        assert image.width is not None
        assert image.width <= seen.shell.frame.room
        assert image.height == 2 * image.width


async def stands(seen: Seen, pixels: float) -> None:
    """The window says where the screen stands: a sheet's end is at 850."""
    said = {
        "event_type": "end", "pixels": pixels, "min_scroll_extent": 0.0,
        "max_scroll_extent": 850.0, "viewport_dimension": 500.0,
    }  # fmt: skip
    await seen.fire(seen.shell.frame.body, "scroll", said)


async def test_a_sheet_is_read_to_its_end_before_it_is_turned(
    desk: Desk, draft: str
) -> None:
    """And back from its top to the end of the one before; Ctrl turns at once."""
    async with a_headless_window(desk) as seen:
        await show(seen, draft)
        body, first = seen.shell.frame.body, "第 1 页，共 3"

        def rolled() -> int:
            return seen.asked_of(body).count("scroll_to")

        await seen.key("Page Down")
        await seen.until_shown(first)
        await seen.until(rolled)
        await stands(seen, 450)
        before = rolled()
        await seen.key("Page Down")
        await seen.until(lambda: rolled() > before)
        await stands(seen, 850)
        assert first in seen.texts()
        await seen.key("Page Down")
        await seen.until_shown("第 2 页，共 3")
        await seen.key("Page Down", ctrl=True)
        await seen.until_shown("第 3 页，共 3")
        await seen.key("Page Up", ctrl=True)
        await seen.until_shown("第 2 页，共 3")


async def test_a_key_pressed_twice_turns_twice(desk: Desk, draft: str) -> None:
    async with a_headless_window(desk) as seen:
        await show(seen, draft)
        await seen.key("Page Down")
        await seen.key("Page Down")
        await seen.until_shown("第 2 页，共 3 页")


async def test_a_page_that_is_turned_stays_in_sight(desk: Desk, draft: str) -> None:
    async with a_headless_window(desk) as seen:
        await show(seen, draft)
        await seen.key("Page Down")
        await seen.until_shown("第 1 页，共 3 页")
        await seen.key("Page Down")
        await seen.until_shown("第 2 页，共 3 页")
        await seen.press("转")
        await seen.until(lambda: attaching.pages_of(desk.place, draft)[0].turned == 90)
        await seen.until(lambda: looked_at(seen) == (300, 150))
        await seen.until_shown("第 2 页，共 3 页")


async def test_what_is_taken_out_of_a_draft_is_gone(desk: Desk, draft: str) -> None:
    async with a_headless_window(desk) as seen:
        await show(seen, draft)
        await seen.press("取出")
        await seen.until(lambda: len(attaching.pages_of(desk.place, draft)) == 1)
        await seen.until(lambda: "a.pdf" not in seen.texts())


def test_a_number_beyond_the_ends_is_the_nearest_sheet(desk: Desk, draft: str) -> None:
    scan, picture = attaching.pages_of(desk.place, draft)
    look = attaching.preview(desk.place, scan, sheet=9)
    assert (look.sheet, look.sheets) == (3, 3)
    assert attaching.preview(desk.place, picture, sheet=9).sheets == 1
