"""Where the caret is in the field that has the keyboard; PgDn and PgUp leave it there.

The toolkit moves it to the end or the beginning of a line with these keys. They roll
the screen here, and whoever types on afterwards would write in the wrong place.
"""

from collections.abc import Iterable, Iterator

import flet as ft

from desk_app.components import kit


class Caret:
    """Knows where it is in the fields that it attends."""

    def __init__(self) -> None:
        self._field: ft.TextField | None = None
        self._at: ft.TextSelection | None = None
        self._step = 0

    def attend(self, field: ft.TextField) -> None:
        """Be told where the caret is in a field."""
        field.on_selection_change = self._moved

    def hold(self, step: int) -> None:
        """Leave the caret where it is: a key (1 down, -1 up) is about to move it."""
        self._step = step

    def _moved(self, event: ft.TextSelectionChangeEvent[ft.TextField]) -> None:
        field, now = event.control, event.selection
        if field is self._field and self._at is not None and self._by_key(field, now):
            self._step = 0
            field.selection = self._at
            kit.refresh(field)
            return
        self._step = 0
        self._field, self._at = field, now

    def _by_key(self, field: ft.TextField, now: ft.TextSelection) -> bool:
        end = len(field.value or "") if self._step > 0 else 0
        return bool(self._step) and now.is_collapsed and now.end == end


def fields_in(controls: Iterable[ft.Control]) -> Iterator[ft.TextField]:
    """Return the text fields among controls, however deep."""
    for each in controls:
        if isinstance(each, ft.TextField):
            yield each
            continue
        yield from fields_in(getattr(each, "controls", None) or ())
        content = getattr(each, "content", None)
        if isinstance(content, ft.Control):
            yield from fields_in((content,))
