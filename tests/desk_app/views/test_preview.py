"""A document before it is paper: every page is shown, saved by F7, left by Esc."""

from io import BytesIO

import flet as ft
from PIL import Image

from desk_app.services.desk import Desk
from desk_app.views.preview import preview
from tests.support.headless import Seen, a_headless_window


def a_pdf(pages: int) -> bytes:
    first, *rest = (Image.new("RGB", (210, 297), "white") for _ in range(pages))
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()


async def show(seen: Seen, pdf: bytes) -> None:
    async def back() -> None:
        await seen.shell.go("cases")

    await seen.shell.go("board")
    await preview(seen.shell, "收件凭证", "a-case-receipt", pdf, back)
    await seen.until_shown("收件凭证", "打印 F6", "另存 PDF F7")


async def test_as_many_pictures_as_pages(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await show(seen, a_pdf(3))
        shown = [each for each in seen.controls() if isinstance(each, ft.Image)]
        assert len(shown) == 3
        assert all(bytes(each.src).startswith(b"\x89PNG") for each in shown)


async def test_what_is_saved_is_the_very_document_and_its_place_is_said(
    desk: Desk,
) -> None:
    pdf = a_pdf(1)
    async with a_headless_window(desk) as seen:
        await show(seen, pdf)
        await seen.key("F7")
        await seen.until_shown("已存到", "a-case-receipt.pdf")
        assert (desk.exports / "a-case-receipt.pdf").read_bytes() == pdf


async def test_esc_goes_back_to_where_it_was_made(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await show(seen, a_pdf(1))
        await seen.key("Escape")
        await seen.until_shown("姓名、拼音首字母")
