"""The part of the form for papers that were not taken here and now.

A visit to a village, pier or boat is remembered until the window closes, so that the
second household of the same visit is not asked again.
"""

import itertools
from datetime import datetime
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.components.choice import Choice
from desk_app.services.receiving import When
from desk_app.text.words import CHINA
from desk_app.views.shell import Shell
from schemas.case import Visit
from schemas.problems import Code, Problem

KINDS: Final = ("counter", "village", "pier", "boat", "home")


class WhenWhere:
    """When and where papers were taken, their bag, the number of a blank form."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.words = shell.words
        self.last = shell.last_visit

        def text(name: str, value: str = "") -> ft.TextField:
            return ft.TextField(
                label=self.words(f"new.{name}"), value=value, dense=True
            )

        names = {"counter": self.words("new.counter")} | {
            each: self.words(f"visit.{each}") for each in KINDS[1:]
        }
        last = self.last
        self._kind = Choice(
            self.words("new.visit_kind"), tuple(names.items()), value=last.kind
        )
        self._place = text("visit_place", last.place)
        self._visit = text("visit_id", last.visit_id)
        self._bag = text("bag", last.bag)
        self._at, self._reason = text("received_at"), text("back_reason")
        self._control = text("control")
        fields = [
            self._place, self._visit, self._bag, self._at, self._reason, self._control
        ]  # fmt: skip
        self._chain(fields)
        self.controls: list[ft.Control] = [self._kind.control, *fields]

    def _chain(self, fields: list[ft.TextField]) -> None:
        """Enter goes on from each field to the next."""

        def to(target: ft.TextField) -> None:
            self.shell.page.run_task(kit.focus, target)

        self._kind.done = lambda: to(fields[0])
        for each, following in itertools.pairwise(fields):
            each.on_submit = lambda _, following=following: to(following)

    @property
    def bag(self) -> str:
        """The bag that the papers were put in, or nothing."""
        return _said(self._bag)

    def value(self) -> When:
        """Return what was said, and remember the visit.

        `Problem(RECEIVED_AT_SHAPE)` for no time, `Problem(VISIT_PLACE_MISSING)` for a
        visit without a place.
        """
        kind, place = self._kind.value or "counter", _said(self._place)
        visit = None
        if kind != "counter":
            if not place:
                raise Problem(Code.VISIT_PLACE_MISSING)
            visit = Visit.model_validate(
                {"kind": kind, "place": place, "visit_id": _said(self._visit)}
            )
        last = self.last
        last.kind, last.place = kind, place
        last.visit_id, last.bag = _said(self._visit), self.bag
        return When(
            received_at=self._received_at(),
            reason=_said(self._reason) or None,
            visit=visit,
            control=_said(self._control) or None,
        )

    def _received_at(self) -> datetime | None:
        text = _said(self._at).replace("\uff1a", ":")
        try:
            at = datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise Problem(Code.RECEIVED_AT_SHAPE, text=text) from error
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=CHINA)
        return at


def _said(given: ft.TextField) -> str:
    return (given.value or "").strip()
