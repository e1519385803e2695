"""A place to sign with a finger, a pen or the mouse."""

from io import BytesIO
from typing import Final

import flet as ft
from flet import canvas
from PIL import Image, ImageDraw

from desk_app.components import kit

_PAD: Final = (900, 260)


class SigningPad:
    """Strokes as they are drawn; `png` is what was signed."""

    def __init__(self) -> None:
        self._strokes: list[list[tuple[float, float]]] = []
        self._canvas = canvas.Canvas(
            content=ft.GestureDetector(
                on_pan_start=self._start, on_pan_update=self._draw, drag_interval=10
            ),
            width=_PAD[0],
            height=_PAD[1],
        )
        self.control = ft.Container(
            self._canvas, border=ft.Border.all(2, kit.SEA), bgcolor="#FFFFFF",
            width=_PAD[0], height=_PAD[1],
        )  # fmt: skip

    def _start(self, event: ft.DragStartEvent[ft.GestureDetector]) -> None:
        self._strokes.append([(event.local_position.x, event.local_position.y)])

    def _draw(self, event: ft.DragUpdateEvent[ft.GestureDetector]) -> None:
        if not self._strokes:
            return
        stroke = self._strokes[-1]
        here = (event.local_position.x, event.local_position.y)
        (x1, y1), (x2, y2) = stroke[-1], here
        stroke.append(here)
        paint = ft.Paint(stroke_width=4, color="#101820")
        self._canvas.shapes.append(canvas.Line(x1, y1, x2, y2, paint=paint))
        self._canvas.update()

    def clear(self) -> None:
        """Begin again."""
        self._strokes.clear()
        self._canvas.shapes.clear()
        self._canvas.update()

    def png(self) -> bytes | None:
        """Return what was signed, or None where nobody signed."""
        if not any(len(stroke) > 1 for stroke in self._strokes):
            return None
        picture = Image.new("RGB", _PAD, "white")
        pen = ImageDraw.Draw(picture)
        for stroke in self._strokes:
            pen.line(stroke, fill="black", width=4, joint="curve")
        out = BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()
