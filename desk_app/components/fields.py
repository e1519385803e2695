"""One widget per field type: frozen props in, the typed value out at every change.

Enter goes on to the next field. Tables are typed one row a line, coordinates one
point a line, and in such fields an empty line goes on; all typing is kept as it is.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.components.choice import Choice, Choices
from desk_app.text.words import Words

_LINES = {"textarea", "table", "coord_list"}
_COMMA = "\uff0c"  # the full-width comma that a Chinese keyboard gives


@dataclass(frozen=True, slots=True)
class FieldProps:
    """What a widget shows."""

    name: str
    label: str
    type: str
    unit: str | None
    required: bool
    options: tuple[str, ...]
    columns: tuple[str, ...]
    value: JsonValue
    hint: str


@dataclass(frozen=True)
class FieldWidget:
    """A built widget: the control, how it is focused, how a fault is shown."""

    control: ft.Control
    focus: Callable[[], Awaitable[None]]
    set_fault: Callable[[str | None], None]
    set_value: Callable[[str], None] = lambda _: None
    settle: Callable[[], None] = lambda: None
    """Take what was typed, though the focus did not leave the field."""


Change = Callable[[JsonValue], None]
Done = Callable[[], None]


def build(props: FieldProps, change: Change, done: Done, words: Words) -> FieldWidget:
    """Return the widget of a field."""
    label = props.label + (f" ({props.unit})" if props.unit else "")
    label += " *" if props.required else ""
    if props.type == "bool":
        return _yes_or_no(props, label, change, done, words)
    if props.type == "multiselect" and props.options:
        return _choices(props, label, change, done)
    if props.type == "select" and props.options:
        return _choice(props, label, change, done)
    if props.type == "daterange":
        return _range(props, label, change, done, words)
    return _text(props, label, change, done, words)


def _text(
    props: FieldProps, label: str, change: Change, done: Done, words: Words
) -> FieldWidget:
    many = props.type in _LINES
    hint = props.hint
    if many:
        hint = words("new.lines_hint")
    if props.type == "table":
        hint = words("new.table_hint", columns=_COMMA.join(props.columns))
    if props.type == "coord_list":
        hint = words("new.points")
    field = ft.TextField(
        label=label,
        value=as_typed(props),
        multiline=many,
        min_lines=2 if many else 1,
        max_lines=8 if many else 1,
        helper=hint or None,
        on_submit=None if many else lambda _: done(),
        dense=True,
    )

    def typed(text: str) -> None:
        ended = many and text.endswith("\n\n")
        if ended:
            # Enter begins a line here; an empty line says that there is no more.
            text = text.rstrip("\n")
            set_value(text)
        change(from_typed(props, text))
        if ended:
            done()

    field.on_change = lambda e: typed(e.control.value or "")

    def set_fault(text: str | None) -> None:
        field.error = text

    def set_value(text: str) -> None:
        field.value = text
        field.update()

    return FieldWidget(field, lambda: kit.focus(field), set_fault, set_value)


def _choice(props: FieldProps, label: str, change: Change, done: Done) -> FieldWidget:
    options = [(each, each) for each in props.options]
    value = str(props.value) if props.value else None
    choice = Choice(label, options, value=value, change=change, done=done)
    return FieldWidget(
        choice.control, choice.focus, choice.set_fault, settle=choice.settle
    )


def _choices(props: FieldProps, label: str, change: Change, done: Done) -> FieldWidget:
    given = props.value if isinstance(props.value, list) else []
    choices = Choices(
        label,
        [(each, each) for each in props.options],
        values=[each for each in given if isinstance(each, str)],
        change=lambda chosen: change([*chosen]),
        done=done,
    )
    return FieldWidget(
        choices.control, choices.focus, choices.set_fault, settle=choices.settle
    )


def _yes_or_no(
    props: FieldProps, label: str, change: Change, done: Done, words: Words
) -> FieldWidget:
    known = {True: "yes", False: "no"}
    value = known.get(props.value) if isinstance(props.value, bool) else None
    choice = Choice(
        label,
        [(each, words(f"new.{each}")) for each in ("yes", "no")],
        value=value,
        change=lambda key: change(None if key is None else key == "yes"),
        done=done,
    )
    return FieldWidget(
        choice.control, choice.focus, choice.set_fault, settle=choice.settle
    )


def _range(
    props: FieldProps, label: str, change: Change, done: Done, words: Words
) -> FieldWidget:
    kept = dict(props.value) if isinstance(props.value, dict) else {}

    def set_part(part: str, text: str) -> None:
        kept[part] = text
        change(dict(kept))

    def part(name: str) -> ft.TextField:
        return ft.TextField(
            label=f"{label} {words(f'new.{name}')}",
            value=str(kept.get(name, "")),
            dense=True,
            expand=True,
            on_change=lambda e: set_part(name, e.control.value or ""),
            on_submit=lambda _: done(),
        )

    first, last = part("from"), part("to")

    def set_fault(text: str | None) -> None:
        last.error = text

    return FieldWidget(ft.Row([first, last]), lambda: kit.focus(first), set_fault)


def as_typed(props: FieldProps) -> str:
    """Return a kept value as the clerk typed it."""
    value = props.value
    if value is None:
        return ""
    if props.type == "table" and isinstance(value, list):
        return "\n".join(
            _COMMA.join(str(row.get(column, "")) for column in props.columns)
            for row in value
            if isinstance(row, dict)
        )
    if props.type == "coord_list" and isinstance(value, list):
        return "\n".join(map(_point_text, value))
    if props.type == "coord_point":
        return _point_text(value)
    if isinstance(value, list):
        return _COMMA.join(map(str, value))
    return str(value)


def _point_text(value: JsonValue) -> str:
    if isinstance(value, dict):
        return str(value.get("as_given") or f"{value.get('lon')},{value.get('lat')}")
    return str(value)


def from_typed(props: FieldProps, text: str) -> JsonValue:
    """Return what was typed in the field's shape; the checks judge it later."""
    lines = [line for line in text.splitlines() if line.strip()]
    if props.type == "table":
        rows: list[JsonValue] = [
            dict(zip(props.columns, _cells(line), strict=False)) for line in lines
        ]
        return rows
    if props.type == "coord_list":
        return list(lines)
    if props.type == "multiselect":
        return [cell for cell in _cells(text) if cell]
    return text


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.replace(_COMMA, ",").split(",")]
