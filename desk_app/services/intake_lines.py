"""Applications from a file, one JSON object a line, through the window's own checks.

Good lines are taken even if others are bad; every line has one result: a number, or a
numbered problem with its fields.
"""

import dataclasses
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import AwareDatetime, JsonValue, ValidationError

from desk_app.services.desk import Desk
from desk_app.services.receiving import When
from desk_app.text.shape_words import shape_place, shape_words
from schemas.base import Frozen
from schemas.case import MaterialTaken
from schemas.forms.faults import FieldFault
from schemas.problems import Code, Problem


class Line(Frozen):
    """One application; `received_at` earlier than today needs `back_entry_reason`."""

    item_code: str
    applicant: dict[str, str]
    form: dict[str, JsonValue] = {}
    materials: tuple[MaterialTaken, ...] = ()
    received_at: AwareDatetime | None = None
    back_entry_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a line."""

    line: int
    number: str | None
    problem: Problem | None
    faults: tuple[FieldFault, ...] = ()


def take_lines(desk: Desk, lines: Iterable[bytes]) -> Iterator[Result]:
    """Yield one result a line, as each is done; empty lines are passed over.

    Lines are bytes: one that is not UTF-8 is refused by itself, like any other fault.
    """
    for position, raw in enumerate(lines, start=1):
        # Windows' own editor puts a mark before the first line.
        text = raw.removeprefix(BOM_UTF8) if position == 1 else raw
        if text.strip():
            yield _take(desk, position, text)


def _take(desk: Desk, position: int, text: bytes) -> Result:
    try:
        line = Line.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        detail = f"{shape_place(first)}: {shape_words(first)}"
        problem = Problem(Code.LINE_NOT_READABLE, line=position, detail=detail)
        return Result(position, None, problem)
    try:
        draft = desk.new_draft(line.item_code)
    except Problem as problem:
        return Result(position, None, problem)
    draft = dataclasses.replace(
        draft,
        applicant=line.applicant,
        form={**draft.form, **line.form},
        materials=line.materials,
    )
    faults: tuple[FieldFault, ...] = ()
    when = When(line.received_at, line.back_entry_reason)
    try:
        faults = tuple(f for f in desk.check(draft).faults if f.blocks)
        if faults:
            raise Problem(Code.FORM_HAS_FAULTS, count=len(faults))
        desk.save_draft(draft)
        number = desk.receive_case(draft.draft_id, when).number
        return Result(position, number, None)
    except Problem as problem:
        # The line is the draft of record: a half-made one here would be a second.
        desk.discard_draft(draft.draft_id, "intake line refused")
        return Result(position, None, problem, faults)
