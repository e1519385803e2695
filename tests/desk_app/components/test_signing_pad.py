"""A signature is what was drawn; a touch without a stroke is none."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest
from PIL import Image

from desk_app.components.signing_pad import SigningPad


@pytest.fixture
def pad(monkeypatch: pytest.MonkeyPatch) -> SigningPad:
    # Nothing is on a page here: what is drawn cannot be sent to a window.
    monkeypatch.setattr(ft.canvas.Canvas, "update", lambda _: None, raising=False)
    return SigningPad()


def draw(pad: SigningPad, *points: tuple[float, float]) -> None:
    def at(point: tuple[float, float]) -> Any:
        return SimpleNamespace(local_position=SimpleNamespace(x=point[0], y=point[1]))

    detector = pad.control.content.content  # type: ignore[union-attr]
    detector.on_pan_start(at(points[0]))
    for point in points[1:]:
        detector.on_pan_update(at(point))


def picture(pad: SigningPad) -> Image.Image:
    png = pad.png()
    assert png is not None
    return Image.open(BytesIO(png)).convert("L")


def test_what_was_drawn_is_in_the_picture_where_it_was_drawn(pad: SigningPad) -> None:
    draw(pad, (100, 50), (300, 50))
    drawn = picture(pad)
    assert drawn.getpixel((200, 50)) == 0
    assert drawn.getpixel((200, 150)) == 255


def test_a_touch_is_no_signature(pad: SigningPad) -> None:
    assert pad.png() is None
    draw(pad, (100, 50))
    assert pad.png() is None


def test_two_strokes_are_not_joined(pad: SigningPad) -> None:
    draw(pad, (100, 50), (200, 50))
    draw(pad, (100, 200), (200, 200))
    drawn = picture(pad)
    assert drawn.getpixel((150, 200)) == 0
    assert drawn.getpixel((150, 125)) == 255


def test_beginning_again_leaves_nothing(pad: SigningPad) -> None:
    draw(pad, (100, 50), (300, 50))
    pad.clear()
    assert pad.png() is None
    draw(pad, (10, 10), (20, 10))
    assert picture(pad).getpixel((200, 50)) == 255
