"""A day's statement and what is said of it: places, digests, days, nothing typed in."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.statement import (
    CHINA_TIME,
    Agreement,
    DayClosed,
    DayQuestion,
    Gap,
    Leaf,
    Range,
    RecordDifference,
    RuledDifference,
    Statement,
    StatementDiffers,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
FROZEN: dict[str, Any] = VECTORS["agreement"]
STATEMENT: dict[str, Any] = FROZEN["statement"]
PLACE = {"epoch": 1, "sequence": 3}
AT = "2026-11-23T16:30:00.000Z"


def test_p10_the_frozen_statement_and_agreement_give_their_bytes_back() -> None:
    for model, given in ((Statement, STATEMENT), (Agreement, FROZEN)):
        assert canonical(model.model_validate(given)) == canonical(given)


def test_p10_a_figure_of_a_newer_desk_is_in_the_bytes() -> None:
    newer = {**STATEMENT, "tides": 2, "entries": {"count": 2, "size": 377, "more": 1}}
    assert canonical(Statement.model_validate(newer)) == canonical(newer)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "island-desk/statement/2"}, {"day": "2026-1-1"}, {"version": 0},
        {"before": {"epoch": 0, "sequence": 1}}, {"root": "x"},
        {"entries": {"count": -1, "size": 0}}, {"device": ""},
        {"items": [{"item": "HY01-01", "steps": {"case_closed": -1}}]},
    ],
)  # fmt: skip
def test_p07_a_figure_that_cannot_be_counted_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        Statement.model_validate({**STATEMENT, **change})
    assert {each["loc"][0] for each in refused.value.errors()} == set(change)


def test_a_day_is_the_windows_whatever_the_season() -> None:
    """Midnight in China is 16:00 UTC; there is no summer time since 1991."""
    for month in (1, 7):
        midnight = datetime(2026, month, 9, 16, tzinfo=UTC).astimezone(CHINA_TIME)
        assert (midnight.day, midnight.hour) == (10, 0)
        assert (midnight - timedelta(milliseconds=1)).day == 9


def test_a_closing_carries_what_was_late_and_what_still_waited() -> None:
    closed = DayClosed.model_validate(
        {"statement": STATEMENT, "operator_name": "林", "closed_at": AT}
    )
    assert (closed.late, closed.waiting, closed.pressing) == ((), 0, 0)
    assert DayClosed.model_validate_json(canonical(closed)) == closed


def test_an_open_range_reaches_to_either_end() -> None:
    whole = Range.model_validate({"count": 0, "digest": "ab" * 32})
    assert (whole.after, whole.upto, whole.records) == (None, None, None)
    asked = DayQuestion.model_validate(
        {"day": "2026-11-23", "version": 1, "before": PLACE, "round": 1,
         "ranges": [whole.model_dump()]}
    )  # fmt: skip
    assert asked.ranges == (whole,)


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (Gap, {"first": 0, "last": 1, "why": "void"}),
        (Leaf, {**PLACE, "digest": "x"}),
        (Leaf, {**PLACE, "digest": "ab" * 32, "number": "长" * 41}),
        (RecordDifference, {**PLACE, "what": "perhaps"}),
        (StatementDiffers, {"day": "soon", "version": 1, "before": PLACE,
                            "found_at": AT, "rounds": 0, "differences": []}),
        (RuledDifference, {"difference": {**PLACE, "what": "changed"}, "ruling": "x",
                           "ruled_by": "区", "ruled_at": AT}),
    ],
)  # fmt: skip
def test_p07_a_difference_names_its_record_and_a_ruling_its_reason(
    model: Any, given: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(given)
