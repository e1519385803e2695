"""The part of the form for papers that were not taken here and now."""

from datetime import datetime

import flet as ft

from desk_app.components.choice import Choice
from desk_app.services.receiving import When
from desk_app.text.words import CHINA, Words
from schemas.case import Visit
from schemas.problems import Code, Problem


class WhenWhere:
    """When and where papers were taken, if not here and now; blank forms of a cut."""

    KINDS = ("counter", "village", "pier", "boat", "home")

    def __init__(self, words: Words) -> None:
        self._at = ft.TextField(label=words("new.received_at"), dense=True)
        self._reason = ft.TextField(label=words("new.back_reason"), dense=True)
        names = {"counter": words("new.counter")} | {
            each: words(f"visit.{each}") for each in self.KINDS[1:]
        }
        self._kind = Choice(
            words("new.visit_kind"), tuple(names.items()), value="counter"
        )
        self._place = ft.TextField(label=words("new.visit_place"), dense=True)
        self._control = ft.TextField(label=words("new.control"), dense=True)
        self.controls: list[ft.Control] = [
            self._at, self._reason, self._kind.control, self._place, self._control
        ]  # fmt: skip

    def value(self) -> When:
        """Return what was said; `Problem(ANSWER_WRONG_SHAPE)` for no time."""
        text = (self._at.value or "").strip()
        try:
            at = datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise Problem(Code.ANSWER_WRONG_SHAPE) from error
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=CHINA)
        place = (self._place.value or "").strip()
        kind = self._kind.value or "counter"
        visit = None
        if kind != "counter":
            visit = Visit.model_validate({"kind": kind, "place": place or kind})
        return When(
            received_at=at,
            reason=(self._reason.value or "").strip() or None,
            visit=visit,
            control=(self._control.value or "").strip() or None,
        )
