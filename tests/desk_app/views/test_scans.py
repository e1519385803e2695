"""Scans of a draft or case: what the camera saved is offered, and taken by a key."""

from pathlib import Path

import flet as ft
from PIL import Image

from desk_app.services import attaching
from desk_app.services.desk import Desk
from desk_app.services.preferences import prefer
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY01-02"


def _is_picture(control: object) -> bool:
    return isinstance(control, ft.Image)


async def test_new_pictures_of_the_camera_are_listed_as_they_come(
    desk: Desk, tmp_path: Path
) -> None:
    """Taken in by F8; then the readable copy in the camera's folder is gone."""
    folder = tmp_path / "camera"
    folder.mkdir()
    prefer(desk.place, "watched_folder", str(folder))
    number = take_case(desk, ITEM, seed=15)
    async with a_headless_window(desk) as seen:
        await seen.shell.open_case(number)
        await seen.until_shown("扫描件 F6")
        await seen.key("F6")
        await seen.until_shown("还没有扫描件")
        await seen.key("F8")
        await seen.until_shown("[1013]")
        Image.new("RGB", (40, 60), "white").save(folder / "scan1.png")
        await seen.until_shown("收入 scan1.png")
        await seen.key("F8")
        await seen.until(lambda: attaching.pages_of(desk.place, number))
        await seen.until_shown("scan1.png", "看", "转")
        assert list(folder.iterdir()) == []
        await seen.press("看")
        await seen.until(lambda: [*filter(_is_picture, seen.controls())])


async def test_files_that_are_dragged_over_go_to_the_chosen_material(
    desk: Desk, tmp_path: Path
) -> None:
    """Letting go says where; one that cannot be taken keeps no other out."""
    good, bad = tmp_path / "good.png", tmp_path / "film.mp4"
    Image.new("RGB", (40, 60), "white").save(good)
    bad.write_bytes(b"no picture")
    number = take_case(desk, ITEM, seed=18)
    item = desk.edition().item(ITEM)
    assert item is not None
    first, other = item.materials[:2]
    async with a_headless_window(desk) as seen:
        drops = seen.shell.drops
        drops.begin()
        await seen.shell.open_case(number)
        await seen.until_shown("扫描件 F6")
        await seen.key("F6")
        await seen.until_shown(f"放入“{first.name}”")
        await seen.type("放到哪份材料", "2", enter=True)
        await seen.until_shown(f"文件拖到本窗口，可一次拖多个，放入“{other.name}”")
        drops.over(is_over=True)
        await seen.until_shown(f"松手即放入“{other.name}”")
        drops.over(is_over=False)
        drops.receive([bad, good])
        await seen.until_shown("[1103]", "film.mp4", "good.png")
        (page,) = attaching.pages_of(desk.place, number)
        assert (page.material, page.name) == (other.key, "good.png")
