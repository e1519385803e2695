"""What a district gives out and what desks say of it: bounded, numbered, kept."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.encoding import canonical
from schemas.publications import (
    CalendarPublished,
    CommandDone,
    DeviceCommand,
    EditionPublished,
    EditionWanted,
    NoticePublished,
    NoticeSeen,
)

AT = "2026-11-23T04:00:00.000Z"
GIVEN: list[tuple[Any, dict[str, Any]]] = [
    (EditionPublished, {"edition": 2, "effective_from": "2026-12-01", "size": 0,
                        "digest": "ab" * 32, "packed": "", "signature": ""}),
    (CalendarPublished, {"calendar": "holidays", "number": 1, "digest": "ab" * 32,
                         "effective_from": "2026-12-01", "text": "", "signature": ""}),
    (NoticePublished, {"text": "示例", "published_at": AT, "published_by": "区"}),
    (DeviceCommand, {"command": "sync_now", "ordered_at": AT, "ordered_by": "区"}),
    (EditionWanted, {"edition": 2, "digest": "ab" * 32, "position": 1}),
    (NoticeSeen, {"position": 1}),
    (CommandDone, {"position": 1, "command": "sync_now", "outcome": "done"}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "given"), GIVEN)
def test_p10_what_is_given_out_travels_whole(model: Any, given: dict[str, Any]) -> None:
    read = model.model_validate({**given, "later": 1})
    again = model.model_validate_json(canonical(read))
    assert again == read
    assert again.model_dump()["later"] == 1


@pytest.mark.parametrize(
    ("which", "change"),
    [
        (0, {"edition": 0}), (0, {"effective_from": "soon"}), (0, {"base": "x"}),
        (1, {"calendar": "tides"}), (1, {"number": 0}),
        (2, {"text": ""}), (2, {"text": "长" * 2001}), (2, {"published_by": ""}),
        (3, {"command": "rm -rf"}), (3, {"command": ""}), (3, {"command": "a" * 41}),
        (3, {"arguments": {"n": 1}}), (4, {"position": 0}), (6, {"outcome": "maybe"}),
    ],
)  # fmt: skip
def test_what_no_desk_could_act_on_is_refused(
    which: int, change: dict[str, Any]
) -> None:
    model, given = GIVEN[which]
    with pytest.raises(ValidationError) as refused:
        model.model_validate({**given, **change})
    assert {each["loc"][0] for each in refused.value.errors()} == set(change)


def test_a_command_that_this_version_does_not_know_is_still_a_command() -> None:
    """It is kept and answered `unknown`, not lost as malformed."""
    given = {**GIVEN[3][1], "command": "of_the_future", "arguments": {"a": "b"}}
    assert DeviceCommand.model_validate(given).command == "of_the_future"


def test_a_whole_edition_has_no_base_and_a_notice_may_hold_for_ever() -> None:
    assert EditionPublished.model_validate(GIVEN[0][1]).base is None
    assert NoticePublished.model_validate(GIVEN[2][1]).until is None
