"""A choice among known words, made as fast as a clerk types: number, initials, Enter.

The toolkit's drop-down cannot be opened or chosen from by keyboard; this one is a text
field that shows what can be chosen under it while it has the focus.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import flet as ft

from desk_app.components import kit
from desk_app.text.pinyin import initials
from desk_app.text.words import Words

Options = Sequence[tuple[str, str]]
_SHOWN: Final = 9
# A click on an option takes the focus away first; the options must still be there.
_HIDE_AFTER_S: Final = 0.4


def matching(typed: str, options: Options) -> tuple[str, ...]:
    """Return the keys that typed text may mean, the likeliest first.

    A whole text, its number in the list (from 1), its beginning, its initials, its
    key, any part of it.
    """
    text = typed.strip().lower()
    if not text:
        return tuple(key for key, _ in options)
    ranks: list[tuple[int, int, str]] = []
    for place, (key, words) in enumerate(options):
        low = words.lower()
        tests = (
            low == text,
            str(place + 1) == text,
            low.startswith(text),
            initials(low).startswith(text),
            key.lower().startswith(text),
            text in low,
        )
        if any(tests):
            ranks.append((tests.index(True), place, key))
    return tuple(key for _, _, key in sorted(ranks))


class Choice:
    """One field: `options` are (key, words); `change` gets the chosen key or None."""

    def __init__(
        self,
        label: str,
        options: Options,
        *,
        value: str | None,
        change: Callable[[str | None], object] = lambda _: None,
        done: Callable[[], object] = lambda: None,
        width: int | None = None,
    ) -> None:
        self._value = value
        self.done = done
        self._options = tuple(options)
        self._words = dict(options)
        self._change = change
        self.field = ft.TextField(
            label=label,
            value=self._words.get(value or "", ""),
            dense=True,
            width=width,
            suffix_icon=ft.Icons.ARROW_DROP_DOWN,
            on_focus=lambda _: self._offer(""),
            on_change=lambda e: self._offer(e.control.value or ""),
            on_submit=lambda _: self._enter(),
            on_blur=lambda _: self._left(),
        )
        self._hints = ft.Row(wrap=True, spacing=2, run_spacing=0, visible=False)
        self.control = ft.Column(
            [self.field, self._hints],
            spacing=0,
            width=width,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )

    @property
    def value(self) -> str | None:
        """What is chosen, or would be if the focus left the field now."""
        typed = self.field.value or ""
        if typed == self._words.get(self._value or "", ""):
            return self._value
        found = matching(typed, self._options) if typed.strip() else ()
        return found[0] if found else self._value if typed.strip() else None

    def focus(self) -> Awaitable[None]:
        """Put the focus here."""
        return kit.focus(self.field)

    def set_fault(self, text: str | None) -> None:
        """Show what is wrong with the choice, or nothing."""
        self.field.error = text

    def settle(self) -> None:
        """Take what was typed as the likeliest option; nothing typed is no choice.

        What means none of the options stays as it was typed, and is said to.
        """
        typed = self.field.value or ""
        unknown = bool(typed.strip()) and not matching(typed, self._options)
        self.field.error = Words("desk")("new.no_such") if unknown else None
        if not unknown:
            self._set(self.value)

    def _offer(self, typed: str) -> None:
        keys = matching(typed, self._options)[:_SHOWN]
        numbers = {key: n for n, (key, _) in enumerate(self._options, start=1)}
        self._hints.controls = [
            # No button: Tab goes on to the next field, not through the options.
            ft.Container(
                ft.Text(f"{numbers[key]} {self._words[key]}", size=14, color=kit.SEA),
                padding=ft.Padding.symmetric(horizontal=8, vertical=4),
                border_radius=4,
                bgcolor=kit.PALE,
                on_click=lambda _, key=key: self._take(key),
            )
            for key in keys
        ]
        self._hints.visible = True
        kit.refresh(self._hints)

    def _enter(self) -> None:
        self.settle()
        self._hints.visible = False
        kit.refresh(self.control)
        self.done()

    def _left(self) -> None:
        self.settle()
        kit.refresh(self.field)
        asyncio.get_running_loop().create_task(self._hide())

    async def _hide(self) -> None:
        await asyncio.sleep(_HIDE_AFTER_S)
        self._hints.visible = False
        kit.refresh(self._hints)

    def _take(self, key: str) -> None:
        self._set(key)
        self._hints.visible = False
        kit.refresh(self.control)

    def _set(self, key: str | None) -> None:
        self.field.value = self._words.get(key or "", "")
        if key != self._value:
            self._value = key
            self._change(key)


class Choices(Choice):
    """Several of the options: numbers or words with spaces or commas between them."""

    def __init__(
        self,
        label: str,
        options: Options,
        *,
        values: Sequence[str],
        change: Callable[[list[str]], object],
        done: Callable[[], object],
    ) -> None:
        super().__init__(label, options, value=None, done=done)
        self.values = [each for each in values if each in self._words]
        self._changed = change
        self._show()

    def _show(self) -> None:
        self.field.value = _BETWEEN.join(self._words[each] for each in self.values)

    def _offer(self, typed: str) -> None:
        parts = _parts(typed)
        super()._offer(parts[-1] if parts else "")

    def settle(self) -> None:
        """Take each typed part as the likeliest option."""
        chosen: list[str] = []
        for part in _parts(self.field.value or ""):
            # "1 3" is two numbers, but an option's own words may hold a space.
            whole = matching(part, self._options)
            pieces = [part] if whole else part.split()
            for piece in pieces:
                found = matching(piece, self._options)
                if found and found[0] not in chosen:
                    chosen.append(found[0])
        self._keep(chosen)

    def _take(self, key: str) -> None:
        known = key in self.values
        self._keep(
            [each for each in self.values if each != key]
            if known
            else [*self.values, key]
        )
        kit.refresh(self.control)

    def _keep(self, chosen: list[str]) -> None:
        if chosen != self.values:
            self.values = chosen
            self._changed(list(chosen))
        self._show()


_BETWEEN: Final = "\u3001"
_COMMAS: Final = (",", "\uff0c")


def _parts(text: str) -> list[str]:
    for mark in _COMMAS:
        text = text.replace(mark, _BETWEEN)
    return text.split(_BETWEEN) if text.strip() else []
