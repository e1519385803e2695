"""One widget per field type: frozen props in, the typed value out at every change.

Enter goes on to the next field. Tables are typed one row a line, coordinates one
point a line, so that the keyboard alone suffices; all typing is kept as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft
from pydantic import JsonValue

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
    focus: Callable[[], object] | None
    set_fault: Callable[[str | None], None]
    set_value: Callable[[str], None] = lambda _: None


Change = Callable[[JsonValue], None]
Done = Callable[[], None]


def build(props: FieldProps, change: Change, done: Done, words: Words) -> FieldWidget:
    """Return the widget of a field."""
    label = props.label + (f" ({props.unit})" if props.unit else "")
    label += " *" if props.required else ""
    if props.type == "bool":
        return _checkbox(props, label, change)
    if props.type == "multiselect" and props.options:
        return _chips(props, label, change)
    if props.type == "select" and props.options:
        return _dropdown(props, label, change)
    if props.type == "daterange":
        return _range(props, label, change, done, words)
    return _text(props, label, change, done, words)


def _text(
    props: FieldProps, label: str, change: Change, done: Done, words: Words
) -> FieldWidget:
    many = props.type in _LINES
    hint = props.hint
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
        on_change=lambda e: change(from_typed(props, e.control.value or "")),
        on_submit=None if many else lambda _: done(),
        dense=True,
    )

    def set_fault(text: str | None) -> None:
        field.error = text

    def set_value(text: str) -> None:
        field.value = text
        field.update()

    return FieldWidget(field, field.focus, set_fault, set_value)


def _dropdown(props: FieldProps, label: str, change: Change) -> FieldWidget:
    field = ft.Dropdown(
        label=label,
        value=str(props.value) if props.value else None,
        options=[ft.DropdownOption(key=each, text=each) for each in props.options],
        editable=True,
        enable_filter=True,
        dense=True,
        expand=True,
        on_select=lambda e: change(e.control.value),
    )

    def set_fault(text: str | None) -> None:
        field.error_text = text

    return FieldWidget(ft.Row([field]), field.focus, set_fault)


def _checkbox(props: FieldProps, label: str, change: Change) -> FieldWidget:
    box = ft.Checkbox(
        label=label,
        value=props.value is True,
        on_change=lambda e: change(bool(e.control.value)),
    )
    fault = ft.Text("", color="#B3261E", size=12, visible=False)

    def set_fault(text: str | None) -> None:
        fault.value, fault.visible = text or "", bool(text)

    return FieldWidget(ft.Column([box, fault], spacing=0), None, set_fault)


def _chips(props: FieldProps, label: str, change: Change) -> FieldWidget:
    given = props.value if isinstance(props.value, list) else []
    chosen = [each for each in given if isinstance(each, str)]

    def toggle(option: str, *, on: bool) -> None:
        if on and option not in chosen:
            chosen.append(option)
        if not on and option in chosen:
            chosen.remove(option)
        change(list(chosen))

    def box(option: str) -> ft.Checkbox:
        return ft.Checkbox(
            label=option,
            value=option in chosen,
            on_change=lambda e: toggle(option, on=bool(e.control.value)),
        )

    fault = ft.Text("", color="#B3261E", size=12, visible=False)

    def set_fault(text: str | None) -> None:
        fault.value, fault.visible = text or "", bool(text)

    boxes = ft.Row([box(each) for each in props.options], wrap=True, spacing=4)
    heading = ft.Text(label, size=13)
    return FieldWidget(ft.Column([heading, boxes, fault], spacing=0), None, set_fault)


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

    return FieldWidget(ft.Row([first, last]), first.focus, set_fault)


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
